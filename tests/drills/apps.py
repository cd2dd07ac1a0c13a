from django.apps import AppConfig


class Drills(AppConfig):
    name = "tests.drills"
    label = "drills"
