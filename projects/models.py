"""Every model, where Django looks for them. Each room keeps its own; the code asks the rooms."""

from projects.catalogue.models import (
    Action,
    BudgetLine,
    CoLead,
    Contribution,
    FundingLine,
    Indicator,
    Need,
    Offer,
    OfferSite,
    Partnership,
    PeopleCount,
    Place,
    Prh,
    Project,
    Pst,
    ReferenceDocument,
    Scheme,
    TransitionLog,
    UncarriedLink,
)
from projects.dashboard.models import Followed
from projects.declaring.models import Attachment, Campaign, Declaration, ExpectedPiece, LateLeave, Remark, Submission
from projects.exchange.models import ProjectImport
from projects.instructing.models import Committee, Decision, DecisionImport, FileNote, Review, ReviewNote
from projects.members.models import Invitation, Membership, Organization
from projects.messaging.models import MailChoice, Mailing, Message
from projects.reporting.models import IndicatorResult, Report, ReportLine
from projects.territory.models import Territory, TerritoryImport

__all__ = [
    "Action",
    "Attachment",
    "BudgetLine",
    "Campaign",
    "CoLead",
    "Committee",
    "Contribution",
    "Decision",
    "DecisionImport",
    "Declaration",
    "ExpectedPiece",
    "FileNote",
    "Followed",
    "FundingLine",
    "Indicator",
    "IndicatorResult",
    "Invitation",
    "LateLeave",
    "MailChoice",
    "Mailing",
    "Membership",
    "Message",
    "Need",
    "Offer",
    "OfferSite",
    "Organization",
    "Partnership",
    "PeopleCount",
    "Place",
    "Prh",
    "Project",
    "ProjectImport",
    "Pst",
    "ReferenceDocument",
    "Remark",
    "Report",
    "ReportLine",
    "Review",
    "ReviewNote",
    "Scheme",
    "Submission",
    "Territory",
    "TerritoryImport",
    "TransitionLog",
    "UncarriedLink",
]
