"""The grid of a file: kept as one types and with any button, merged field by field."""

import datetime
import re
from decimal import Decimal

import pytest
from django.test import Client

from cohesion.lib.dates import french_date
from cohesion.together.merging import unseal
from projects.choices import ProjectStatus
from projects.models import Project, Review, TransitionLog
from tests.factories import (
    CommitteeFactory,
    OfficerFactory,
    ProjectFactory,
    SubmissionFactory,
)
from tests.pages import squeezed
from tests.projects.instructing.made import proposed
from tests.projects.instructing.posted import address, base_of, grid, read_form, step, while_typing
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission():
    return SubmissionFactory()


def test_the_grid_is_kept_and_shown_again(officer_client, officer, submission):
    committee = CommitteeFactory()
    typed = grid(
        note_fit="4",
        comment_fit="Au cœur de l’axe 5.",
        opinion="reserved",
        proposed_amount="4 000,50 €",
        committee=committee.pk,
        assigned_to=officer.pk,
        text="Bien.",
    )
    officer_client.post(address(submission.project), typed)
    review = Review.objects.get()
    assert (review.proposed_amount, review.opinion, review.committee) == (Decimal("4000.50"), "reserved", committee)
    page = squeezed(officer_client.get(address(submission.project)).text)
    assert 'value="4000,50"' in page
    assert "checked" in re.search(r'<input[^>]*name="note_fit" value="4"[^>]*>', page)[0]


def test_a_conflict_on_the_grid_is_told_field_by_field_and_nothing_typed_is_lost(officer_client, submission):
    project, colleague = submission.project, OfficerFactory(first_name="Agnès", last_name="Morel")
    officer_client.post(address(project), grid(note_fit="2", text="Premier état"))
    other = Client()
    other.force_login(colleague)
    theirs = grid(base_of(other, project), note_fit="4", text="De la collègue", opinion="favourable")
    other.post(address(project), theirs)
    page = squeezed(officer_client.post(address(project), grid("gâté", note_fit="1", text="De moi")).text)
    conflict = page[page.index('class="conflict"') : page.index("</table>", page.index('class="conflict"'))]
    assert "Agnès Morel" in conflict
    for row in (
        '<th scope="row">Motivation de l’avis</th><td>De la collègue</td><td>De moi</td>',
        '<th scope="row">Note : Adéquation aux priorités</th><td>4</td><td>1</td>',
        '<th scope="row">Avis</th><td>Favorable</td><td>(vide)</td>',
    ):
        assert row in conflict
    assert "Observation" not in conflict
    assert ">\nDe moi</textarea>" in page
    assert Review.objects.get().text == "De la collègue"
    shown = re.search(r'name="base" value="([^"]+)"', page)[1]
    assert unseal(shown)["text"] == "De la collègue"
    officer_client.post(address(project), grid(shown, note_fit="1", text="De moi"))
    assert Review.objects.get().text == "De moi"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"proposed_amount": "beaucoup"}, "Ce n’est pas un montant"),
        ({"proposed_amount": "1e9"}, "Ce n’est pas un montant"),
        ({"proposed_amount": "-3"}, "pas négatif"),
        ({"proposed_amount": "6000"}, "dépasse ce qui est demandé"),
        ({"note_fit": "5"}, "Sélectionnez un choix valide"),
        ({"text": "a\x07b"}, "caractère invisible"),
    ],
)
def test_what_cannot_be_kept_in_the_grid_is_told_and_stays_typed(officer_client, typed, sentence):
    project = ProjectFactory(status="in_review", requested=Decimal(5000))
    page = squeezed(officer_client.post(address(project), grid(comment_fit="À garder", **typed)).text)
    assert sentence in page
    assert "À garder" in page
    assert not Review.objects.exists()


def test_a_grid_sent_after_the_proposal_is_not_lost(officer_client):
    project = proposed()
    page = squeezed(officer_client.post(address(project), grid(text="Tapé trop tard")).text)
    assert "reprenez-la d’abord" in page
    assert "Tapé trop tard" in page


def test_what_is_missing_before_the_committee_is_said(officer_client):
    project = ProjectFactory(status="in_review")
    page = squeezed(officer_client.get(address(project)).text)
    assert "Il manque encore" in page
    refused = squeezed(officer_client.post(address(project), step("propose", comment="")).text)
    assert "Avant de proposer au comité, il manque" in refused


def test_the_grid_is_kept_as_it_is_typed_and_says_what_it_is_now(officer_client, submission):
    project = submission.project
    read = read_form(officer_client, project)
    status, told = while_typing(officer_client, project, **read)
    assert (status, Review.objects.count()) == (200, 0)  # nothing was typed in it
    status, told = while_typing(officer_client, project, **read | {"text": "Bien."})
    assert (status, Review.objects.get().version, told["clashes"], told["taken"]) == (200, 1, 0, 0)
    status, _ = while_typing(officer_client, project, **read | {"text": "Bien.", "base": told["base"]})
    assert (status, Review.objects.get().version) == (200, 1)  # nothing new is no new version
    assert Review.objects.get().text == "Bien."
    assert not TransitionLog.objects.exists()


