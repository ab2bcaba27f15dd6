"""One change to the projects chosen in a list: what it would do is shown, then it is done whole or not at all."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cohesion.lib.admin import admin_page
from cohesion.lib.forms import day_field, line_field
from cohesion.lib.people import signed_in
from cohesion.lib.text import count_phrase, number_fr
from cohesion.together import states
from projects.admin.undoing import UndoingAdmin
from projects.catalogue.models import Project
from projects.catalogue.workflow import OUTCOMES
from projects.choices import ProjectStatus
from projects.instructing import bulk
from projects.instructing.changing import change_projects
from projects.instructing.deciding import GRANTING

MOST_SHOWN = 20  # lines of what changes
MOST_REFUSED = 50  # lines of what is refused

STATUSES = [("", "(ne pas changer)"), *(choice for choice in ProjectStatus.choices if choice[0] != ProjectStatus.DRAFT)]


class BulkForm(forms.Form):
    status = forms.ChoiceField(label="Nouvel état", choices=STATUSES, required=False)
    starts_on = day_field("Nouveau début")
    ends_on = day_field("Nouvelle fin")
    decided_on = day_field("Décidé le", help_text="Pour retenir, ajourner ou refuser.")
    deliberation = line_field("Délibération", 100, help_text="Pour retenir.")
    amounts = forms.ChoiceField(
        label="Montant accordé à chacun",
        choices=[("", "(n’accorder rien)"), *bulk.AMOUNTS.items()],
        required=False,
        help_text="Pour retenir ; l’aperçu montre le montant de chacun.",
    )
    reason = line_field(
        "Motif",
        100,
        "Dites pourquoi : le motif est conservé dans l’historique de chaque projet.",
        help_text="Conservé dans l’historique de chaque projet. Si l’état change, sa structure le lira.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if not self.errors and not (cleaned.get("status") or start or end):
            raise ValidationError("Choisissez un état ou une date : sinon, rien ne change.")
        if start and end and end < start:
            self.add_error("ends_on", "La date de fin précède la date de début.")
        self._check_decision(cleaned)
        return cleaned

    def _check_decision(self, cleaned: dict[str, Any]) -> None:
        """A decision says its day, and with what right it grants; what is no decision says none of it."""
        status = cleaned.get("status", "")
        if status in OUTCOMES and not cleaned.get("decided_on") and "decided_on" not in self.errors:
            self.add_error("decided_on", "Indiquez le jour de la décision.")
        if status in GRANTING:
            if not cleaned.get("deliberation") and "deliberation" not in self.errors:
                self.add_error("deliberation", "Indiquez la délibération : elle donne son droit à la subvention.")
            if not cleaned.get("amounts"):
                self.add_error("amounts", "Dites quel montant est accordé à chacun.")
        elif cleaned.get("deliberation") or cleaned.get("amounts"):
            self.add_error("status", "Seul ce qui est retenu a une délibération et un montant : videz-les.")

    @property
    def change(self) -> bulk.BulkChange:
        cleaned = self.cleaned_data
        decided = bulk.Decided(cleaned["decided_on"], cleaned["deliberation"], cleaned["amounts"])
        return bulk.BulkChange(
            cleaned["status"] or None, cleaned["starts_on"], cleaned["ends_on"], decided, cleaned["reason"]
        )


class BulkAdmin(UndoingAdmin):
    """A model admin of projects with the action, and its page."""

    actions = ("change_together",)
    own_pages = {"bulk": "changer/"}

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Projects are deleted one by one: each says why it may not be."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @admin.action(description="Changer l’état ou les dates…", permissions=["change"])
    def change_together(self, request: HttpRequest, queryset: QuerySet[Project]) -> HttpResponse | None:
        keys = list(queryset.order_by().values_list("pk", flat=True)[: bulk.MOST + 1])
        if len(keys) > bulk.MOST:
            sentence = f"Au plus {number_fr(bulk.MOST)} projets à la fois : resserrez les filtres."
            self.message_user(request, sentence, messages.ERROR)
            return None
        return self._page(request, BulkForm(), bulk.read_projects(keys), filters=request.GET.urlencode())

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Show what the change would do, leave out what is refused (``ecarter``), or do it (``appliquer``)."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if "avant" in request.GET:
            return self.undo_view(request)
        seen = self._seen(request)
        filters = request.POST.get("filters", "")
        form = BulkForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            if "appliquer" in request.POST and self._is_applied(request, form, seen):
                target = reverse(f"admin:projects_{self.opts.model_name}_changelist")
                return HttpResponseRedirect(f"{target}?{filters}" if filters else target)
            projects = bulk.read_projects(seen)
            if "ecarter" in request.POST:
                refused = {line.before.pk for line in bulk.plan(projects, form.change).refused}
                projects = [project for project in projects if project.pk not in refused]
            return self._page(request, form, projects, filters=filters, plan=bulk.plan(projects, form.change))
        return self._page(request, form, bulk.read_projects(seen), filters=filters)

    def _seen(self, request: HttpRequest) -> dict[int, int]:
        """The version of each project that the page showed, without those of other screens."""
        seen = {int(key): int(version) for key, version in states.seen(request.POST, "projects").items()}
        others = Project.objects.filter(pk__in=list(seen)).exclude(pk__in=self.get_queryset(request).values("pk"))
        foreign = set(others.values_list("pk", flat=True))
        return {key: version for key, version in seen.items() if key not in foreign}

    def _is_applied(self, request: HttpRequest, form: BulkForm, seen: dict[int, int]) -> bool:
        # A step has told its leads, and is not taken back in silence; dates are.
        may_return = form.change.status is None
        before = bulk.plan(bulk.read_projects(seen), form.change).changed if may_return else []
        try:
            number = change_projects(
                seen=seen, change=form.change, by=signed_in(request), reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            for sentence in error.messages:
                form.add_error(None, sentence)
            return False
        sentence = f"{count_phrase(number, 'projet a changé', 'projets ont changé')}."
        is_kept = may_return and self.keep_dates(request, before)
        self.message_user(request, self.with_way_back(sentence) if is_kept else sentence, messages.SUCCESS)
        return True

    def _page(
        self,
        request: HttpRequest,
        form: BulkForm,
        projects: Sequence[Project],
        *,
        filters: str,
        plan: bulk.BulkPlan | None = None,
    ) -> HttpResponse:
        context = {
            "form": form,
            "projects": projects,
            "shown": (plan.changed if plan else projects)[:MOST_SHOWN],
            "plan": plan,
            "refused": plan.refused[:MOST_REFUSED] if plan else [],
            "seen": states.seal({str(project.pk): str(project.version) for project in projects}, "projects"),
            "filters": filters,
        }
        return admin_page(
            self,
            request,
            "projects/bulk.html",
            f"Changer l’état ou les dates de {count_phrase(len(projects), 'projet')}",
            **context,
        )
