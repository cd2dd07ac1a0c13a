"""The certificates that seal papers: show them, give one, renew the platform's own, stop using one."""

import getpass
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from core.commands import JsonLineCommand, Refused
from core.sealing import certificates
from schools.models import School

PASSWORD = "SEAL_CERTIFICATE_PASSWORD"


class Command(JsonLineCommand):
    help = "Montre les certificats de cachet ; en dépose un (PKCS#12), pour le site ou pour un lycée ; renouvelle celui de la plateforme."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="fichier PKCS#12 (.p12, .pfx) à déposer")
        parser.add_argument("--uai", default="", help="pour ce lycée seulement ; sans lui, pour tout le site")
        parser.add_argument(
            "--password-file", help=f"fichier du mot de passe ; sinon la variable {PASSWORD}, sinon demandé"
        )
        parser.add_argument("--renew", action="store_true", help="refait le certificat que la plateforme s’est donné")
        parser.add_argument("--remove", action="store_true", help="n’utilise plus le certificat du lycée, ou du site")
        parser.add_argument("--export", metavar="FICHIER", help="écrit le certificat public de la plateforme (PEM)")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Every certificate that may seal, after what was asked. Refused in words: see core.sealing.certificates.take."""
        now = timezone.now()
        uai = options["uai"].strip().upper()
        if uai and not School.objects.filter(uai=uai).exists():
            raise Refused(f"Aucun établissement n’a l’UAI {uai}.")
        owner = uai or certificates.SITE
        if options["file"] and (options["renew"] or options["remove"]):
            raise Refused("Déposez, renouvelez ou retirez : une chose à la fois.")
        try:
            if options["file"]:
                certificates.take(owner, self._read(options["file"]), self._password(options["password_file"]), now)
            elif options["remove"] and not certificates.forget(owner):
                raise Refused("Il n’y a pas de tel certificat.")
            elif options["renew"]:
                certificates.make_own(now, replace=True)
            if options["export"]:
                self._export(options["export"], uai)
        except certificates.CertificateError as error:
            raise Refused(str(error)) from error
        except OSError as error:
            raise Refused(f"Le fichier ne peut pas être lu ou écrit : {error.strerror}.") from error
        shown = [
            {
                "owner": one.owner, "subject": one.subject, "sha256": one.fingerprint,
                "until": one.ends_at.date().isoformat(), "in_force": one.is_in_force(now),
            }
            for one in certificates.stored()
        ]  # fmt: skip
        return {"ok": True, "certificates": shown, "troubles": list(certificates.troubles(now))}

    def _read(self, path: str) -> bytes:
        return Path(path).read_bytes()

    def _password(self, path: str | None) -> bytes | None:
        """From a file, the environment or the keyboard: never on the command line, where other users see it."""
        if path:
            return Path(path).read_text().rstrip("\r\n").encode() or None
        if PASSWORD in os.environ:
            return os.environ[PASSWORD].encode() or None
        if sys.stdin.isatty():
            return getpass.getpass("Mot de passe du certificat : ").encode() or None
        return None

    def _export(self, path: str, uai: str) -> None:
        certificate = certificates.certificate_for(uai, timezone.now())
        Path(path).write_bytes(certificates.as_pem(certificate))
