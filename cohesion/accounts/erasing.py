"""An account goes: what it did stays whole, and nothing says any more whose it was."""

from collections import Counter
from typing import Any
from urllib.parse import unquote_plus

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone

from cohesion.accounts.lost_forms import KEPT
from cohesion.accounts.traces import GOING, PersonWords, acts_naming, in_french, mentions, naming, own_rows, pseudonym
from cohesion.audit import AuditKind, record
from cohesion.audit.forgetting import rename
from cohesion.models import AuditEvent, KeptMail, SavedFilter, User

# Sent in the transaction, before names are taken out: ``user`` (by now a number) and ``words`` (what named them).
leaving = Signal()
# Sent at the end of it, when names were taken out of files: ``rewritten``, the keys of the rows by model.
rewritten = Signal()


def refusal(user: User, by: User | None, *, is_own_wish: bool = False) -> str:
    """Why an account may not be erased, by somebody (None: by whoever holds the machine); nothing when it may.

    ``is_own_wish``: they ask it of their own, from the page where one proves who one is.
    """
    if user.erased_at is not None:
        return "Ce compte est déjà effacé."
    if by is not None and by.pk == user.pk and not is_own_wish:
        return "On n’efface pas ici son propre compte : cela se fait depuis « Mon compte »."
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and user.is_active and not others.exists():
        return "C’est le dernier compte d’administrateur : donnez d’abord ce droit à quelqu’un d’autre."
    return ""


@transaction.atomic
def erase(*, user: User, by: User | None, in_files: bool = False, is_own_wish: bool = False) -> User:
    """Make an account nobody's: a number that opens nothing; rights, sessions and second factors are deleted.

    ``in_files`` takes the name and the addresses out of files, sheets and their history as well, where they stand as
    those of a contact or of a representative. Papers that were issued are acts: they keep the name that they bear.

    Raises:
        ValidationError: it is one's own, the last administrator's, or erased already.
    """
    # All those of administrators: of two who erase each other at once, one stays.
    held = User.objects.select_for_update().filter(models.Q(pk=user.pk) | models.Q(is_superuser=True))
    user = {account.pk: account for account in held.order_by("pk")}[user.pk]
    if sentence := refusal(user, by, is_own_wish=is_own_wish):
        raise ValidationError(sentence)
    by = user if is_own_wish else by  # the log is not to note the name that goes
    words = PersonWords.of(user)
    _become_a_number(user)
    _close(user)
    leaving.send(sender=User, user=user, words=words)
    _drop_filters(words)
    _forget(mentions(words, in_files=False))
    if in_files:
        rewritten.send(sender=User, rewritten=_forget(mentions(words, in_files=True)), by=by)
    _forget_in_log(user, words)
    record(AuditKind.ACCOUNT_ERASED, on=user, by=by, after={"aussi dans les dossiers": in_files})
    return user


def foreseen(user: User) -> dict[str, Any]:
    """What an erasure would keep under a number, where files name the person, and the acts that still will."""
    words = PersonWords.of(user)
    named = list(mentions(words, in_files=True))
    return {"done": staying(user), "mentions": named, "acts": list(acts_naming(words))}


def staying(user: User) -> list[tuple[str, int]]:
    """What an erasure would keep under a number: how many rows of each table."""
    done: Counter[str] = Counter()
    for field, rows in own_rows(user):
        if field.model._meta.label_lower not in GOING:
            done[in_french(str(field.model._meta.verbose_name_plural))] += rows.count()
    return sorted(done.items())


def forget_mails(words: PersonWords) -> None:
    """Take the name out of the mails that a demonstration keeps."""
    _forget(naming(KeptMail, words))


def _become_a_number(user: User) -> None:
    """Not by ``save``: the log would note the address that goes."""
    user.username, user.first_name, user.last_name = pseudonym(user), "Compte", f"effacé n° {user.pk}"
    user.email, user.is_active, user.is_staff, user.is_superuser = "", False, False, False
    user.last_login, user.erased_at = None, timezone.now()
    user.calendar_key, user.first_visit, user.first_visit_hidden_at, user.news_read_on = "", "", None, None
    user.set_unusable_password()
    names = ["username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser", "password"]
    names += ["last_login", "erased_at", "calendar_key", "first_visit", "first_visit_hidden_at", "news_read_on"]
    User.objects.filter(pk=user.pk).update(**{name: getattr(user, name) for name in names})


def _close(user: User) -> None:
    for opened in UserSession.objects.filter(user=user):
        opened.end()
    for session in Session.objects.iterator(chunk_size=500):
        kept = session.get_decoded()
        lost = kept.get(KEPT) or {}  # what they typed after their session had ended waits in one of nobody
        if kept.get("_auth_user_id") == str(user.pk) or lost.get("account") == user.pk:
            session.delete()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.saved_filters.all().delete()
    user.api_tokens.all().delete()
    user.groups.clear()
    user.user_permissions.clear()
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=kind, object_id=str(user.pk)).update(object_repr=pseudonym(user))


def _forget(named: Any) -> dict[type[models.Model], list[Any]]:
    """Write the rows without the name; returns their keys by model."""
    keys: dict[type[models.Model], list[Any]] = {}
    for mention in list(named):
        mention.model._base_manager.filter(pk=mention.pk).update(**mention.changed)  # not the tree
        keys.setdefault(mention.model, []).append(mention.pk)
    return keys


def _drop_filters(words: PersonWords) -> int:
    """Delete the filters that anybody keeps of somebody: what they look for is written as an address writes it."""
    kept = SavedFilter.objects.values_list("pk", "name", "query")
    named = [pk for pk, name, query in kept if words.are_in(name) or words.are_in(unquote_plus(query))]
    SavedFilter.objects.filter(pk__in=named).delete()
    return len(named)


def _forget_in_log(user: User, words: PersonWords) -> None:
    changes = _changes_of_log(words)
    for pk in AuditEvent.objects.filter(account=user.pk).values_list("pk", flat=True):
        changes.setdefault(pk, {})["who"] = pseudonym(user)
    about = AuditEvent.objects.filter(model=User._meta.label_lower, key=str(user.pk))
    for pk in about.values_list("pk", flat=True):
        changes.setdefault(pk, {})["label"] = pseudonym(user)
    rename(changes)


def _changes_of_log(words: PersonWords) -> dict[int, dict[str, Any]]:
    return {mention.pk: dict(mention.changed) for mention in naming(AuditEvent, words)}


def forget_everywhere(words: PersonWords, by: User | None) -> int:
    """Take somebody who has no account out of files, sheets, their history, messages and the log; returns how many
    rows named them.
    """
    filters = _drop_filters(words)
    in_files = _forget(mentions(words, in_files=True))
    noted = _forget(mentions(words, in_files=False))
    if in_files:
        rewritten.send(sender=User, rewritten=in_files, by=by)
    changes = _changes_of_log(words)
    rename(changes)
    return sum(map(len, (*in_files.values(), *noted.values()))) + len(changes) + filters
