"""A paper made of a model and a case, in both formats; or the sentence that says what lacks. Nothing is kept here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from cohesion.context import is_demo
from cohesion.lib import braces
from cohesion.lib.dates import plain_date
from cohesion.lib.people import Person
from cohesion.lib.text import NARROW_NBSP, NBSP, squeeze, typographic
from projects.catalogue.models import Project
from projects.choices import PaperKind
from projects.correspondence.blocks import Fact, FactTable, filled, filled_text
from projects.correspondence.case import Case
from projects.correspondence.facts import PaperField, known_facts
from projects.correspondence.kinds import KINDS, KindOfPaper, shipped
from projects.correspondence.markdown import read_markdown
from projects.correspondence.models import PaperModel
from projects.correspondence.pdf import PaperSheet, paper_pdf
from projects.correspondence.word_models import checked, fill_word, word_blocks, word_names
from projects.correspondence.word_writing import packed, paper_docx

TITLE_LENGTH = 250
ADDRESSED = {braces.key_of(name) for name in ("structure", "représentant", "adresse")}  # above every letter
DEMO = "Document de démonstration, sans valeur."
PREVIEW = "Aperçu : ce document n’est pas émis."


class NotMade(ValidationError):
    """A paper is not made: the message names its project, and says what lacks and where it is filled in."""


@dataclass(frozen=True)
class PaperSource:
    """A model as it is now: its title, its text or the bytes of its Word file. ``model`` is None for the one that comes
    with the site."""

    about: KindOfPaper
    title: str
    body: str = ""
    word: bytes = b""
    model: PaperModel | None = None

    @property
    def names(self) -> list[str]:
        """The fields that it uses, as they are typed."""
        own = word_names(checked(self.word)) if self.word else braces.field_names(self.body)
        return list(dict.fromkeys([*braces.field_names(self.title), *own]))

    @property
    def typed_fields(self) -> list[PaperField]:
        """The fields that an officer types for each paper, in the order of the list of fields."""
        used = {braces.key_of(name) for name in self.names}
        return [each for each in self.about.fields if each.is_typed and each.key in used]

    @property
    def required(self) -> set[str]:
        return {braces.key_of(name) for name in self.names if not braces.is_optional(name)}

    @property
    def kept(self) -> dict[str, Any]:
        """What a paper keeps of the model from which it is made."""
        name = self.model.word.name if self.model is not None and self.word else ""
        return {"title": self.title, "body": self.body, "word": name}


def source_of(kind: str, model: PaperModel | None) -> PaperSource:
    """What papers of a kind are made from: a model of the officers, or the one that comes with the site."""
    about = KINDS[PaperKind(kind)]
    if model is None:
        own = shipped(kind)
        return PaperSource(about, own.title, own.body)
    if model.word:
        with model.word.open("rb") as stream:
            return PaperSource(about, model.title, word=stream.read(), model=model)
    return PaperSource(about, model.title, model.body, model=model)


@dataclass(frozen=True)
class Draft:
    """A paper that may be kept."""

    title: str
    facts: dict[str, Any]
    pdf: bytes
    word: bytes


def case_of(project: Project, *, by: Person, typed: Mapping[str, str] | None = None, number: str = "") -> Case:
    """A project with its last decision, today."""
    decision = project.decisions.select_related("committee").order_by("at", "pk").last()
    return Case(project, by, timezone.localdate(), decision, typed or {}, number)


def refusal(source: PaperSource, case: Case) -> str:
    """Why no paper is made of this case; nothing when one may be."""
    named = f"{case.project.code}, «{NBSP}{case.project.title}{NBSP}»"
    if why := source.about.refusal(case):
        return f"{named}{NBSP}: {why}."
    facts = known_facts(source.about.fields, case)
    lacking = [each for each in source.about.fields if each.key in source.required and not facts[each.key]]
    if not lacking:
        return ""
    listed = f"{NARROW_NBSP}; ".join(f"{{{each.name}}} ({_where(each)})" for each in lacking)
    return f"{named}{NBSP}: il manque de quoi remplir {listed}."


def _where(field: PaperField) -> str:
    return "à saisir ici, pour ce document" if field.is_typed else f"se remplit {field.mended}"


def made(source: PaperSource, case: Case, *, note: str = "", is_preview: bool = False) -> Draft:
    """The paper of a case.

    Raises:
        NotMade: something lacks, or this case has no such paper.
    """
    if why := refusal(source, case):
        raise NotMade(why)
    facts = known_facts(source.about.fields, case)
    title = typographic(squeeze(filled_text(source.title, facts)))
    title = title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"
    word = checked(source.word) if source.word else None
    blocks = read_markdown(source.body) if word is None else word_blocks(word)
    warnings = [PREVIEW if is_preview else "", DEMO if is_demo() else ""]
    sheet = PaperSheet(
        title=title,
        reference=f"{case.number}{note}",
        moment=timezone.now(),
        blocks=filled(blocks, facts),
        is_letter=source.about.is_letter and word is None,
        recipient=_recipient(case),
        dated=f"Le {plain_date(case.day)}",
        warning=" ".join(filter(None, warnings)),
    )
    if word is None:
        return Draft(title, _kept(source, facts), paper_pdf(sheet), paper_docx(sheet))
    fill_word(word, facts)
    return Draft(title, _kept(source, facts), paper_pdf(sheet), packed(word, title))


def _recipient(case: Case) -> list[str]:
    organization = case.project.organization
    address = next(each for each in KINDS[PaperKind.NOTIFICATION].fields if each.name == "adresse").fact(case)
    lines = address.split("\n") if isinstance(address, str) else []
    return [line for line in (organization.name, organization.representative, *lines) if line]


def _kept(source: PaperSource, facts: dict[str, Fact]) -> dict[str, Any]:
    """What the fields that the model uses became, and the address of a letter, as it is kept beside the paper."""
    used = {braces.key_of(name) for name in source.names}
    if source.about.is_letter and not source.word:
        used |= ADDRESSED
    return {key: _as_kept(fact) for key, fact in facts.items() if key in used}


def _as_kept(fact: Fact) -> Any:
    return {"head": fact.head, "rows": fact.rows} if isinstance(fact, FactTable) else fact
