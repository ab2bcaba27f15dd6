"""What an account that goes leaves here: nobody is written to, and what was frozen says that a name was taken out."""

from typing import Any

from django.db.models import Count, F, Model, Q
from django.utils import timezone

from cohesion.accounts.erasing import leaving, rewritten
from cohesion.accounts.leaving import missed
from cohesion.accounts.traces import PersonWords
from cohesion.audit import AuditKind, record
from cohesion.imports.models import every_import
from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase
from projects.catalogue.models import Project
from projects.catalogue.stamps import raise_revision
from projects.choices import ProjectStatus, SearchKind
from projects.declaring.handing_in import fingerprint
from projects.declaring.models import Submission
from projects.instructing.models import Review
from projects.members.models import Invitation, Membership, Organization
from projects.messaging.models import MailChoice, Message
from projects.search import index
from projects.search.models import SearchEntry
from projects.search.refreshing import refresh_all

OVER = (ProjectStatus.CLOSED, ProjectStatus.ABANDONED, ProjectStatus.REFUSED)


def connect() -> None:
    leaving.connect(_leave, dispatch_uid="projects.housekeeping.leaving")
    rewritten.connect(_stamp, dispatch_uid="projects.housekeeping.leaving")
    if left_behind not in missed:
        missed.append(left_behind)


def left_behind(user: Person) -> list[str]:
    """What others would miss: the structures that nobody else acts for, the files that nobody else follows."""
    sentences = []
    own = user.memberships.values("organization")
    others = Membership.objects.exclude(user=user).filter(user__is_active=True).values("organization")
    alone = Organization.objects.filter(pk__in=own).exclude(pk__in=others)
    for organization in alone.annotate(open_files=Count("projects", filter=~Q(projects__status__in=OVER))):
        if organization.open_files:
            files = count_phrase(organization.open_files, "dossier en cours", "dossiers en cours")
            sentences.append(
                f"Personne d’autre n’agit pour « {organization.name} », qui a {files} : plus personne n’y "
                "recevra de message ni ne signera. Faites d’abord inviter quelqu’un."
            )
    followed = Review.objects.filter(assigned_to=user).exclude(project__status__in=OVER).count()
    if followed:
        files = count_phrase(followed, "dossier vous est confié", "dossiers vous sont confiés")
        sentences.append(f"{files} : plus personne ne les suivra. Confiez-les d’abord à un collègue.")
    return sentences


def _leave(sender: object, user: Person, words: PersonWords, **kwargs: Any) -> None:
    """Rights go one by one: the log hears of each. What was not sent is not sent any more."""
    for membership in user.memberships.all():
        membership.delete()
    MailChoice.objects.filter(user=user).delete()
    SearchEntry.objects.filter(kind=SearchKind.PERSON, key=user.pk).delete()  # now, not at the next search
    index.forget_deleted()
    Message.objects.filter(user=user, sent_at=None).update(mailed=False)
    for address in words.addresses:
        Invitation.objects.open().filter(email__iexact=address).update(revoked_at=timezone.now())
    _forget_files(owner=user)


def _stamp(sender: object, rewritten: dict[type[Model], list[Any]], by: Person, **kwargs: Any) -> None:
    """A frozen copy gets the fingerprint of what it says now; the log keeps both."""
    for submission in Submission.objects.filter(pk__in=rewritten.get(Submission, [])):
        former, submission.digest = submission.digest, fingerprint(submission.answers, submission.shown)
        submission.save(update_fields=["digest"])
        before, after = {"empreinte": former}, {"empreinte": submission.digest}
        record(AuditKind.NAME_REMOVED, on=submission.project, by=by, before=before, after=after)
    # Whoever has one of these open saves over it otherwise, with the name.
    for model in (Organization, Project):
        model.objects.filter(pk__in=rewritten.get(model, [])).update(version=F("version") + 1)
    # Nobody can say what a file names without reading it again; its rows, which can be written, are kept.
    _forget_files()
    # What a search found by the name is made again from what is written now.
    SearchEntry.objects.filter(pk__in=rewritten.get(SearchEntry, [])).delete()
    refresh_all()
    index.forget_deleted()
    raise_revision()


def _forget_files(**whose: Any) -> None:
    for model in every_import():
        model._default_manager.filter(content__isnull=False, **whose).update(content=None)
