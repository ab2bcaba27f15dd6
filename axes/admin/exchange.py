"""Import and export of a framework's orientations, on its admin."""

from typing import Any, Self

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from axes.exchange import applying, export, model_file
from axes.exchange.columns import COLUMNS
from axes.exchange.reading import EXPECTED
from axes.models import Framework, ImportJob
from axes.models.importing import FileImport
from cohesion.audit import AuditKind, record
from cohesion.lib.spreadsheets import MAX_BYTES, MAX_ROWS, TOO_HEAVY
from cohesion.lib.spreadsheets.selects import choices_of, selects
from cohesion.lib.text import NBSP, count_phrase, number_fr

PAGE = 100
KINDS = {
    "created": "Créées",
    "changed": "Modifiées",
    "moved": "Déplacées",
    "missing": "Absentes du fichier",
}


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        allow_empty_file=True,
        help_text=f"CSV, XLSX, ODS ou JSON exporté d’ici ; au plus 5 Mo et {number_fr(MAX_ROWS)} lignes.",
        error_messages={"required": "Choisissez un fichier CSV, XLSX, ODS ou JSON."},
        widget=forms.FileInput(
            attrs={
                "accept": ".csv,.xlsx,.ods,.json",
                "aria-describedby": "id_file_help",
                "data-most": MAX_BYTES,
                "data-too-large": TOO_HEAVY,
            }
        ),
    )

    class Media:
        js = ("uploads.js",)

    @classmethod
    def sent(cls, request: HttpRequest) -> Self:
        """The form that was sent; a file larger than the site takes did not come, which is said as it is."""
        files: Any = request.FILES
        form = cls(request.POST, files)
        if getattr(request, "file_was_too_large", False):
            form.fields["file"].error_messages["required"] = TOO_HEAVY
        return form


