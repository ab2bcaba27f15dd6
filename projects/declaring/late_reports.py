"""Reports that are late when a new request is begun or handed in: who is told, whom a call refuses.

Late is what :mod:`projects.catalogue.due` says. A call refuses (``LateReportRule.BLOCK``) for the reports of projects
that the structure leads itself: that of a project which it leads beside another is handed in by this one, and is told
without refusing anything. The reports of the structures that lead the new request beside it are read by the officer
alone: the one that hands in is neither refused for what it cannot mend, nor told of the affairs of another. It looks
once, when a request is first handed in: what is completed because an officer asked was let in already, and is not
refused afterwards.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from cohesion.lib.dates import french_date
from cohesion.lib.text import count_phrase
from projects.catalogue.due import is_late, with_last_report
from projects.catalogue.models import CoLead, Project
from projects.catalogue.workflow import REPORT_OPEN
from projects.choices import LateReportRule
from projects.declaring.models import Campaign
from projects.members.models import Organization


@dataclass(frozen=True)
class LateReport:
    """A report that is late. ``is_own``: the structure leads the project first, and hands it in itself."""

    project: Project
    due_on: datetime.date
    is_own: bool

    @property
    def named(self) -> str:
        """The title of its project, and who hands it in where it is another structure."""
        return self.project.title if self.is_own else f"{self.project.title} ({self.project.organization.name})"

    @property
    def sentence(self) -> str:
        """Which report, and since when."""
        whose = "" if self.is_own else f", que remet {self.project.organization.name}"
        when = french_date(self.due_on)
        return f"le bilan de « {self.project.title} » ({self.project.code}) était attendu le {when}{whose}"


@dataclass(frozen=True)
class LateReports:
    """The late reports of a structure, as a call takes them. ``leave``: why an officer lets it hand in all the same."""

    rule: str
    reports: list[LateReport]
    leave: str

    @property
    def shown(self) -> list[LateReport]:
        """What the structure is told of."""
        return [] if self.rule == LateReportRule.IGNORE else self.reports

    @property
    def refusing(self) -> list[LateReport]:
        """Those for which the call refuses its request."""
        blocks = self.rule == LateReportRule.BLOCK and not self.leave
        return [report for report in self.reports if report.is_own] if blocks else []

    @property
    def refusal(self) -> str:
        """Why it may not hand in, and how to mend it; nothing when it may."""
        if not self.refusing:
            return ""
        number = count_phrase(len(self.refusing), "bilan est en retard", "bilans sont en retard")
        named = " ; ".join(report.sentence for report in self.refusing)
        return (
            f"Le dossier n’est pas déposé : {number}. Remettez-le d’abord, depuis votre espace, ou demandez une "
            f"dispense à l’agglomération. À remettre : {named}. Ce que vous avez écrit est gardé."
        )

    @property
    def kept(self) -> list[list[Any]]:
        """What a frozen copy keeps of them."""
        return [[report.project.code, report.named, report.due_on.isoformat()] for report in self.reports]


def late_reports(organization: Organization, campaign: Campaign | None, request: Project | None = None) -> LateReports:
    """The late reports of a structure today, as a call takes them; without a call they are told, and refuse nothing.
    ``request``: what is handed in, the other leads of which count too."""
    projects = Project.objects.led_by(organization)
    if request is not None:
        projects = projects | Project.objects.filter(
            organization__in=CoLead.objects.filter(project=request).values("organization")
        )
    projects = projects.filter(status__in=REPORT_OPEN).select_related("organization")
    late = with_last_report(projects).filter(is_late(timezone.localdate())).order_by("report_due", "code_key", "code")
    reports = [LateReport(project, project.report_due, project.organization_id == organization.pk) for project in late]
    leave = campaign.late_report_leaves.filter(organization=organization).first() if campaign and reports else None
    return LateReports(
        campaign.late_report_rule if campaign else LateReportRule.WARN, reports, leave.reason if leave else ""
    )


def check_late_reports(late: LateReports) -> None:
    """Refuse a request where its call says so.

    Raises:
        ValidationError: a report is late, and no officer let the structure hand in all the same.
    """
    if late.refusal:
        raise ValidationError(late.refusal, code="late_report")
