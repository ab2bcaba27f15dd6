"""Import and export of projects, on their screens of the admin."""

from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cohesion.audit import AuditKind, record
from cohesion.imports.admin import MOST_JOBS, Address, AdminImportScreens
from cohesion.imports.applying import NotApplied
from cohesion.imports.screens import ImportForm, ImportWords, download
from cohesion.lib.admin import listed
from cohesion.lib.http import ExtraContext, base_url
from cohesion.lib.progress import Say, watched
from cohesion.lib.refusals import first_sentence
from cohesion.lib.spreadsheets import known_format, table_file
from cohesion.lib.text import count_phrase, number_fr
from projects.browsing import exports
from projects.catalogue.models import Project
from projects.exchange import model_file
from projects.exchange.applying import ProjectImporter
from projects.exchange.models import ProjectImport

ANSWER = "reponse:"  # before the key of a question, in the name of its field
AT_ONCE = 500  # rows: beyond, the page says how far it is
WORDS = ImportWords(
    introduction="Déposez un tableau de projets : un aperçu montre ce qui serait créé ou modifié.",
    back="Revenir aux imports",
    rules=(
        "Le code dit quel projet chaque ligne décrit ; un code inconnu en crée un nouveau.",
        "Une colonne absente laisse ce qui est là ; une cellule vide vide la valeur, sauf le PST et l’état, qui "
        "restent.",
        "La première orientation est la principale ; les autres sont secondaires. Sans objectif, un projet est listé "
        "« sans rattachement » jusqu’à ce qu’il en ait un.",
        "Plusieurs structures se séparent par | ; un nom qui ressemble à une structure connue, ou qui semble en réunir "
        "plusieurs, est demandé sur l’aperçu avant que rien ne soit créé.",
        "Un projet absent du fichier reste tel qu’il est : un import ne supprime rien.",
    ),
    kinds={"created": "Créés", "changed": "Modifiés", "organizations": "Structures créées"},
    elsewhere="ou exportez les projets depuis leur liste : les colonnes sont les mêmes",
    level="Type",
    parent="Porteur",
)
IMPORT_RIGHTS = tuple(f"projects.{verb}_{kind}" for verb in ("add", "change") for kind in ("pst", "prh", "action"))


def may_import(request: HttpRequest) -> bool:
    """An import may create and change projects of each kind: it asks for all these rights."""
    return request.user.has_perms(IMPORT_RIGHTS)


