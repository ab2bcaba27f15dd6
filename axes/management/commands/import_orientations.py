"""Import orientations from a CSV, XLSX or ODS file: shows what would change; writes only with ``--apply``."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from axes import tree
from axes.choices import FrameworkStatus
from axes.exchange import applying
from axes.exchange.plan import MAX_SHOWN, Plan
from axes.models import Framework
from cohesion.lib.spreadsheets import MAX_BYTES
from cohesion.lib.text import capital, count_phrase

HEADINGS = {"created": "à créer", "changed": "à modifier", "moved": "à déplacer", "missing": "absentes du fichier"}
MAX_LINES = 50


class Command(BaseCommand):
    help = (
        "Importe des orientations (CSV, XLSX, ODS). Montre ce qui changerait ; n’écrit qu’avec --apply, tout ou rien. "
        "Sortie 0 si le fichier est bon, 1 s’il est refusé."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", help="Le fichier : .csv, .xlsx ou .ods.")
        parser.add_argument("--apply", action="store_true", help="Écrire, au lieu de seulement montrer.")
        parser.add_argument("--json", action="store_true", help="Écrire le rapport en JSON.")
        parser.add_argument("--framework", metavar="IDENTIFIANT", help="Le cadre ; par défaut, celui en vigueur.")
        parser.add_argument("--reason", default="", help="Le motif, obligatoire si le cadre est verrouillé.")
        parser.add_argument("--user", metavar="ADRESSE", help="Le compte au nom de qui l’import est fait.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["json"]
        path = Path(options["file"])
        data = self._read(path)
        framework = self._framework(options["framework"])
        user = self._user(options["user"])
        plan, _ = applying.examine(data, path.name, framework)
        written = None
        if plan.is_good and options["apply"]:
            framework, plan, written = self._apply(data, path, framework, user, options["reason"])
        self._report(path, framework, plan, written)
        if not plan.is_good:
            self._fail("" if self.as_json else f"Fichier refusé : {_errors(len(plan.problems))}. Rien n’a été écrit.")

    # --- what is asked --------------------------------------------------------------------------------

    def _read(self, path: Path) -> bytes:
        try:
            with path.open("rb") as stream:
                return stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return self._refuse(f"Le fichier « {path} » n’existe pas : vérifiez son chemin.")
        except IsADirectoryError:
            return self._refuse(f"« {path} » est un dossier : donnez le chemin d’un fichier.")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "chemin impossible"
            return self._refuse(f"Le fichier « {path} » ne peut être lu ({reason}).")

    def _framework(self, slug: str | None) -> Framework | None:
        """The framework asked for, else the one in force, else the only draft; None in an empty database."""
        if slug:
            found = Framework.objects.filter(slug=slug).first()
            return found or self._refuse(f"Aucun cadre ne porte l’identifiant « {slug} » : {_known_slugs()}.")
        if current := Framework.objects.in_force().first():
            return current
        drafts = list(Framework.objects.filter(status=FrameworkStatus.DRAFT)[:2])
        if len(drafts) == 1:
            return drafts[0]
        if drafts or Framework.objects.exists():
            self._refuse(f"Aucun cadre n’est en vigueur : précisez lequel avec --framework. {capital(_known_slugs())}.")
        return None

    def _user(self, address: str | None) -> Any:
        if not address:
            return None
        found = get_user_model().objects.filter(email__iexact=address).first()
        return found or self._refuse(f"Aucun compte n’a l’adresse « {address} ».")

    # --- what is done ---------------------------------------------------------------------------------

    def _apply(
        self, data: bytes, path: Path, framework: Framework | None, user: Any, reason: str
    ) -> tuple[Framework, Plan, int]:
        """Plan again under the lock, and write. In an empty database, into a draft framework named after the file."""
        try:
            with transaction.atomic(), tree.locked():
                if framework is None:
                    framework = _new_framework(path, user)
                plan, _ = applying.examine(data, path.name, framework)
                if not plan.is_good:
                    return framework, plan, 0
                return framework, plan, applying.write(plan, framework, path.name, by=user, reason=reason)
        except ValidationError as error:
            return self._refuse(" ".join(error.messages))

    # --- what is said ---------------------------------------------------------------------------------

    def _report(self, path: Path, framework: Framework | None, plan: Plan, written: int | None) -> None:
        slug = framework.slug if framework else None
        if self.as_json:
            report = {"file": path.name, "framework": slug, "applied": written is not None and plan.is_good}
            self._write_json(report | {"written": written or 0} | plan.report())
            return
        about = f"le cadre « {slug} »" if slug else "un nouveau cadre en préparation (la base n’en a aucun)"
        self.stdout.write(f"{path.name} → {about}")
        for problem in plan.problems[:MAX_SHOWN]:
            shown = f" Trouvé : « {problem.value} »." if problem.value else ""
            self.stdout.write(f"✗ {problem}{shown}")
        if len(plan.problems) > MAX_SHOWN:
            self.stdout.write(f"… et {_errors(len(plan.problems) - MAX_SHOWN)} de plus.")
        for warning in plan.warnings:
            self.stdout.write(f"! {warning}")
        if plan.is_good:
            self._differences(plan)
            self.stdout.write(_verdict(plan, written))

    def _differences(self, plan: Plan) -> None:
        for kind, heading in HEADINGS.items():
            entries = getattr(plan, kind)
            if entries:
                self.stdout.write(f"{capital(heading)} : {len(entries)}")
            for entry in entries[:MAX_LINES]:
                self.stdout.write(f"  {_line(kind, entry)}")
            if len(entries) > MAX_LINES:
                self.stdout.write(f"  … et {len(entries) - MAX_LINES} de plus")
        self.stdout.write(f"Inchangées : {len(plan.unchanged)}")

    def _write_json(self, report: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))

    def _refuse(self, message: str) -> Any:
        if self.as_json:
            error = {"row": None, "column": "", "value": "", "message": message}
            self._write_json({"accepted": False, "applied": False, "errors": [error], "errors_total": 1})
        self._fail("" if self.as_json else message)

    def _fail(self, message: str) -> None:
        raise CommandError(message or "Fichier refusé.", returncode=1)


def _errors(number: int) -> str:
    return count_phrase(number, "erreur")


def _known_slugs() -> str:
    slugs = list(Framework.objects.values_list("slug", flat=True)[:20])
    return f"ceux qui existent : {', '.join(slugs)}" if slugs else "il n’y en a encore aucun"


def _new_framework(path: Path, user: Any) -> Framework:
    name = applying.clean_name(path.stem)
    framework = Framework(name=name, slug=slugify(name)[:80] or "cadre")
    framework._history_user = user
    framework.full_clean()
    framework.save()
    return framework


def _line(kind: str, entry: dict[str, Any]) -> str:
    start = f"{entry['code']} {entry['title'][:70]}"
    if kind == "changed":
        fields = "; ".join(f"{f['field']} : « {f['old']} » → « {f['new']} »" for f in entry["fields"])
        return f"{entry['code']} {fields}"
    if kind == "moved" and entry["kind"] == "parent":
        return f"{start} : de {entry['from'] or 'la racine'} vers {entry['to'] or 'la racine'}"
    if kind == "moved":
        return f"{start} : {'après ' + entry['after'] if entry['after'] else 'en premier'}"
    return start


def _verdict(plan: Plan, written: int | None) -> str:
    if not plan.writes:
        return "✓ Le fichier est bon : il ne change rien."
    if written is None:
        return "✓ Le fichier est bon. Rien n’est écrit : ajoutez --apply pour l’appliquer."
    return f"✓ Le fichier est appliqué : {count_phrase(written, 'orientation écrite', 'orientations écrites')}."
