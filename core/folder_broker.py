"""The broker without a server, with messages that appear whole.

Kombu's own `filesystem` transport writes a message under its final name: a worker that looks at that instant takes an empty
file (seen: once in 5,000), and stops. It also moves what it reads to the system's temporary folder, often another disk. Here
a message gets its name when it is complete, is taken by one rename on the same disk, and carries the time of day in its name,
so that the oldest still comes first after the machine was restarted.
"""

import os
import time
import uuid
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        final = os.path.join(self.data_folder_out, name)
        half = f"{final}.half"  # a name that no reader looks for
        try:
            with open(half, "w", encoding="utf-8") as out:
                out.write(dumps(payload))
            os.replace(half, final)
        except OSError as error:
            raise ChannelError(f"Cannot add {name} to the folder of messages") from error

    def _get(self, queue: str, timeout: Any = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = os.path.join(self.processed_folder, name)
            try:
                os.rename(os.path.join(self.data_folder_in, name), taken)
            except FileNotFoundError:
                continue  # another worker was quicker
            with open(taken, encoding="utf-8") as file:
                message = file.read()
            os.remove(taken)
            return loads(message)
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel
