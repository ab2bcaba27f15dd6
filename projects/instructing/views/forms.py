"""What officers type: the grid, remarks by page, decisions."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone

from cohesion.lib.forms import (
    EurosField,
    RowsField,
    day_field,
    line_field,
    offer,
    offer_rows,
    plain_amount,
    shown,
    text_field,
)
from cohesion.lib.people import Person
from cohesion.lib.queries import InFrench
from cohesion.roles import OFFICER
from cohesion.together.merging import seal
from projects.catalogue.models import Project
from projects.choices import Criterion, Opinion
from projects.instructing.checking import ANSWER_WITHIN
from projects.instructing.deciding import GRANTING, Ruling, amendments
from projects.instructing.grid import Notes, ReviewConflict
from projects.instructing.models import HIGHEST_NOTE, Committee, Decision, Review
from projects.instructing.notes import Mentions, mentions_in

FILE_FORM = "dossier"  # the id of the one form of a file
NOTE_LENGTH = 4000
DUE_ON = "due_on"
NOTES = [*((str(note), str(note)) for note in range(1, HIGHEST_NOTE + 1)), ("", "Sans note")]


class CommentForm(forms.Form):
    """A step that asks for words at the most."""

    comment = text_field("Commentaire", 2)

    def __init__(self, *args: Any, is_required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["comment"]
        field.required = is_required
        field.error_messages["required"] = "Dites pourquoi : la structure le lira."
        field.label = "Motif" if is_required else "Commentaire (facultatif)"
        field.help_text = "La structure le lira, parmi les étapes du dossier."


def usual_answer_day() -> datetime.date:
    """The last day for an answer, unless the officer says another."""
    return timezone.localdate() + datetime.timedelta(days=ANSWER_WITHIN)


class RemarksForm(forms.Form):
    """What is missing: a text a page of the form; and until when it is expected."""

    def __init__(self, *args: Any, pages: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for slug, title in pages.items():
            self.fields[slug] = text_field(title, 2)
        self.pages = tuple(pages)
        if pages:
            self.fields[DUE_ON] = day_field(
                "Réponse attendue le",
                initial=usual_answer_day,
                help_text="La structure le lira, et sera relancée une fois d’ici là et une fois après.",
            )

    def clean_due_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data[DUE_ON]
        if day is not None and day <= timezone.localdate():
            raise forms.ValidationError(
                "Choisissez un jour à venir, demain au plus tôt : donnez à la structure le temps de répondre."
            )
        return day

    @property
    def due_on(self) -> datetime.date | None:
        return self.cleaned_data.get(DUE_ON)

    @property
    def remarks(self) -> dict[str, str]:
        return {page: self.cleaned_data[page] for page in self.pages}


class ReviewForm(forms.Form):
    """The grid and the opinion, with what was read."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)  # what was read, sealed
    assigned_to = forms.ModelChoiceField(
        label="Affectée à", queryset=get_user_model().objects.none(), required=False, empty_label="Personne"
    )
    opinion = forms.ChoiceField(label="Avis", choices=[("", "Pas encore"), *Opinion.choices], required=False)
    text = text_field("Motivation de l’avis", 5)
    proposed_amount = EurosField("Montant proposé (€)")
    committee = forms.ModelChoiceField(
        label="Comité", queryset=Committee.objects.all(), required=False, empty_label="Pas encore"
    )

    def __init__(
        self, review: Review | None, *args: Any, usual_committee: Committee | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = _values(review) | {"base": seal(Notes.of(review).answers)}
        self.conflict_author = ""
        self.conflict_date: datetime.datetime | None = None
        self.conflict_rows: list[tuple[str, str, str]] = []
        for criterion in Criterion:
            self.fields[f"note_{criterion}"] = forms.ChoiceField(
                label=f"Note : {criterion.label}", choices=NOTES, required=False, widget=forms.RadioSelect
            )
            self.fields[f"comment_{criterion}"] = text_field(f"Observation : {criterion.label}", 2)
        people = officers(also=review.assigned_to_id if review else None)
        offer_rows(self, "assigned_to", people, lambda user: user.display_name)
        meetings = offer_rows(self, "committee", Committee.objects.all(), _named)
        if usual_committee is not None:
            meetings.empty_label = f"Le seul à venir\u00a0: {_named(usual_committee)}"

    @property
    def rows(self) -> list[tuple[str, Any, Any]]:
        """The lines of the grid: what is looked at, its note, what it rests on."""
        return [(criterion.label, self[f"note_{criterion}"], self[f"comment_{criterion}"]) for criterion in Criterion]

    @property
    def others(self) -> list[Any]:
        return [self[name] for name in ("opinion", "proposed_amount", "committee", "assigned_to", "text")]

    @property
    def written(self) -> Notes:
        cleaned = self.cleaned_data
        notes = {}
        for criterion in Criterion:
            note = int(cleaned[f"note_{criterion}"] or 0) or None
            notes[criterion.value] = (note, cleaned[f"comment_{criterion}"])
        names = ("opinion", "text", "proposed_amount", "committee", "assigned_to")
        return Notes(notes, **{name: cleaned[name] for name in names})

    def tell_conflict(self, conflict: ReviewConflict) -> None:
        """Show what a colleague wrote beside what was typed here; the next click decides."""
        review = conflict.review
        theirs = _values(review)
        data: Any = self.data
        data = data.copy()
        for name in conflict.taken:
            data[name] = _typed(theirs.get(name))
        data["base"] = seal(Notes.of(review).answers)
        self.data = data
        self.conflict_author, self.conflict_date = review.author, review.saved_at
        self.conflict_rows = [
            (str(self[name].label), shown(self[name], _typed(theirs.get(name))), shown(self[name], self[name].value()))
            for name, field in self.fields.items()
            if name != "base" and field.has_changed(theirs.get(name), self[name].data)
        ]


def _named(meeting: Committee) -> str:
    return f"{meeting.name}, {meeting.held_on:%d/%m/%Y}"


class NoteForm(forms.Form):
    """A note between colleagues, and whom it is to reach at once."""

    text = text_field(
        "Votre note",
        3,
        "Écrivez la note avant de l’envoyer.",
        max_length=NOTE_LENGTH,
        help_text="Lue par les agents seuls. « @prénom » prévient ce collègue, comme la liste ci-dessous.",
    )
    chosen = RowsField(
        label="Prévenir",
        queryset=get_user_model().objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, author: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = FILE_FORM  # whatever button is pressed, what is typed here goes with it
        self.author, self.colleagues = author, officers().exclude(pk=author.pk)
        offer_rows(self, "chosen", self.colleagues, lambda user: user.display_name)
        self.mentions = Mentions([], [], [])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text, chosen = cleaned.get("text", ""), cleaned.get("chosen", ())
        self.mentions = mentions_in(text, self.colleagues, chosen, author=self.author)
        for name in self.mentions.shared:
            self.add_error(
                "chosen", f"Plusieurs collègues s’appellent « {name} » : cochez ici qui vous voulez prévenir."
            )
        return cleaned

    @property
    def recipients(self) -> list[Person]:
        return [*self.cleaned_data["chosen"], *self.mentions.people]


def officers(*, also: int | None = None) -> QuerySet[Person]:
    """Who instructs: the officers and the administrators; and whoever has it in hand now."""
    works = Q(is_active=True) & (Q(groups__name=OFFICER.name) | Q(is_superuser=True))
    keys = get_user_model().objects.filter(works | Q(pk=also)).order_by().values("pk")
    known = get_user_model().objects.filter(pk__in=keys)
    return known.order_by(InFrench("last_name"), InFrench("first_name"), "username")


def _values(review: Review | None) -> dict[str, Any]:
    if review is None:
        return {}
    names = ("opinion", "text", "proposed_amount")
    values: dict[str, Any] = {name: getattr(review, name) for name in names}
    values |= {"committee": review.committee_id, "assigned_to": review.assigned_to_id}
    for row in review.notes.all():
        values[f"note_{row.criterion}"] = "" if row.note is None else str(row.note)
        values[f"comment_{row.criterion}"] = row.comment
    return values


def _typed(value: object) -> Any:
    return plain_amount(value) if isinstance(value, Decimal) else value


class RulingForm(forms.Form):
    """A decision; the amount begins with the one that is proposed."""

    outcome = forms.ChoiceField(label="Décision", error_messages={"required": "Choisissez une décision."})
    amount = EurosField("Montant accordé (€)")
    deliberation = line_field(
        "Délibération", 100, help_text="Nécessaire pour retenir : elle donne son droit à la subvention."
    )
    decided_on = day_field("Décidé le", "Indiquez le jour de la décision.")
    reason = text_field("Motif", 3, help_text="Nécessaire pour ajourner ou refuser : la structure le lira.")

    def __init__(
        self,
        project: Project,
        committee: Committee | None,
        *args: Any,
        proposed: Decimal | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.committee = committee
        offer(self, "outcome", [("", "Choisissez"), *outcomes(project)])
        self.initial.setdefault("decided_on", usual_day(committee))
        self.initial.setdefault("amount", proposed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return cleaned | {"amount": amount_meant(self, cleaned)}

    @property
    def ruling(self) -> Ruling:
        return Ruling(committee=self.committee, **self.cleaned_data)


def amount_meant(form: forms.Form, cleaned: dict[str, Any]) -> Decimal | None:
    """The amount of a decision: one that stood there before, and that nobody touched, goes with what grants nothing."""
    stands = "amount" not in form.changed_data and cleaned.get("outcome") not in GRANTING
    return None if stands else cleaned.get("amount")


class AmendForm(RulingForm):
    """The decision anew, beginning from the last one."""

    def __init__(self, project: Project, committee: Committee | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(project, committee, *args, **kwargs)
        last = project.decisions.last()
        allowed = amendments(project)
        kept = [(outcome.value, str(outcome.label)) for outcome in Decision.OUTCOMES if outcome in allowed]
        offer(self, "outcome", [("", "Choisissez"), *kept])
        self.fields["reason"].help_text = "Nécessaire : dites ce qui est rectifié, et pourquoi. La structure le lira."
        if last is not None:
            names = ("outcome", "amount", "deliberation", "decided_on")
            self.initial = {**self.initial, **{name: getattr(last, name) for name in names}}


def outcomes(project: Project) -> list[tuple[str, str]]:
    """The decisions that may be taken of a project: what is adjourned is not adjourned again."""
    return [(outcome.value, str(outcome.label)) for outcome in Decision.OUTCOMES if outcome != project.status]


def usual_day(committee: Committee | None) -> datetime.date | None:
    """The day of the meeting, or today without one; none while the meeting is to come, since it has decided nothing."""
    today = timezone.localdate()
    if committee is None:
        return today
    return committee.held_on if committee.held_on <= today else None
