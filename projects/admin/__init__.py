"""The officers' screens for what is done, by whom and where."""

from projects.admin.campaign import CampaignAdmin, CommitteeAdmin
from projects.admin.carrying import UncarriedLinkAdmin
from projects.admin.exchange import ProjectImportAdmin
from projects.admin.invitation import InvitationAdmin
from projects.admin.message import MessageAdmin
from projects.admin.organization import OrganizationAdmin
from projects.admin.project import ActionAdmin, PrhAdmin, PstAdmin
from projects.admin.reference import NeedAdmin, OfferAdmin, ReferenceDocumentAdmin, SchemeAdmin
from projects.admin.territory import TerritoryAdmin

__all__ = [
    "ActionAdmin",
    "CampaignAdmin",
    "CommitteeAdmin",
    "InvitationAdmin",
    "MessageAdmin",
    "NeedAdmin",
    "OfferAdmin",
    "OrganizationAdmin",
    "PrhAdmin",
    "ProjectImportAdmin",
    "PstAdmin",
    "ReferenceDocumentAdmin",
    "SchemeAdmin",
    "TerritoryAdmin",
    "UncarriedLinkAdmin",
]
