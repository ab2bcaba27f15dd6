"""Organisations, who acts for them, and invitations."""

from projects.members.models.invitation import Invitation
from projects.members.models.organization import Membership, Organization, OrganizationImport
