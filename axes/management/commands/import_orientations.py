"""Import orientations from a CSV, XLSX, ODS or JSON file: shows what would change; writes only with ``--apply``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from axes import tree
from axes.choices import FrameworkStatus
from axes.exchange.applying import OrientationImporter
from axes.exchange.plan import OrientationPlan
from axes.models import Framework
from cohesion.imports.applying import clean_name
from cohesion.lib.importing_command import ImportCommand, verdict
from cohesion.lib.people import Person
from cohesion.lib.text import capital

HEADINGS = {"created": "à créer", "changed": "à modifier", "moved": "à déplacer", "missing": "absentes du fichier"}


class Command(ImportCommand):
    help = (
        "Importe des orientations (CSV, XLSX, ODS, JSON). Montre ce qui changerait ; n’écrit qu’avec --apply, tout ou "
        "rien. Sortie 0 si le fichier est bon, 1 s’il est refusé."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--framework", metavar="IDENTIFIANT", help="Le cadre ; par défaut, celui en vigueur.")
        parser.add_argument("--reason", default="", help="Le motif, obligatoire si le cadre est verrouillé.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["json"]
        path = Path(options["file"])
        data = self.read_file(path)
        framework = self._framework(options["framework"])
        user = self.account(options["user"])
        plan, _ = OrientationImporter(framework).examine(data, path.name)
        written = None
        if plan.is_good and options["apply"]:
            framework, plan, written = self._apply(data, path, framework, user, options["reason"])
        self._report(path, framework, plan, written)
        if not plan.is_good:
            self.refuse_file(plan.problems)

    # --- what is asked --------------------------------------------------------------------------------

    def _framework(self, slug: str | None) -> Framework | None:
        """The framework asked for, else the one in force, else the only draft; None in an empty database."""
        if slug:
            framework = Framework.objects.filter(slug=slug).first()
            return framework or self.refuse(f"Aucun cadre ne porte l’identifiant « {slug} » : {_known_slugs()}.")
        if current := Framework.objects.in_force().first():
            return current
        drafts = list(Framework.objects.filter(status=FrameworkStatus.DRAFT)[:2])
        if len(drafts) == 1:
            return drafts[0]
        if drafts or Framework.objects.exists():
            self.refuse(f"Aucun cadre n’est en vigueur : précisez lequel avec --framework. {capital(_known_slugs())}.")
        return None

    # --- what is done ---------------------------------------------------------------------------------

    def _apply(
        self, data: bytes, path: Path, framework: Framework | None, user: Person | None, reason: str
    ) -> tuple[Framework, OrientationPlan, int]:
        """Plan again under the lock, and write. In an empty database, into a draft framework named after the file."""
        try:
            with transaction.atomic(), tree.locked():
                if framework is None:
                    framework = _new_framework(path, user)
                plan, written = OrientationImporter(framework).apply_file(data, path.name, by=user, reason=reason)
                return framework, plan, written
        except ValidationError as error:
            return self.refuse(" ".join(error.messages))

    # --- what is said ---------------------------------------------------------------------------------

    def _report(self, path: Path, framework: Framework | None, plan: OrientationPlan, written: int | None) -> None:
        slug = framework.slug if framework else None
        if self.as_json:
            report = {"file": path.name, "framework": slug, "applied": written is not None and plan.is_good}
            self.write_json(report | {"written": written or 0} | plan.report())
            return
        about = f"le cadre « {slug} »" if slug else "un nouveau cadre en préparation (la base n’en a aucun)"
        self.stdout.write(f"{path.name} → {about}")
        self.say_problems(plan.problems, [*plan.warnings, *map(str, plan.remarks)])
        if plan.is_good:
            self._differences(plan)
            self.stdout.write(verdict(plan.writes, written, "orientation écrite", "orientations écrites"))

    def _differences(self, plan: OrientationPlan) -> None:
        for kind, heading in HEADINGS.items():
            self.say_entries(capital(heading), [self._line(kind, entry) for entry in getattr(plan, kind)])
        self.stdout.write(f"Inchangées : {len(plan.unchanged)}")

    def _line(self, kind: str, entry: dict[str, Any]) -> str:
        start = f"{entry['code']} {entry['title'][:70]}"
        if kind == "changed":
            return f"{entry['code']} {self.changed_fields(entry)}"
        if kind == "moved" and entry["kind"] == "parent":
            return f"{start} : de {entry['from'] or 'la racine'} vers {entry['to'] or 'la racine'}"
        if kind == "moved":
            return f"{start} : {'après ' + entry['after'] if entry['after'] else 'en premier'}"
        return start


def _known_slugs() -> str:
    slugs = list(Framework.objects.values_list("slug", flat=True)[:20])
    return f"ceux qui existent : {', '.join(slugs)}" if slugs else "il n’y en a encore aucun"


def _new_framework(path: Path, user: Person | None) -> Framework:
    name = clean_name(path.stem)
    framework = Framework(name=name, slug=slugify(name)[:80] or "cadre")
    framework._history_user = user
    framework.full_clean()
    framework.save()
    return framework
