"""Accounts are opened by invitation: who invites whom, how long a link serves, what accepting gives."""

import datetime
import re
import smtplib

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cohesion.models import User
from cohesion.roles import make_groups
from projects.choices import InvitationRole, MembershipRole
from projects.members import inviting as invitations
from projects.models import Invitation, Membership
from tests.at_once import each_at_once
from tests.factories import InvitationFactory, MembershipFactory, OfficerFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "quatre tournesols et un vélo"
ACCOUNT = {"first_name": "Léa", "last_name": "Martin", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def administrator():
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def association():
    return OrganizationFactory(name="L’Escale verte")


def invite(client, capture, **fields):
    """Fill the officers' form, and let the mail leave."""
    with capture(execute=True):
        return client.post("/admin/projects/invitation/add/", fields)


def link():
    return re.search(r"https://testserver(/invitation/\S+)", mail.outbox[-1].body)[1]


def follow(client, address):
    return client.get(address, follow=True)


# --- who invites whom -------------------------------------------------------------------------------------


def test_an_officer_invites_a_lead_who_opens_an_account_and_acts_for_the_organisation(
    officer_client, officer, association, django_capture_on_commit_callbacks
):
    response = invite(
        officer_client,
        django_capture_on_commit_callbacks,
        email="Lea@Exemple.test",
        organization=association.pk,
        role="signatory",
    )
    assert response.url.startswith(reverse("admin:projects_organization_change", args=[association.pk]))
    message = mail.outbox[0]
    assert message.to == ["lea@exemple.test"]
    assert message.subject == "Invitation : signataire de la structure « L’Escale verte »"
    html = message.alternatives[0].content
    assert link() in message.body
    assert f'href="https://testserver{link()}"' in html

    visitor = Client()
    page = follow(visitor, link())
    assert page.redirect_chain[-1][0] == "/invitation/"
    assert "signataire de la structure «\u00a0L’Escale verte\u00a0»" in page.content.decode()
    assert visitor.post("/invitation/", ACCOUNT).url == reverse("projects:space")
    user = User.objects.get(email="lea@exemple.test")
    assert (user.get_full_name(), user.is_staff, user.check_password(PASSWORD)) == ("Léa Martin", False, True)
    assert Membership.objects.get(user=user, organization=association).role == MembershipRole.SIGNATORY
    assert "L’Escale verte" in visitor.get("/compte/").content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.invited_by, invitation.accepted_by) == (officer, user)
    assert invitation.state.startswith("acceptée le")


@pytest.mark.parametrize("role", [InvitationRole.OFFICER, InvitationRole.ELECTED])
def test_an_officer_invites_no_agent_even_by_a_forged_form(officer, officer_client, role):
    page = officer_client.post("/admin/projects/invitation/add/", {"email": "x@exemple.test", "role": role})
    assert page.status_code == 200
    with pytest.raises(PermissionDenied):
        invitations.invite(invitation=Invitation(email="x@exemple.test", role=role), by=officer)
    assert not Invitation.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize(
    ("role", "group", "arrival"),
    [("officer", "Chargé de mission", "admin:index"), ("elected", "Élu", "projects:own_page")],
)
def test_an_administrator_invites_agents_who_get_the_group_of_their_role(
    client, administrator, role, group, arrival, django_capture_on_commit_callbacks
):
    client.force_login(administrator)
    invite(client, django_capture_on_commit_callbacks, email="x@exemple.test", role=role)
    visitor = Client()
    follow(visitor, link())
    assert visitor.post("/invitation/", ACCOUNT).url == reverse(arrival)
    user = User.objects.get(email="x@exemple.test")
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert [one.name for one in user.groups.all()] == [group]


