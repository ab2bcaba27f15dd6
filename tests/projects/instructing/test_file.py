"""The page of a file: what was handed in, what changed, the grid, each step with what it asks for."""

import datetime
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from cohesion.lib.dates import french_date
from cohesion.roles import ELECTED
from projects.choices import Criterion, ProjectStatus
from projects.models import Attachment, Decision, Message, Project, Remark, Review, TransitionLog
from tests.at_once import each_at_once
from tests.costs import cost
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    MembershipFactory,
    OfficerFactory,
    ProjectFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.pages import squeezed
from tests.projects.instructing.made import proposed
from tests.projects.instructing.posted import address, base_of, ruling, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission():
    return SubmissionFactory()


def test_what_was_handed_in_is_shown_page_by_page(officer_client, submission):
    page = squeezed(officer_client.get(address(submission.project)).text)
    for words in ("dépôt n°\u00a01", '<h3 id="titre-publics">Publics</h3>', "Personnes attendues", "12\xa0000\xa0€"):
        assert words in page
    assert "Ce qui a changé" not in page


def test_the_budget_stands_as_charges_facing_produits_with_totals_shares_and_what_is_asked(officer_client):
    budget = {
        "a-601": "3 000",
        "a-641": "9000",
        "a-756": "2000",
        "kind-0": "agglomeration",
        "requested-0": "4 000,00",
        "class-0": "specific",
        "state-0": "requested",
        "kind-1": "region",
        "requested-1": "5000",
        "funder-1": "Région",
    }
    shown = [["budget", "Budget", [["Total des charges", "12\xa0000\xa0€"]]]]
    project = SubmissionFactory(answers={"budget": budget}, shown=shown).project
    DeclarationFactory(project=project)
    page = squeezed(officer_client.get(address(project)).text)
    charges, produits = re.findall(r'<table class="side">.*?</table>', page)
    for words in ("25\xa0%", "75\xa0%", "12\u202f000\xa0€"):
        assert words in charges
    assert re.search(r'<tr class="asked"> ?<th scope="row"> ?L’agglomération.*?4\u202f000\xa0€.*?36\xa0%', produits)
    assert produits.count('class="asked"') == 1
    assert "11\u202f000\xa0€" in produits
    assert "il manque 1\u202f000\xa0€ de produits" in page


def test_what_changed_since_stands_with_both_values_beside_what_was_asked(officer_client, officer, submission):
    project = submission.project
    asked = Remark.objects.create(project=project, page="publics", text="Combien vraiment ?", by=officer)
    Remark.objects.filter(pk=asked.pk).update(answer="Nous avons recompté.", closed_at=timezone.now())
    shown = [
        ["publics", "Publics", [["Personnes attendues", "95"], ["Publics visés", "Familles"]]],
        submission.shown[1],
    ]
    SubmissionFactory(project=project, number=2, shown=shown)
    page = squeezed(officer_client.get(address(project)).text)
    assert "<del>120</del>" in page
    assert "<ins>95</ins>" in page
    assert "1\xa0réponse modifiée" in page
    assert page.index("Combien vraiment") < page.index("Nous avons recompté.") < page.index("<del>120</del>")


def test_a_text_that_was_handed_in_is_no_markup(officer_client):
    project = SubmissionFactory(shown=[["publics", "Publics", [["Qui", "<script>alert(1)</script>"]]]]).project
    assert "<script>alert" not in squeezed(officer_client.get(address(project)).text)


def test_each_step_is_offered_where_the_table_has_it(officer_client, submission):
    page = squeezed(officer_client.get(address(submission.project)).text)
    offered = [
        name
        for name in ("take_in", "admit", "return", "reject", "abandon", "review", "decide")
        if f'value="{name}"' in page
    ]
    assert offered == ["take_in", "admit", "return", "reject", "abandon"]


def test_a_step_is_taken_and_the_page_says_so(officer_client, submission):
    answer = officer_client.post(address(submission.project), step("admit", comment=""), follow=True)
    assert answer.redirect_chain == [(address(submission.project), 302)]
    assert "C’est fait : recevable." in squeezed(answer.text)
    assert Project.objects.get().status == ProjectStatus.ADMISSIBLE