def test_what_cannot_be_kept_as_one_types_is_said_and_the_rest_waits_for_it(officer_client, submission):
    project = submission.project
    read = read_form(officer_client, project)
    status, told = while_typing(officer_client, project, **read | {"proposed_amount": "beaucoup", "text": "Bien."})
    assert status == 422
    assert "Montant proposé (€) : Ce n’est pas un montant" in told["error"]
    assert not Review.objects.exists()
    status, told = while_typing(officer_client, proposed(), **read | {"text": "Trop tard"})
    assert status == 422
    assert "reprenez-la d’abord" in told["error"]


def test_two_officers_who_type_in_different_fields_lose_nothing_and_in_one_are_told(officer_client, submission):
    project, colleague = submission.project, Client()
    colleague.force_login(OfficerFactory(first_name="Agnès", last_name="Morel"))
    mine = read_form(officer_client, project)
    theirs = read_form(colleague, project)
    colleague.post(address(project), theirs | {"etape": "grille", "opinion": "favourable", "comment_fit": "D’elle"})
    typed = mine | {"note_fit": "3", "comment_fit": "De moi"}
    status, told = while_typing(officer_client, project, **typed)
    assert (status, told["clashes"], told["taken"]) == (200, 1, 1)
    review = Review.objects.get()
    note = review.notes.get(criterion="fit")
    assert (review.opinion, note.note, note.comment) == ("favourable", 3, "D’elle")
    typed |= {"base": told["base"]}
    page = officer_client.post(address(project), typed | {"etape": "grille"})
    conflict = squeezed(page.text).partition('class="conflict"')[2].partition("</table>")[0]
    assert "Observation : Adéquation aux priorités</th><td>D’elle</td><td>De moi</td>" in conflict
    assert "favorable" not in conflict.lower()  # hers alone: it is in the form already
    again = filled(page, "#dossier")
    assert again["opinion"] == ["favourable"]
    officer_client.post(address(project), again | {"etape": "grille"})
    note.refresh_from_db()
    review.refresh_from_db()
    assert (review.opinion, note.comment) == ("favourable", "De moi")


def test_a_step_keeps_the_grid_that_stands_on_its_page(officer_client, submission):
    project = submission.project
    read = read_form(officer_client, project)
    officer_client.post(address(project), read | {"etape": "admit", "text": "Tapé avant de déclarer recevable"})
    assert Project.objects.get(pk=project.pk).status == ProjectStatus.ADMISSIBLE
    assert Review.objects.get().text == "Tapé avant de déclarer recevable"


def test_a_step_waits_for_a_grid_that_cannot_be_kept(officer_client, submission):
    project = submission.project
    typed = read_form(officer_client, project) | {"etape": "admit", "proposed_amount": "beaucoup"}
    typed |= {"return-budget": "Le devis ?"}
    page = squeezed(officer_client.post(address(project), typed).text)
    assert "Ce n’est pas un montant" in page
    assert "Le devis ?</textarea>" in page
    assert Project.objects.get(pk=project.pk).status == ProjectStatus.SUBMITTED


def test_what_was_typed_under_another_step_is_given_back_in_words(officer_client, submission):
    project = submission.project
    typed = read_form(officer_client, project) | {"etape": "admit", "return-budget": "Le devis ?"}
    page = squeezed(officer_client.post(address(project), typed, follow=True).text)
    assert "n’a pas été envoyé\u00a0: «\u00a0Le devis ?\u00a0»" in page
    assert not Review.objects.exists()  # an untouched grid is none


def test_a_day_that_was_changed_under_another_step_is_given_back_in_words(officer_client, submission):
    project = submission.project
    typed = read_form(officer_client, project) | {"etape": "admit", "return-due_on": "2027-03-04"}
    page = squeezed(officer_client.post(address(project), typed, follow=True).text)
    assert f"n’a pas été envoyé\u00a0: «\u00a0{french_date(datetime.date(2027, 3, 4))}\u00a0»" in page


def test_an_amount_that_was_typed_under_the_decision_is_not_lost_by_another_step(officer_client):
    project = proposed()
    Review.objects.update(proposed_amount=Decimal("4000.50"))
    read = filled(officer_client.get(address(project)), "#dossier")
    assert read["decide-amount"] == ["4000,50"]
    for amount, is_typed in (("4000,50", False), ("3500", True)):
        typed = read | {"etape": "withdraw", "withdraw-comment": "À revoir.", "decide-amount": amount}
        page = squeezed(officer_client.post(address(project), typed, follow=True).text)
        assert ("n’a pas été envoyé" in page) is is_typed
        assert ("décision\u00a0» n’a pas été envoyé\u00a0: «\u00a03500\u00a0»" in page) is is_typed
        Project.objects.update(status=ProjectStatus.PROPOSED)
