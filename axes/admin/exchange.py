"""Import and export of a framework's orientations, on its admin."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator

from axes.admin import word
from axes.exchange import export, model_file
from axes.exchange.applying import OrientationImporter
from axes.models import Framework, ImportJob
from axes.word import files
from axes.word.importing import WordImporter
from cohesion.audit import AuditKind, record
from cohesion.imports.admin import MOST_JOBS, OPTIONAL_REASON, Address, AdminImportScreens
from cohesion.imports.screens import ImportForm, ImportWords, download
from cohesion.lib.spreadsheets import known_format
from cohesion.lib.text import NBSP

WORDS = ImportWords(
    introduction="Déposez un tableau ou le document Word : un aperçu montre ce qui serait créé, modifié ou déplacé.",
    back="Revenir au cadre",
    rules=(
        "Le code dit quelle orientation chaque ligne décrit ; un code inconnu en crée une nouvelle.",
        "Une colonne absente laisse ce qui est là ; une cellule vide vide la valeur.",
        "Les orientations d’un même parent prennent l’ordre du fichier.",
        "Une orientation absente du fichier est signalée, jamais supprimée.",
    ),
    kinds={
        "created": "Créées",
        "changed": "Modifiées",
        "moved": "Déplacées",
        "missing": "Absentes du fichier",
    },
    unchanged="Inchangées",
    title="Orientation",
    level="Niveau",
    parent="Placée sous",
)
WORDS_OF_A_NAME = 8
LOCKED_REASON = "Motif (obligatoire : ce cadre est verrouillé)"


class OrientationsForm(ImportForm):
    """A table, or the Word document or the JSON that the site exports."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        file = self.fields["file"]
        file.help_text = f"{file.help_text.removesuffix('.')} ; ou le document Word ou le JSON exportés d’ici."
        file.error_messages["required"] = "Choisissez un fichier CSV, XLSX, ODS, DOCX ou JSON."
        file.widget.attrs["accept"] += ",.docx,.json"


class FrameworkExchangeMixin(AdminImportScreens[ImportJob]):
    """The screens ``importer``, ``exporter`` and ``modele`` of a framework's admin.

    Importing asks for the right to change the framework and its orientations, exporting for the right to view it.
    A job is seen, applied or given up by its owner only (and by a superuser).
    """

    words = WORDS
    own_pages = {
        "import": "<int:pk>/importer/",
        "import_job": "<int:pk>/importer/<int:job_pk>/",
        "export": "<int:pk>/exporter/<str:format>/",
        "model_file": "modele/<str:format>/",
    }

    # --- out ------------------------------------------------------------------------------------------

    def export_view(self, request: HttpRequest, pk: int, format: str) -> HttpResponse:
        framework = get_object_or_404(Framework, pk=pk)
        if not self.has_view_permission(request, framework):
            raise PermissionDenied
        known_format(format, files.FORMATS)
        record(AuditKind.EXPORT, on=framework, after={"format": format})
        return download(*files.framework_file(framework, format))

    def model_file_view(self, request: HttpRequest, format: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if format not in model_file.FORMATS:
            raise Http404("Ce format de fichier modèle n’existe pas.")
        return download(*model_file.model_file(format))

    # --- in -------------------------------------------------------------------------------------------

    def import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a file and lead to its preview; nothing of the framework is written."""
        framework = self._importable(request, pk)
        form = OrientationsForm.of_request(request)
        if form.is_valid():
            is_word = word.is_word_upload(form.cleaned_data["file"])
            return self.take_file(request, form, (WordImporter if is_word else OrientationImporter)(framework))
        jobs = ImportJob.objects.filter(framework=framework, owner=request.user.pk).defer("rows", "report", "content")
        return self.show_deposit(
            request,
            form,
            OrientationImporter(framework),
            jobs[:MOST_JOBS],
            crumbs=self._crumbs(framework),
            exports=[(format, self._export_address(framework, format)) for format in export.FORMATS],
            title="Importer des orientations",
            where=_where(framework),
            document=self._export_address(framework, files.WORD),
            document_rules=word.RULES,
        )

    def import_job_view(self, request: HttpRequest, pk: int, job_pk: int) -> HttpResponseBase:
        """Show what the file would change; apply it, or give it up."""
        framework = self._importable(request, pk)
        jobs = ImportJob.objects.select_related("framework").defer("rows", "content")
        job = get_object_or_404(jobs, pk=job_pk, framework=framework)
        if not job.is_of(request.user):
            raise Http404("Cet import n’existe pas.")
        if request.method == "POST":
            return self.decide(request, job)
        deposit = ("Importer", self.deposit_address(job))
        tree = f"{reverse('admin:axes_orientation_changelist')}?cadre={framework.pk}"
        shown: dict[str, Any] = {
            "crumbs": [*self._crumbs(framework), deposit],
            "reason_label": LOCKED_REASON if framework.asks_reason else OPTIONAL_REASON,
            "links": [("Voir l’arbre", tree)],
            "where": _where(framework),
        }
        if word.is_of_word(job):
            title = f"Retour de «{NBSP}{job.filename}{NBSP}»"
            shown |= {"deposit": self.deposit_address(job), "job": job, **word.context(request, job)}
            return self.import_page(request, "word.html", title, **shown)
        return self.show_job(request, job, **shown)

    def importer_of(self, job: ImportJob) -> OrientationImporter:
        return OrientationImporter(job.framework)

    def chosen_importer(self, request: HttpRequest, job: ImportJob) -> OrientationImporter:
        return word.importer(request, job) if word.is_of_word(job) else self.importer_of(job)

    def job_address(self, job: ImportJob) -> str:
        return reverse("admin:axes_framework_import_job", args=[job.framework_id, job.pk])

    def deposit_address(self, job: ImportJob) -> str:
        return reverse("admin:axes_framework_import", args=[job.framework_id])

    def log_application(self, request: HttpRequest, job: ImportJob, written: int, done: str) -> None:
        if written:
            sentence = f"Import de « {job.filename} » : {done} (empreinte {job.digest[:12]})."
            self.log_change(request, job.framework, sentence)

    def _importable(self, request: HttpRequest, pk: int) -> Framework:
        framework = get_object_or_404(Framework, pk=pk)
        allowed = self.has_change_permission(request, framework)
        if not (allowed and request.user.has_perms(["axes.change_orientation", "axes.add_orientation"])):
            raise PermissionDenied
        return framework

    def models(self) -> list[Address]:
        return [(format, reverse("admin:axes_framework_model_file", args=[format])) for format in model_file.FORMATS]

    def _export_address(self, framework: Framework, format: str) -> str:
        return reverse("admin:axes_framework_export", args=[framework.pk, format])

    def _crumbs(self, framework: Framework) -> list[Address]:
        return [
            ("Cadres", reverse("admin:axes_framework_changelist")),
            (
                Truncator(framework.name).words(WORDS_OF_A_NAME),
                reverse("admin:axes_framework_change", args=[framework.pk]),
            ),
        ]


def _where(framework: Framework) -> str:
    return f"{framework.name} ({framework.get_status_display().lower()})"