@pytest.mark.parametrize("who", ["nobody", "lead", "elected"])
def test_nobody_else_invites(who):
    people = {"nobody": UserFactory(), "lead": MembershipFactory().user, "elected": UserFactory(is_staff=True)}
    with pytest.raises(PermissionDenied):
        invitations.invite(
            invitation=Invitation(email="x@exemple.test", role="declarant", organization=OrganizationFactory()),
            by=people[who],
        )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "x@exemple.test", "role": "declarant"}, "agit pour une structure"),
        ({"email": "pas une adresse", "role": "declarant"}, "adresse"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused_in_a_sentence_and_nothing_leaves(
    client, administrator, fields, sentence
):
    client.force_login(administrator)
    assert sentence in client.post("/admin/projects/invitation/add/", fields).content.decode()
    assert not Invitation.objects.exists()


def test_the_same_invitation_is_not_sent_twice_while_it_waits(officer, association):
    fields = {"email": "x@exemple.test", "organization": association, "role": "declarant"}
    invitations.invite(invitation=Invitation(**fields), by=officer)
    with pytest.raises(ValidationError, match="renouvelez-la"):
        invitations.invite(invitation=Invitation(**fields), by=officer)
    assert Invitation.objects.count() == 1


@pytest.fixture
def officer_who_commits(transactional_db, client):
    """The mail leaves when the invitation is sure to be written: here it really is. The flush took the groups."""
    make_groups()
    client.force_login(OfficerFactory())
    return client


@pytest.mark.django_db(transaction=True)
def test_the_officer_gets_the_same_answer_whether_or_not_the_address_has_an_account(officer_who_commits, association):
    UserFactory(email="connu@exemple.test")
    answers = []
    for email in ("connu@exemple.test", "nul@exemple.test"):
        fields = {"email": email, "organization": association.pk, "role": "declarant"}
        response = officer_who_commits.post("/admin/projects/invitation/add/", fields)
        page = officer_who_commits.get(response.url).content.decode()
        said = re.search(r'<ul class="messagelist">.*?</ul>', page, re.DOTALL)[0]
        answers.append((response.status_code, said.replace(email, ""), mail.outbox[-1].subject))
    assert answers[0] == answers[1]


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_does_not_leave_is_told_and_the_invitation_waits_to_be_renewed(
    officer_who_commits, association, monkeypatch
):
    def fail(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected

    fields = {"email": "x@exemple.test", "organization": association.pk, "role": "declarant"}
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", fail)
        response = officer_who_commits.post("/admin/projects/invitation/add/", fields)
    assert "n’est pas parti" in officer_who_commits.get(response.url).content.decode()
    invitation = Invitation.objects.get()
    assert invitation.state == "non envoyée"
    officer_who_commits.post(f"/admin/projects/invitation/{invitation.pk}/renouveler/")
    assert len(mail.outbox) == 1
    invitation.refresh_from_db()
    assert invitation.state.startswith("en attente")


# --- the link ---------------------------------------------------------------------------------------------


def test_the_secret_of_a_link_is_not_in_the_database(officer, association):
    invitation = Invitation(email="x@exemple.test", organization=association, role="declarant")
    token = invitations.invite(invitation=invitation, by=officer)
    row = Invitation.objects.values().get()
    assert not [name for name, value in row.items() if token in str(value)]
    assert invitations.find(token) == invitation


def test_the_link_does_not_repeat_what_the_request_calls_the_site(
    officer_client, association, settings, django_capture_on_commit_callbacks
):
    settings.ALLOWED_HOSTS = ["cst.example", "testserver"]
    fields = {"email": "x@exemple.test", "organization": association.pk, "role": "declarant"}
    invite(officer_client, django_capture_on_commit_callbacks, **fields)
    assert "https://cst.example/invitation/" in mail.outbox[0].body


def test_a_link_serves_three_days():
    with time_machine.travel("2026-11-25 09:00", tick=True) as clock:
        InvitationFactory(token="secret")
        clock.shift(72 * 3600 - 60)
        assert follow(Client(), "/invitation/secret/").status_code == 200
        clock.shift(120)
        page = follow(Client(), "/invitation/secret/")
        assert page.status_code == 404
        assert "n’est plus valable" in page.content.decode()
        assert Invitation.objects.get().state == "expirée"


@pytest.mark.parametrize("state", ["accepted_at", "revoked_at"])
def test_a_link_that_served_or_was_revoked_opens_nothing(state):
    InvitationFactory(token="secret", **{state: timezone.now()})
    client = Client()
    assert follow(client, "/invitation/secret/").status_code == 404
    assert client.post("/invitation/", ACCOUNT).status_code == 404
    assert not User.objects.exists()


def test_a_spent_link_and_one_that_never_was_get_the_same_page():
    InvitationFactory(token="secret", accepted_at=timezone.now())
    pages = [follow(Client(), f"/invitation/{token}/") for token in ("secret", "jamais-donne")]
    assert pages[0].content == pages[1].content


def test_renewed_it_has_another_link_and_the_former_opens_nothing(officer_client):
    invitation = InvitationFactory(token="secret", expires_at=timezone.now() - datetime.timedelta(hours=1))
    officer_client.post(f"/admin/projects/invitation/{invitation.pk}/renouveler/")
    assert follow(Client(), "/invitation/secret/").status_code == 404
    assert follow(Client(), link()).status_code == 200


def test_revoked_it_opens_nothing(officer_client):
    invitation = InvitationFactory(token="secret")
    officer_client.post(f"/admin/projects/invitation/{invitation.pk}/revoquer/")
    assert follow(Client(), "/invitation/secret/").status_code == 404


def test_one_that_was_accepted_is_neither_renewed_nor_revoked(officer_client):
    invitation = InvitationFactory(accepted_at=timezone.now())
    for verb in ("renouveler", "revoquer"):
        response = officer_client.post(f"/admin/projects/invitation/{invitation.pk}/{verb}/", follow=True)
        assert "acceptée entre-temps" in response.content.decode()
    assert not mail.outbox


def test_the_invitation_of_an_agent_is_not_found_by_an_officer(officer_client):
    invitation = InvitationFactory(role=InvitationRole.OFFICER, organization=None)
    assert officer_client.post(f"/admin/projects/invitation/{invitation.pk}/renouveler/").status_code == 404
    assert invitation.email not in officer_client.get("/admin/projects/invitation/").content.decode()


def test_the_page_of_an_organisation_shows_its_invitations_with_their_state(officer_client, association):
    InvitationFactory(organization=association, email="a@exemple.test", revoked_at=timezone.now())
    page = officer_client.get(reverse("admin:projects_organization_change", args=[association.pk])).content.decode()
    assert "Inviter quelqu’un" in page
    assert "a@exemple.test" in page
    assert "révoquée" in page


# --- accepting --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password1": "court", "password2": "court"}, "trop court"),
        ({"password2": "autre chose que le premier"}, "ne sont pas les mêmes"),
        ({"first_name": ""}, "obligatoire"),
        ({"password1": "lea-martin-lea-martin", "password2": "lea-martin-lea-martin"}, "martin"),
    ],
)
def test_a_form_that_is_wrong_says_so_and_the_link_still_serves(client, fields, sentence):
    InvitationFactory(token="secret", email="lea@exemple.test")
    follow(client, "/invitation/secret/")
    page = client.post("/invitation/", ACCOUNT | fields)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert 'value="Martin"' in page.content.decode()
    assert Invitation.objects.get().is_open


