"""Where somebody stands in the database: the rows that point at their account, and the texts that name them."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import models
from django.db.models import QuerySet
from django.db.models.functions import Cast

from cohesion.lib.text import fold
from cohesion.models import AuditEvent, User

NO_PHONE = "numéro effacé"
SHORTEST = 5  # characters: a shorter name stands in too many texts that speak of something else
# The adopted text is nobody's to rewrite; only why somebody changed it is.
ADOPTED = ("axes.framework", "axes.orientation", "axes.historicalframework", "axes.historicalorientation")
# What the software itself notes of people; all the rest is of files, sheets and their history.
TRACES = (
    *("admin.logentry", "account.emailaddress", "projects.message", "projects.invitation"),
    *("projects.mailing", "cohesion.keptmail"),
)
# What opens the site or says for whom one acts: deleted with the account.
GOING = (
    *("account.emailaddress", "mfa.authenticator", "usersessions.usersession"),
    *("projects.membership", "projects.mailchoice", "cohesion.savedfilter", "cohesion.apitoken"),
)
FRENCH = {
    "user sessions": "sessions ouvertes",
    "user session": "session ouverte",
    "authenticators": "seconds facteurs",
    "user": "compte",
    "history user": "modifié par",
    "saved by": "enregistré par",
    "created by": "créé par",
    "handed by": "remis par",
    "checked by": "vérifié par",
    "created at": "ouverte le",
    "last seen at": "vue le",
    "ip": "adresse réseau",
    "user agent": "navigateur",
    "statut équipe": "agent ou élu",
    "statut super-utilisateur": "administrateur",
    "date d’inscription": "compte ouvert le",
}
# Acts of the authority, kept as they were issued: nobody rewrites them, and the database refuses it.
ACTS = ("projects.paper",)
# Signed or hashed: nobody is named there, and nothing may be rewritten.
CLOSED = ("sessions.session", "mfa.authenticator", "cohesion.user", "cohesion.auditevent")


def pseudonym(user: User) -> str:
    return f"Compte effacé n° {user.pk}"


def no_address(user: User) -> str:
    """An address that is none, by its very ending (RFC 2606), for the columns that want one."""
    return f"compte-efface-{user.pk}@efface.invalid"


def addresses_of(user: User) -> set[str]:
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    if "@" in user.username:
        addresses.add(user.username)
    return addresses


class PersonWords:
    """What names somebody in a text: their addresses, their name with both its parts, in either order, their numbers.

    ``pseudonym`` and ``no_address`` take their places.
    """

    def __init__(
        self, first: str, last: str, addresses: Iterable[str], phones: Iterable[str], pseudonym: str, no_address: str
    ) -> None:
        self.addresses = sorted(address for address in addresses if address)
        self.phones = [phone for phone in phones if phone]
        first, last = first.strip(), last.strip()
        names = [f"{first} {last}", f"{last} {first}"] if first and last else []
        self.names = [name for name in names if len(name) >= SHORTEST]
        self.names += [fold(name) for name in self.names if fold(name) != name.lower()]
        self._replacements = [(_pattern(address), no_address) for address in self.addresses]
        self._replacements += [(_pattern(name), pseudonym) for name in self.names]
        self._replacements += [(_phone_pattern(phone), NO_PHONE) for phone in self.phones]

    @classmethod
    def of(cls, user: User) -> "PersonWords":
        """What names whoever has an account."""
        return cls(user.first_name, user.last_name, addresses_of(user), (), pseudonym(user), no_address(user))

    def parts(self) -> list[str]:
        """The longest word of each, as a database may look for it: in any case, accents written as JSON does.

        A number is written with any spaces: its last two digits are looked for.
        """
        longest = {max(term.split(), key=len) for term in (*self.addresses, *self.names)}
        longest |= {phone[-2:] for phone in self.phones}
        cases = {case for word in longest for case in (word, word.lower(), word.upper(), word.title())}
        return sorted(cases | {json.dumps(case)[1:-1] for case in cases})

    def are_in(self, text: str) -> bool:
        return bool(self.without(text) != text)

    def without(self, value: object) -> Any:
        """A text, or what JSON holds, with the pseudonym in the place of the name."""
        if isinstance(value, str):
            for pattern, replacement in self._replacements:
                value = pattern.sub(replacement, value)
            return value
        if isinstance(value, dict):
            return {self.without(key): self.without(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.without(inner) for inner in value]
        return value


def _phone_pattern(digits: str) -> re.Pattern[str]:
    """« 0612345678 » as people write it: in pairs, with dots, from abroad."""
    spaced = r"[\s.\-]*".join(digits[1:])
    return re.compile(rf"(?<!\d)(?:0|(?:\+|00)33[\s.\-]*(?:\(0\))?)[\s.\-]*{spaced}(?!\d)")


def _pattern(term: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in term.split())
    return re.compile(rf"(?<![\w.-]){words}(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """A row whose texts name somebody: what they would be without the name, by column."""

    model: type[models.Model]
    pk: Any
    label: str
    changed: dict[str, Any]
    texts: dict[str, str]  # short texts as they are, by the name of their column

    @property
    def columns(self) -> str:
        """« représentant légal, courriel »."""
        names = {field.name: str(field.verbose_name) for field in self.model._meta.concrete_fields}
        return ", ".join(names[name] for name in self.changed)

    @property
    def nature(self) -> str:
        return in_french(str(self.model._meta.verbose_name))


def in_french(name: str) -> str:
    """The name of a table or of a column; those of libraries, and those that no form shows, are in English."""
    return FRENCH.get(name.lower()) or name.replace("historical ", "Historique : ", 1)


def mentions(words: PersonWords, *, in_files: bool) -> Iterator[Mention]:
    """The rows that name somebody: in what people wrote (files, sheets, their history), or in what the site noted."""
    for model in _tables():
        if model._meta.label_lower in (*CLOSED, *ACTS) or (model._meta.label_lower in TRACES) == in_files:
            continue
        yield from naming(model, words)


def acts_naming(words: PersonWords) -> Iterator[Mention]:
    """The papers that name somebody and stay as they are, whatever is erased."""
    for label in ACTS:
        yield from naming(apps.get_model(label), words)


def naming(model: type[models.Model], words: PersonWords) -> Iterator[Mention]:
    """The rows of one table that name somebody."""
    fields = _texts(model)
    if not fields or not words.parts():
        return
    as_text = {f"{field.name}_as_text": Cast(field.name, models.TextField()) for field in fields}
    hit = models.Q()
    for name in as_text:
        for part in words.parts():
            hit |= models.Q(**{f"{name}__icontains": part})
    for row in model._base_manager.annotate(**as_text).filter(hit).order_by("pk").iterator(chunk_size=500):
        changed = {field.name: _without(words, field, getattr(row, field.name)) for field in fields}
        changed = {name: value for name, value in changed.items() if value != getattr(row, name)}
        if changed:
            short = [field for field in fields if field.name in changed and isinstance(field, models.CharField)]
            texts = {str(field.verbose_name): getattr(row, field.name) for field in short}
            yield Mention(model, row.pk, str(row), changed, texts)


def _without(words: PersonWords, field: "models.Field[Any, Any]", value: object) -> Any:
    """An address that a column may do without is emptied: nobody writes to one that is none."""
    cleaned = words.without(value)
    if isinstance(field, models.EmailField) and cleaned != value and field.blank:
        return ""
    return cleaned[: field.max_length] if isinstance(cleaned, str) and field.max_length else cleaned


def own_rows(user: User) -> Iterator[tuple["models.ForeignKey[Any, Any]", Any]]:
    """Each column of each table that points at the account, with its rows; none without."""
    for model in _tables():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is User:
                rows = model._base_manager.filter(**{field.name: user})
                if rows.exists():
                    yield field, rows


def own_events(user: User) -> QuerySet[Any]:
    """What the log noted of the account."""
    of_account = models.Q(account=user.pk) | models.Q(model=User._meta.label_lower, key=str(user.pk))
    if user.email:
        of_account |= models.Q(who__iexact=user.email)
    return AuditEvent.objects.filter(of_account)


def _tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if not model._meta.proxy and model._meta.managed]


def _texts(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The columns where somebody may be named."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    fields = [field for field in model._meta.concrete_fields if isinstance(field, kinds) and not field.choices]
    if model._meta.label_lower in ADOPTED:
        fields = [field for field in fields if field.name == "history_change_reason"]
    return [field for field in fields if not field.primary_key]
