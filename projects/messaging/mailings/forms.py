"""What an officer says of a message to several: to whom, from which model, and its words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from axes.models import Orientation
from cohesion.lib.french import shortened
from cohesion.lib.queries import InFrench
from cohesion.lib.text import validate_line, validate_text
from projects.catalogue.models import Project
from projects.choices import LetterKind
from projects.declaring.models import Campaign
from projects.messaging.mailings.audience import CURRENT, SITUATIONS, Audience, psts
from projects.messaging.mailings.letters import fields_refusal
from projects.messaging.models import Mailing
from projects.territory.models import Territory

WORDS = 9  # of the wording of an orientation, in the list where one chooses


class OrientationChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {shortened(obj.display_title, WORDS)}"


class RecipientsForm(forms.Form):
    """The filters narrow each other; what is not said narrows nothing."""

    situation = forms.ChoiceField(label="Qui porte", choices=list(SITUATIONS.items()), initial=CURRENT)
    orientation = OrientationChoice(
        Orientation.objects.none(), label="Répondant à", empty_label="Tout le cadre en vigueur", required=False
    )
    appel = forms.ModelChoiceField(
        Campaign.objects.none(), label="Dans l’appel", empty_label="Tous les appels", required=False
    )
    pst = forms.ModelChoiceField(
        Project.objects.none(), label="Dans le PST", empty_label="Dans un PST ou non", required=False
    )
    commune = forms.ModelChoiceField(
        Territory.objects.none(), label="Dans la commune", empty_label="Toutes les communes", required=False
    )
    modele = forms.ChoiceField(label="Partir du modèle", choices=LetterKind.choices, initial=LetterKind.FREE)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", auto_id="%s")
        choices: dict[str, Any] = {
            "orientation": Orientation.objects.in_force().in_order(),
            "appel": Campaign.objects.order_by("-year", "name"),
            "pst": psts(),
            "commune": Territory.objects.communes().in_perimeter().defer("outline").order_by(InFrench("name")),
        }
        for name, queryset in choices.items():
            field: Any = self.fields[name]
            field.queryset = queryset
            field.error_messages["invalid_choice"] = f"{field.label} : ce choix n’existe plus, refaites-le."

    def audience(self) -> Audience:
        """Those asked for, once the form is valid."""
        choice, projects = self.cleaned_data, Project.objects.all()
        if choice["orientation"]:
            projects = projects.serving(choice["orientation"])
        if choice["appel"]:
            projects = projects.filter(declaration__campaign=choice["appel"])
        if choice["pst"]:
            projects = projects.filter(pk=choice["pst"].pk) | projects.filter(host=choice["pst"])
        if choice["commune"]:
            projects = projects.located_in([choice["commune"]])
        narrowing = [self._in_words(name) for name in ("orientation", "appel", "pst", "commune") if choice[name]]
        words = ", ".join([SITUATIONS[choice["situation"]].lower(), *narrowing])
        return Audience(choice["situation"], projects, words[:500])

    def _in_words(self, name: str) -> str:
        """« répondant à 5.2 Soutenir la construction… », « dans le PST Le Faubourg »."""
        field: Any = self.fields[name]
        return f"{field.label[0].lower()}{field.label[1:]} {field.label_from_instance(self.cleaned_data[name])}"


class LetterForm(forms.ModelForm):
    """The words, with their fields in braces."""

    class Meta:
        model = Mailing
        fields = ("title", "text")
        labels = {"title": "Objet", "text": "Message"}
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}
        error_messages = {
            "title": {"required": "Donnez un objet au message."},
            "text": {"required": "Écrivez le message."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["text"].help_text = "« Bonjour, » et la signature du site s’y ajoutent d’eux-mêmes."

    def clean_title(self) -> str:
        title = self.cleaned_data["title"]
        validate_line(title)
        return _checked(title)

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        validate_text(text)
        return _checked(text)


def _checked(text: str) -> str:
    if sentence := fields_refusal(text):
        raise ValidationError(sentence)
    return text
