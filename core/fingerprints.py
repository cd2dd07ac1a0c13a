"""A file that is sent to be recognised: its SHA-256 is computed while it arrives, and nothing of it is kept anywhere."""

import hashlib
import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class Fingerprinted(UploadedFile):
    """What stays of the file: its name, its size, its SHA-256."""

    def __init__(self, name: str, size: int, digest: str) -> None:
        super().__init__(file=io.BytesIO(), name=name, size=size)
        self.digest = digest


class Fingerprints(FileUploadHandler):
    """Set as the only upload handler of a request, before its POST is read. `is_too_big` afterwards: it was not read whole."""

    def __init__(self, *, most: int) -> None:
        super().__init__()
        self.most = most
        self.is_too_big = False
        self._total = 0  # of all the files of the request: one is enough, nobody makes us read a hundred

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._sum = hashlib.sha256()
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        self._total += len(raw_data)
        if self._total > self.most:
            self.is_too_big = True
            raise StopUpload(connection_reset=False)  # the rest is read and dropped: the browser gets its answer
        self._sum.update(raw_data)

    def file_complete(self, file_size: int) -> Fingerprinted:
        return Fingerprinted(self.file_name or "", self._size, self._sum.hexdigest())