class FrameworkExchangeMixin(admin.ModelAdmin):
    """The screens ``importer``, ``exporter`` and ``modele`` of a framework's admin.

    Importing asks for the right to change the framework and its orientations, exporting for the right to view it.
    A job is seen, applied or given up by its owner only (and by a superuser).
    """

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/importer/", wrap(self.import_view), name="axes_framework_import"),
            path("<int:pk>/importer/<int:job_pk>/", wrap(self.import_job_view), name="axes_framework_import_job"),
            path("<int:pk>/exporter/<str:format>/", wrap(self.export_view), name="axes_framework_export"),
            path("modele/<str:format>/", wrap(self.model_file_view), name="axes_framework_model_file"),
            *super().get_urls(),
        ]

    # --- out ------------------------------------------------------------------------------------------

    def export_view(self, request: HttpRequest, pk: int, format: str) -> HttpResponse:
        framework = get_object_or_404(Framework, pk=pk)
        if not self.has_view_permission(request, framework):
            raise PermissionDenied
        if format not in export.FORMATS:
            raise Http404("Ce format d’export n’existe pas.")
        record(AuditKind.EXPORT, on=framework, after={"format": format})
        return download(*export.export(framework, format))

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
        form = ImportForm.sent(request) if request.method == "POST" else ImportForm()
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            job = applying.create_job(upload.read(MAX_BYTES + 1), upload.name, framework, request.user)
            return HttpResponseRedirect(reverse("admin:axes_framework_import_job", args=[pk, job.pk]))
        jobs = ImportJob.objects.filter(framework=framework, owner=request.user.pk).defer("rows", "report", "content")
        return self._exchange_page(
            request,
            "import.html",
            framework,
            "Importer des orientations",
            form=form,
            columns=COLUMNS,
            jobs=jobs[:10],
            model_formats=model_file.FORMATS,
            export_formats=export.FORMATS,
        )

    def import_job_view(self, request: HttpRequest, pk: int, job_pk: int) -> HttpResponse:
        """Show what the file would change; apply it, or give it up."""
        framework = self._importable(request, pk)
        job = get_object_or_404(ImportJob.objects.defer("rows", "content"), pk=job_pk, framework=framework)
        if not job.is_of(request.user):
            raise Http404("Cet import n’existe pas.")
        if request.method == "POST":
            return self._decide(request, framework, job)
        return self._exchange_page(
            request,
            "import_job.html",
            framework,
            f"Import de «{NBSP}{job.filename}{NBSP}»",
            job=job,
            selects=selects(job.report.get("table", {}), EXPECTED) if job.is_rereadable else [],
            model_formats=model_file.FORMATS,
            **preview(request, job, KINDS),
        )

    def _decide(self, request: HttpRequest, framework: Framework, job: ImportJob) -> HttpResponse:
        again = HttpResponseRedirect(request.path)
        after = HttpResponseRedirect(reverse("admin:axes_framework_import", args=[framework.pk]))
        if "reread" in request.POST:
            return self._reread(request, framework, job)
        if "cancel" in request.POST:
            if job.give_up():
                self.message_user(request, "L’import est abandonné : rien n’a été écrit.")
            return after
        try:
            written = applying.apply_job(job, request.user, request.POST.get("reason", "")[:300])
        except (applying.NotApplied, ValidationError) as error:
            message = error.messages[0] if isinstance(error, ValidationError) else str(error)
            self.message_user(request, message, messages.ERROR)
            return again
        done = count_phrase(written, "orientation écrite", "orientations écrites")
        if written:
            self.log_change(request, framework, f"Import de « {job.filename} » : {done} (empreinte {job.digest[:12]}).")
        self.message_user(request, f"L’import est appliqué : {done}.")
        return again

    def _reread(self, request: HttpRequest, framework: Framework, job: ImportJob) -> HttpResponse:
        choices = choices_of(request.POST, job.report.get("table", {}), EXPECTED)
        try:
            job = applying.reread(job, choices, request.user)
        except applying.NotApplied as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, "Le fichier est relu avec vos choix : voici le nouvel aperçu.")
        return HttpResponseRedirect(reverse("admin:axes_framework_import_job", args=[framework.pk, job.pk]))

    def _importable(self, request: HttpRequest, pk: int) -> Framework:
        framework = get_object_or_404(Framework, pk=pk)
        allowed = self.has_change_permission(request, framework)
        if not (allowed and request.user.has_perms(["axes.change_orientation", "axes.add_orientation"])):
            raise PermissionDenied
        return framework

    def _exchange_page(
        self, request: HttpRequest, template: str, framework: Framework, title: str, **context: Any
    ) -> HttpResponse:
        shared = self.admin_site.each_context(request)
        opts = self.opts
        return TemplateResponse(
            request,
            f"admin/axes/framework/{template}",
            {**shared, "title": title, "framework": framework, "opts": opts, **context},
        )


def download(content: bytes, content_type: str, filename: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def preview(request: HttpRequest, job: FileImport, labels: dict[str, str]) -> dict[str, Any]:
    """The counts, the entries of the kind asked for (`?montrer=`), a page at a time, and the errors by column.

    ``labels`` names the kinds of differences; the first is shown when none has any.
    """
    report = job.report
    kinds = [(kind, label, report["counts"][kind]) for kind, label in labels.items()]
    asked = request.GET.get("montrer", "")
    if asked not in labels:
        asked = next((kind for kind, _, count in kinds if count), next(iter(labels)))
    page = Paginator(report[asked], PAGE).get_page(request.GET.get("page"))
    columns: dict[str, dict[str, Any]] = {}
    for number, error in enumerate(report["errors"], start=1):
        line = columns.setdefault(error["column"] or "Le fichier", {"first": number, "count": 0})
        line["count"] += 1
    return {
        "report": report,
        "kinds": kinds,
        "asked": asked,
        "asked_label": labels[asked],
        "page": page,
        "error_columns": columns,
        "errors_phrase": count_phrase(report["errors_total"], "erreur"),
        "writes": any(report["counts"].get(kind) for kind in ("created", "changed", "moved")),
    }
