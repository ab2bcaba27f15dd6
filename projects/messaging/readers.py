"""To whom something is told: accounts, or an address where nobody has one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model

from cohesion.lib.people import Person
from cohesion.roles import OFFICER
from projects.catalogue.models import Project
from projects.members.models import Membership, Organization


@dataclass(frozen=True)
class Reader:
    """An account, or an address. ``name`` stands in the key of what is told to them."""

    name: str
    user: Person | None = None
    email: str = ""

    @property
    def account(self) -> int | None:
        """The key of the account."""
        return self.user.pk if self.user is not None else None

    @property
    def address(self) -> str:
        """Where a mail to them goes; nothing where the account has no address."""
        return self.user.email if self.user is not None else self.email


def leads(organizations: Iterable[Organization]) -> dict[int, list[Reader]]:
    """By organisation, the active accounts that act for it; where none has an address, its own address too."""
    wanted = {organization.pk: organization for organization in organizations}
    by_organization: dict[int, list[Reader]] = {pk: [] for pk in wanted}
    members = Membership.objects.filter(organization__in=wanted, user__is_active=True)
    for member in members.select_related("user").order_by("user_id"):
        by_organization[member.organization_id].append(account(member.user))
    for pk, readers in by_organization.items():
        if wanted[pk].email and not any(reader.address for reader in readers):
            readers.append(Reader(f"structure-{pk}", email=wanted[pk].email))
    return by_organization


def officers() -> list[Reader]:
    """Every programme officer; without any, the administrators."""
    active = get_user_model().objects.filter(is_active=True).order_by("pk")
    accounts = list(active.filter(groups__name=OFFICER.name)) or list(active.filter(is_superuser=True))
    return [account(user) for user in accounts]


def officers_of(project: Project) -> list[Reader]:
    """The officer who has the project in hand; all of them while nobody has."""
    review = getattr(project, "review", None)
    everybody = officers()
    return [officer for officer in everybody if review and officer.account == review.assigned_to_id] or everybody


def contact() -> list[Reader]:
    """The address of contact of the site, where there is one."""
    return [Reader("contact", email=settings.CONTACT_EMAIL)] if settings.CONTACT_EMAIL else []


def account(user: Person) -> Reader:
    """Somebody with an account."""
    return Reader(str(user.pk), user=user)
