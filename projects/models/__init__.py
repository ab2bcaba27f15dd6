"""What is done on the ground, by whom, where, and which orientation it serves."""

from projects.models.importing import ProjectImport
from projects.models.kinds import Action, Prh, Pst
from projects.models.need import Need
from projects.models.organization import Membership, Organization
from projects.models.project import Contribution, Place, Project
from projects.models.reference import Offer, OfferSite, ReferenceDocument
from projects.models.scheme import Scheme
from projects.models.territory import Territory

__all__ = [
    "Action",
    "Contribution",
    "Membership",
    "Need",
    "Offer",
    "OfferSite",
    "Organization",
    "Place",
    "Prh",
    "Project",
    "ProjectImport",
    "Pst",
    "ReferenceDocument",
    "Scheme",
    "Territory",
]
