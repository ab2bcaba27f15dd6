"""The models of papers, as officers edit them: their fields are listed beside, and refused when they are unknown."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from cohesion.history import HistoryAdmin
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.text import NBSP
from projects.choices import PaperKind
from projects.correspondence.kinds import KINDS, shipped
from projects.correspondence.models import PaperModel
from projects.correspondence.word_models import checked, word_refusals
from projects.correspondence.word_only import left_out_sentence
from projects.declaring.attachments import said_name

ROWS = 28
NAME_LENGTH = 150
ABOUT_TEXT = "Ce que dit le document, avec des champs entre accolades : la liste de ceux de sa nature est plus bas."
ABOUT_WORD = "À la place du texte ci-dessus : un fichier .docx, avec les mêmes champs."
ABOUT_USE = "Ce qui a été émis d’après un modèle reste, quoi qu’il devienne."


class PaperModelForm(forms.ModelForm):
    """The file of Word is read whole before anything is saved."""

    brought = forms.FileField(
        label="fichier Word",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        help_text=(
            "Facultatif : un .docx, à la place du texte ci-dessus. Le document Word garde sa mise en page et son logo, "
            "le PDF reprend son texte, ses titres, ses listes et ses tableaux."
        ),
    )
    without_word = forms.BooleanField(label="revenir au texte, sans le fichier Word", required=False)

    class Meta:
        model = PaperModel
        fields = ("kind", "name", "title", "body", "is_active")
        widgets = {"body": forms.Textarea(attrs={"rows": ROWS, "cols": 90, "spellcheck": "true"})}

    def clean_brought(self) -> Any:
        upload = self.cleaned_data.get("brought")
        if not upload:
            return None
        kind = self.instance.kind if self.instance.pk else self.cleaned_data.get("kind", "")
        if kind not in PaperKind.values:
            return None
        try:
            word = checked(upload.read())
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        if sentences := word_refusals(word, KINDS[PaperKind(kind)]):
            raise ValidationError(sentences)
        upload.seek(0)
        return upload

    def clean(self) -> Any:
        cleaned = super().clean()
        if upload := self.cleaned_data.get("brought"):
            self.instance.word, self.instance.word_name = upload, said_name(upload.name or "")[:NAME_LENGTH]
        elif self.cleaned_data.get("without_word"):
            self.instance.word, self.instance.word_name = "", ""
        return cleaned


def _left_out(model: PaperModel | None) -> str:
    if model is None or not model.word:
        return ""
    try:
        with model.word.open("rb") as stream:
            return left_out_sentence(checked(stream.read()))
    except (OSError, Refused):
        return ""


@admin.register(PaperModel)
class PaperModelAdmin(HistoryAdmin):
    purpose = (
        "Ce dont sont faits les courriers et les conventions : un texte, ou un fichier Word, avec des champs entre "
        "accolades. Sans modèle à vous, celui qui est fourni avec le site sert."
    )
    called = "ce modèle"
    form = PaperModelForm
    change_form_template = "admin/projects/paper_model.html"
    list_display = ("name", "kind", "is_active", "version", "updated_at")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "title")
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: PaperModel | None = None) -> Any:
        has_word = obj is not None and bool(obj.word)
        word = ("brought", "without_word") if has_word else ("brought",)
        folded = () if has_word else ("collapse",)
        return [
            ("Le modèle", {"fields": (("kind", "name"), "title", "body"), "description": ABOUT_TEXT}),
            ("Fichier Word", {"fields": word, "classes": folded, "description": ABOUT_WORD}),
            ("Usage", {"fields": ("is_active",), "description": ABOUT_USE}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: PaperModel | None = None) -> Any:
        """Its fields are those of its kind: another kind is another model."""
        return ("kind",) if obj is not None else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new one begins with the text of the one that comes with the site."""
        kind = request.GET.get("kind", "")
        kind = kind if kind in PaperKind.values else PaperKind.NOTIFICATION
        own = shipped(kind)
        return {"kind": kind, "name": f"{PaperKind(kind).label}", "title": own.title, "body": own.body}

    def save_model(self, request: HttpRequest, obj: PaperModel, form: Any, change: bool) -> None:
        if change:
            obj.version += 1
        super().save_model(request, obj, form, change)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: PaperModel | None = None,
    ) -> HttpResponse:
        kind = (
            obj.kind if obj is not None else request.POST.get("kind") or context["adminform"].form.initial.get("kind")
        )
        kind = kind if kind in PaperKind.values else PaperKind.NOTIFICATION
        context |= {
            "about": KINDS[PaperKind(kind)],
            "kinds": [(value, label) for value, label in PaperKind.choices if value != kind],
            "model_key": f"{obj.kind}-{obj.pk}" if obj is not None else "",
            "word_name": obj.word_name if obj is not None else "",
            "left_out": _left_out(obj),
            "example": f"{{motif{NBSP}?}}",
        }
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
