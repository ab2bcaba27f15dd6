"""Several files go to a colleague: told before, told after, put back; nobody's change is overwritten."""

import re

import pytest

from projects.instructing import assigning, checking
from projects.instructing.views.assigning import KEPT, UNDONE_WITHIN
from projects.models import Project, Review
from tests.factories import OfficerFactory, ProjectFactory
from tests.pages import squeezed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db
ASSIGN = "/instruction/affecter/"


@pytest.fixture
def agnes():
    return OfficerFactory(first_name="Agnès", last_name="Morel")


@pytest.fixture
def files(agnes):
    """Three files: nobody's, with and without an instruction begun, and one that a colleague has."""
    files = [ProjectFactory(title=title, status="submitted", code=f"2027-{title}") for title in "ABC"]
    Review.objects.create(project=files[1])
    Review.objects.create(project=files[2], assigned_to=OfficerFactory(first_name="Luc", last_name="Petit"))
    return files


def ticked(files, to, **more):
    return {"dossier": [project.pk for project in files], "to": to, **more}


def confirm(client, files, to):
    """Go through the page that says what would change; returns the answer of its form."""
    page = client.post(ASSIGN, ticked(files, to))
    return client.post(ASSIGN, filled(page, "#contenu form") | {"confirmer": "1"}, follow=True)


def undo(client, page):
    """Press « Annuler » on a page of the queue."""
    form = filled(page, "form.given")
    button = re.search(r'name="annuler" value="([^"]*)"', page.text)
    return client.post(ASSIGN, form | {"annuler": button[1]}, follow=True)


def holders():
    return {project.title: _holder(project) for project in Project.objects.select_related("review__assigned_to")}


def _holder(project):
    review = getattr(project, "review", None)
    return review.assigned_to.first_name if review and review.assigned_to else ""


def test_what_would_change_is_said_and_nothing_is_written_before_it_is_confirmed(officer_client, files, agnes):
    page = squeezed(officer_client.post(ASSIGN, ticked(files, agnes.pk)).text)
    assert "3\xa0dossiers seraient affectés à Agnès Morel." in page
    rows = re.findall(
        r'class="title">([^<]*)<.*?data-label="Aujourd’hui">([^<]*)<.*?data-label="Ensuite">([^<]*)<', page
    )
    assert rows == [
        ("A", "personne", "Agnès Morel"),
        ("B", "personne", "Agnès Morel"),
        ("C", "Luc Petit", "Agnès Morel"),
    ]
    assert set(holders().values()) == {"", "Luc"}


def test_what_was_done_is_said_and_put_back(officer_client, files, agnes):
    done = confirm(officer_client, files, agnes.pk)
    assert holders() == {"A": "Agnès", "B": "Agnès", "C": "Agnès"}
    assert "3\xa0dossiers sont affectés à Agnès Morel" in squeezed(done.text)
    undone = undo(officer_client, done)
    assert holders() == {"A": "", "B": "", "C": "Luc"}
    assert "3\xa0dossiers sont revenus à qui les avait" in squeezed(undone.text)
    again = undo(officer_client, done)
    assert "Il n’y a plus rien à annuler" in squeezed(again.text)
    assert holders() == {"A": "", "B": "", "C": "Luc"}


def test_what_a_colleague_wrote_since_is_not_put_back(officer_client, files, agnes):
    done = confirm(officer_client, files, agnes.pk)
    written = Review.objects.get(project=files[2])
    written.text, written.version = "Je m’en occupe.", written.version + 1
    written.save()
    undone = squeezed(undo(officer_client, done).text)
    assert holders() == {"A": "", "B": "", "C": "Agnès"}
    assert "2\xa0dossiers sont revenus" in undone
    assert "1\xa0dossier a changé depuis et reste comme un collègue l’a écrit." in undone


def test_a_file_of_which_a_colleague_took_a_step_since_stays_theirs(officer_client, files, agnes):
    done = confirm(officer_client, files, agnes.pk)
    checking.take_in(files[0], by=agnes)
    undone = squeezed(undo(officer_client, done).text)
    assert holders() == {"A": "Agnès", "B": "", "C": "Luc"}
    assert "1\xa0dossier a changé depuis et reste comme un collègue l’a écrit." in undone


def test_the_button_of_an_older_page_does_not_undo_what_was_given_since(officer_client, files, agnes):
    older = confirm(officer_client, files[:1], agnes.pk)
    newer = confirm(officer_client, files[1:], agnes.pk)
    refused = squeezed(undo(officer_client, older).text)
    assert "seule la dernière affectation s’annule. Rien n’a été changé." in refused
    assert holders() == {"A": "Agnès", "B": "Agnès", "C": "Agnès"}
    undo(officer_client, newer)
    assert holders() == {"A": "Agnès", "B": "", "C": "Luc"}


def test_what_was_given_more_than_an_hour_ago_is_not_undone(officer_client, files, agnes):
    done = confirm(officer_client, files, agnes.pk)
    session = officer_client.session
    session[KEPT] |= {"at": session[KEPT]["at"] - UNDONE_WITHIN - 60}
    session.save()
    late = squeezed(undo(officer_client, done).text)
    assert "Il n’y a plus rien à annuler" in late
    assert set(holders().values()) == {"Agnès"}


