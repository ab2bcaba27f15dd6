"""The grid and the opinion: kept whole or in part, never over a colleague's without knowing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from projects.choices import Criterion, Opinion, ProjectStatus
from projects.instructing import grid
from projects.instructing.grid import Notes, ReviewConflict, save_review
from projects.models import Project, Review, ReviewNote
from tests.factories import CampaignFactory, CommitteeFactory, DeclarationFactory, OfficerFactory, ProjectFactory
from tests.pages import squeezed
from tests.projects.instructing.made import reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory(status=ProjectStatus.IN_REVIEW, requested=Decimal(5000))


def test_an_unfinished_grid_is_kept(project, officer):
    save_review(
        project, written=Notes({"fit": (4, "Au cœur de l’axe 5.")}, text="À finir."), base=Notes().answers, by=officer
    )
    review = grid.read_review(project)
    assert (review.version, review.text, review.author) == (1, "À finir.", str(officer))
    assert ReviewNote.objects.count() == len(Criterion)
    assert ReviewNote.objects.get(criterion="fit").comment == "Au cœur de l’axe 5."


def test_a_colleague_who_read_an_older_version_is_told_and_overwrites_nothing(project):
    first, second = OfficerFactory(first_name="Agnès", last_name="Morel"), OfficerFactory()
    save_review(project, written=Notes(text="De la première"), base=Notes().answers, by=first)
    with pytest.raises(ReviewConflict, match="Agnès Morel a modifié") as told:
        save_review(project, written=Notes(text="De la seconde"), base=Notes().answers, by=second)
    assert told.value.review.text == Review.objects.get().text == "De la première"
    save_review(project, written=Notes(text="De la seconde"), base=Notes.of(told.value.review).answers, by=second)
    assert Review.objects.get().text == "De la seconde"


def test_the_same_words_sent_twice_are_no_conflict(project, officer):
    written = Notes({"fit": (4, "Au cœur de l’axe 5.")}, text="Bien.", proposed_amount=Decimal("4000.00"))
    for _ in range(2):
        save_review(project, written=written, base=Notes().answers, by=officer)
    assert Review.objects.get().version == 1


@pytest.mark.parametrize("note", [0, 5])
def test_a_note_goes_from_one_to_four(project, officer, note):
    with pytest.raises(ValidationError):
        save_review(project, written=Notes({"fit": (note, "")}), base=Notes().answers, by=officer)
    assert not Review.objects.exists()


def test_no_more_is_proposed_than_what_is_asked(project, officer):
    with pytest.raises(ValidationError, match="dépasse ce qui est demandé"):
        save_review(project, written=Notes(proposed_amount=Decimal("5000.01")), base=Notes().answers, by=officer)


def test_once_proposed_nothing_is_written_before_it_is_taken_back(officer):
    project = ProjectFactory(status=ProjectStatus.PROPOSED)
    with pytest.raises(ValidationError, match="reprenez-la d’abord"):
        save_review(project, written=Notes(text="Trop tard"), base=Notes().answers, by=officer)


def test_a_committee_is_given_a_complete_grid_with_an_opinion(project, officer):
    with pytest.raises(ValidationError, match=r"il manque.*la grille"):
        grid.propose(project, by=officer)
    notes = {criterion.value: (2, "") for criterion in Criterion if criterion != Criterion.FIT}
    save_review(project, written=Notes(notes), base=Notes().answers, by=officer)
    with pytest.raises(ValidationError, match=r"«.+Adéquation aux priorités.+», l’avis, le comité\."):
        grid.propose(project, by=officer)
    assert Project.objects.get().status == ProjectStatus.IN_REVIEW
    whole = Notes({**notes, "fit": (4, "")}, opinion=Opinion.FAVOURABLE, committee=CommitteeFactory())
    save_review(project, written=whole, base=Notes.of(grid.read_review(project)).answers, by=officer)
    grid.propose(project, by=officer)
    assert project.status == ProjectStatus.PROPOSED


def test_the_only_committee_to_come_of_the_call_takes_a_file_for_which_none_is_chosen(officer, officer_client):
    """Of two, or of another call, or one that has met, none does."""
    campaign, today = CampaignFactory(), timezone.localdate()
    project = ProjectFactory(status=ProjectStatus.IN_REVIEW)
    DeclarationFactory(project=project, campaign=campaign)
    review = reviewed(project).review
    Review.objects.update(committee=None)
    CommitteeFactory(held_on=today)
    CommitteeFactory(campaign=campaign, held_on=today - timedelta(days=1))
    with pytest.raises(ValidationError, match="le comité"):
        grid.propose(project, by=officer)
    only = CommitteeFactory(name="Comité de mars", campaign=campaign, held_on=today)
    page = squeezed(officer_client.get(f"/instruction/{project.pk}/").text)
    assert "Le seul à venir\u00a0: Comité de mars" in page
    other = CommitteeFactory(campaign=campaign, held_on=today)
    with pytest.raises(ValidationError, match="le comité"):
        grid.propose(project, by=officer)
    other.delete()
    grid.propose(project, by=officer)
    review.refresh_from_db()
    assert (review.committee, review.saved_by) == (only, officer)


def test_what_is_taken_back_from_the_committee_is_written_again(officer):
    project = reviewed(ProjectFactory(status=ProjectStatus.ADJOURNED))
    grid.withdraw(project, by=officer, comment="Le comité demande un budget revu.")
    save_review(project, written=Notes(text="Revu"), base=Notes.of(grid.read_review(project)).answers, by=officer)
    assert Review.objects.get().text == "Revu"
