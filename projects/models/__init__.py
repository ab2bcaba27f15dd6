"""What is done on the ground, by whom, where, and which orientation it serves."""

from projects.models.need import Need
from projects.models.organization import Membership, Organization
from projects.models.project import Contribution, Place, Project, Scheme
from projects.models.reference import Offer, OfferSite, ReferenceDocument
from projects.models.territory import Territory

__all__ = [
    "Contribution",
    "Membership",
    "Need",
    "Offer",
    "OfferSite",
    "Organization",
    "Place",
    "Project",
    "ReferenceDocument",
    "Scheme",
    "Territory",
]
