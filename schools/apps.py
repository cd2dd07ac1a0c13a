from django.apps import AppConfig
from django.urls import register_converter

from core.uai import UaiConverter


class SchoolsConfig(AppConfig):
    name = "schools"

    def ready(self) -> None:
        from core import jobs
        from schools import visibility  # reads the models, which are ready only now

        register_converter(UaiConverter, "uai")
        jobs.decide_visibility_with(visibility.may_see_job)
