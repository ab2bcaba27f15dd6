"""The organisation that bears the action: taken from its sheet, to be checked once a year."""

from typing import ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from cohesion.lib.forms import offer
from cohesion.lib.people import Person
from cohesion.lib.text import fold
from cohesion.together.merging import Answer
from projects.catalogue.signing import sign
from projects.choices import LegalForm
from projects.declaring.contradictions import STRUCTURE
from projects.declaring.fields import LineField, line, listed
from projects.declaring.forms import PageForm
from projects.members.models import Organization
from projects.members.models.organization import validate_siret
from projects.territory.models import Territory

# What the sheet of the organisation and this page share.
SHARED = ("acronym", "legal_form", "siret", "siret_pending", "rna", "address", "email", "phone", "representative")


class Siret(LineField):
    """14 digits, with or without spaces."""

    def to_python(self, value: object) -> str:
        number = super().to_python(value).replace(" ", "")
        if number:
            validate_siret(number)
        return number


class StructureForm(PageForm):
    NEEDED: ClassVar = {
        "legal_form": "Choisissez la forme juridique.",
        "address": "Indiquez l’adresse.",
        "commune": "Choisissez la commune du siège.",
        "email": "Indiquez le courriel de la structure.",
        "representative": "Indiquez le représentant légal : prénom, nom et qualité.",
        "contact_name": "Indiquez la personne à joindre pour ce dossier.",
    }

    CONDITIONAL: ClassVar = ("siret", "siret_pending")
    RULES: ClassVar = STRUCTURE
    EXPLAINED: ClassVar = {"siret": ("SIRET",), "rna": ("RNA",), "representative": ("Représentant légal",)}

    acronym = line("Sigle", 30)
    legal_form = listed("Forme juridique", LegalForm.choices)
    siret = Siret(label="SIRET", required=False, max_length=30, help_text="14 chiffres, avec ou sans espaces.")
    siret_pending = line("Si le SIRET est en cours d’attribution, dites pourquoi", 200)
    rna = LineField(
        label="Numéro RNA",
        required=False,
        max_length=10,
        help_text="Pour une association : W suivi de 9 chiffres.",
        validators=[RegexValidator(r"^W\d{9}\Z", "Un numéro RNA commence par W, suivi de 9 chiffres.")],
    )
    address = line("Adresse", 250)
    commune = listed("Commune", [])
    email = forms.EmailField(label="Courriel de la structure", required=False, max_length=254)
    phone = line("Téléphone de la structure", 30)
    representative = line("Représentant légal", 200, help_text="Prénom, nom et qualité : présidente, maire…")
    contact_name = line("Personne à joindre pour ce dossier", 150)
    contact_email = forms.EmailField(label="Son courriel", required=False, max_length=254)
    contact_phone = line("Son téléphone", 30)

    def build(self) -> None:
        named = Territory.objects.communes().values_list("code", "name")
        communes = sorted(named, key=lambda commune: fold(commune[1]))
        offer(
            self,
            "commune",
            [
                ("", "Choisissez…"),
                *communes,
                ("ailleurs", "Une commune hors de l’agglomération"),
            ],
        )

    def needed(self) -> dict[str, str]:
        if self.answer("siret_pending"):
            return self.NEEDED
        return self.NEEDED | {"siret": "Indiquez le SIRET, ou dites pourquoi il est en cours d’attribution."}

    @property
    def in_short(self) -> str:
        return f"{self.in_words('legal_form')}, {self.in_words('representative')}"


def from_sheet(organization: Organization) -> dict[str, Answer]:
    """The answers that its sheet already gives."""
    answers: dict[str, Answer] = {name: getattr(organization, name) for name in SHARED}
    answers["commune"] = organization.commune.code if organization.commune else ""
    return {name: value for name, value in answers.items() if value}


def write(organization: Organization, form: StructureForm, by: Person) -> None:
    """Bring the sheet up to date with what was declared; its name is the officers' to change.

    Raises:
        ValidationError: a rule of the organisation is broken.
    """
    # As it is now: an officer may have changed its name while this was handed in.
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    for name in SHARED:
        setattr(organization, name, form.answer(name) or "")
    code = form.answer("commune")
    if code != "ailleurs":
        organization.commune = Territory.objects.communes().filter(code=code).first()
    organization.version += 1
    try:
        organization.full_clean()
    except ValidationError as error:
        raise ValidationError([f"Structure porteuse : {sentence}" for sentence in error.messages]) from error
    sign(organization, by, "Déclaration déposée").save()
