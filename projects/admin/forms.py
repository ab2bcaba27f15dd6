"""The form of a project, with its orientations."""

from typing import Any

from django import forms
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html

from axes.models import Framework
from cohesion.lib.dates import french_date
from cohesion.lib.forms import RowsField
from cohesion.lib.nouns import Noun
from cohesion.lib.widgets import TickList
from projects.catalogue.admin.picker import OrientationPickerField, PickedOrientations
from projects.catalogue.admin.pickers_beside import Picked, PickersBesideField
from projects.catalogue.models import Contribution
from projects.choices import ProjectStatus
from projects.declaring.fields import Day
from projects.instructing import moving
from projects.territory.models import Territory


def typed_day() -> forms.DateInput:
    """A day as people write it: it may also be a month, or a year (:class:`projects.declaring.fields.Day`)."""
    return forms.DateInput(attrs={"class": "vDateField", "autocomplete": "off"})


class PlacesField(RowsField):
    def label_from_instance(self, obj: Model) -> str:
        """Its name, with its years where it has an end."""
        return obj.dated_name


class ProjectForm(forms.ModelForm):
    starts_on = Day(label="Début", required=False, widget=typed_day())
    ends_on = Day(label="Fin", required=False, widget=typed_day(), is_end=True)
    places = PlacesField(
        label="Communes et quartiers",
        queryset=Territory.objects.defer("outline"),
        required=False,
        help_text="Là où le projet agit.",
        widget=TickList(noun=Noun.of(Territory._meta)),
    )
    picked = OrientationPickerField(label="Orientations auxquelles le projet répond", required=False)
    beside = PickersBesideField(label="Au titre des autres programmes", required=False)
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=100,
        help_text="Conservé dans l’historique. Facultatif, sauf si l’état change.",
    )

    class Meta:  # the screen of each kind names the model and the fields
        widgets = {
            "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "summary": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            "description": forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance._state.adding
        links = [] if is_new else list(self.instance.contributions.in_force().select_related("orientation"))
        # One whose orientations were not taken up by the framework in force goes on without, until it is linked anew.
        self.is_uncarried = not is_new and not links and self.instance.contributions.of_reference().exists()
        if "picked" in self.fields:
            self.fields["picked"].bind(Framework.objects.in_force().first())
        self.initial["picked"] = PickedOrientations.of(links)
        if "beside" in self.fields:
            frameworks = list(Framework.objects.beside().select_related("programme"))
            self.fields["beside"].bind(frameworks)
            self.initial["beside"] = {} if is_new else self._beside(frameworks)
        if not is_new:
            self.initial["places"] = list(self.instance.places.values_list("territory", flat=True))
            self._show_decision()

    def _beside(self, frameworks: list[Framework]) -> Picked:
        links = self.instance.contributions.filter(orientation__framework__in=frameworks)
        served: dict[int, list[Contribution]] = {framework.pk: [] for framework in frameworks}
        for link in links.select_related("orientation") if frameworks else ():
            served[link.orientation.framework_id].append(link)
        return {pk: PickedOrientations.of(of_framework) for pk, of_framework in served.items()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        main, _ = cleaned.get("picked", (True, []))
        was_draft = self.instance._state.adding or self.initial.get("status") == ProjectStatus.DRAFT
        leaves_draft = was_draft and cleaned.get("status") != ProjectStatus.DRAFT
        # What was imported without one goes on without, until it is linked.
        if main is None and (self.initial["picked"].main or (leaves_draft and not self.is_uncarried)):
            self.add_error("picked", "Choisissez l’orientation principale : seul un brouillon peut ne pas en avoir.")
        self._check_places(cleaned)
        if self.is_moved and cleaned.get("status"):
            self._check_move(cleaned["status"], main is not None)
        return cleaned

    def _check_places(self, cleaned: dict[str, Any]) -> None:
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        outside = [place for place in cleaned.get("places") or () if not place.exists_during(start, end)]
        if outside:
            names = ", ".join(f"« {place} »" for place in outside)
            verb = "n’existe" if len(outside) == 1 else "n’existent"
            self.add_error("places", f"{names} {verb} pas aux dates de ce projet.")

    @property
    def is_moved(self) -> bool:
        """Whether the state of a project that is there is changed: a step is taken."""
        return not self.instance._state.adding and "status" in self.changed_data

    def _show_decision(self) -> None:
        """An amount that was decided is read here, and changed where decisions are."""
        decision = self.instance.decisions.order_by("-pk").first()
        if decision is not None and "granted" in self.fields:
            self.fields["granted"].disabled = True
            page = reverse("projects:instruction_file", args=[self.instance.pk])
            self.fields["granted"].help_text = format_html(
                'C’est ce que dit la décision du {}. Pour le changer, rectifiez la décision : <a href="{}">page du '
                "dossier</a>.",
                french_date(decision.decided_on),
                page,
            )

    def _check_move(self, status: str, has_main: bool) -> None:
        project = moving.read_projects([self.instance.pk])[self.instance.pk]
        project.has_main = project.has_main or has_main
        if sentence := moving.refusal(project, status):
            self.add_error("status", sentence)
        elif not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", moving.REASON)
