"""Dated figures of a school year, those sealed at its end, what people write beside them."""

from django.db import models
from django.db.models import UniqueConstraint

from schools.models import SchoolRecord, year_field


class Snapshot(SchoolRecord):
    """The indicators of a school year as they were on a day (`--save`, each night, on demand)."""

    year = year_field()
    as_of = models.DateField("arrêté au")
    figures = models.JSONField("chiffres")
    computed_at = models.DateTimeField("calculé le")

    class Meta:
        verbose_name = "photo des indicateurs"
        verbose_name_plural = "photos des indicateurs"
        constraints = [UniqueConstraint(fields=["school", "year", "as_of"], name="snapshot_once_a_day")]


class YearSeal(SchoolRecord):
    """The figures of a closed year, kept for good: reports of that year read them, whatever becomes of the rows (P-04).

    `figures` holds each value with n and d; `definitions` is the version of the formulas; `sha256` that of the figures
    written as canonical JSON.
    """

    year = year_field()
    as_of = models.DateField("arrêté au")
    definitions = models.CharField("version des formules", max_length=20)
    figures = models.JSONField("chiffres")
    sha256 = models.CharField("empreinte", max_length=64)
    sealed_at = models.DateTimeField("scellé le")

    class Meta:
        verbose_name = "année scellée"
        verbose_name_plural = "années scellées"
        constraints = [UniqueConstraint(fields=["school", "year"], name="year_seal_once")]

    def __str__(self) -> str:
        return f"Chiffres scellés {self.year}"


class FigureComment(SchoolRecord):
    """What the school says of one figure of one year."""

    year = year_field()
    code = models.CharField("indicateur", max_length=20)
    text = models.TextField("commentaire")

    class Meta:
        verbose_name = "commentaire d’un indicateur"
        verbose_name_plural = "commentaires des indicateurs"
        constraints = [UniqueConstraint(fields=["school", "year", "code"], name="figure_comment_once")]

    def __str__(self) -> str:
        return f"{self.code}, {self.year}"


class KeyNumber(SchoolRecord):
    """One number of the home pages on one day: what gives its trend."""

    day = models.DateField("jour")
    key = models.CharField("nombre", max_length=40)
    value = models.DecimalField("valeur", max_digits=15, decimal_places=4)

    class Meta:
        verbose_name = "nombre du jour"
        verbose_name_plural = "nombres des jours"
        constraints = [UniqueConstraint(fields=["school", "key", "day"], name="key_number_once_a_day")]

    def __str__(self) -> str:
        return f"{self.key}, {self.day:%d/%m/%Y}"
