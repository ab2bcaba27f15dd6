"""« Lire un document »: a document is brought, its rows are looked at and changed, then a framework is made of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from axes import readings
from axes.admin.starting import programme_field
from axes.levels import Level
from axes.models import DocumentReading
from axes.reading import read_file, read_text
from axes.reading import rows as reading_rows
from axes.reading.rows import ReadRow
from axes.reading.sources import MOST_TEXT, Source
from axes.readings import TypedRow
from axes.vocabulary import PRIORITY_KINDS
from cohesion.imports.applying import NotApplied
from cohesion.lib.admin import admin_page
from cohesion.lib.people import signed_in
from cohesion.lib.spreadsheets import MAX_BYTES, TOO_HEAVY, Refused
from cohesion.lib.text import NBSP, count_phrase, whole_number
from cohesion.together import states
from cohesion.together.once import once, refuse

PAGE = 200  # rows
PAGE_KIND = "reading"
MOST_READINGS = 10
LINE = 90  # characters
ONLY_DOUBTS = "verifier"
OUTSIDE = "Hors du cadre"
CHANGED_ELSEWHERE = "Cette lecture a été modifiée ailleurs depuis que vous avez ouvert la page : relisez-la avant"
BROUGHT_NOTHING = "Choisissez un fichier, ou collez le texte du document."
BROUGHT_TWICE = "Un fichier et un texte collé : gardez l’un des deux."


class BringForm(forms.Form):
    """A document: a file, or its text; and what is to be made of it."""

    programme = programme_field()
    name = forms.CharField(
        label="Titre du cadre à créer",
        max_length=readings.NAME_LENGTH,
        required=False,
        help_text="Facultatif : à défaut, celui que porte le document. Vous pourrez le changer.",
        widget=forms.TextInput(attrs={"class": "vTextField", "aria-describedby": "id_name_help"}),
    )
    file = forms.FileField(
        label="Document",
        required=False,
        allow_empty_file=True,
        help_text="Word (.docx), PDF ou texte (.txt) ; au plus 5 Mo.",
        widget=forms.FileInput(
            attrs={
                "accept": ".docx,.pdf,.txt,.md",
                "aria-describedby": "id_file_help",
                "data-most": MAX_BYTES,
                "data-too-large": TOO_HEAVY,
            }
        ),
    )
    text = forms.CharField(
        label="Ou le texte du document, collé",
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        help_text="Les lignes vides, les retraits et les tabulations d’un tableau collé aident à le lire.",
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField", "aria-describedby": "id_text_help"}),
    )

    class Media:
        js = ("uploads.js",)

    source: Source

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["programme"].required = False  # the reference one

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload, text = cleaned.get("file"), cleaned.get("text", "")
        if self.errors:
            return cleaned
        if upload is not None and text.strip():
            raise ValidationError({"file": BROUGHT_TWICE})
        if upload is None and not text.strip():
            raise ValidationError({"file": BROUGHT_NOTHING})
        try:
            if upload is not None:
                cleaned["content"] = upload.read(MAX_BYTES + 1)
                self.source = read_file(cleaned["content"], upload.name)
            else:
                cleaned["content"] = text.encode()
                self.source = read_text(text)
        except Refused as refused:
            raise ValidationError({"file" if upload is not None else "text": str(refused)}) from refused
        return cleaned


@dataclass(frozen=True)
class ShownRow:
    """A row as the page shows it: under what it stands, what it concerns, and what was typed where it clashes."""

    row: ReadRow
    number: int
    parent: ReadRow | None
    depth: int
    merged: list[ReadRow]
    alike: int = 0  # others of its form
    typed: TypedRow | None = None
    breaches: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        return self.typed.level if self.typed else self.row.level

    @property
    def priority_type(self) -> str:
        return self.row.priority_type if self.typed is None else self.typed.priority_type or ""

    @property
    def is_closed(self) -> bool:
        return bool(self.row.level) and Level(self.row.level).facts.is_closed

    @property
    def title(self) -> str:
        return self.typed.title if self.typed else self.row.title

    @property
    def label(self) -> str:
        return self.row.label if self.typed is None or self.typed.label is None else self.typed.label

    @property
    def classes(self) -> str:
        """How it is drawn: its depth, whether it is outside, whether it is doubtful."""
        names = [f"reading-row depth-{self.depth}"]
        names += [] if self.row.level else ["is-aside"]
        names += ["is-doubtful"] if self.row.is_doubtful else []
        return " ".join(names)

    @property
    def height(self) -> int:
        """The lines that its text takes, about."""
        return min(4, 1 + len(self.title) // LINE)

    @property
    def level_label(self) -> str:
        return str(Level(self.row.level).label) if self.row.level else OUTSIDE


class ReadingScreens(admin.ModelAdmin):
    """The screens ``lire`` of the frameworks: for whoever may add one, with its orientations.

    A reading is seen, changed and applied by its owner only (and by a superuser).
    """

    own_pages = {"read": "lire/", "reading": "lire/<int:pk>/"}

    def _may_read(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and request.user.has_perm("axes.add_orientation")

    # --- bringing -----------------------------------------------------------------------------------------

    def read_view(self, request: HttpRequest) -> HttpResponseBase:
        """Take a document and lead to its rows; nothing of a framework is written."""
        if not self._may_read(request):
            raise PermissionDenied
        if request.method == "POST":
            return once(request, lambda: self._bring(request))
        return self._show_bring(request, BringForm())

    def _bring(self, request: HttpRequest) -> HttpResponse:
        files: Any = request.FILES
        form = BringForm(request.POST, files)
        if getattr(request, "file_was_too_large", False):
            form.add_error("file", TOO_HEAVY)
        if not form.is_valid():
            return self._show_bring(request, form)
        upload = form.cleaned_data["file"]
        document = readings.bring(
            form.source,
            form.cleaned_data["content"],
            upload.name if upload is not None else readings.PASTED,
            name=form.cleaned_data["name"],
            programme=form.cleaned_data["programme"],
            owner=signed_in(request),
        )
        return HttpResponseRedirect(reverse("admin:axes_framework_reading", args=[document.pk]))

    def _show_bring(self, request: HttpRequest, form: BringForm) -> HttpResponse:
        own = DocumentReading.objects.filter(owner=request.user.pk).defer("rows", "report", "content")
        return self._reading_page(request, "read.html", "Lire un document", form=form, documents=own[:MOST_READINGS])

    def _reading_page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        return admin_page(self, request, f"axes/framework/{template}", title, **context)

    # --- changing -----------------------------------------------------------------------------------------

    def reading_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The rows of a reading: changed here, then made a framework, or given up."""
        if not self._may_read(request):
            raise PermissionDenied
        document = get_object_or_404(DocumentReading.objects.select_related("framework").defer("content"), pk=pk)
        if not document.is_of(request.user):
            raise Http404("Cette lecture n’existe pas.")
        if request.method == "POST":
            return once(request, lambda: self._decide(request, document))
        return self._show_reading(request, document)

    def _decide(self, request: HttpRequest, document: DocumentReading) -> HttpResponse:
        if "cancel" in request.POST:
            if document.give_up():
                messages.info(request, "La lecture est abandonnée : aucun cadre n’a été créé.")
            return HttpResponseRedirect(reverse("admin:axes_framework_read"))
        typed = typed_rows(request.POST)
        seen = states.seen(request.POST, PAGE_KIND)
        act, _, key = request.POST.get("act", "").partition(":")
        changed_elsewhere = seen.get("whole") != readings.whole_state(document)
        levels = form_levels(request.POST)
        if act == "forms" and changed_elsewhere:
            messages.error(request, f"{CHANGED_ELSEWHERE} de donner leurs niveaux aux formes.")
            return HttpResponseRedirect(request.get_full_path())
        try:
            document = readings.change(
                document,
                typed,
                name=request.POST.get("name", ""),
                seen=seen,
                act=act,
                key=whole_number(key) or 0,
                levels=levels,
            )
        except states.ChangedMeanwhile as refusal:
            messages.error(request, refusal.messages[0])
            return self._show_reading(request, document, typed=typed, seen=seen)
        except NotApplied as refusal:
            messages.error(request, str(refusal))
            refuse(request)
            return HttpResponseRedirect(request.get_full_path())
        if "create" in request.POST:
            return self._create(request, document, changed_elsewhere=changed_elsewhere)
        messages.success(request, _kept(act))
        anchor = f"#r-{key}" if key and act != "join" else "#lignes"
        return HttpResponseRedirect(f"{request.get_full_path()}{anchor}")

    def _create(self, request: HttpRequest, document: DocumentReading, *, changed_elsewhere: bool) -> HttpResponse:
        if changed_elsewhere:
            messages.error(
                request,
                "Cette lecture a été modifiée ailleurs depuis que vous avez ouvert la page : relisez-la avant de créer "
                "le cadre.",
            )
            return HttpResponseRedirect(request.get_full_path())
        try:
            framework = readings.create_framework(document, by=signed_in(request))
        except (NotApplied, ValidationError) as refusal:
            words = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
            messages.error(request, f"Le cadre n’est pas créé. {words[0]}")
            refuse(request)
            return HttpResponseRedirect(request.get_full_path())
        number = count_phrase(framework.orientations.count(), "orientation")
        self.log_addition(request, framework, f"Lu de « {document.filename} » : {number}.")
        messages.success(
            request,
            f"Le cadre « {framework.name} » est créé, en préparation, avec {number}. Personne d’autre ne le voit.",
        )
        return HttpResponseRedirect(f"{reverse('admin:axes_orientation_changelist')}?cadre={framework.pk}")

    def _show_reading(
        self,
        request: HttpRequest,
        document: DocumentReading,
        typed: Mapping[int, TypedRow] | None = None,
        seen: states.State | None = None,
    ) -> HttpResponse:
        rows = reading_rows.from_json(document.rows)
        breaches = readings.problems(document) if document.is_ready else []
        clashes = readings.clashing(document, typed, seen or {}) if typed else set()
        shown = _shown(rows, breaches, typed or {}, clashes)
        only_doubts = request.GET.get("voir") == ONLY_DOUBTS
        listed = [each for each in shown if each.row.is_to_check or each.breaches] if only_doubts else shown
        page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
        shown_state = readings.state([each.row for each in page]) | {"whole": readings.whole_state(document)}
        numbers = Counter(row.level for row in rows)
        context = {
            "document": document,
            "page": page,
            "seen": states.seal(shown_state, PAGE_KIND),
            "types": [("", "(aucun)"), *PRIORITY_KINDS.items()],
            "levels": [*((level.value, str(level.label)) for level in Level), ("", OUTSIDE)],
            "doubts": sum(row.is_to_check for row in rows),
            "aside": numbers[""],
            "counts": [(level.facts.plural, numbers[level]) for level in Level if numbers[level]],
            "total": len(rows) - numbers[""],
            "forms": reading_rows.forms_of(rows),
            "breaches": breaches,
            "only_doubts": only_doubts,
            "unit": document.report.get("unit", "ligne"),
            "kept_query": "&voir=verifier" if only_doubts else "",
        }
        return self._reading_page(request, "reading.html", f"Lecture de «{NBSP}{document.filename}{NBSP}»", **context)


