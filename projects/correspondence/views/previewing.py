"""``/instruction/documents/apercu.pdf``: a model on a real case, as it is saved or as it is being typed."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from cohesion.lib.http import file_answer
from cohesion.lib.people import Person, signed_in
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.text import NBSP
from projects.catalogue.models import Project
from projects.choices import PaperKind, ProjectStatus
from projects.correspondence.case import AROUND
from projects.correspondence.choosing import chosen_source
from projects.correspondence.drafting import PREVIEW, PaperSource, case_of, made
from projects.correspondence.kinds import KINDS
from projects.correspondence.models import PaperModel
from projects.correspondence.word_models import checked, word_refusals
from projects.instructing.views.door import shown, writers_page


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A paper to read, kept by nobody."""
    return file_answer(content, "application/pdf", f"{name}.pdf", is_shown=True, is_private=True)


def previewed(source: PaperSource, project: Project, by: Person, typed: dict[str, str]) -> bytes:
    case = case_of(project, by=by, typed=typed, number="sans numéro")
    return made(source, case, is_preview=True).pdf


@writers_page
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest) -> HttpResponseBase:
    """A model on a real case, as a PDF; what is typed for each paper is replaced by its example. With POST, the model
    as its form has it, which is not saved.

    Raises:
        Http404: there is no such model, or no such project.
    """
    query = request.POST if request.method == "POST" else request.GET
    code = query.get("projet", "").strip()
    handed_in = Project.objects.exclude(status=ProjectStatus.DRAFT)
    project = handed_in.select_related(*AROUND).filter(code=code).first()
    try:
        source = _as_typed(request) if request.method == "POST" else chosen_source(query.get("modele", ""))
        if project is None and request.method == "POST":
            raise ValidationError(_no_project(code))
        if source is None or project is None:
            raise Http404("Choisissez un modèle, et le code d’un projet qui a été déposé.")
        typed = {each.key: each.example_words for each in source.typed_fields}
        return pdf_response(previewed(source, project, signed_in(request), typed), f"apercu-{project.code}")
    except ValidationError as refused:
        context = {"project": project, "sentences": refused.messages, "words": PREVIEW}
        return shown(request, "instruction/papers/no_preview.html", context)


def _no_project(code: str) -> str:
    if not code:
        return "Écrivez, au-dessus du bouton d’aperçu, le code d’un projet déposé : le modèle est essayé sur lui."
    return f"Aucun projet déposé ne porte le code «{NBSP}{code[:30]}{NBSP}» : vérifiez-le dans la file d’instruction."


def _as_typed(request: HttpRequest) -> PaperSource:
    """The model that a form holds.

    Raises:
        ValidationError: what saving it would refuse.
        Http404: its kind is none.
    """
    saved = chosen_source(request.POST.get("modele", ""))
    kind = saved.about.kind if saved is not None else request.POST.get("kind", "")
    if kind not in PaperKind.values:
        raise Http404("Cette nature de document n’existe pas.")
    word = _word(request, kind, saved)
    model = PaperModel(kind=kind, title=request.POST.get("title", ""), body=request.POST.get("body", ""))
    model.word = "typed" if word else ""
    model.clean_fields(exclude=["name"])
    model.clean()
    return PaperSource(KINDS[PaperKind(kind)], model.title, model.body, word)


def _word(request: HttpRequest, kind: str, saved: PaperSource | None) -> bytes:
    """The Word file that the form brings, else the one that the model has."""
    upload = request.FILES.get("brought")
    if upload is None:
        return b"" if saved is None or "without_word" in request.POST else saved.word
    content = upload.read()
    try:
        word = checked(content)
    except Refused as refused:
        raise ValidationError(str(refused)) from refused
    if sentences := word_refusals(word, KINDS[PaperKind(kind)]):
        raise ValidationError(sentences)
    return bytes(content)
