"""What is declared and done on the ground, by whom, where, and which orientation it serves."""

from projects.models.attachment import Attachment
from projects.models.campaign import Campaign, ExpectedPiece, LateLeave
from projects.models.carrying import UncarriedLink
from projects.models.declaration import Declaration, Submission
from projects.models.funding import BudgetLine, FundingLine
from projects.models.importing import ProjectImport
from projects.models.instruction import Committee, Decision, DecisionImport, Review, ReviewNote
from projects.models.invitation import Invitation
from projects.models.kinds import Action, Prh, Pst
from projects.models.links import CoLead, Contribution, Place
from projects.models.log import TransitionLog
from projects.models.message import MailChoice, Message
from projects.models.need import Need
from projects.models.organization import Membership, Organization
from projects.models.partnership import Partnership
from projects.models.project import Project
from projects.models.reference import Offer, OfferSite, ReferenceDocument
from projects.models.remark import Remark
from projects.models.report import IndicatorResult, Report, ReportLine
from projects.models.results import Indicator, PeopleCount
from projects.models.scheme import Scheme
from projects.models.territory import Territory

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
    "FundingLine",
    "Indicator",
    "IndicatorResult",
    "Invitation",
    "LateLeave",
    "MailChoice",
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
    "TransitionLog",
    "UncarriedLink",
]
