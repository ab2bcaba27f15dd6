"""The screens of an import in the admin: one deposit, one preview, whatever the file holds."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from cohesion.audit import AuditKind, record
from cohesion.imports.columns import ColumnField
from cohesion.imports.importer import Importer, Job
from cohesion.imports.models import FileImport
from cohesion.imports.rows import RowImporter
from cohesion.imports.screens import ImportForm, ImportScreens, ImportWords, download, preview
from cohesion.lib.admin import admin_page, listed
from cohesion.lib.http import ExtraContext
from cohesion.lib.spreadsheets import CONTENT_TYPES, known_format, table_file
from cohesion.lib.text import NBSP

FORMATS = tuple(CONTENT_TYPES)
OPTIONAL_REASON = "Motif (facultatif, gardé dans l’historique)"
MOST_JOBS = 10
Address = tuple[str, str]  # a format or a text, and where it leads


class AdminImportScreens(ImportScreens[Job], admin.ModelAdmin):
    """The deposit of a file and its preview, as pages of the admin. ``words`` is what they say."""

    words: ImportWords

    def models(self) -> list[Address]:
        """The model files, by format."""
        raise NotImplementedError

    def show_deposit(
        self,
        request: HttpRequest,
        form: ImportForm,
        importer: Importer[Job, Any],
        jobs: Iterable[Any],
        *,
        crumbs: list[Address],
        title: str,
        exports: Sequence[Address] = (),
        **context: Any,
    ) -> TemplateResponse:
        """The page on which a file is brought."""
        return self.import_page(
            request,
            "deposit.html",
            title,
            form=form,
            columns=importer.resource.read_columns,
            models=self.models(),
            exports=exports,
            jobs=[(job, self.job_address(job)) for job in jobs],
            crumbs=crumbs,
            **context,
        )

    def show_job(
        self,
        request: HttpRequest,
        job: Job,
        *,
        crumbs: list[Address],
        reason_label: str = OPTIONAL_REASON,
        **context: Any,
    ) -> TemplateResponse:
        """The page that tells what a file would change, and where it is applied or given up."""
        return self.import_page(
            request,
            "job.html",
            f"Import de «{NBSP}{job.filename}{NBSP}»",
            job=job,
            models=self.models(),
            deposit=self.deposit_address(job),
            selects=self.selects(job),
            reason_label=reason_label,
            crumbs=crumbs,
            **preview(request, job, self.words.kinds),
            **context,
        )

    def import_page(self, request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
        """A page of ``admin/exchange/``, within the admin."""
        return admin_page(self, request, f"exchange/{template}", title, words=self.words, **context)


class TableAdmin(AdminImportScreens[FileImport]):
    """The screens ``importer``, ``exporter`` and ``modele`` of a table of plain rows.

    Importing asks for the rights to add and to change its rows, exporting for the right to view them. A job is seen,
    applied or given up by its owner only (and by a superuser).
    """

    importer: type[RowImporter[Any]]
    model_file: Callable[[str], tuple[bytes, str, str]]
    change_list_template = "admin/exchange/list.html"
    own_pages = {
        "import": "importer/",
        "import_job": "importer/<int:job_pk>/",
        "export": "exporter/<str:format>/",
        "model_file": "modele/<str:format>/",
    }

    def changelist_view(self, request: HttpRequest, extra_context: ExtraContext = None) -> HttpResponse:
        importing = self._address("import") if self.may_import(request) else ""
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        exports = [(format, f"{address}{query}") for format, address in self._by_format("export")]
        context = {"export_addresses": exports, "import_address": importing, **(extra_context or {})}
        return super().changelist_view(request, context)

    def may_import(self, request: HttpRequest) -> bool:
        """An import may create rows and change them: it asks for both rights."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file and lead to its preview; nothing of the rows is written."""
        self._ask_right(request)
        form = ImportForm.of_request(request)
        importer = self.importer()
        if form.is_valid():
            return self.take_file(request, form, importer)
        jobs = importer.model._default_manager.filter(owner=request.user.pk).defer("rows", "report", "content")
        plural = str(self.opts.verbose_name_plural).lower()
        return self.show_deposit(
            request,
            form,
            importer,
            jobs[:MOST_JOBS],
            crumbs=self._crumbs(),
            exports=self._by_format("export"),
            title=f"Importer des {plural}",
        )

    def import_job_view(self, request: HttpRequest, job_pk: int) -> HttpResponseBase:
        """Show what the file would change; apply it, or give it up."""
        self._ask_right(request)
        job = get_object_or_404(self.importer.model._default_manager.defer("rows", "content"), pk=job_pk)
        if not job.is_of(request.user):
            raise Http404("Cet import n’existe pas.")
        if request.method == "POST":
            return self.decide(request, job)
        crumbs = [*self._crumbs(), ("Importer", self._address("import"))]
        plural = str(self.opts.verbose_name_plural).lower()
        links = [(f"Voir les {plural}", self._address("changelist"))]
        return self.show_job(request, job, crumbs=crumbs, links=links)

    def export_view(self, request: HttpRequest, format: str) -> HttpResponseBase:
        """Exactly the rows that the list shows with these filters, in the columns that an import reads back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        known_format(format, FORMATS)
        after = {"format": format, "filtres": dict(request.GET.lists())}
        record(AuditKind.EXPORT, on=str(self.opts.verbose_name_plural), after=after)
        rows = listed(self, request).order_by(self.importer.code)
        table = self.importer.resource.table(rows, self.export_columns(request))
        response = table_file(table, format, str(self.opts.model_name))
        response.headers["Cache-Control"] = "no-store"
        return response

    def model_file_view(self, request: HttpRequest, format: str) -> HttpResponse:
        """The file that people start from."""
        self._ask_right(request)
        if format not in FORMATS:
            raise Http404("Ce format de fichier modèle n’existe pas.")
        return download(*type(self).model_file(format))

    # --- what the screens ask ---------------------------------------------------------------------------------

    def export_columns(self, request: HttpRequest) -> Sequence[ColumnField]:
        """What somebody may read of the rows."""
        return self.importer.resource.columns

    def importer_of(self, job: FileImport) -> RowImporter[Any]:
        return self.importer()

    def job_address(self, job: FileImport) -> str:
        return self._address("import_job", job.pk)

    def deposit_address(self, job: FileImport) -> str:
        return self._address("import")

    def models(self) -> list[Address]:
        return self._by_format("model_file")

    def _crumbs(self) -> list[Address]:
        """What stands above the page, and where it leads: the last one is where one comes back to."""
        return [(str(self.opts.verbose_name_plural), self._address("changelist"))]

    def _ask_right(self, request: HttpRequest) -> None:
        if not self.may_import(request):
            raise PermissionDenied

    def _name(self, action: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{action}"

    def _address(self, action: str, *arguments: Any) -> str:
        return reverse(f"admin:{self._name(action)}", args=arguments)

    def _by_format(self, action: str) -> list[Address]:
        return [(format, self._address(action, format)) for format in FORMATS]
