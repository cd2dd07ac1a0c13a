"""A small installation for the drills: the real settings of jobs and queue, and only the apps they need."""

from bdeplatform.settings.base import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "core", "accounts", "tests.drills"]
MIGRATION_MODULES = dict.fromkeys(["auth", "contenttypes", "core", "accounts"])  # tables made at once
ROOT_URLCONF = "tests.drills.settings"
urlpatterns: list[object] = []
