"""Communes and quarters, and the loading of an outline."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from cohesion.history import HistoryAdmin
from cohesion.imports.admin import TableAdmin
from cohesion.imports.screens import ImportWords
from cohesion.lib.dates import plain_date
from cohesion.lib.geojson import outline_of
from cohesion.lib.text import number_fr
from cohesion.lib.widgets import folded
from projects.catalogue.admin.deletion import DeletionAdmin
from projects.territory.importing import TerritoryImporter, model_file
from projects.territory.models import Territory

MAX_OUTLINE_BYTES = 2_000_000
TOO_LARGE = "Ce fichier dépasse 2 Mo : simplifiez le contour."
OWN_FIELDS = (
    "kind",
    "code",
    "name",
    "parent",
    "population",
    "siren",
    "postcodes",
    "is_in_perimeter",
    "valid_from",
    "valid_to",
    "source",
)


WORDS = ImportWords(
    introduction="Déposez un tableau de territoires : un aperçu montre ce qui serait créé ou modifié.",
    back="Revenir aux territoires",
    rules=(
        "Le code dit quel territoire chaque ligne décrit ; un code inconnu en crée un nouveau.",
        "Une colonne absente laisse ce qui est là ; une cellule vide vide la valeur.",
        "Un quartier nomme sa commune, par son code ou par son nom ; elle peut être dans le même fichier.",
        "Un territoire absent du fichier reste tel qu’il est : un import ne supprime rien.",
        "Un contour a son propre fichier, sur la fiche du territoire.",
    ),
    kinds={"created": "Créés", "changed": "Modifiés"},
    title="Nom",
)
KNOWN = "La population sert à rapporter les nombres aux habitants ; la source dit d’où elle vient."


class TerritoryScreenForm(forms.ModelForm):
    """A territory; its outline comes as a file or as text, and stays as it is when neither is given."""

    outline_file = forms.FileField(
        label="Fichier du contour",
        required=False,
        help_text="GeoJSON (WGS84) d’un seul contour, au plus 2 Mo. Il remplace celui d’avant.",
        widget=forms.FileInput(
            attrs={"accept": ".geojson,.json", "data-most": MAX_OUTLINE_BYTES, "data-too-large": TOO_LARGE}
        ),
    )
    outline_text = forms.CharField(
        label="ou son texte", required=False, strip=True, widget=forms.Textarea(attrs={"rows": 4})
    )

    class Media:
        js = ("uploads.js",)

    was_too_large = False  # a file came, of which nothing was kept

    @property
    def replaces(self) -> dict[str, tuple[Any, str]]:
        """The outline, which these fields write and none shows."""
        outline = self.instance.outline
        words = "un contour" if outline else "(vide)"
        return {"outline_file": (outline, words), "outline_text": (outline, words)}

    class Meta:
        model = Territory
        fields = OWN_FIELDS

    def clean_outline_file(self) -> dict[str, Any] | None:
        if self.was_too_large:
            raise ValidationError(TOO_LARGE)
        upload = self.cleaned_data["outline_file"]
        if not upload:
            return None
        if upload.size > MAX_OUTLINE_BYTES:
            raise ValidationError(TOO_LARGE)
        try:
            return outline_of(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValidationError("Ce contour n’est pas du GeoJSON lisible.") from None

    def clean_outline_text(self) -> dict[str, Any] | None:
        text = self.cleaned_data["outline_text"]
        return outline_of(text) if text else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        outline = cleaned.get("outline_file") or cleaned.get("outline_text")
        if outline:
            self.instance.outline = outline
        return cleaned


@admin.register(Territory)
class TerritoryAdmin(TableAdmin, DeletionAdmin, HistoryAdmin):
    purpose = (
        "Les communes et les quartiers où les projets ont lieu. Une commune qui sort du périmètre garde ses "
        "projets ; un tableau en ajoute plusieurs à la fois."
    )
    importer = TerritoryImporter
    model_file = staticmethod(model_file)
    words = WORDS
    form = TerritoryScreenForm
    list_display = ("name", "kind", "code", "inhabitants", "is_in_perimeter", "existence")
    list_filter = ("kind", "is_in_perimeter")
    search_fields = ("name", "code")
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Territory]:
        return super().get_queryset(request).select_related("parent")

    @admin.display(description="Habitants", ordering="population")
    def inhabitants(self, territory: Territory) -> str:
        return number_fr(territory.population) if territory.population is not None else "–"

    @admin.display(description="Existence", ordering="valid_from")
    def existence(self, territory: Territory) -> str:
        """Since when and until when, where the list of territories knows it."""
        since, until = territory.valid_from, territory.valid_to
        words = [f"depuis le {plain_date(since)}" if since else "", f"jusqu’au {plain_date(until)}" if until else ""]
        return " ".join(filter(None, words)) or "–"

    def get_fieldsets(self, request: HttpRequest, obj: Territory | None = None) -> Any:
        """What makes a territory, then what one may add another day."""
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        what = {
            "fields": (("kind", "code"), "name", "parent", "is_in_perimeter"),
            "description": "Une commune a son code INSEE ; un quartier se trouve dans une commune.",
        }
        outline = folded(obj, "outline_file", "outline_text", say="Le contour que montrent les cartes.")
        fieldsets = [
            ("Le territoire", what),
            ("Ce qu’on en sait", folded(obj, "population", ("siren", "postcodes"), "source", say=KNOWN)),
            ("Ses dates", folded(obj, ("valid_from", "valid_to"), say="Vides : il existe sans limite.")),
        ]
        return [*fieldsets, ("Son contour", outline)] if writes else fieldsets

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Most territories that one adds are of the programme."""
        return {"is_in_perimeter": True, **super().get_changeform_initial_data(request)}

    def get_form(self, request: HttpRequest, obj: Territory | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.was_too_large = getattr(request, "file_was_too_large", False)  # a class of this request
        return form

    def history_names(self, obj: Territory) -> dict[int, str]:
        return dict(Territory.objects.values_list("pk", "name"))
