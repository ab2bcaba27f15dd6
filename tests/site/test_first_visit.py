"""The first visit of each role: five steps that lead somewhere, ticked by facts, put away and found again."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from cohesion.accounts.erasing import erase
from cohesion.models import AuditEvent, User
from cohesion.roles import ELECTED
from cohesion.site import first_visit
from projects.choices import MailFrequency
from projects.models import Declaration, Invitation, MailChoice, Mailing, Review, Submission
from tests.at_once import each_at_once
from tests.costs import cost
from tests.factories import (
    DeclarationFactory,
    InvitationFactory,
    LeadFactory,
    OfficerFactory,
    ProjectFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.pages import squeezed

pytestmark = pytest.mark.django_db
PAGE = "/compte/visite/"


def elected():
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=ELECTED.name))
    return user


def administrator():
    return UserFactory(is_staff=True, is_superuser=True)


# Each role, its steps, and the page where it lands.
ROLES = {
    "officer": (OfficerFactory, first_visit.OFFICER, "/admin/"),
    "elected": (elected, first_visit.ELECTED, "/ma-page/"),
    "signatory": (LeadFactory, first_visit.SIGNATORY, "/espace/"),
    "contributor": (lambda: LeadFactory(acts_for__role="declarant"), first_visit.CONTRIBUTOR, "/espace/"),
    "administrator": (administrator, first_visit.ADMINISTRATOR, "/admin/"),
}
each_role = pytest.mark.parametrize(("make", "steps", "landing"), ROLES.values(), ids=ROLES)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@each_role
def test_each_role_finds_its_five_steps_where_it_lands(founding, make, steps, landing):
    client = client_of(make())
    page = squeezed(client.get(landing).text)
    assert len(steps) == 5
    assert "Pour commencer" in page
    for step in steps:
        assert f'href="{PAGE}{step.slug}/"' in page
        assert step.title in page


@each_role
def test_each_step_leads_to_a_page_that_the_role_may_read(founding, make, steps, landing):
    client = client_of(make())
    for step in steps:
        answer = client.get(f"{PAGE}{step.slug}/", follow=True)
        assert answer.status_code == 200, step.slug
        assert answer.redirect_chain[0][1] == 302


@each_role
def test_a_step_is_ticked_once_seen_or_once_done_and_not_before(founding, make, steps, landing):
    user = make()
    client = client_of(user)
    for step in steps:
        client.head(f"{PAGE}{step.slug}/")
    assert first_visit.visit_of(User.objects.get(pk=user.pk)).done == 0
    for step in steps:
        client.get(f"{PAGE}{step.slug}/")
        client.get(f"{PAGE}{step.slug}/")
    user = User.objects.get(pk=user.pk)
    seen = [step.slug for step in steps if step.fact is None]
    ticked = [shown.step.slug for shown in first_visit.visit_of(user).steps if shown.is_done]
    assert ticked == seen
    assert sorted(user.first_visit.split()) == sorted(step.slug for step in steps)


@each_role
def test_the_visit_is_put_away_and_taken_up_again(founding, make, steps, landing):
    client = client_of(make())
    answer = client.post(PAGE, {"hide": "1", "back": landing})
    assert answer.url == landing
    assert "Pour commencer" not in client.get(landing).text
    assert f'href="{PAGE}"' in client.get("/compte/").text
    assert "Reprendre la visite" in client.get(PAGE).text
    client.post(PAGE, {"resume": "1"})
    assert "Pour commencer" in client.get(landing).text


def do_everything_of_an_officer(user):
    Review.objects.create(project=ProjectFactory(), assigned_to=user)
    Invitation.objects.filter(pk=InvitationFactory().pk).update(invited_by=user)
    Mailing.objects.create(kind="free", title="Essai", text="Essai", by=user)


def do_everything_of_a_signatory(user):
    Declaration.objects.filter(pk=DeclarationFactory().pk).update(created_by=user, saved_by=user)
    Submission.objects.filter(pk=SubmissionFactory().pk).update(by=user)
    MailChoice.objects.create(user=user, frequency=MailFrequency.DAILY)
    User.objects.filter(pk=user.pk).update(calendar_key="x")


@pytest.mark.parametrize(
    ("make", "do", "ticked"),
    [
        (OfficerFactory, do_everything_of_an_officer, {"dossier", "inviter", "ecrire"}),
        (LeadFactory, do_everything_of_a_signatory, {"declarer", "deposer", "rythme", "calendrier"}),
    ],
)
def test_what_was_really_done_is_ticked(make, do, ticked):
    user = make()
    do(user)
    steps = first_visit.visit_of(User.objects.get(pk=user.pk)).steps
    assert {shown.step.slug for shown in steps if shown.is_done} == ticked


def test_an_orientation_that_was_corrected_is_ticked(node, officer):
    orientation = node("5.2.1")
    orientation.title = "Autrement"
    orientation._history_user = officer
    orientation.save()
    steps = first_visit.visit_of(officer).steps
    assert [shown.step.slug for shown in steps if shown.is_done] == ["orientations"]


def test_a_visit_that_is_over_leaves_the_page_where_one_lands(founding):
    user = LeadFactory()
    do_everything_of_a_signatory(user)
    client = client_of(user)
    client.get(f"{PAGE}structure/")
    assert "Pour commencer" not in client.get("/espace/").text
    assert "Les cinq étapes sont faites." in client.get(PAGE).text


def test_nobody_and_no_role_have_no_visit(client):
    assert client.get(PAGE).status_code == 302
    assert "visite" not in client.get("/").text
    other = client_of(UserFactory())
    assert "Aucune visite" in other.get(PAGE).text
    assert other.get(f"{PAGE}file/").status_code == 404
    assert client_of(LeadFactory()).get(f"{PAGE}journal/").status_code == 404


@pytest.mark.parametrize("back", ["https://ailleurs.test/", "//ailleurs.test", "/\\ailleurs.test", "javascript:x", ""])
def test_the_button_never_leads_out_of_the_site(back):
    assert client_of(LeadFactory()).post(PAGE, {"hide": "1", "back": back}).url == PAGE


def test_two_steps_opened_at_once_are_both_noted(transactional_db):
    user = elected()
    client = client_of(user)

    def open_step(slug):
        one = Client()
        one.cookies = client.cookies
        return one.get(f"{PAGE}{slug}/").status_code

    slugs = ["couverture", "suivre", "projets", "instruction"]
    assert set(each_at_once(open_step, slugs)) == {302}
    user.refresh_from_db()
    assert set(user.first_visit.split()) == set(slugs)


def test_what_was_seen_goes_with_the_account():
    user = LeadFactory()
    client = client_of(user)
    client.get(f"{PAGE}structure/")
    client.get("/nouveautes/")
    client.post(PAGE, {"hide": "1"})
    erase(user=user, by=administrator())
    user.refresh_from_db()
    assert (user.first_visit, user.first_visit_hidden_at, user.news_read_on) == ("", None, None)


def test_the_log_hears_nothing_of_it(founding):
    client = client_of(LeadFactory())
    before = AuditEvent.objects.count()
    client.get(f"{PAGE}structure/")
    client.post(PAGE, {"hide": "1"})
    assert AuditEvent.objects.count() == before


def test_a_visit_that_is_put_away_costs_nothing_where_one_lands(founding):
    user = LeadFactory()
    client = client_of(user)
    client.get("/espace/")
    shown = cost("/espace/", client)
    client.post(PAGE, {"hide": "1"})
    assert shown - cost("/espace/", client) == 1
