"""Issuing a paper: its number and its bytes are kept in one transaction, so that no number lacks and none is double."""

import hashlib
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import Error, transaction
from django.utils import timezone

from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person
from projects.catalogue.models import Project
from projects.correspondence.case import AROUND
from projects.correspondence.drafting import Draft, PaperSource, case_of, made
from projects.correspondence.models import Paper, PaperNumber, random_paper_name, reference
from projects.declaring.models.attachment import private_storage


def issue(
    source: PaperSource,
    project: Project,
    *,
    by: Person,
    typed: Mapping[str, str] | None = None,
    replaces: Paper | None = None,
) -> Paper:
    """Make a paper of a project as it is now, and keep it under the next number of its kind and year.

    Nobody decides of the project, nor takes a number of this kind, before it is kept: what it says is what is true.

    Raises:
        NotMade: something lacks; no number is taken.
    """
    kind, kept = source.about.kind, []
    try:
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=project.pk)
            locked = Project.objects.select_related(*AROUND).get(pk=project.pk)
            year = timezone.localdate().year
            counter = _counter(kind, year)
            counter.last += 1
            case = case_of(locked, by=by, typed=typed, number=reference(kind, year, counter.last))
            draft = made(source, case, note=_note(replaces, locked))
            for content in (draft.pdf, draft.word):
                kept.append(private_storage().save(random_paper_name(counter, ""), ContentFile(content)))
            paper = _row(source, draft, by)
            paper.kind, paper.year, paper.number = kind, year, counter.last
            paper.project, paper.organization, paper.decision = locked, locked.organization, case.decision
            paper.replaces, (paper.pdf, paper.word) = replaces, kept
            paper.save()
            counter.save(update_fields=["last"])
            record(AuditKind.PAPER_ISSUED, on=paper, by=by, after=_of(paper))
    except BaseException:
        _forget_bytes(kept)
        raise
    return paper


def _counter(kind: str, year: int) -> PaperNumber:
    """The row of the last number, locked until the transaction ends."""
    PaperNumber.objects.get_or_create(kind=kind, year=year)
    return PaperNumber.objects.select_for_update().get(kind=kind, year=year)


def _note(replaces: Paper | None, project: Project) -> str:
    """What stands beside the number of a correction.

    Raises:
        ValidationError: it is of another project, or replaced already.
    """
    if replaces is None:
        return ""
    if replaces.project_id != project.pk:
        raise ValidationError("Un document ne remplace que celui du même projet.")
    if Paper.objects.filter(replaces=replaces).exists():
        raise ValidationError(f"{replaces.reference} est déjà remplacé : rien n’a été émis.")
    return f", annule et remplace {replaces.reference}"


def _row(source: PaperSource, draft: Draft, by: Person) -> Paper:
    return Paper(
        title=draft.title,
        model=source.model,
        model_version=source.model.version if source.model is not None else 0,
        source=source.kept,
        facts=draft.facts,
        size=len(draft.pdf),
        digest=hashlib.sha256(draft.pdf).hexdigest(),
        word_size=len(draft.word),
        word_digest=hashlib.sha256(draft.word).hexdigest(),
        by=by,
    )


def _forget_bytes(names: list[str]) -> None:
    """Take the bytes of a paper that was not kept away; a connection lost at COMMIT may have kept its row."""
    for name in names:
        try:
            is_named = Paper.objects.filter(pdf=name).exists() or Paper.objects.filter(word=name).exists()
        except Error:
            is_named = True  # nobody knows
        if not is_named:
            private_storage().delete(name)


def _of(paper: Paper) -> dict[str, str | int | None]:
    return {
        "document": paper.reference,
        "projet": paper.project_id,
        "décision": paper.decision_id,
        "modèle": paper.model_id,
        "version": paper.model_version,
        "remplace": paper.replaces.reference if paper.replaces is not None else None,
        "sha256": paper.digest,
    }


def cancel(paper: Paper, *, why: str, by: Person) -> None:
    """Say that a paper is void; it keeps its number and its bytes.

    Raises:
        ValidationError: without a reason, or it is cancelled already.
    """
    if not why.strip():
        raise ValidationError("Dites pourquoi ce document est annulé : la structure le lira s’il lui a été envoyé.")
    with transaction.atomic():
        locked = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
        if locked.is_cancelled:
            raise ValidationError(f"{locked.reference} est déjà annulé.")
        locked.cancelled_at, locked.cancelled_by, locked.cancelled_why = timezone.now(), by, why.strip()
        locked.clean_fields(exclude=["source", "facts"])
        locked.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_why"])
        record(AuditKind.PAPER_CANCELLED, on=locked, by=by, after={"document": locked.reference, "motif": why.strip()})