def test_a_file_does_not_go_back_to_an_officer_who_left(officer_client, files, agnes):
    done = confirm(officer_client, files, agnes.pk)
    gone = type(agnes).objects.get(first_name="Luc")
    gone.is_active = False
    gone.save()
    undone = squeezed(undo(officer_client, done).text)
    assert holders() == {"A": "", "B": "", "C": "Agnès"}
    assert "1\xa0dossier reste à Agnès Morel\xa0: le collègue d’avant n’instruit plus." in undone


def test_a_file_that_changed_hands_meanwhile_stops_all_and_is_named(officer_client, files, agnes):
    page = officer_client.post(ASSIGN, ticked(files, agnes.pk))
    Review.objects.filter(project=files[1]).update(assigned_to=OfficerFactory(first_name="Zoé"))
    refused = officer_client.post(ASSIGN, filled(page, "#contenu form") | {"confirmer": "1"})
    assert "1\xa0dossier a changé de mains entre-temps\xa0: 2027-B." in squeezed(refused.text)
    assert holders() == {"A": "", "B": "Zoé", "C": "Luc"}
    # The page now says what is; confirmed again, it is done.
    officer_client.post(ASSIGN, filled(refused, "#contenu form") | {"confirmer": "1"})
    assert set(holders().values()) == {"Agnès"}


def test_sent_twice_it_is_done_once(officer_client, files, agnes):
    page = officer_client.post(ASSIGN, ticked(files, agnes.pk))
    for _ in range(2):
        last = officer_client.post(ASSIGN, filled(page, "#contenu form") | {"confirmer": "1"}, follow=True)
    assert "déjà à Agnès Morel" in squeezed(last.text)
    assert set(Review.objects.values_list("version", flat=True)) == {1, 2}


@pytest.mark.parametrize("seen_state", ["", "zzz", None])
def test_a_page_that_does_not_say_what_it_showed_does_nothing_and_shows_the_plan_again(
    officer_client, files, agnes, seen_state
):
    seen = {} if seen_state is None else {"seen_state": seen_state}
    again = officer_client.post(ASSIGN, ticked(files, agnes.pk, confirmer="1", **seen))
    assert "Cette page n’était plus à jour. Rien n’a été fait" in squeezed(again.text)
    assert holders() == {"A": "", "B": "", "C": "Luc"}
    officer_client.post(ASSIGN, filled(again, "#contenu form") | {"confirmer": "1"})
    assert set(holders().values()) == {"Agnès"}


def test_a_file_that_was_deleted_meanwhile_stops_all(officer_client, files, agnes):
    page = officer_client.post(ASSIGN, ticked(files[:1], agnes.pk))
    files[0].delete()
    refused = squeezed(officer_client.post(ASSIGN, filled(page, "#contenu form") | {"confirmer": "1"}).text)
    assert "Cette page n’était plus à jour" in refused
    assert "aucun de ces dossiers ne s’affecte" in refused


def test_nobody_is_a_choice_and_an_officer_who_left_is_none(officer_client, files, agnes):
    gone = OfficerFactory(is_active=False)
    confirm(officer_client, files, "0")
    assert set(holders().values()) == {""}
    refused = officer_client.post(ASSIGN, ticked(files, gone.pk), follow=True)
    assert "Choisissez à qui affecter ces dossiers." in squeezed(refused.text)


@pytest.mark.parametrize("dossier", [[], ["zzz"], [""]])
def test_nothing_ticked_is_said_and_the_filters_stay(officer_client, agnes, dossier):
    answer = officer_client.post(f"{ASSIGN}?qui=moi&tri=montant", {"dossier": dossier, "to": agnes.pk}, follow=True)
    assert answer.redirect_chain == [("/instruction/?qui=moi&tri=montant", 302)]
    assert "Cochez au moins un dossier." in squeezed(answer.text)


def test_a_draft_is_nobodys_to_give(officer_client, agnes):
    draft = ProjectFactory(status="draft")
    page = officer_client.post(ASSIGN, ticked([draft], agnes.pk))
    assert "Rien ne changerait" in squeezed(page.text)
    officer_client.post(ASSIGN, ticked([draft], agnes.pk, confirmer="1"))
    assert not Review.objects.exists()


def test_the_page_costs_the_same_for_two_files_and_for_twenty(officer_client, agnes, django_assert_max_num_queries):
    few, many = [[ProjectFactory(status="submitted") for _ in range(number)] for number in (2, 20)]
    for some in (few, many):
        with django_assert_max_num_queries(8):
            officer_client.post(ASSIGN, ticked(some, agnes.pk))


def test_giving_and_putting_back_cost_the_same_for_two_files_and_for_twenty(
    officer, agnes, django_assert_max_num_queries
):
    for number in (2, 20):
        some = [ProjectFactory(status="submitted") for _ in range(number)]
        for project in some[::2]:
            Review.objects.create(project=project)
        seen = {str(project.pk): "" for project in some}
        with django_assert_max_num_queries(9):
            former = assigning.assign(seen=seen, to=agnes, by=officer)
        with django_assert_max_num_queries(7):
            outcome = assigning.put_back(former, people={agnes.pk}, by=officer)
        assert (outcome.returned, outcome.changed) == (number, 0)
