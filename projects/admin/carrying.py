"""What a change of framework left to decide: each link whose orientation disappeared, linked anew or let go."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from axes import document
from axes.addresses import orientation_address
from axes.admin.choices import grouped, with_path
from axes.models import Framework, Orientation
from cohesion.lib.http import ExtraContext
from cohesion.lib.people import signed_in
from cohesion.lib.text import whole_number
from projects.admin.link_rows import LinkGuide
from projects.admin.links import LinksAdmin
from projects.catalogue import carrying
from projects.catalogue.models import Project, UncarriedLink

WAITING, SETTLED, EVERY = "a-refaire", "regles", "tous"


class StateFilter(admin.SimpleListFilter):
    """Those that wait, unless others are asked for."""

    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(SETTLED, "Réglés"), (EVERY, "Tous")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, label in ((None, "À refaire"), *self.lookup_choices):
            query = changelist.get_query_string({self.parameter_name: value} if value else {}, [self.parameter_name])
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[UncarriedLink]) -> QuerySet[UncarriedLink]:
        if self.value() == EVERY:
            return queryset
        return queryset.filter(settled_at__isnull=self.value() != SETTLED)


class SettlingForm(forms.ModelForm):
    orientation = forms.ChoiceField(
        label="Orientation du cadre en vigueur",
        required=False,
        help_text="Laissez vide si rien ne prend la suite, et dites pourquoi ci-dessous.",
    )
    reason = forms.CharField(
        label="Motif",
        required=False,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        max_length=carrying.REASON_LENGTH,
        help_text="Obligatoire si le rattachement n’est pas repris. Il est conservé.",
    )

    class Meta:
        model = UncarriedLink
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if framework := Framework.objects.before(self.instance.link.orientation.framework).first():
            self._propose(framework)

    def _propose(self, framework: Framework) -> None:
        """Offer the framework, what is proposed chosen beforehand with its reason."""
        link, field = self.instance.link, self.fields["orientation"]
        nodes = {node.pk: node for node in document.read_nodes(framework)}
        guide = LinkGuide(framework, link.orientation)
        reasons = guide.reasons(link.project)
        field.choices = _choices(nodes, reasons)
        if (first := guide.first(reasons)) is not None:
            self.initial["orientation"] = str(first)
            why = reasons[first] or f"ce qu’est devenue {link.orientation.code}"
            field.help_text = (
                f"{nodes[first].orientation.code} est proposée ({why}). Choisissez-en une autre si vous n’êtes pas "
                "d’accord\u202f; aucune si rien ne prend la suite, et dites pourquoi ci-dessous."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("orientation") and not cleaned.get("reason", "").strip() and not self.errors:
            self.add_error("orientation", "Choisissez une orientation, ou dites dans le motif pourquoi aucune.")
        return cleaned


def _choices(nodes: Mapping[int, document.Node], proposed: Iterable[int]) -> list[Any]:
    """Those that are proposed, then the whole framework."""
    near = [(pk, with_path(nodes[pk])) for pk in proposed]
    groups = [("Proposées", near)] if near else []
    return [("", "(aucune : ce rattachement n’est pas repris)"), *groups, *grouped(nodes.values())]


@admin.register(UncarriedLink)
class UncarriedLinkAdmin(LinksAdmin):
    purpose = (
        "Des projets dont l’orientation n’a pas été reprise par le cadre en vigueur. Dites à laquelle "
        "chacun se rattache désormais, ou pourquoi à aucune."
    )
    form = SettlingForm
    list_display = ("project", "former", "role", "outcome")
    list_filter = (StateFilter,)
    list_select_related = ("link__project", "link__orientation__framework")
    list_per_page = 50
    search_fields = ("link__project__search_text", "link__orientation__code")
    readonly_fields = ("project", "former", "role", "rationale", "present", "outcome", "settled_by", "settled_at")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[UncarriedLink]:
        """One knows of a link as far as one does of its project."""
        known = Project.objects.visible_to(request.user).values("pk")
        return super().get_queryset(request).filter(link__project__in=known)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: UncarriedLink | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: UncarriedLink | None = None) -> bool:
        """What is settled is read."""
        return super().has_change_permission(request, obj) and (obj is None or obj.settled_at is None)

    def get_fieldsets(self, request: HttpRequest, obj: UncarriedLink | None = None) -> Any:
        was = ("Ce qui était", {"fields": ("project", "former", "role", "rationale")})
        if obj is not None and obj.settled_at is not None:
            return [was, ("Ce qui a été décidé", {"fields": ("outcome", "settled_by", "settled_at")})]
        if obj is None or not self.has_change_permission(request, obj):
            return [was, ("Ce qui est", {"fields": ("present",)})]
        return [was, ("Ce qui est", {"fields": ("present",)}), ("Décider", {"fields": ("orientation", "reason")})]

    @admin.display(description="Projet", ordering="link__project__code")
    def project(self, pending: UncarriedLink) -> str:
        return f"{pending.link.project.code} {pending.link.project.title}"

    @admin.display(description="Était rattaché à", ordering="link__orientation__lft")
    def former(self, pending: UncarriedLink) -> SafeString:
        orientation = pending.link.orientation
        address = orientation_address(orientation)
        return format_html(
            '<a href="{}">{}</a> {} ({})',
            address,
            orientation.code,
            orientation.display_title,
            orientation.framework.slug,
        )

    @admin.display(description="À titre")
    def role(self, pending: UncarriedLink) -> str:
        return "principal" if pending.link.is_main else "secondaire"

    @admin.display(description="Raison donnée")
    def rationale(self, pending: UncarriedLink) -> str:
        return pending.link.rationale or "(aucune)"

    @admin.display(description="Rattachements au cadre en vigueur")
    def present(self, pending: UncarriedLink) -> SafeString | str:
        project = pending.link.project
        links = project.contributions.in_force().select_related("orientation").order_by("-is_main", "orientation__lft")
        words = ", ".join(f"{link.orientation.code}{' (principale)' if link.is_main else ''}" for link in links)
        address = reverse(f"admin:projects_{project.kind}_change", args=[project.pk])
        return format_html('{} · <a href="{}">ouvrir le projet</a>', words or "aucun", address)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: ExtraContext = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: UncarriedLink, form: Any, change: bool) -> None:
        key = whole_number(form.cleaned_data["orientation"])
        chosen = list(Orientation.objects.filter(pk=key)) if key else []
        carrying.settle(pending=obj, orientations=chosen, reason=form.cleaned_data["reason"], by=signed_in(request))
