"""Each step is told to the other side, once a reader, and never to its author."""

import datetime
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.catalogue.steps import step, step_taken
from projects.catalogue.workflow import TABLE, Who
from projects.choices import MailFrequency, ProjectStatus
from projects.instructing import assigning
from projects.instructing.grid import Notes, read_review, save_review
from projects.messaging.wording import RECEIPTS, TO_LEADS, TO_OFFICERS
from projects.models import Committee, Decision, MailChoice, Message, Remark, Review, TransitionLog
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
    this_year,
)

pytestmark = pytest.mark.django_db


def take(project, name, by, **options):
    with step(project, name, by=by, **{"comment": "Parce que", **options}):
        pass
    return Message.objects.exclude(key__startswith="receipt:").order_by("pk")


def a_file(status, **declared):
    """A project with its declaration, and somebody who acts for its lead."""
    declared.setdefault("campaign", CampaignFactory())
    declaration = DeclarationFactory(project=ProjectFactory(status=status, title="Jardin partagé"), **declared)
    return declaration.project, MembershipFactory(organization=declaration.project.organization).user


def test_every_step_of_the_table_has_its_words():
    officers = {one.name for one in TABLE if one.who in (Who.OFFICER, Who.BOTH) and one.is_told}
    leads = {one.name for one in TABLE if one.who in (Who.LEAD, Who.BOTH)}
    assert set(TO_LEADS) == officers
    assert set(TO_OFFICERS) == leads


