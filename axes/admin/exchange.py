"""Import and export of a framework's orientations, on its admin."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from axes.exchange import applying, export, model_file
from axes.exchange.columns import COLUMNS
from axes.exchange.reading import EXPECTED
from axes.models import Framework, ImportJob
from cohesion.audit import AuditKind, record
from cohesion.imports.screens import ImportForm, download, preview
from cohesion.lib.spreadsheets import MAX_BYTES
from cohesion.lib.spreadsheets.selects import choices_of, selects
from cohesion.lib.text import NBSP, count_phrase

KINDS = {
    "created": "Créées",
    "changed": "Modifiées",
    "moved": "Déplacées",
    "missing": "Absentes du fichier",
}


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
