"""Import projects from a CSV, XLSX or ODS file: shows what would change; writes only with ``--apply``."""

from pathlib import Path
from typing import Any

from cohesion.imports.applying import NotApplied
from cohesion.lib.importing_command import MAX_PROBLEMS, ImportCommand, verdict
from projects.exchange.applying import ProjectImporter
from projects.exchange.plan import ProjectPlan


class Command(ImportCommand):
    help = (
        "Importe des projets (CSV, XLSX, ODS). Montre ce qui changerait ; n’écrit qu’avec --apply, tout ou rien. "
        "Sortie 0 si le fichier est bon, 1 s’il est refusé ; ce qui est demandé sur l’aperçu de l’administration "
        "refuse ici le fichier, en disant comment y répondre dans ses cellules."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["json"]
        path = Path(options["file"])
        data = self.read_file(path)
        user = self.account(options["user"])
        importer = ProjectImporter()
        written = None
        try:
            if options["apply"]:
                plan, written = importer.apply_file(data, path.name, by=user, tell=self._tell)
            else:
                plan, _ = importer.examine(data, path.name)
        except NotApplied as refusal:
            self.refuse(str(refusal))
        self._report(path, plan, written)
        if not plan.is_good:
            self.refuse_file(plan.refusals())

    def _tell(self, done: int, total: int) -> None:
        if not self.as_json:
            self.stderr.write(f"{done} projets écrits sur {total}…")

    def _report(self, path: Path, plan: ProjectPlan, written: int | None) -> None:
        if self.as_json:
            applied = written is not None and plan.is_good
            report = plan.report()
            report["errors"] = [problem.as_dict() for problem in plan.refusals()[:MAX_PROBLEMS]]
            report["errors_total"] = len(plan.refusals())
            self.write_json({"file": path.name, "applied": applied, "written": written or 0} | report)
            return
        self.say_problems(plan.refusals(), [*map(str, plan.remarks), *plan.warnings])
        if plan.is_good:
            self.say_entries("Structures à créer", [entry["name"] for entry in plan.organizations])
            self.say_entries("À créer", [f"{entry['code']} {entry['title'][:70]}" for entry in plan.created])
            self.say_entries("À modifier", [f"{entry['code']} {self.changed_fields(entry)}" for entry in plan.changed])
            self.stdout.write(f"Inchangés : {len(plan.unchanged)}")
            self.stdout.write(verdict(plan.writes, written, "projet écrit", "projets écrits"))