def test_a_complement_is_asked_page_by_page(officer_client, submission):
    project = submission.project
    answer = officer_client.post(address(project), step("return", publics="", budget=" "))
    assert "une partie du formulaire au moins" in squeezed(answer.text)
    officer_client.post(address(project), step("return", publics="", budget="Joignez le devis."))
    assert list(Remark.objects.values_list("page", "text")) == [("budget", "Joignez le devis.")]


def test_a_complement_has_a_last_day_that_its_lead_reads_and_the_queue_watches(officer_client, submission):
    project = submission.project
    today = timezone.localdate()
    usual = (today + datetime.timedelta(days=15)).isoformat()
    assert f'name="return-due_on" value="{usual}"' in squeezed(officer_client.get(address(project)).text)
    for days in (-1, 0):  # the lead is reminded once before it
        early = step("return", budget="Le devis ?", due_on=(today + datetime.timedelta(days=days)).isoformat())
        assert "demain au plus tôt" in squeezed(officer_client.post(address(project), early).text)
    MembershipFactory(organization=project.organization)
    officer_client.post(address(project), step("return", budget="Le devis ?", publics="Qui ?", due_on=usual))
    assert [remark.due_on.isoformat() for remark in Remark.objects.all()] == [usual] * 2
    day = french_date(today + datetime.timedelta(days=15))
    assert f"Votre réponse est attendue le {day} au plus tard." in Message.objects.get().text
    assert f"Attendu le {day}." in squeezed(officer_client.get("/instruction/").text)
    Remark.objects.update(due_on=today - datetime.timedelta(days=1))
    queue = squeezed(officer_client.get("/instruction/?retard=1").text)
    assert f"Attendu le {french_date(today - datetime.timedelta(days=1))}, en retard." in queue
    assert '<span class="late">aujourd’hui' in queue


@pytest.mark.parametrize("etape", ["reject", "abandon"])
def test_a_refusal_without_a_reason_is_told_beside_its_field(officer_client, submission, etape):
    page = squeezed(officer_client.post(address(submission.project), step(etape, comment="  ")).text)
    assert f'href="#{etape}-comment">Dites pourquoi' in page
    assert Project.objects.get().status == ProjectStatus.SUBMITTED


def test_who_was_slower_is_told_and_finds_again_what_they_typed(officer_client, submission):
    project = submission.project
    Project.objects.update(status=ProjectStatus.IN_REVIEW)
    TransitionLog.objects.create(project=project, transition="review", source="admissible", target="in_review")
    page = squeezed(
        officer_client.post(address(project), step("reject", comment="Hors du périmètre.")).content.decode()
    )
    assert "déjà dans l’état « En instruction »" in page
    assert "Ce que vous aviez tapé" in page
    assert "Hors du périmètre." in page


@pytest.mark.parametrize("etape", ["", "submit", "zzz", "retain"])
def test_a_step_that_is_no_officers_here_does_nothing(officer_client, submission, etape):
    assert officer_client.post(address(submission.project), {"etape": etape}).status_code == 302
    assert not TransitionLog.objects.exists()


# --- the decision -------------------------------------------------------------------------------------------


def test_a_decision_is_entered(officer_client):
    project = proposed()
    typed = ruling(outcome="partly_retained", amount="4 000", deliberation="CC-2026-31")
    page = squeezed(officer_client.post(address(project), typed, follow=True).text)
    decision = Decision.objects.get()
    assert (decision.amount, decision.committee) == (Decimal(4000), project.review.committee)
    for words in ("C’est fait : retenue partiellement.", "délibération CC-2026-31", "4\u202f000\xa0€"):
        assert words in page


def test_a_decision_that_is_not_whole_keeps_what_was_typed(officer_client):
    project = proposed()
    page = squeezed(officer_client.post(address(project), ruling(outcome="retained", amount="9000")).text)
    assert "dépasse ce qui est demandé" in page
    assert "Indiquez la délibération" in page
    assert 'value="9000"' in page
    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_identical_posts_decide_once():
    project, officer = proposed(), OfficerFactory()
    clients = [Client() for _ in range(20)]
    for client in clients:
        client.force_login(officer)

    def press(client):
        typed = ruling(outcome="retained", amount="5000", deliberation="CC-1")
        return client.post(address(project), typed).status_code

    answers = each_at_once(press, clients)
    assert answers.count(302) == 1
    assert answers.count(200) == 19
    assert Decision.objects.count() == 1


