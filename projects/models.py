"""Every model, where Django looks for them. Each room keeps its own; the code asks the rooms."""

from projects.catalogue.models import (
    Action,
    Agreement,
    AgreementAmount,
    Amendment,
    AmendmentAmount,
    BudgetLine,
    BudgetYear,
    CoLead,
    Contribution,
    FormerCode,
    FundingLine,
    Grant,
    Indicator,
    Instalment,
    LinkDecision,
    Need,
    Offer,
    OfferSite,
    Partnership,
    Payment,
    PeopleCount,
    Perimeter,
    Place,
    Prh,
    Project,
    Pst,
    ReferenceDocument,
    Scheme,
    TransitionLog,
    UncarriedLink,
    Withdrawal,
)
from projects.correspondence.models import Issuing, IssuingLine, Paper, PaperModel, PaperNumber
from projects.dashboard.models import Followed
from projects.declaring.models import (
    Attachment,
    Campaign,
    Declaration,
    ExpectedPiece,
    LateLeave,
    LateReportLeave,
    Remark,
    Submission,
)
from projects.exchange.models import ProjectImport
from projects.instructing.models import Committee, Decision, DecisionImport, FileNote, Review, ReviewNote
from projects.members.models import Invitation, Membership, Organization, OrganizationImport
from projects.messaging.models import MailChoice, Mailing, Message
from projects.opendata.models import OpenFile
from projects.programming.models import BudgetEnvelope, EnvelopeChoice, Scenario, ScenarioLine
from projects.reporting.models import IndicatorResult, Report, ReportLine
from projects.search.models import SearchEntry, SearchWord, StaleEntry
from projects.territory.models import Territory, TerritoryImport
from projects.vocabulary.models import VocabularyLine
from projects.webhooks.models import Webhook, WebhookDelivery
