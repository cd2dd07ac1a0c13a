"""Who reads the data from outside: tokens of the read API."""

from django.db import models
from django.db.models import Index

from schools.models import Membership, SchoolRecord


class ApiToken(SchoolRecord):
    """A key of the read API, for one use: the rights of who made it, less what its scopes leave out. Never stored in clear."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+", editable=False)
    label = models.TextField("usage", help_text="Par exemple : tableau de bord du rectorat.")
    scopes = models.TextField("portées", help_text="Séparées par une barre verticale.")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField("expire le", editable=False)
    revoked_at = models.DateTimeField("révoquée le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "clé d’accès aux données"
        verbose_name_plural = "clés d’accès aux données"
        indexes = [Index(fields=["school", "membership"], name="api_token_member")]

    def __str__(self) -> str:
        return self.label
