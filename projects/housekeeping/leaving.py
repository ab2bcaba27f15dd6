"""What an account that goes leaves here: nobody is written to, and what was frozen says that a name was taken out."""

from typing import Any

from django.db.models import F, Model
from django.utils import timezone

from cohesion.accounts.erasing import leaving, rewritten
from cohesion.accounts.traces import PersonWords
from cohesion.audit import AuditKind, record
from cohesion.imports.models import every_import
from cohesion.lib.people import Person
from projects.catalogue.models import Project
from projects.catalogue.stamps import raise_revision
from projects.declaring.handing_in import fingerprint
from projects.declaring.models import Submission
from projects.members.models import Invitation, Organization
from projects.messaging.models import MailChoice, Message


def connect() -> None:
    leaving.connect(_leave, dispatch_uid="projects.housekeeping.leaving")
    rewritten.connect(_stamp, dispatch_uid="projects.housekeeping.leaving")


def _leave(sender: Any, user: Person, words: PersonWords, **kwargs: Any) -> None:
    """Rights go one by one: the log hears of each. What was not sent is not sent any more."""
    for membership in user.memberships.all():
        membership.delete()
    MailChoice.objects.filter(user=user).delete()
    Message.objects.filter(user=user, sent_at=None).update(mailed=False)
    for address in words.addresses:
        Invitation.objects.open().filter(email__iexact=address).update(revoked_at=timezone.now())
    _forget_files(owner=user)


def _stamp(sender: Any, rewritten: dict[type[Model], list[Any]], by: Person, **kwargs: Any) -> None:
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
    raise_revision()


def _forget_files(**whose: Any) -> None:
    for model in every_import():
        model._default_manager.filter(content__isnull=False, **whose).update(content=None)
