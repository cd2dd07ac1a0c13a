"""The tests: a folder of their own, quick hashes, undefined template variables fail."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="bdeplatform-test-"))
os.environ.setdefault("SECRET_KEY", "only-for-the-tests")

from bdeplatform.settings.base import *

DEBUG = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SIRENE_URL = BAN_URL = SEAL_TIMESTAMP_URL = SEAL_TIMESTAMP_ROOTS = (
    ""  # a test that needs one starts a stand-in (tests/outside_services.py)
)
CACHES["outside"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}  # one for each process of the tests
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
Path(STATIC_ROOT).mkdir(exist_ok=True)  # whitenoise warns without it, and warnings are errors here

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in a school: in memory, SQLite locks by table and forgets its time-out. Nobody needs it after a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
