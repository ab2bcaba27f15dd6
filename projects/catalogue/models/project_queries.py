"""Which projects count: the one place that says it."""

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Prefetch, Q
from django.db.models.lookups import In

from axes.models import Framework, Orientation
from cohesion.lib.people import Visitor
from cohesion.lib.queries import InFrench, Unindexed
from projects.catalogue.models.links import CoLead, Contribution, Place
from projects.catalogue.workflow import GRANTED, LEADS_TURN
from projects.choices import PUBLIC_STATUSES, ProjectKind, ProjectStatus, TerritoryKind
from projects.members import rules as member_rules
from projects.members.models.organization import Membership, Organization
from projects.territory.models import Territory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projects.catalogue.models.project import Project  # noqa: F401 (the base names it in quotes)


def beside() -> "Prefetch[Any]":
    """The organisations that lead a project beside its first, in the order of a French dictionary."""
    return Prefetch("co_leads", Organization.objects.order_by(InFrench("name"), "pk"))


class ProjectQuerySet(models.QuerySet["Project"]):
    """The one place that says which projects count; every figure and every list begins here."""

    def published(self) -> "ProjectQuerySet":
        """What the council has said yes to: what anybody may read, and what public figures count.

        Most projects are: no index is consulted for it, so that SQLite, which takes any index for a good one, follows
        the index of a rarer condition or of the order asked for.
        """
        return self.filter(In(Unindexed("status"), PUBLIC_STATUSES))

    def with_grant(self) -> "ProjectQuerySet":
        """What is granted something, and not given up: each with an amount."""
        return self.filter(status__in=GRANTED, granted__gt=0)

    def of(self, user: Visitor) -> "ProjectQuerySet":
        """Those of the organisations for which somebody acts."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organization__in=Membership.objects.filter(user=user).values("organization"))

    def co_led_by(self, user: Visitor) -> "ProjectQuerySet":
        """Those that an organisation for which somebody acts leads beside another one."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(user=user).values("organization")
        return self.filter(pk__in=CoLead.objects.filter(organization__in=mine).values("project"))

    def led_by(self, organization: "Organization | int") -> "ProjectQuerySet":
        """Those that an organisation leads, first or beside another."""
        beside = CoLead.objects.filter(organization=organization).values("project")
        return self.filter(Q(organization=organization) | Q(pk__in=beside))

    def with_leads(self) -> "ProjectQuerySet":
        """With the organisation that leads each and those that do beside it, in two queries."""
        return self.select_related("organization").prefetch_related(beside())

    def waiting_for_lead(self) -> "ProjectQuerySet":
        """Those on which the next move is the organisation's: a report that is due, a declaration to go on with."""
        declared = Q(status__in=LEADS_TURN, declaration__isnull=False)
        return self.filter(declared | Q(status=ProjectStatus.REPORT_DUE))

    def visible_to(self, user: Visitor) -> "ProjectQuerySet":
        """Those that :data:`projects.catalogue.rules.may_read` says yes to."""
        if member_rules.is_officer(user):
            return self.all()
        known = ~Q(status=ProjectStatus.DRAFT) if member_rules.is_elected(user) else Q(status__in=PUBLIC_STATUSES)
        own, beside = self.model.objects.of(user), self.model.objects.co_led_by(user)
        return self.filter(known | Q(pk__in=own.values("pk")) | Q(pk__in=beside.values("pk")))

    def serving(
        self, orientation: Orientation, *, direct: bool = False, is_main: bool | None = None
    ) -> "ProjectQuerySet":
        """Those linked to an orientation or to anything under it (``direct``: to itself only), each once.

        ``is_main``: only those whose main orientation is among these (True), or is another one (False).
        """
        links = Contribution.objects.filter(orientation=orientation)
        if not direct:
            links = Contribution.objects.filter(
                orientation__tree_id=orientation.tree_id,
                orientation__lft__gte=orientation.lft,
                orientation__rght__lte=orientation.rght,
            )
        main = links.filter(is_main=True).values("project")
        if is_main:
            return self.filter(pk__in=main)
        projects = self.filter(pk__in=links.values("project"))
        return projects if is_main is None else projects.exclude(pk__in=main)

    def attached(self, framework: "Framework") -> "ProjectQuerySet":
        """Those that serve an orientation of a framework, whichever."""
        return self.filter(pk__in=Contribution.objects.of(framework).values("project"))

    def unattached(self, framework: "Framework | None" = None) -> "ProjectQuerySet":
        """Those that serve no orientation of a framework (none: of the one in force): « sans rattachement »."""
        links = Contribution.objects.of(framework) if framework else Contribution.objects.in_force()
        return self.exclude(pk__in=links.values("project"))

    def without_main(self, framework: "Framework | None" = None) -> "ProjectQuerySet":
        """Those that serve a framework (none: the one in force), but no orientation of it first of all: the main one of
        the framework before has no heir yet."""
        links = Contribution.objects.of(framework) if framework else Contribution.objects.in_force()
        main = links.filter(is_main=True)
        return self.filter(pk__in=links.values("project")).exclude(pk__in=main.values("project"))

    def located_in(self, territories: "Iterable[Territory]") -> "ProjectQuerySet":
        """Those that declare one of these territories, or a quarter of one of these communes, each once."""
        kept = list(territories)
        inside = Territory.objects.filter(
            Q(pk__in=[territory.pk for territory in kept]) | Q(parent__in=kept, parent__kind=TerritoryKind.COMMUNE)
        )
        # Territories first: they are few, and the places of each are found by index.
        return self.filter(pk__in=Place.objects.filter(territory__in=inside.order_by().values("pk")).values("project"))

    def in_year(self, year: int) -> "ProjectQuerySet":
        """Those that run on at least one day of a calendar year."""
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return self.filter(Q(starts_on__lte=last), Q(ends_on__isnull=True) | Q(ends_on__gte=first))

    def ended_before(self, year: int) -> "ProjectQuerySet":
        """Those that were over before a calendar year."""
        return self.filter(starts_on__isnull=False, ends_on__lt=datetime.date(year, 1, 1))

    def beginning_after(self, year: int) -> "ProjectQuerySet":
        return self.filter(starts_on__gt=datetime.date(year, 12, 31))

    def undated(self) -> "ProjectQuerySet":
        """Those that do not say when they begin: no year holds them."""
        return self.filter(starts_on__isnull=True)

    def reported(self, year: int | None = None) -> "ProjectQuerySet":
        """Those of which a report was handed in (of that year, if one is given)."""
        of_year = {} if year is None else {"reports__year": year}
        reported = self.model.objects.filter(reports__handed_at__isnull=False, **of_year)
        return self.filter(pk__in=reported.values("pk"))

    def waiting_for_link(self) -> "ProjectQuerySet":
        """Those that had a link to an orientation of the reference programme which its framework in force did not take
        up, and nobody decided."""
        open_links = Contribution.objects.of_reference().filter(uncarried__isnull=False, uncarried__settled_at=None)
        return self.filter(pk__in=open_links.values("project"))

    def hors_pst(self) -> "ProjectQuerySet":
        """Actions outside any PST."""
        return self.filter(kind=ProjectKind.ACTION, host__isnull=True)

    def said_by_parts(self, amount: str) -> Q:
        """The PST of which a part, among these projects, has something of an amount (the path of its field): a sum over
        them leaves the PST out, which says the same again."""
        parts = self.filter(host__isnull=False, **{f"{amount}__gt": 0})
        return Q(pk__in=parts.order_by().values("host"))