@admin.register(ProjectImport)
class ProjectImportAdmin(AdminImportScreens[ProjectImport]):
    """The list of one's own imports, the deposit of a file, and its preview, where it is applied or given up."""

    purpose = (
        "Les tableaux de projets que vous avez déposés. Rien n’est écrit avant l’aperçu : vous y appliquez "
        "le fichier, ou l’abandonnez."
    )
    words = WORDS
    list_display = ("filename", "state", "created_at", "applied_at")
    list_display_links = ("filename",)
    list_filter = ("state",)
    actions = None
    own_pages = {"model_file": "modele/<str:format>/"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProjectImport]:
        own = super().get_queryset(request).defer("rows", "content")
        return own if request.user.is_superuser else own.filter(owner=request.user.pk)

    def has_view_permission(self, request: HttpRequest, obj: ProjectImport | None = None) -> bool:
        return may_import(request) and (obj is None or obj.is_of(request.user))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_import(request)

    has_add_permission = has_module_permission

    def has_change_permission(self, request: HttpRequest, obj: ProjectImport | None = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: ProjectImport | None = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: ExtraContext = None) -> HttpResponse:
        """Take a file and lead to its preview; nothing of the projects is written."""
        if not may_import(request):
            raise PermissionDenied
        form = ImportForm.of_request(request)
        if form.is_valid():
            return self.take_file(request, form, ProjectImporter())
        return self.show_deposit(
            request,
            form,
            ProjectImporter(),
            self.get_queryset(request).filter(owner=request.user.pk)[:MOST_JOBS],
            crumbs=self._crumbs(),
            title="Importer des projets",
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: ExtraContext = None
    ) -> HttpResponse:
        """Show what the file would change; apply it, or give it up."""
        if not may_import(request):
            raise PermissionDenied
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 16 else 0
        job = get_object_or_404(self.get_queryset(request), pk=key)
        if request.method == "POST":
            return cast(HttpResponse, self.decide(request, job))  # streamed or not
        return self.show_job(request, job, crumbs=self._crumbs())

    def importer_of(self, job: ProjectImport) -> ProjectImporter:
        return ProjectImporter()

    def job_address(self, job: ProjectImport) -> str:
        return reverse("admin:projects_projectimport_change", args=[job.pk])

    def deposit_address(self, job: ProjectImport) -> str:
        return reverse("admin:projects_projectimport_add")

    def log_application(self, request: HttpRequest, job: ProjectImport, written: int, done: str) -> None:
        self.log_change(request, job, f"Import appliqué : {done} (empreinte {job.digest[:12]}).")

    def decide(self, request: HttpRequest, job: ProjectImport) -> HttpResponseBase:
        if {"answer", "forget"} & request.POST.keys():
            return self._answered(request, job)
        return super().decide(request, job)

    def apply(self, request: HttpRequest, job: ProjectImport) -> HttpResponseBase:
        return self._watched(request, job) if len(job.rows) > AT_ONCE else super().apply(request, job)

    def _answered(self, request: HttpRequest, job: ProjectImport) -> HttpResponse:
        """Keep the answers given to what the file does not tell, or take all of them back."""
        given = {name.removeprefix(ANSWER): request.POST[name] for name in request.POST if name.startswith(ANSWER)}
        ProjectImporter().answer(job, given, anew="forget" in request.POST)
        left = len(job.report["questions"])
        if left and given:
            waiting = count_phrase(left, "question attend", "questions attendent")
            messages.info(request, f"Les réponses sont gardées ; {waiting} encore.")
        return HttpResponseRedirect(self.job_address(job))

    def _watched(self, request: HttpRequest, job: ProjectImport) -> StreamingHttpResponse:
        """Apply a large file under the eyes of who asked for it."""
        number = count_phrase(len(job.rows), "ligne")
        page = self.import_page(
            request,
            "running.html",
            "Import en cours",
            number=number,
            address=self.job_address(job),
            crumbs=self._crumbs(),
        )

        def work(say: Say) -> None:
            def tell(done: int, total: int) -> None:
                say(f"{number_fr(done)} projets écrits sur {number_fr(total)}…")

            say("Les projets sont relus et comparés…")
            try:
                done = self.write(request, job, tell)
            except (NotApplied, ValidationError) as refusal:
                say(f"L’import n’est pas appliqué. {first_sentence(refusal)}")
            else:
                say(f"L’import est appliqué : {done}.")

        return watched(page.render().content.decode(), work)

    def model_file_view(self, request: HttpRequest, format: str) -> HttpResponse:
        if not may_import(request):
            raise PermissionDenied
        if format not in model_file.FORMATS:
            raise Http404("Ce format de fichier modèle n’existe pas.")
        return download(*model_file.model_file(format))

    def models(self) -> list[Address]:
        name = "admin:projects_projectimport_model_file"
        return [(format, reverse(name, args=[format])) for format in model_file.FORMATS]

    def _crumbs(self) -> list[Address]:
        return [("Imports de projets", reverse("admin:projects_projectimport_changelist"))]


class ExportAdmin(admin.ModelAdmin):
    """A screen of projects whose filtered rows can be taken away, in the columns that an import reads back."""

    change_list_template = "admin/exchange/list.html"
    own_pages = {"export": "exporter/<str:format>/"}

    def changelist_view(self, request: HttpRequest, extra_context: ExtraContext = None) -> HttpResponse:
        name = f"admin:projects_{self.opts.model_name}_export"
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        addresses = [(format, f"{reverse(name, args=[format])}{query}") for format in exports.FORMATS]
        importing = reverse("admin:projects_projectimport_add") if may_import(request) else ""
        context = {"export_addresses": addresses, "import_address": importing, **(extra_context or {})}
        return super().changelist_view(request, context)

    def export_view(self, request: HttpRequest, format: str) -> HttpResponseBase:
        """Exactly the rows that the list shows with these filters, all pages together."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        known_format(format, exports.FORMATS)
        keys = listed(self, request).order_by().values("pk")
        after = {"format": format, "filtres": dict(request.GET.lists())}
        record(AuditKind.EXPORT, on=str(self.opts.verbose_name_plural), after=after)
        projects = Project.objects.filter(pk__in=keys).order_by("code_key", "code")
        table = exports.table(projects, exports.OFFICER_COLUMNS, base_url=base_url(request))
        response = table_file(table, format, str(self.opts.model_name))
        response.headers["Cache-Control"] = "no-store"
        return response
