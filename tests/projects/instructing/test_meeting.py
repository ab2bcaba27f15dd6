"""The decisions of a meeting: in one form or by the committee's spreadsheet, all or none, each error in its place."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from projects.choices import ProjectStatus
from projects.instructing import deciding, sheet
from projects.instructing.deciding import Ruling
from projects.instructing.waiting import waiting
from projects.models import Decision, Project, Review
from tests.costs import cost
from tests.factories import CampaignFactory, CommitteeFactory, DeclarationFactory, OfficerFactory, ProjectFactory
from tests.pages import squeezed
from tests.projects.instructing.committees import DAY, address, decisions, line
from tests.projects.instructing.made import proposed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def committee():
    return CommitteeFactory(held_on=DAY)


# --- the form -----------------------------------------------------------------------------------------------


def test_the_lines_that_say_something_are_decided_together(officer_client, committee):
    kept, part, left = (proposed(committee=committee, code=f"D-{rank}") for rank in range(3))
    typed = {
        "decided_on": DAY.isoformat(),
        "deliberation": "CC-2026-31",
        **line(kept, "retained", "5 000"),
        **line(part, "partly_retained", "3000,50", deliberation="CC-2026-32"),
        **line(left),
    }
    page = squeezed(officer_client.post(address(committee), typed, follow=True).text)
    assert "2\xa0décisions saisies" in page
    assert decisions() == [
        ("D-0", "retained", Decimal(5000), "CC-2026-31"),
        ("D-1", "partly_retained", Decimal("3000.50"), "CC-2026-32"),
    ]
    assert list(sheet.proposals(committee)) == [left]


def test_one_bad_line_and_nothing_is_decided_nor_lost(officer_client, committee):
    good, dear, silent = (proposed(committee=committee) for _ in range(3))
    typed = {
        "decided_on": DAY.isoformat(),
        "deliberation": "CC-1",
        **line(good, "retained", "5000"),
        **line(dear, "retained", "6000"),
        **line(silent, "refused"),
    }
    page = squeezed(officer_client.post(address(committee), typed).text)
    assert not Decision.objects.exists()
    assert f'href="#id_p{dear.pk}-amount">{dear.code}</a>\u00a0: Le montant accordé dépasse' in page
    assert f'href="#id_p{silent.pk}-reason">{silent.code}</a>\u00a0: Dites pourquoi' in page
    assert 'value="6000"' in page
    assert DAY.isoformat() in page
    assert f">{good.code}</a> :" not in page


def test_a_line_with_an_amount_and_no_decision_is_not_left_silently(officer_client, committee):
    project = proposed(committee=committee)
    page = officer_client.post(address(committee), {"decided_on": DAY.isoformat(), **line(project, amount="10")})
    assert "Choisissez une décision, ou videz la ligne" in squeezed(page.text)


def test_a_form_that_says_nothing_is_told(officer_client, committee):
    project = proposed(committee=committee)
    page = squeezed(
        officer_client.post(address(committee), {"decided_on": DAY.isoformat(), **line(project)}).content.decode()
    )
    assert "Aucune décision n’est saisie" in page


def test_a_line_that_a_colleague_decided_meanwhile_is_told_and_the_others_wait(officer_client, committee):
    taken, mine = proposed(committee=committee), proposed(committee=committee)
    deciding.decide(taken, Ruling("refused", TODAY(), reason="Non"), by=OfficerFactory(first_name="Agnès"))
    typed = {
        "decided_on": DAY.isoformat(),
        "deliberation": "CC-1",
        **line(taken, "retained", "5000"),
        **line(mine, "retained", "5000"),
    }
    page = squeezed(officer_client.post(address(committee), typed).text)
    assert "déjà dans l’état « Refusée »" in page
    assert Project.objects.get(pk=mine.pk).status == ProjectStatus.PROPOSED


def test_only_what_is_before_this_committee_is_decided_here(officer_client, committee):
    other = proposed()
    typed = {"decided_on": DAY.isoformat(), "deliberation": "CC-1", **line(other, "retained", "5000")}
    page = squeezed(officer_client.post(address(committee), typed).text)
    assert "n’est plus devant ce comité" in page
    assert 'value="5000"' in page
    assert not Decision.objects.exists()


def test_a_meeting_costs_the_same_for_two_files_and_for_twenty(officer_client, committee, officer):
    def fill(number):
        for rank in range(number):
            project = proposed(committee=committee)
            if rank % 2:
                deciding.decide(project, Ruling("refused", TODAY(), reason="Non", committee=committee), by=officer)

    fill(2)
    officer_client.get(address(committee))
    few = cost(address(committee), officer_client)
    fill(18)
    assert cost(address(committee), officer_client) == few


# --- the envelope -------------------------------------------------------------------------------------------


def facts(page):
    """The sums at the top of the meeting, by what they are called; those that need a script apart."""
    listed = re.findall(r"<div><dt>([^<]*)</dt> ?<dd>(.*?)</dd></div>", squeezed(page.text))
    return {label: squeezed(re.sub(r"<[^>]*>", " ", words)).strip() for label, words in listed}


def test_the_envelope_is_followed_line_by_line_and_after_each_saving(officer_client):
    campaign = CampaignFactory(budget=Decimal(10_000))
    meeting = CommitteeFactory(campaign=campaign, held_on=DAY)
    projects = []
    for rank, amount in enumerate((4000, 3000, 5000)):
        project = proposed(committee=meeting, code=f"E-{rank}", requested=Decimal(amount + 500))
        DeclarationFactory(project=project, campaign=campaign)
        Review.objects.filter(project=project).update(proposed_amount=Decimal(amount))
        projects.append(project)
    elsewhere = ProjectFactory(status="running", granted=Decimal(1000))
    DeclarationFactory(project=elsewhere, campaign=campaign)
    page = officer_client.get(address(meeting))
    assert facts(page)["Enveloppe de l’appel"] == "10\u202f000\xa0€"
    assert facts(page)["Déjà accordé"].startswith("1\u202f000\xa0€")
    assert facts(page)["Reste"] == "9\u202f000\xa0€"
    assert facts(page)["Demandé, devant le comité"] == "13\u202f500\xa0€"
    assert facts(page)["Proposé"] == "12\u202f000\xa0€"
    assert facts(page)["Reste si tout est accordé comme proposé"] == "dépassée de 3\u202f000\xa0€"
    running = re.findall(r'<span class="soft">((?:reste|enveloppe) [^<]*)</span>', squeezed(page.text))
    assert running == ["reste 5\u202f000\xa0€", "reste 2\u202f000\xa0€", "enveloppe dépassée de 3\u202f000\xa0€"]
    typed = {
        "decided_on": DAY.isoformat(),
        **line(projects[0], "retained", "4500", "CC-1"),
        **line(projects[2], "refused", reason="Hors de l’enveloppe."),
    }
    saved = officer_client.post(address(meeting), typed, follow=True)
    assert facts(saved)["Reste"] == "4\u202f500\xa0€"
    assert facts(saved)["Reste si tout est accordé comme proposé"] == "1\u202f500\xa0€"


def test_a_meeting_of_no_call_has_no_envelope_and_says_what_it_granted(officer_client, committee):
    project = proposed(committee=committee)
    typed = {"decided_on": DAY.isoformat(), **line(project, "retained", "5000", "CC-1")}
    page = officer_client.post(address(committee), typed, follow=True)
    assert facts(page)["Déjà accordé"] == "5\u202f000\xa0€"
    assert "Reste" not in facts(page)


def test_what_a_call_grants_is_the_same_before_and_after_the_decision_and_its_link_lists_it(officer_client, officer):
    campaign, other = CampaignFactory(budget=Decimal(10_000)), CampaignFactory()
    meeting = CommitteeFactory(campaign=campaign, held_on=DAY)
    answering, of_none, of_other, adjourned = (proposed(committee=meeting, code=f"E-{rank}") for rank in range(4))
    DeclarationFactory(project=answering, campaign=campaign)
    DeclarationFactory(project=of_other, campaign=other)
    Review.objects.exclude(project=adjourned).update(proposed_amount=Decimal(2000))
    followed = facts(officer_client.get(address(meeting)))["Reste si tout est accordé comme proposé"]
    assert followed == "4\u202f000\xa0€"
    typed = {"decided_on": DAY.isoformat(), "deliberation": "CC-1", **line(adjourned, "adjourned", reason="Plus tard.")}
    for project in (answering, of_none, of_other):
        typed |= line(project, "partly_retained", "2000")
    saved = officer_client.post(address(meeting), typed, follow=True)
    assert facts(saved)["Déjà accordé"].startswith("6\u202f000\xa0€")
    assert facts(saved)["Reste"] == followed
    # Granted later by another body, what this one adjourned is no expense of its call.
    adjourned.refresh_from_db()
    later = Ruling("retained", TODAY(), amount=Decimal(500), deliberation="CC-9")
    deciding.decide(adjourned, later, by=officer)
    link = re.search(r'href="([^"]*enveloppe=[^"]*)"', saved.text)
    listed = officer_client.get(link[1]).context["page"]
    assert {project.code for project in listed.object_list} == {"E-0", "E-1", "E-2"}
    assert facts(officer_client.get(address(meeting)))["Reste"] == followed


def test_a_pst_asks_again_what_its_actions_ask_and_is_granted_beside_them(officer_client, officer):
    campaign = CampaignFactory(budget=Decimal(25_000))
    meeting = CommitteeFactory(campaign=campaign, held_on=TODAY())
    pst = proposed(committee=meeting, code="E-0", kind="pst", requested=Decimal(10_000))
    part = proposed(committee=meeting, code="E-1", host=pst, requested=Decimal(10_000))
    Review.objects.filter(project=pst).update(proposed_amount=Decimal(10_000))
    Review.objects.filter(project=part).update(proposed_amount=Decimal(1000))
    page = officer_client.get(address(meeting))
    assert facts(page)["Demandé, devant le comité"] == "10\u202f000\xa0€"
    assert facts(page)["Proposé"] == "11\u202f000\xa0€"
    assert facts(page)["Reste si tout est accordé comme proposé"] == "14\u202f000\xa0€"
    running = re.findall(r'<span class="soft">(reste [^<]*)</span>', squeezed(page.text))
    assert running == ["reste 15\u202f000\xa0€", "reste 14\u202f000\xa0€"]
    coming = waiting(officer).coming
    assert (coming.ready, coming.proposed) == (2, 11_000)
    typed = {"decided_on": TODAY().isoformat(), "deliberation": "CC-1", **line(pst, "retained", "10000")}
    saved = officer_client.post(address(meeting), typed | line(part, "retained", "1000"), follow=True)
    assert facts(saved)["Déjà accordé"].startswith("11\u202f000\xa0€")
    assert facts(saved)["Reste"] == "14\u202f000\xa0€"


def test_the_amount_begins_with_what_is_proposed_and_says_nothing_alone(officer_client, committee):
    projects = [proposed(committee=committee, code=f"P-{rank}") for rank in range(3)]
    Review.objects.update(proposed_amount=Decimal("4000.50"))
    form = filled(officer_client.get(address(committee)), "#contenu form")
    assert form[f"p{projects[0].pk}-amount"] == ["4000,50"]
    # Refused, it is set aside; without a decision it is not one, even where a colleague proposes otherwise meanwhile.
    Review.objects.filter(project=projects[2]).update(proposed_amount=Decimal(10))
    typed = form | {
        f"p{projects[0].pk}-outcome": "partly_retained",
        f"p{projects[0].pk}-deliberation": "CC-1",
        f"p{projects[1].pk}-outcome": "refused",
        f"p{projects[1].pk}-reason": "Hors du périmètre.",
    }
    officer_client.post(address(committee), typed)
    assert decisions() == [
        ("P-0", "partly_retained", Decimal("4000.50"), "CC-1"),
        ("P-1", "refused", None, ""),
    ]


def test_a_meeting_costs_the_same_with_two_files_and_with_twenty(officer_client):
    campaign = CampaignFactory(budget=Decimal(10_000))
    meeting = CommitteeFactory(campaign=campaign)

    def fill(number):
        for _ in range(number):
            DeclarationFactory(project=proposed(committee=meeting), campaign=campaign)

    fill(2)
    officer_client.get(address(meeting))
    few = cost(address(meeting), officer_client)
    fill(18)
    assert cost(address(meeting), officer_client) == few
