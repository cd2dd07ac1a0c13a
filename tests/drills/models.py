from django.db import models


class Mark(models.Model):
    """What one run of a drilled job wrote. Nothing here forbids a second one: only the jobs' own guard does."""

    number = models.IntegerField()

    class Meta:
        app_label = "drills"

    def __str__(self) -> str:
        return str(self.number)