def test_whoever_has_an_account_logs_in_and_accepts_with_it(client):
    user = UserFactory(email="lea@exemple.test")
    invitation = InvitationFactory(token="secret", email="lea@exemple.test")
    page = follow(client, "/invitation/secret/").content.decode()
    assert "/compte/connexion/?next=/invitation/" in page
    client.post("/compte/connexion/", {"login": user.email, "password": "mot-de-passe-de-test"})
    assert "Accepter" in client.get("/invitation/").content.decode()
    assert client.post("/invitation/").url == reverse("account")
    assert user.memberships.get().organization == invitation.organization
    assert User.objects.count() == 1


def test_somebody_else_who_is_logged_in_cannot_accept(client):
    InvitationFactory(token="secret", email="lea@exemple.test")
    other = UserFactory()
    client.force_login(other)
    assert "autre adresse" in follow(client, "/invitation/secret/").content.decode()
    assert client.post("/invitation/").status_code == 403
    assert Invitation.objects.get().is_open
    assert not Membership.objects.exists()


@pytest.mark.parametrize(("held", "offered"), [("signatory", "declarant"), ("declarant", "signatory")])
def test_accepting_never_lowers_what_somebody_is(held, offered):
    membership = MembershipFactory(role=held, user__email="lea@exemple.test")
    InvitationFactory(token="secret", email="lea@exemple.test", organization=membership.organization, role=offered)
    invitations.accept(token="secret", by=membership.user)
    assert membership.user.memberships.get().role == MembershipRole.SIGNATORY


def test_merging_two_organisations_keeps_the_invitations_of_both(officer):
    from projects.housekeeping import merging

    kept, merged = OrganizationFactory(), InvitationFactory().organization
    merging.merge_organizations(keep=kept, merged=merged, by=officer)
    assert kept.invitations.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_link_clicked_twenty_times_at_once_makes_one_account():
    InvitationFactory(token="secret", email="lea@exemple.test")

    def click(number):
        try:
            invitations.open_account(token="secret", first_name="Léa", last_name=str(number), password=PASSWORD)
        except ValidationError:
            return False
        return True

    assert each_at_once(click, range(20)).count(True) == 1
    assert User.objects.count() == Membership.objects.count() == 1
