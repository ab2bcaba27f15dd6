"""The links that show a framework in preparation to others than officers: made, opened, revoked, answered."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from axes.choices import FrameworkStatus
from axes.models import DraftLink, NodeNote
from axes.models.preparing import LONGEST
from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person

MOST_REMARKS = 200  # of one link


@transaction.atomic
def make_link(*, link: DraftLink, by: Person) -> str:
    """Write a new link; returns its secret, which is kept nowhere.

    Raises:
        ValidationError: its framework is not in preparation, or its end is past or too far.
    """
    if not link.framework.is_draft:
        raise ValidationError("Ce cadre n’est plus en préparation : tout le monde peut le lire.")
    now = timezone.now()
    if not now < link.expires_at <= now + LONGEST:
        raise ValidationError({"expires_at": f"Choisissez un jour à venir, d’ici {LONGEST.days} jours."})
    token = link.draw()
    link.created_by = by
    link.full_clean()
    link.save()
    _note(link, "créé", by)
    return token


@transaction.atomic
def revoke_link(*, link: DraftLink, by: Person) -> None:
    """Close a link; who opened it reads nothing more from then on. A second time changes nothing."""
    if DraftLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _note(link, "révoqué", by)


def find_link(digest: str) -> DraftLink | None:
    """The link of the secret of this digest, if it still shows a framework in preparation."""
    links = DraftLink.objects.open().filter(framework__status=FrameworkStatus.DRAFT)
    return links.filter(token_digest=digest).select_related("framework").first()


@transaction.atomic
def open_link(link: DraftLink) -> None:
    """Note that somebody came by it."""
    DraftLink.objects.filter(pk=link.pk).update(opened_at=timezone.now(), times_opened=F("times_opened") + 1)
    _note(link, "ouvert")


@transaction.atomic
def leave_remark(*, link: DraftLink, remark: NodeNote) -> NodeNote:
    """Keep what a holder of a link wrote, signed as they like: it is read by officers alone.

    Raises:
        ValidationError: the link takes none, has taken too many, or the remark breaks a rule.
    """
    current = DraftLink.objects.select_for_update().filter(pk=link.pk).first()
    if current is None or not current.is_open or not current.may_remark:
        raise ValidationError("Ce lien ne permet plus de laisser une remarque.")
    if current.remarks.count() >= MOST_REMARKS:
        raise ValidationError("Ce lien a reçu toutes les remarques qu’il peut recevoir : écrivez à qui vous l’a donné.")
    remark.link, remark.framework = current, link.framework
    remark.text, remark.signature = remark.text.strip(), remark.signature.strip()
    remark.full_clean()
    remark.save()
    return remark


def _note(link: DraftLink, done: str, by: Person | None = None) -> None:
    who = "" if by else f"par le lien « {link.purpose} »"
    record(AuditKind.DRAFT_SHOWN, on=link.framework, by=by, who=who, after={"lien": link.purpose, "fait": done})
