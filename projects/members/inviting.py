"""Invitations: who may invite whom, what is sent, and what accepting gives. Each is accepted once, whoever clicks."""

from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cohesion.audit import AuditKind, record
from cohesion.lib.mail import compose
from cohesion.lib.people import Person
from cohesion.lib.sealing import digest
from cohesion.roles import ELECTED, OFFICER
from projects.choices import LEAD_ROLES, InvitationRole, MembershipRole
from projects.members import rules as member_rules
from projects.members.models import Invitation, Membership

GROUPS = {InvitationRole.OFFICER.value: OFFICER, InvitationRole.ELECTED.value: ELECTED}
SPENT = "Ce lien n’est plus valable : il a servi, il a expiré ou il a été révoqué. Demandez une autre invitation."


def roles_offered(user: Person) -> list[tuple[str, str]]:
    """What somebody may invite to: an officer leads only, an administrator anybody."""
    if member_rules.is_administrator(user):
        return list(InvitationRole.choices)
    return [(role.value, role.label) for role in LEAD_ROLES] if member_rules.is_officer(user) else []


@transaction.atomic
def invite(*, invitation: Invitation, by: Person) -> str:
    """Write a new invitation; returns the secret of its link, which is kept nowhere.

    Raises:
        PermissionDenied: they may not invite to this.
        ValidationError: a rule is broken, or the same one is waiting already.
    """
    if invitation.role not in dict(roles_offered(by)):
        raise PermissionDenied
    invitation.email = invitation.email.strip().lower()
    same = Invitation.objects.open().filter(email=invitation.email, organization=invitation.organization)
    if same.filter(role=invitation.role).exists():
        raise ValidationError("La même invitation attend déjà une réponse : renouvelez-la plutôt.")
    token = invitation.draw()
    invitation.invited_by = by
    invitation.full_clean()
    invitation.save()
    _record(AuditKind.INVITATION_SENT, invitation, by)
    return token


@transaction.atomic
def renew(*, invitation: Invitation, by: Person) -> str:
    """Give an invitation that nobody accepted a new link; the former serves no more.

    Raises:
        PermissionDenied: they may not invite to this.
        ValidationError: it was accepted.
    """
    current = _changeable(invitation, by)
    token = current.draw()
    current.revoked_at = None
    current.save()
    _record(AuditKind.INVITATION_RENEWED, current, by)
    return token


@transaction.atomic
def revoke(*, invitation: Invitation, by: Person) -> None:
    """Close an invitation that nobody accepted.

    Raises:
        PermissionDenied: they may not invite to this.
        ValidationError: it was accepted.
    """
    current = _changeable(invitation, by)
    current.revoked_at = timezone.now()
    current.save(update_fields=["revoked_at"])
    _record(AuditKind.INVITATION_REVOKED, current, by)


def _record(kind: AuditKind, invitation: Invitation, by: Person) -> None:
    after = {"adresse": invitation.email, "rôle": invitation.role, "structure": invitation.organization_id}
    record(kind, on=invitation, by=by, after=after)


def _changeable(invitation: Invitation, by: Person) -> Invitation:
    current = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if current.role not in dict(roles_offered(by)):
        raise PermissionDenied
    if current.accepted_at is not None:
        raise ValidationError("Cette invitation a été acceptée entre-temps.")
    return current


def send(invitation: Invitation, address: str) -> None:
    """Send the mail whose link is ``address``.

    Raises:
        OSError: the mail did not leave.
    """
    mail = compose(
        to=invitation.email,
        subject=f"Invitation : {invitation.what}",
        text="mail/invitation.txt",
        html="mail/invitation.html",
        context={"invitation": invitation, "address": address},
    )
    mail.send()
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now())


def find(token: str) -> Invitation | None:
    """The invitation that a link opens, if it still does."""
    return Invitation.objects.open().filter(token_digest=digest(token)).select_related("organization").first()


def account_of(invitation: Invitation) -> Person | None:
    """The account that already has its address, if any."""
    return get_user_model().objects.filter(email__iexact=invitation.email).first()


def open_account(*, token: str, first_name: str, last_name: str, password: str) -> Person:
    """Make the account of whoever was invited, with what the invitation gives; the password is already judged.

    Raises:
        ValidationError: the link is spent, or the address has an account by now.
    """

    def make(invitation: Invitation) -> Person:
        return get_user_model().objects.create_user(
            invitation.email, invitation.email, password, first_name=first_name, last_name=last_name
        )

    try:
        return _accept(token, make)
    except IntegrityError:
        raise ValidationError("Un compte existe déjà avec cette adresse : connectez-vous, puis acceptez.") from None


def accept(*, token: str, by: Person) -> Person:
    """Give an existing account what the invitation gives.

    Raises:
        ValidationError: the link is spent.
        PermissionDenied: it was sent to somebody else.
    """

    def same(invitation: Invitation) -> Person:
        if by.email.lower() != invitation.email:
            raise PermissionDenied
        return by

    return _accept(token, same)


@transaction.atomic
def _accept(token: str, person: Callable[[Invitation], Person]) -> Person:
    now = timezone.now()
    # In one statement: of two clicks, one finds nothing to take.
    if not Invitation.objects.open().filter(token_digest=digest(token)).update(accepted_at=now):
        raise ValidationError(SPENT, code="spent")
    invitation = Invitation.objects.get(token_digest=digest(token))
    user = person(invitation)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    _enrol(user, invitation)
    _record(AuditKind.INVITATION_ACCEPTED, invitation, user)
    return user


def _enrol(user: Person, invitation: Invitation) -> None:
    """A role that somebody has already is not lowered."""
    if invitation.role in GROUPS:
        user.groups.add(Group.objects.get(name=GROUPS[invitation.role].name))
        user.is_staff = True
        user.save(update_fields=["is_staff"])
        return
    membership, is_new = Membership.objects.get_or_create(
        user=user, organization=invitation.organization, defaults={"role": invitation.role}
    )
    if not is_new and invitation.role == MembershipRole.SIGNATORY:
        membership.role = MembershipRole.SIGNATORY
        membership.save(update_fields=["role"])
