"""What a paper is about: a project, what was decided of it, its convention, and what is typed for this paper alone."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings

from cohesion.lib.people import Person
from projects.catalogue.models import Project
from projects.catalogue.workflow import GRANTED
from projects.declaring.models import Campaign, Declaration
from projects.instructing.models import Committee, Decision


@dataclass
class Case:
    """One project, as the fields of a paper read it. ``typed``: what is typed for this paper, by the key of a field."""

    project: Project
    by: Person
    day: datetime.date
    decision: Decision | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    number: str = ""

    @cached_property
    def declaration(self) -> Declaration | None:
        return getattr(self.project, "declaration", None)

    @property
    def campaign(self) -> Campaign | None:
        return self.declaration.campaign if self.declaration is not None else None

    @cached_property
    def committee(self) -> Committee | None:
        """The one that decided, else the one before which the project comes."""
        if self.decision is not None and self.decision.committee is not None:
            return self.decision.committee
        review = getattr(self.project, "review", None)
        return review.committee if review is not None else None

    @cached_property
    def grant(self) -> Any:
        """What follows the decision; None until it is written."""
        return getattr(self.project, "grant", None)

    @property
    def agreement(self) -> Any:
        return self.grant.agreement if self.grant is not None else None

    @cached_property
    def amendment(self) -> Any:
        """The last that was made to the convention."""
        return self.agreement.amendments.order_by("number").last() if self.agreement is not None else None

    @cached_property
    def yearly(self) -> list[Any]:
        return list(self.agreement.amounts.order_by("year")) if self.agreement is not None else []

    @cached_property
    def instalments(self) -> list[Any]:
        if self.agreement is None:
            return []
        return list(self.agreement.instalments.select_related("grant__project").order_by("due_on", "pk"))

    @cached_property
    def covered(self) -> list[Any]:
        """The grants under the convention, but for those of what was given up."""
        if self.agreement is None:
            return []
        grants = self.agreement.grants.filter(project__status__in=GRANTED).select_related("project")
        return list(grants.order_by("year", "project__code_key", "pk"))

    @property
    def agreed(self) -> Decimal | None:
        """The amount of the convention, all years together."""
        return sum((year.amount for year in self.yearly), Decimal(0)) if self.yearly else None

    @property
    def contact(self) -> str:
        """Whom to answer: the address of the call, else that of the site, else that of who makes the paper."""
        of_call = self.campaign.contact_email if self.campaign is not None else ""
        return of_call or settings.CONTACT_EMAIL or self.by.email


AROUND = ("organization__commune", "host", "declaration__campaign", "review__committee")