# --- cost ---------------------------------------------------------------------------------------------------


def test_a_file_costs_the_same_whatever_it_holds(officer_client, officer, submission, node):
    project = submission.project
    DeclarationFactory(project=project)
    kept = {"organization": project.organization, "kind": "statutes", "size": 1, "content_type": "application/pdf"}

    def fill(number):
        for rank in range(number):
            TransitionLog.objects.create(
                project=project, transition="admit", source="submitted", target="admissible", by=officer
            )
            Remark.objects.create(project=project, page="budget", text="Quoi ?", by=officer)
            Attachment.objects.create(name=f"{rank}.pdf", digest="0" * 64, **kept)
            Decision.objects.create(project=project, outcome="adjourned", decided_on=timezone.localdate(), by=officer)
            CommitteeFactory()
            OfficerFactory()

    fill(2)
    officer_client.get(address(project))
    few = cost(address(project), officer_client)
    fill(20)
    assert cost(address(project), officer_client) == few
    assert few < 35


def test_elected_officials_read_the_notes_and_are_offered_nothing(client):
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    client.force_login(elected)
    project = proposed()
    page = squeezed(client.get(address(project)).text)
    for criterion in Criterion:
        assert criterion.label in page
    assert f'action="{address(project)}' not in page
    assert "Pièces" not in page
    assert client.post(address(project), ruling(outcome="refused", reason="Non")).status_code == 403
    assert not Decision.objects.exists()


WHOLE = {f"note_{criterion}": "3" for criterion in Criterion} | {"opinion": "favourable", "proposed_amount": "1000"}


def test_a_file_that_is_whole_goes_from_handed_in_to_the_committee_at_once_and_the_next_is_opened(officer_client):
    campaign = CampaignFactory()
    CommitteeFactory(campaign=campaign, held_on=timezone.localdate() + datetime.timedelta(days=7))
    files = [SubmissionFactory(project__status=ProjectStatus.SUBMITTED, project__code=code) for code in ("A-1", "A-2")]
    first, second = (submission.project for submission in files)
    for project in (first, second):
        DeclarationFactory(project=project, campaign=campaign)
    address = f"/instruction/{first.pk}/?suite={second.pk}"
    base = base_of(officer_client, first)
    assert "… et passer au suivant" in officer_client.get(address).text
    answer = officer_client.post(address, WHOLE | {"base": base, "etape": "propose_at_once-suivant"})
    assert answer.url.startswith(f"/instruction/{second.pk}/")
    first.refresh_from_db()
    assert first.status == ProjectStatus.PROPOSED
    assert list(first.log.order_by("pk").values_list("transition", flat=True)) == ["admit", "review", "propose"]


def test_a_file_that_lacks_something_takes_no_step_on_its_way_to_the_committee(officer_client, submission):
    Project.objects.update(status=ProjectStatus.SUBMITTED)
    answer = officer_client.post(f"/instruction/{submission.project_id}/", {"etape": "propose_at_once"})
    assert "il manque" in squeezed(answer.text)
    assert Project.objects.get().status == ProjectStatus.SUBMITTED
    assert not Project.objects.get().log.exists()


@pytest.mark.parametrize(
    ("opinion", "amount", "outcome"),
    [
        ("favourable", 5000, "retained"),
        ("favourable", 3000, "partly_retained"),
        ("reserved", None, ""),
        ("unfavourable", None, "refused"),
    ],
)
def test_the_decisions_of_a_meeting_begin_with_the_opinions_when_asked_and_nothing_is_written(
    officer_client, opinion, amount, outcome
):
    committee = CommitteeFactory()
    project = ProjectFactory(status=ProjectStatus.PROPOSED, requested=5000)
    Review.objects.create(project=project, committee=committee, opinion=opinion, proposed_amount=amount)
    address = f"/instruction/comite/{committee.pk}/"
    (line,) = officer_client.get(f"{address}?selon=avis").context["form"].lines
    assert line.form["outcome"].value() == outcome
    assert officer_client.get(address).context["form"].lines[0].form["outcome"].value() in (None, "")
    assert Project.objects.get().status == ProjectStatus.PROPOSED