def plain(text):
    """With ordinary spaces, for what a test looks for."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


BREAKABLE = re.compile(r" [:;!?»]|« |['\"]")


@pytest.mark.parametrize("name", TO_LEADS)
def test_what_officers_do_is_told_to_each_member_of_the_lead(name):
    transition = next(one for one in TABLE if one.name == name)
    project, member = a_file(transition.sources[0])
    other = MembershipFactory(organization=project.organization).user
    MembershipFactory()  # of another organisation
    told = take(project, name, OfficerFactory())
    assert {message.user for message in told} == {member, other}
    for message in told:
        assert "Jardin partagé" in message.title
        assert message.text
        assert "{" not in message.title + message.text
        assert not BREAKABLE.search(message.title + message.text), "typographie"
        page = "bilans" if transition.target == ProjectStatus.REPORT_DUE else "declarations"
        assert message.path == f"/espace/{page}/{project.pk}/"
        assert message.project == project
        assert message.mailed


@pytest.mark.parametrize("name", RECEIPTS)
def test_what_is_handed_in_is_acknowledged_to_all_who_act_for_the_lead_its_author_included(name):
    transition = next(one for one in TABLE if one.name == name)
    project, member = a_file(transition.sources[-1])
    other = MembershipFactory(organization=project.organization).user
    take(project, name, member, organization=project.organization)
    receipts = Message.objects.filter(key__startswith="receipt:")
    assert {one.user for one in receipts} == {member, other}
    for one in receipts:
        assert project.code in one.text
        assert "{" not in one.title + one.text
        assert not BREAKABLE.search(one.title + one.text), "typographie"
        assert one.path.startswith("/espace/")


@pytest.mark.parametrize("name", TO_OFFICERS)
def test_what_leads_do_is_told_to_every_officer_while_nobody_has_the_file(name):
    officers = {OfficerFactory(), OfficerFactory()}
    OfficerFactory(is_active=False)
    UserFactory(is_superuser=True, is_staff=True)  # an administrator is no officer
    transition = next(one for one in TABLE if one.name == name)
    project, member = a_file(next(one for one in transition.sources if one != ProjectStatus.DRAFT or name == "submit"))
    told = take(project, name, member, organization=project.organization)
    assert {message.user for message in told} == officers
    assert {message.path for message in told} == {f"/instruction/{project.pk}/"}
    assert project.organization.name in told[0].text
    assert not BREAKABLE.search(told[0].title + told[0].text), "typographie"


def test_the_officer_who_has_the_file_is_told_alone():
    mine, _ = OfficerFactory(), OfficerFactory()
    project, member = a_file(ProjectStatus.TO_COMPLETE)
    Review.objects.create(project=project, assigned_to=mine)
    told = take(project, "resubmit", member, organization=project.organization)
    assert [message.user for message in told] == [mine]


def test_when_the_officer_who_had_the_file_is_gone_all_are_told():
    gone, officers = OfficerFactory(is_active=False), {OfficerFactory(), OfficerFactory()}
    project, member = a_file(ProjectStatus.TO_COMPLETE)
    Review.objects.create(project=project, assigned_to=gone)
    told = take(project, "resubmit", member, organization=project.organization)
    assert {message.user for message in told} == officers


def test_without_any_officer_administrators_are_told():
    administrator = UserFactory(is_superuser=True, is_staff=True)
    project, member = a_file(ProjectStatus.DRAFT)
    told = take(project, "submit", member, organization=project.organization)
    assert [message.user for message in told] == [administrator]


def test_nobody_is_told_of_what_they_did_themselves():
    project, member = a_file(ProjectStatus.SUBMITTED)
    officer = OfficerFactory()
    MembershipFactory(user=officer, organization=project.organization)
    told = take(project, "admit", officer)
    assert [message.user for message in told] == [member]


def test_a_draft_that_its_lead_gives_up_is_told_to_nobody():
    OfficerFactory()
    project, member = a_file(ProjectStatus.DRAFT)
    assert not take(project, "abandon", member, organization=project.organization)


def test_the_same_step_is_never_told_twice():
    project, _ = a_file(ProjectStatus.SUBMITTED)
    take(project, "admit", OfficerFactory())
    step_taken.send(sender=type(project), log=TransitionLog.objects.get())
    assert Message.objects.count() == 1


def test_a_step_that_is_undone_is_not_told():
    project, _ = a_file(ProjectStatus.SUBMITTED)
    with pytest.raises(ValidationError), step(project, "admit", by=OfficerFactory()):
        raise ValidationError("Il manque quelque chose.")
    assert not Message.objects.exists()


# --- who cannot be told -------------------------------------------------------------------------------------


def test_without_an_account_the_organisation_is_written_to():
    organization = OrganizationFactory(email="contact@structure.test")
    MembershipFactory(organization=organization, user__is_active=False)
    told = take(ProjectFactory(status="submitted", organization=organization), "admit", OfficerFactory())
    assert [(message.user, message.email) for message in told] == [(None, "contact@structure.test")]


def test_when_no_account_has_an_address_the_organisation_is_written_to_as_well():
    organization = OrganizationFactory(email="contact@structure.test")
    member = MembershipFactory(organization=organization, user__email="").user
    told = take(ProjectFactory(status="submitted", organization=organization), "admit", OfficerFactory())
    assert [(message.user, message.email, message.mailed) for message in told] == [
        (member, "", False),
        (None, "contact@structure.test", True),
    ]


def test_when_nobody_can_be_told_officers_learn_it_their_author_included(settings):
    settings.CONTACT_EMAIL = "programme@agglo.test"
    author, colleague = OfficerFactory(), OfficerFactory()
    project = ProjectFactory(status="submitted", organization__name="Amicale sans adresse")
    told = take(project, "admit", author)
    assert [message.user or message.email for message in told] == [author, colleague, "programme@agglo.test"]
    assert {message.path for message in told} == {f"/instruction/{project.pk}/"}
    for message in told:
        assert "Amicale sans adresse" in message.text
        assert "« Recevable »" in plain(message.text)


def test_who_wants_no_mail_is_told_in_the_application_only():
    project, member = a_file(ProjectStatus.SUBMITTED)
    MailChoice.objects.create(user=member, frequency=MailFrequency.NEVER)
    assert [message.mailed for message in take(project, "admit", OfficerFactory())] == [False]


# --- what is said -------------------------------------------------------------------------------------------


def test_a_return_says_how_many_demands_wait():
    project, _ = a_file(ProjectStatus.SUBMITTED)
    officer = OfficerFactory()
    for page in ("budget", "lieux"):
        Remark.objects.create(project=project, page=page, text="Précisez", by=officer)
    (message,) = take(project, "return", officer)
    assert plain(message.title) == "À compléter : Jardin partagé"
    assert "2 demandes vous attendent." in plain(message.text)


def test_a_decision_says_the_amount_the_deliberation_and_when_the_report_is_due():
    project, _ = a_file(ProjectStatus.PROPOSED)
    officer = OfficerFactory()
    with step(project, "retain", by=officer) as locked:
        Decision.objects.create(
            project=locked,
            outcome=ProjectStatus.RETAINED,
            amount=Decimal(12500),
            deliberation="2027-04-15",
            decided_on=datetime.date(2027, 4, 15),
            by=officer,
        )
        locked.granted = Decimal(12500)
    message = Message.objects.get()
    assert "Montant accordé : 12 500 €." in plain(message.text)
    assert "Délibération : 2027-04-15." in plain(message.text)
    assert f"30 juin {this_year() + 2}" in plain(message.text)


@pytest.mark.parametrize("name", TO_LEADS)
def test_an_officers_comment_is_repeated_only_where_the_step_asks_for_one(name):
    transition = next(one for one in TABLE if one.name == name)
    project, _ = a_file(transition.sources[0])
    (message,) = take(project, name, OfficerFactory(), comment="À surveiller.")
    assert ("À surveiller." in message.text) == ("comment" in transition.needs)


def test_a_proposal_says_the_day_of_the_committee():
    project, _ = a_file(ProjectStatus.IN_REVIEW)
    committee = Committee.objects.create(name="Comité d’avril", held_on=datetime.date(2027, 4, 1))
    Review.objects.create(project=project, committee=committee)
    (message,) = take(project, "propose", OfficerFactory())
    assert "1ᵉʳ avril 2027" in plain(message.text)


def test_a_sentence_whose_fact_is_unknown_is_left_out():
    project, _ = a_file(ProjectStatus.IN_REVIEW, campaign=None)
    (message,) = take(project, "propose", OfficerFactory())
    assert "se réunit" not in message.text
    assert "Vous serez prévenu" in message.text


def test_officers_are_told_until_when():
    OfficerFactory()
    project, member = a_file(ProjectStatus.DRAFT, campaign=CampaignFactory(name="Appel 2027", late_after_days=0))
    (message,) = take(project, "submit", member, organization=project.organization)
    assert "Appel : Appel 2027." in plain(message.text)
    assert "sera compté en retard" in message.text


def test_what_people_typed_is_never_read_as_a_fact():
    project, _ = a_file(ProjectStatus.SUBMITTED)
    project.title = "Atelier {contact}"
    project.save()
    (message,) = take(project, "reject", OfficerFactory(), comment="Voir {amount} et {0}")
    assert "Atelier {contact}" in message.title
    assert "Voir {amount} et {0}" in message.text


def test_telling_costs_the_same_for_one_member_and_for_ten():
    costs = []
    for members in (1, 10):
        project, _ = a_file(ProjectStatus.SUBMITTED)
        for _ in range(members - 1):
            MembershipFactory(organization=project.organization)
        officer = OfficerFactory()
        with CaptureQueriesContext(connection) as captured:
            take(project, "admit", officer)
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_a_colleague_hears_once_which_files_they_were_given_and_nobody_of_their_own(officer):
    colleague = OfficerFactory(first_name="Agnès")
    first, second = ProjectFactory(title="Un", status="submitted"), ProjectFactory(title="Deux", status="in_review")
    seen = {str(first.pk): "", str(second.pk): ""}
    assigning.assign(seen=seen, to=colleague, by=officer)
    message = Message.objects.get()
    assert (message.user, message.path) == (colleague, "/instruction/?qui=moi")
    assert message.title == f"2\u00a0dossiers vous sont confiés par {officer.display_name}"
    assert message.text.splitlines()[1:] == [f"Un ({first.code})", f"Deux ({second.code})"]
    # Again, to oneself, and through the grid of one file.
    assigning.assign(seen=dict.fromkeys(seen, str(colleague.pk)), to=colleague, by=officer)
    assigning.assign(seen={str(first.pk): str(colleague.pk)}, to=officer, by=officer)
    assert Message.objects.count() == 1
    review = read_review(second)
    for _ in range(2):
        written = replace(Notes.of(review), assigned_to=officer)
        save_review(second, written=written, base=Notes.of(review).answers, by=colleague)
    assert Message.objects.get(user=officer).path == f"/instruction/{second.pk}/"
