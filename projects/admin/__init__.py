"""The officers' screens of projects, which use every other room; and those of all, where Django looks for them."""

from projects.admin.carrying import UncarriedLinkAdmin
from projects.admin.project import ActionAdmin, PrhAdmin, PstAdmin
from projects.catalogue.admin.reference import (
    NeedAdmin,
    OfferAdmin,
    PerimeterAdmin,
    ReferenceDocumentAdmin,
    SchemeAdmin,
)
from projects.catalogue.admin.territory import TerritoryAdmin
from projects.correspondence.admin import PaperModelAdmin
from projects.declaring.admin import CampaignAdmin
from projects.exchange.admin import ProjectImportAdmin
from projects.housekeeping.admin import OrganizationAdmin
from projects.instructing.admin import CommitteeAdmin
from projects.members.admin import InvitationAdmin
from projects.messaging.admin import MessageAdmin
from projects.programming.admin import BudgetEnvelopeAdmin
from projects.search.admin import VocabularyLineAdmin
from projects.webhooks.admin import WebhookAdmin, WebhookDeliveryAdmin