def typed_rows(form: Mapping[str, str]) -> dict[int, TypedRow]:
    """What the form says of each row that it shows."""
    typed = {}
    for name in form:
        prefix, _, number = name.partition("-")
        key = whole_number(number)
        if prefix != "title" or key is None:
            continue
        typed[key] = TypedRow(
            level=form.get(f"level-{key}", ""),
            title=form[name],
            is_checked=f"checked-{key}" in form,
            is_merged=f"merged-{key}" in form,
            label=form.get(f"label-{key}"),
            priority_type=form.get(f"type-{key}"),
        )
    return typed


def form_levels(form: Mapping[str, str]) -> dict[int, str]:
    """The level that is chosen for each form, by the key of its first row."""
    names = [(name, whole_number(name.removeprefix("form-"))) for name in form if name.startswith("form-")]
    return {key: form[name] for name, key in names if key is not None}


def _shown(
    rows: list[ReadRow], breaches: list[readings.RowProblem], typed: Mapping[int, TypedRow], clashes: set[int]
) -> list[ShownRow]:
    parents, merged = reading_rows.parents_of(rows), reading_rows.merged_of(rows)
    depths: list[int] = []
    forms = Counter(row.form for row in rows if row.level and row.form)
    shown = []
    for place, row in enumerate(rows):
        above = parents[place]
        depths.append(0 if above is None else depths[above] + 1)
        shown.append(
            ShownRow(
                row=row,
                number=place + 1,
                parent=rows[above] if above is not None else None,
                depth=depths[place],
                merged=[rows[target] for target in merged[place]],
                alike=max(0, forms[row.form] - 1),
                typed=typed.get(row.id) if row.id in clashes else None,
                breaches=tuple(breach.sentence for breach in breaches if breach.key == row.id),
            )
        )
    return shown


def _kept(act: str) -> str:
    done = {
        "join": "La ligne est réunie à celle du dessus.",
        "forms": "Chaque forme a reçu son niveau : les places sont recalculées.",
        "like": "Les lignes de même forme ont reçu ce niveau.",
        "up": "La ligne est montée.",
        "down": "La ligne est descendue.",
    }
    return done.get(act, "C’est enregistré : les places sont recalculées.")
