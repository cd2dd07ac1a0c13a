"""A developer's machine: errors in full, static files as they are on disk."""

from bdeplatform.settings.base import *

DEBUG = True
STORAGES = {  # a folder of hashed names is for installations
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
