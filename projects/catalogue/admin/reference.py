"""Schemes, reference documents, needs heard and offers."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from axes.hues import badge
from cohesion.history import HistoryAdmin
from cohesion.lib.admin import admin_page
from cohesion.lib.widgets import CHOOSE
from cohesion.screens import Lines
from projects.catalogue import pending
from projects.catalogue.admin import history
from projects.catalogue.admin.deletion import DeletionAdmin
from projects.catalogue.admin.orientations import OrientationNamed, names_today
from projects.catalogue.models import Need, Offer, OfferSite, Perimeter, Project, ReferenceDocument, Scheme
from projects.members.models import Organization
from projects.territory.models import Territory

MOST_NAMED = 4  # territories in a column


@admin.register(Scheme)
class SchemeAdmin(DeletionAdmin, HistoryAdmin):
    purpose = (
        "Les dispositifs dans lesquels un projet s’inscrit. Une fois dans la liste, ils se cochent sur chaque projet."
    )
    list_display = ("code", "name")
    search_fields = ("code", "name")
    fieldsets = (
        ("Le dispositif", {"fields": (("code", "name"),), "description": "Un projet dit ceux dont il relève."}),
    )
    actions = None


@admin.register(ReferenceDocument)
class ReferenceDocumentAdmin(OrientationNamed, DeletionAdmin, HistoryAdmin):
    purpose = (
        "Les plans et schémas qui disent autrement ce que le cadre veut. Ceux qui sont attendus paraissent "
        "sur leurs orientations."
    )
    list_display = ("title", "acronym", "status", "owner", "followed_by", "review_on")
    list_filter = ("status",)
    list_select_related = ("owner", "followed_by")
    actions = None
    writers_only = ("note",)
    change_list_template = "admin/projects/documents.html"
    orientation_field = "orientations"
    fieldsets = (
        (
            "Le document",
            {
                "fields": (("title", "acronym"), ("status", "owner")),
                "description": "Un document que des priorités attendent : tant qu’il n’existe pas, elles attendent.",
            },
        ),
        (
            "Ses dates",
            {
                "fields": (("starts_on", "ends_on"), ("review_on", "followed_by")),
                "description": "Vides : elles ne sont pas fixées. Le jour de le revoir, le bureau le dit.",
            },
        ),
        ("Ce qui l’attend", {"fields": ("orientations",), "description": "Des priorités renvoient à lui."}),
        ("Note", {"fields": ("note",), "classes": ("collapse",), "description": "Pour les agents."}),
    )
    own_pages = {"pending": "attentes/"}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "followed_by":
            field.queryset = field.queryset.filter(is_staff=True, is_active=True)
        return field

    @method_decorator(require_safe)
    def pending_view(self, request: HttpRequest) -> HttpResponse:
        """The orientations that wait, by what they wait for, each with what hangs on it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        title, context = "Ce qui attend un autre document", {"waits": pending.waits(), "today": timezone.localdate()}
        return admin_page(self, request, "projects/pending.html", title, **context)

    def history_names(self, obj: ReferenceDocument) -> dict[Any, str]:
        owners = ((("owner", row.pk), str(row)) for row in Organization.objects.all())
        staff = get_user_model().objects.filter(is_staff=True)
        people = ((("followed_by", row.pk), row.display_name) for row in staff)
        return {**history.orientation_names(), **dict(owners), **dict(people)}


