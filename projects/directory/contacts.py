"""The directory: structures in the order of a French dictionary, with whom to call and what they lead."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from cohesion.lib.queries import InFrench
from cohesion.lib.spreadsheets import Column, Table
from cohesion.lib.text import fold
from projects.catalogue.models import Project
from projects.catalogue.workflow import TURNED_DOWN
from projects.choices import ProjectStatus
from projects.declaring.models import Submission
from projects.members.models import Membership, Organization

NAMED = 4  # projects shown beside a structure, before the others are unfolded
# What is over or refused is led by nobody any more.
NOT_LED = (ProjectStatus.DRAFT, ProjectStatus.CLOSED, *TURNED_DOWN)
_ANSWERS = ("contact_name", "contact_phone", "contact_email")


@dataclass(frozen=True)
class FileContact:
    """Whom the last file handed in names as the person to call."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass
class DirectoryEntry:
    """A structure, who acts for it with an account that is active, and what it leads."""

    organization: Organization
    members: list[Membership] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    contact: FileContact | None = None

    @property
    def named(self) -> list[Project]:
        return self.projects[:NAMED]

    @property
    def others(self) -> list[Project]:
        return self.projects[NAMED:]


def organizations(words: str = "", kind: str = "") -> QuerySet[Organization]:
    """Those whose names, addresses or people have all these words, whatever the accents."""
    listed = Organization.objects.order_by(InFrench("name"), "pk")
    if kind:
        listed = listed.filter(kind=kind)
    wanted = fold(words).split()
    if not wanted:
        return listed
    texts = _texts(listed)
    for word in wanted:
        texts = {pk: text for pk, text in texts.items() if word in text}
    return listed.filter(pk__in=list(texts))


def entries(listed: Iterable[Organization]) -> list[DirectoryEntry]:
    """With people and projects, in a constant number of queries."""
    by_key = {organization.pk: DirectoryEntry(organization) for organization in listed}
    for member in _members().filter(organization__in=by_key).select_related("user"):
        by_key[member.organization_id].members.append(member)
    led = Project.objects.filter(organization__in=by_key).exclude(status__in=NOT_LED)
    for project in led.order_by("code_key", "code"):
        by_key[project.organization_id].projects.append(project)
    for pk, contact in _contacts(by_key).items():
        by_key[pk].contact = contact
    return list(by_key.values())


def table(listed: QuerySet[Organization]) -> Table:
    """A row a person, or a structure for which nobody acts; an export defuses what a spreadsheet would run."""
    return Table.of("Annuaire", COLUMNS, _rows(entries(listed.select_related("commune"))))


@dataclass(frozen=True)
class DirectoryRow:
    entry: DirectoryEntry
    member: Membership | None


def _rows(listed: Iterable[DirectoryEntry]) -> Iterator[DirectoryRow]:
    for entry in listed:
        if not entry.members:
            yield DirectoryRow(entry, None)
        for member in entry.members:
            yield DirectoryRow(entry, member)


def _person(row: DirectoryRow) -> str:
    return row.member.user.get_full_name() if row.member else ""


def _email(row: DirectoryRow) -> str:
    return row.member.user.email if row.member else ""


def _role(row: DirectoryRow) -> str:
    return row.member.get_role_display() if row.member else ""


def _contact(row: DirectoryRow) -> str:
    contact = row.entry.contact
    return ", ".join(filter(None, (contact.name, contact.phone, contact.email))) if contact else ""


def _commune(row: DirectoryRow) -> str:
    commune = row.entry.organization.commune
    return commune.name if commune else ""


COLUMNS = (
    Column("structure", lambda row: row.entry.organization.name, 34),
    Column("sigle", lambda row: row.entry.organization.acronym),
    Column("nature", lambda row: row.entry.organization.get_kind_display(), 18),
    Column("commune", _commune, 18),
    Column("adresse", lambda row: row.entry.organization.address, 30),
    Column("telephone", lambda row: row.entry.organization.phone),
    Column("courriel", lambda row: row.entry.organization.email, 28),
    Column("representant", lambda row: row.entry.organization.representative, 28),
    Column("personne", _person, 24),
    Column("role", _role),
    Column("courriel_personne", _email, 28),
    Column("a_joindre", _contact, 34),
    Column("projets", lambda row: ", ".join(project.code for project in row.entry.projects), 24),
)


def _members() -> QuerySet[Membership]:
    return Membership.objects.filter(user__is_active=True).order_by("user__last_name", "user__first_name", "pk")


def _texts(listed: QuerySet[Organization]) -> dict[int, str]:
    """What is searched of each, folded: a few thousand short lines, which no database folds as we do."""
    people = Prefetch("memberships", _members().select_related("user"), to_attr="people")
    texts, contacts = {}, _contacts(listed.values("pk"))
    for organization in listed.select_related("commune").prefetch_related(people):
        words = [organization.name, organization.acronym, organization.email, organization.representative]
        words += [organization.phone, organization.phone.replace(" ", "")]
        words.append(organization.commune.name if organization.commune else "")
        if contact := contacts.get(organization.pk):
            words += [contact.name, contact.email, contact.phone, contact.phone.replace(" ", "")]
        for member in organization.people:  # type: ignore[attr-defined] # of the prefetch
            words += [member.user.get_full_name(), member.user.email]
        texts[organization.pk] = fold(" ".join(words))
    return texts


def _contacts(organizations: Iterable[int] | QuerySet[Any]) -> dict[int, FileContact]:
    """By organisation, whom its last file handed in says to call."""
    handed = Submission.objects.filter(project__organization__in=organizations).order_by("at", "pk")
    answers = {name: F(f"answers__structure__{name}") for name in _ANSWERS}
    lines = handed.values_list("project__organization_id", *answers.values())
    contacts = {}
    for pk, *answered in lines:
        name, phone, email = (text if isinstance(text, str) else "" for text in answered)
        if name:
            contacts[pk] = FileContact(name, phone, email)
    return contacts
