"""Somebody who has no account, and whom files name: the contact of an action, whoever represents a structure."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from cohesion.accounts.erasing import forget_everywhere
from cohesion.accounts.held import Section, mention_line
from cohesion.accounts.traces import SHORTEST, Mention, PersonWords, acts_naming, mentions, naming
from cohesion.audit import AuditKind, record
from cohesion.models import AuditEvent, User

PSEUDONYM = "Personne effacée"
NO_ADDRESS = "personne-effacee@efface.invalid"  # none, by its very ending (RFC 2606)
SUBJECT = "une personne sans compte"  # what the log says of them
_PHONE = re.compile(r"0[1-9]\d{8}")


@dataclass(frozen=True)
class Contact:
    """What names them: a name with both its parts, an address, a number of ten digits; some may be empty."""

    first: str = ""
    last: str = ""
    address: str = ""
    phone: str = ""

    @classmethod
    def typed(cls, first: str, last: str, address: str, phone: str) -> "Contact":
        """As somebody typed it.

        Raises:
            ValidationError: it names nobody, or too many people, or somebody who has an account.
        """
        digits = re.sub(r"[\s.\-]|\(0\)", "", phone)
        digits = re.sub(r"^(?:\+|00)33", "0", digits)
        if digits and not _PHONE.fullmatch(digits):
            raise ValidationError({"phone": "Un numéro de téléphone a dix chiffres : 06 12 34 56 78."})
        contact = cls(first.strip(), last.strip(), address.strip(), digits)
        if bool(contact.first) != bool(contact.last):
            raise ValidationError("Donnez le prénom et le nom : l’un sans l’autre désigne trop de monde.")
        if contact.first and len(contact.name) < SHORTEST:
            raise ValidationError("Ce nom est trop court pour être cherché : donnez l’adresse électronique.")
        if not (contact.first or contact.address):
            raise ValidationError("Donnez le prénom et le nom, ou l’adresse électronique.")
        if sentence := contact.account_refusal():
            raise ValidationError(sentence)
        return contact

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()

    @property
    def called(self) -> str:
        """What whoever erases them writes to confirm."""
        return self.address or self.name

    @property
    def words(self) -> PersonWords:
        return PersonWords(self.first, self.last, [self.address], [self.phone], PSEUDONYM, NO_ADDRESS)

    def account_refusal(self) -> str:
        """Why they are not erased so: an account that has their address or their name is erased as an account."""
        same = Q(email__iexact=self.address) | Q(username__iexact=self.address) if self.address else Q(pk=None)
        if self.first:
            same |= Q(first_name__iexact=self.first, last_name__iexact=self.last)
        account = User.objects.filter(same, erased_at=None).order_by("pk").first()
        if account is None:
            return ""
        return (
            f"Un compte a ce nom ou cette adresse (n° {account.pk}, {account}) : c’est depuis ce compte qu’on l’efface."
        )

    def mentions(self) -> list[Mention]:
        """The rows that name them: of files, of sheets and their history, of what the site noted, of the log."""
        in_files, elsewhere = (mentions(self.words, in_files=is_in_files) for is_in_files in (True, False))
        return [*in_files, *elsewhere, *naming(AuditEvent, self.words)]

    def acts(self) -> list[Mention]:
        """The papers that name them, and go on doing so."""
        return list(acts_naming(self.words))


def held(contact: Contact) -> list[Section]:
    """All that is held about them; its handing over is noted, without their name."""
    lines = [mention_line(mention) | mention.texts for mention in (*contact.mentions(), *contact.acts())]
    record(AuditKind.ACCOUNT_READ, on=SUBJECT, after={"lignes": len(lines)})
    return [Section("Textes où le nom, l’adresse ou le numéro figure", lines)] if lines else []


@transaction.atomic
def erase(contact: Contact, *, by: User | None) -> int:
    """Take their name, their address and their number out of all that names them; returns how many rows did."""
    number = forget_everywhere(contact.words, by)
    record(AuditKind.ACCOUNT_ERASED, on=SUBJECT, by=by, after={"lignes": number})
    return number
