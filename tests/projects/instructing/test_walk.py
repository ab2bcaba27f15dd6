"""From a file to the next: the filters are kept, and what one does to a file never loses the place in the queue."""

import datetime
import re

import pytest
from django.utils import timezone

from projects.choices import ProjectStatus
from projects.models import Project, Review, TransitionLog
from tests.costs import cost
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    ProjectFactory,
    SubmissionFactory,
)
from tests.pages import squeezed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    """Three files that wait for the officers, the oldest first."""
    files = []
    for rank, title in enumerate(("Premier", "Deuxième", "Troisième")):
        project = SubmissionFactory(project__title=title).project
        log = TransitionLog.objects.create(project=project, transition="submit", source="draft", target="submitted")
        TransitionLog.objects.filter(pk=log.pk).update(at=timezone.now() - datetime.timedelta(days=30 - rank))
        files.append(project)
    return files


def following(page):
    """Where « Dossier suivant » leads, and what it says; nothing without."""
    link = re.search(r'<a class="next" href="([^"]*)">[^<]*<span class="hidden">\W*([^<]*)</span>', squeezed(page.text))
    return link and (link[1].replace("&amp;", "&"), link[2])


def test_the_next_file_is_the_one_that_follows_and_the_last_leads_to_the_first(officer_client, waiting):
    first, second, third = waiting
    ProjectFactory(status="running", title="En cours")
    assert following(officer_client.get(f"/instruction/{first.pk}/")) == (f"/instruction/{second.pk}/", "Deuxième")
    page = officer_client.get(f"/instruction/{third.pk}/")
    assert following(page) == (f"/instruction/{first.pk}/", "Premier")
    assert "3 sur 3 à traiter" in squeezed(page.text)


def test_the_filters_of_the_queue_are_kept_from_file_to_file(officer_client, officer, waiting):
    first, _, third = waiting
    for project in (first, third):
        Review.objects.create(project=project, assigned_to=officer)
    queue = squeezed(officer_client.get("/instruction/?qui=moi").text)
    assert f'<a href="/instruction/{first.pk}/?qui=moi">Premier</a>' in queue
    assert f'<a class="btn small" href="/instruction/{first.pk}/?qui=moi">' in queue  # « Prendre le premier »
    page = officer_client.get(f"/instruction/{first.pk}/?qui=moi")
    assert following(page) == (f"/instruction/{third.pk}/?qui=moi", "Troisième")
    assert 'href="/instruction/?qui=moi"' in squeezed(page.text)


def test_a_step_that_takes_a_file_out_of_the_list_keeps_the_place(officer_client, waiting):
    _, second, third = waiting
    page = squeezed(officer_client.get(f"/instruction/{second.pk}/?tri=montant&etat=submitted").text)
    action = re.search(r'id="dossier" method="post" action="([^"]*)"', page)[1].replace("&amp;", "&")
    assert f"suite={third.pk}" in action
    taken = officer_client.post(action, {"etape": "admit", "admit-comment": ""}, follow=True)
    assert taken.redirect_chain == [(action, 302)]
    assert Project.objects.get(pk=second.pk).status == ProjectStatus.ADMISSIBLE
    assert following(taken) == (f"/instruction/{third.pk}/?etat=submitted&tri=montant", "Troisième")


def test_one_click_keeps_the_grid_and_goes_on_to_the_next_file(officer_client, waiting):
    first, second, _ = waiting
    for project in waiting:
        project.status = ProjectStatus.IN_REVIEW
        project.save()
    page = officer_client.get(f"/instruction/{first.pk}/?etat=in_review")
    action = re.search(r'id="dossier" method="post" action="([^"]*)"', squeezed(page.text))[1].replace("&amp;", "&")
    typed = filled(page, "#dossier") | {"etape": "grille-suivant", "text": "Solide."}
    following_page = officer_client.post(action, typed, follow=True)
    assert following_page.redirect_chain == [(f"/instruction/{second.pk}/?etat=in_review", 302)]
    assert f"L’instruction de « {first.title} » est enregistrée." in following_page.text.replace("\xa0", " ")
    assert first.review.text == "Solide."
    refused = officer_client.post(action, typed | {"proposed_amount": "beaucoup"})
    assert refused.status_code == 200  # what is wrong is mended on its own page


@pytest.mark.parametrize("suite", ["", "0", "zzz", "999999", "-1"])
def test_an_address_that_somebody_made_up_leads_to_the_first(officer_client, waiting, suite):
    other = ProjectFactory(status="refused")
    page = officer_client.get(f"/instruction/{other.pk}/?suite={suite}")
    assert following(page)[1] == "Premier"


def test_where_nothing_waits_it_is_said(officer_client):
    page = squeezed(officer_client.get(f"/instruction/{ProjectFactory(status='closed').pk}/").text)
    assert "Aucun autre dossier n’attend ici." in page


def test_a_file_costs_the_same_in_a_queue_of_three_and_of_thirty(officer_client, waiting):
    address = f"/instruction/{waiting[0].pk}/"
    officer_client.get(address)
    few = cost(address, officer_client)
    for _ in range(27):
        SubmissionFactory()
    assert cost(address, officer_client) == few


# --- fewer steps --------------------------------------------------------------------------------------------


def test_admissible_and_taken_in_hand_are_one_button_and_two_steps_of_the_log(officer_client, officer):
    campaign = CampaignFactory()
    project = SubmissionFactory().project
    DeclarationFactory(project=project, campaign=campaign)
    CommitteeFactory(campaign=campaign)  # was held
    to_come = CommitteeFactory(campaign=campaign, held_on=timezone.localdate() + datetime.timedelta(days=9))
    officer_client.post(f"/instruction/{project.pk}/", {"etape": "take_in", "take_in-comment": "Complet."})
    assert Project.objects.get().status == ProjectStatus.IN_REVIEW
    assert list(TransitionLog.objects.order_by("pk").values_list("transition", "comment")) == [
        ("admit", "Complet."),
        ("review", ""),
    ]
    review = Review.objects.get()
    assert (review.assigned_to, review.committee) == (officer, to_come)


def test_between_two_meetings_to_come_the_officer_chooses(officer_client):
    campaign = CampaignFactory()
    project = SubmissionFactory(project__status="admissible").project
    DeclarationFactory(project=project, campaign=campaign)
    for days in (9, 40):
        CommitteeFactory(campaign=campaign, held_on=timezone.localdate() + datetime.timedelta(days=days))
    officer_client.post(f"/instruction/{project.pk}/", {"etape": "review", "review-comment": ""})
    assert Review.objects.get().committee is None


def test_what_came_next_still_does_after_a_step_that_leaves_the_file_in_the_queue(officer_client, waiting):
    first, second, _ = waiting
    ProjectFactory(status="report_received", title="Bilan d’avant")
    page = officer_client.get(f"/instruction/{first.pk}/")
    address = re.search(r'action="([^"]*suite=[^"]*)"', page.text)[1].replace("&amp;", "&")
    Project.objects.filter(pk=first.pk).update(status=ProjectStatus.IN_REVIEW)
    TransitionLog.objects.create(project=first, transition="review", source="admissible", target="in_review")
    assert following(officer_client.get(address)) == (f"/instruction/{second.pk}/", "Deuxième")
