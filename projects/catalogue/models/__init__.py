"""Projects, and the rows that hang on them."""

from projects.catalogue.models.agreement import Agreement, AgreementAmount, Amendment, AmendmentAmount, Instalment
from projects.catalogue.models.carrying import LinkDecision, UncarriedLink
from projects.catalogue.models.funding import BudgetLine, BudgetYear, FundingLine
from projects.catalogue.models.grant import Grant, Payment, Withdrawal
from projects.catalogue.models.kinds import Action, Prh, Pst
from projects.catalogue.models.links import CoLead, Contribution, Place
from projects.catalogue.models.log import TransitionLog
from projects.catalogue.models.need import Need
from projects.catalogue.models.partnership import Partnership
from projects.catalogue.models.perimeter import Perimeter
from projects.catalogue.models.project import FormerCode, Project, ProjectQuerySet
from projects.catalogue.models.reference import Offer, OfferSite, ReferenceDocument
from projects.catalogue.models.results import Indicator, PeopleCount
from projects.catalogue.models.scheme import Scheme
