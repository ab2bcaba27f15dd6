"""The versions of the framework, for officers."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from axes import actions, adoption, document, numbering, tree
from axes.admin.exchange import FrameworkExchangeMixin
from axes.admin.forms import AdoptionForm, FrameworkForm
from axes.admin.locking import LockedAdmin
from axes.admin.preparing import PreparingAdmin
from axes.admin.reading import ReadingScreens
from axes.admin.succession import SuccessionAdmin
from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation, Programme
from cohesion.history import HistoryAdmin, entries
from cohesion.lib.admin import admin_page
from cohesion.lib.people import Person, signed_in
from cohesion.lib.progress import Say, watched
from cohesion.lib.text import count_phrase
from cohesion.together import states
from cohesion.together.once import once

JOURNAL_PAGE = 50

AT_ONCE = 5_000  # links that are carried while the page waits


def watched_adoption(
    page: str, *, framework: Framework, by: Person, shown: str, decided: dict[str, Any]
) -> StreamingHttpResponse:
    """``page`` with, as it goes, how many links are carried; all of them, or none where it is refused."""

    def work(say: Say) -> None:
        say("Les rattachements sont relus…")
        try:
            actions.put_in_force(framework=framework, by=by, shown=shown, say=say, **decided)
        except ValidationError as refusal:
            say(f"Rien n’a été fait. {' '.join(refusal.messages)}")
        else:
            say(f"Le cadre « {framework.name} » est en vigueur, verrouillé.")

    return watched(page, work)


@admin.register(Framework)
class FrameworkAdmin(
    PreparingAdmin, ReadingScreens, SuccessionAdmin, FrameworkExchangeMixin, LockedAdmin, HistoryAdmin
):
    purpose = (
        "Un cadre est un texte voté par le conseil. Chaque programme en a un en vigueur ; le suivant se "
        "prépare à côté, et le remplace le jour où il est adopté."
    )
    form = FrameworkForm
    called = "ce cadre"
    list_display = ("name", "programme", "status", "adopted_on", "orientation_count", "screens")
    list_filter = ("status", "programme")
    list_select_related = ("programme",)
    ordered_as = {"programme": "programme__order"}
    search_fields = ("name", "slug", "deliberation")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("status", "revision")
    change_form_template = "admin/axes/framework/form.html"
    change_list_template = "admin/axes/framework/list.html"
    fieldsets = (
        (
            "Le document",
            {
                "fields": ("programme", "name", ("slug", "authority"), "perimeter", "column_titles", "note"),
                "description": "Ce que porte sa couverture ; son adresse ne change plus une fois qu’il est public.",
            },
        ),
        (
            "Sa vie",
            {
                "fields": ("status", ("adopted_on", "deliberation"), ("starts_on", "ends_on"), "predecessor", "origin"),
                "description": "Ce que l’assemblée a décidé. Un cadre est mis en vigueur par sa propre page.",
            },
        ),
        (
            "Protection",
            {
                "fields": (("is_locked", "revision"), "reason"),
                "description": "Dans un cadre verrouillé, chaque changement dit pourquoi.",
            },
        ),
    )
    own_pages = {
        "renumber": "<int:pk>/renumeroter/",
        "journal": "<int:pk>/journal/",
        "adopt": "<int:pk>/mettre-en-vigueur/",
        "next": "<int:pk>/version-suivante/",
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Framework]:
        return super().get_queryset(request).annotate(orientation_total=Count("orientations"))

    def get_fieldsets(self, request: HttpRequest, obj: Framework | None = None) -> Any:
        """For a reader, without the reason that only a writer gives."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        document, life, _ = self.fieldsets
        return [document, life, ("Protection", {"fields": (("is_locked", "revision"),)})]

    @admin.display(description="Orientations")
    def orientation_count(self, framework: Framework) -> SafeString:
        url = f"{reverse('admin:axes_orientation_changelist')}?cadre={framework.pk}"
        return format_html('<a href="{}">{}</a>', url, framework.orientation_total)

    @admin.display(description="Travailler")
    def screens(self, framework: Framework) -> SafeString:
        tree_url = f"{reverse('admin:axes_orientation_changelist')}?cadre={framework.pk}"
        screens = {"Importer, exporter": "import", "Renuméroter": "renumber", "Journal": "journal"}
        links = [("L’arbre", tree_url)] + [
            (label, reverse(f"admin:axes_framework_{name}", args=[framework.pk])) for label, name in screens.items()
        ]
        return format_html_join(" · ", '<a href="{1}">{0}</a>', links)

    def has_delete_permission(self, request: HttpRequest, obj: Framework | None = None) -> bool:
        """A framework that was adopted is never deleted: it is archived."""
        if obj is not None and obj.status != FrameworkStatus.DRAFT:
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def _page(
        self, request: HttpRequest, template: str, framework: Framework, title: str, **context: Any
    ) -> HttpResponse:
        return admin_page(self, request, f"axes/framework/{template}", title, framework=framework, **context)

    def _framework(self, request: HttpRequest, pk: int, *, to_write: bool = True) -> Framework:
        framework = get_object_or_404(Framework, pk=pk)
        allowed = self.has_change_permission if to_write else self.has_view_permission
        if not allowed(request, framework):
            raise PermissionDenied
        return framework

    def renumber_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show old → new codes; write them only when they are still those that were shown."""
        framework = self._framework(request, pk)
        proposals = [p for p in numbering.propose(document.read_nodes(framework)) if p.changes]
        if request.method == "POST":
            if not request.user.has_perm("axes.change_orientation"):
                raise PermissionDenied
            expected = {int(key): code for key, code in states.seen(request.POST, "codes").items()}
            try:
                count = actions.renumber(
                    framework=framework, expected=expected, by=signed_in(request), reason=request.POST.get("reason", "")
                )
            except ValidationError as error:
                self.message_user(request, error.messages[0], messages.ERROR)
                return HttpResponseRedirect(request.path)
            self.log_change(request, framework, f"Renumérotation : {count} codes.")
            self.message_user(
                request,
                f"{count_phrase(count, 'code changé', 'codes changés')}. Les anciennes adresses mènent aux nouvelles.",
            )
            return HttpResponseRedirect(f"{reverse('admin:axes_orientation_changelist')}?cadre={pk}")
        codes = {str(proposal.node.orientation.pk): proposal.new for proposal in proposals}
        context = {"proposals": proposals, "seen": states.seal(codes, "codes")}
        return self._page(request, "renumber.html", framework, "Renuméroter d’après les places", **context)

    def journal_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All changes of the orientations of a framework, deletions included."""
        framework = self._framework(request, pk, to_write=False)
        records = Orientation.history.filter(framework_id=pk).select_related("history_user")
        page = Paginator(records.order_by("-history_date", "-history_id"), JOURNAL_PAGE).get_page(
            request.GET.get("page")
        )
        return self._page(request, "journal.html", framework, "Journal des orientations", page=page, lines=_lines(page))

    def adopt_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        framework = self._framework(request, pk)
        form = AdoptionForm(request.POST or None)
        current = Framework.objects.before(framework).first()
        is_draft = framework.status == FrameworkStatus.DRAFT
        outlook = adoption.outlook(current, framework) if is_draft and current else None
        if request.method == "POST" and form.is_valid():
            if outlook and outlook.size > AT_ONCE:
                return self._watched(request, framework, form)
            try:
                shown = states.seen(request.POST, "outlook").get("outlook", "")
                former = actions.put_in_force(
                    framework=framework, by=signed_in(request), shown=shown, **form.cleaned_data
                )
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.log_change(request, framework, "Mis en vigueur.")
                end = f" « {former.name} » ({former.slug}) est archivé." if former else ""
                self.message_user(request, f"Le cadre « {framework.name} » est en vigueur, verrouillé.{end}")
                return HttpResponseRedirect(reverse("admin:axes_framework_change", args=[pk]))
            outlook = adoption.outlook(current, framework) if is_draft and current else None
        context = {
            "form": form,
            "current": current,
            "problems": tree.check() if is_draft else [],
            "outlook": outlook,
            "seen": states.seal({"outlook": outlook.digest if outlook else ""}, "outlook"),
        }
        return self._page(request, "adopt.html", framework, "Mettre en vigueur", **context)

    def _watched(self, request: HttpRequest, framework: Framework, form: AdoptionForm) -> HttpResponseBase:
        page = self._page(request, "adopting.html", framework, "Mise en vigueur en cours")
        return watched_adoption(
            page.render().content.decode(),
            framework=framework,
            by=signed_in(request),
            shown=states.seen(request.POST, "outlook").get("outlook", ""),
            decided=form.cleaned_data,
        )

    def next_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        framework = self._framework(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return once(request, lambda: self._next_version(request, framework))
        return self._page(request, "next_version.html", framework, "Préparer la version suivante")

    def _next_version(self, request: HttpRequest, framework: Framework) -> HttpResponse:
        successor = actions.prepare_next_version(framework=framework, by=signed_in(request))
        self.log_addition(request, successor, f"Copié de {framework.slug}.")
        self.message_user(
            request, "La version suivante est prête : personne ne la voit tant qu’elle est en préparation."
        )
        return HttpResponseRedirect(reverse("admin:axes_framework_change", args=[successor.pk]))

    def get_readonly_fields(self, request: HttpRequest, obj: Framework | None = None) -> tuple[str, ...]:
        """The address of a framework that was public is cited, and its programme is known: they no longer change."""
        cited = obj is not None and obj.status != FrameworkStatus.DRAFT
        return (*self.readonly_fields, "slug", "programme") if cited else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Framework | None = None) -> dict[str, Any]:
        return {} if "slug" in self.get_readonly_fields(request, obj) else self.prepopulated_fields

    def save_model(self, request: HttpRequest, obj: Framework, form: Any, change: bool) -> None:
        obj._history_user = request.user
        obj._change_reason = form.cleaned_data.get("reason") or None
        super().save_model(request, obj, form, change)

    def history_names(self, obj: Framework) -> dict[Any, str]:
        names = {
            "predecessor": Framework.objects.values_list("pk", "slug"),
            "programme": Programme.objects.values_list("pk", "name"),
        }
        return {(field, pk): name for field, rows in names.items() for pk, name in rows}


def _lines(page: Page) -> list[Any]:
    """Each record of the page with what it changed, in one query for the records before them."""
    keys = {record.id for record in page}
    records: dict[int, list[Any]] = {}
    for record in (
        Orientation.history.filter(id__in=keys).select_related("history_user").order_by("-history_date", "-history_id")
    ):
        records.setdefault(record.id, []).append(record)
    names = dict(Orientation.objects.values_list("pk", "code"))
    described = {e.record.history_id: e for line in records.values() for e in entries(line, names=names)}
    return [described[record.history_id] for record in page]
