from django.apps import AppConfig
from django.urls import register_converter

from core.uai import UaiConverter


class SchoolsConfig(AppConfig):
    name = "schools"

    def ready(self) -> None:
        register_converter(UaiConverter, "uai")