@admin.register(Perimeter)
class PerimeterAdmin(OrientationNamed, DeletionAdmin, HistoryAdmin):
    purpose = (
        "Là où une orientation s’applique, et depuis quand : des quartiers, des communes. Pour une extension, ajoutez "
        "un périmètre à la date où elle commence ; la page de l’orientation dit ce qu’elle changerait."
    )
    no_orientation = CHOOSE
    list_display = ("__str__", "today", "where", "valid_from", "valid_to", "source")
    list_select_related = ("orientation__framework",)
    actions = None
    fieldsets = (
        (
            "Où elle s’applique",
            {
                "fields": ("orientation", "territories"),
                "description": "Cochez les territoires : plusieurs périmètres valables ensemble s’ajoutent.",
            },
        ),
        (
            "Depuis quand",
            {"fields": (("valid_from", "valid_to"), "source"), "description": "Vides : sans limite."},
        ),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.queryset = field.queryset.defer("outline")
        field.label_from_instance = lambda territory: f"{territory.dated_name} ({territory.get_kind_display().lower()})"
        return field

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With what the orientation of each is today, once for the page."""
        shown = super().get_changelist_instance(request)
        today = names_today(perimeter.orientation for perimeter in shown.result_list)
        for perimeter in shown.result_list:
            perimeter.orientation_today = today[perimeter.orientation_id]
        return shown

    def list_prefetch(self) -> list[Any]:
        return [Prefetch("territories", Territory.objects.defer("outline"))]

    @admin.display(description="L’orientation")
    def today(self, perimeter: Any) -> str:
        return perimeter.orientation_today

    @admin.display(description="Territoires")
    def where(self, perimeter: Perimeter) -> str:
        names = [territory.dated_name for territory in perimeter.territories.all()]
        more = f" et {len(names) - MOST_NAMED} de plus" if len(names) > MOST_NAMED else ""
        return f"{', '.join(names[:MOST_NAMED])}{more}" if names else "aucun"

    def history_names(self, obj: Perimeter) -> dict[Any, str]:
        orientations = ((("orientation", pk), name) for pk, name in history.orientation_names().items())
        return {**dict(Territory.objects.values_list("pk", "name")), **dict(orientations)}


@admin.register(Need)
class NeedAdmin(OrientationNamed, DeletionAdmin, HistoryAdmin):
    purpose = (
        "Ce que les habitants disent, dans leurs mots. Rattaché à une orientation, un besoin dit ce qu’on attend "
        "d’elle ; il ne paraît sur le site que si vous le rendez public."
    )
    list_display = ("wording", "heard_on", "territory", "times", "answer", "is_published")
    list_filter = ("is_published", ("territory", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("territory", "orientation")
    search_fields = ("wording",)
    no_orientation = "(aucune encore)"
    actions = None
    fieldsets = (
        (
            "Ce qui est demandé",
            {
                "fields": ("wording", ("heard_on", "times"), ("territory", "heard_by")),
                "description": "Ce que des habitants ont dit, où et quand.",
            },
        ),
        (
            "Ce qui y répond",
            {
                "fields": ("orientation", "is_published"),
                "description": "Un besoin auquel rien ne répond se lit dans la couverture.",
            },
        ),
    )

    @admin.display(description="Ce qui y répond", ordering="orientation")
    def answer(self, need: Need) -> SafeString | str:
        return badge(need.orientation) if need.orientation else "rien encore"

    def history_names(self, obj: Need) -> dict[Any, str]:
        read = {
            "territory": Territory.objects.values_list("pk", "name"),
            "heard_by": Project.objects.filter(kind__in=("pst", "prh")).values_list("pk", "title"),
            "orientation": history.orientation_names().items(),
        }
        return {(field, pk): name for field, rows in read.items() for pk, name in rows}


class OfferSiteInline(Lines):
    model = OfferSite
    help = "Là où les habitants la trouvent."
    fields = (("territory", "address"),)
    extra = 1


@admin.register(Offer)
class OfferAdmin(DeletionAdmin, HistoryAdmin):
    purpose = (
        "Les places et les heures que chaque projet offre. Elles se comptent par commune et par année sur "
        "la page des offres."
    )
    list_display = ("name", "kind", "project", "places", "weekly_hours", "starts_on", "ends_on")
    list_filter = ("kind",)
    list_select_related = ("project",)
    inlines = (OfferSiteInline,)
    actions = None
    fieldsets = (
        (
            "L’offre",
            {
                "fields": (
                    "project",
                    ("kind", "name"),
                    ("places", "weekly_hours"),
                    "opening",
                    ("starts_on", "ends_on"),
                ),
                "description": "Ce qu’un projet ouvre aux habitants : où, quand, pour combien.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        """An offer is known of as far as its project is."""
        return super().get_queryset(request).filter(project__in=Project.objects.visible_to(request.user).values("pk"))

    def history_names(self, obj: Offer) -> dict[Any, str]:
        projects = Project.objects.filter(pk__in=obj.history.values("project"))
        own = ((("project", pk), title) for pk, title in projects.values_list("pk", "title"))
        return {**dict(Territory.objects.values_list("pk", "name")), **dict(own)}

    def history_parts(self, obj: Offer, names: dict[Any, str]) -> history.Parts:
        return history.of_offer(obj, names)
