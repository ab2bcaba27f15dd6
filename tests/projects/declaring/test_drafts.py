"""Nothing typed is lost: whatever it is, whoever else types on the same page."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes.models import Framework
from cohesion.together.merging import Clash, merge, seal, unseal
from projects.choices import ProjectKind, ProjectStatus
from projects.declaring.drafts import NotWritable, begin, renew, save_page
from projects.declaring.handing_in import states
from projects.declaring.pages import BY_SLUG, PAGES
from projects.models import Declaration, Project
from tests.at_once import each_at_once
from tests.factories import CampaignFactory, ProjectFactory, TerritoryFactory

texts = st.text(alphabet="ab", max_size=2)
typed = st.dictionaries(st.sampled_from(["x", "y", "z"]), texts | st.lists(texts, max_size=2), max_size=3)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(base=typed, theirs=typed, mine=typed)
def test_whoever_changed_a_field_alone_has_it(base, theirs, mine):
    merged = merge(base, theirs, mine)
    clashing = {clash.field for clash in merged.clashes}
    for name in mine:
        empty = [] if isinstance(mine[name], list) else ""
        was, now = base.get(name, empty), theirs.get(name, empty)
        if mine[name] == was or name in clashing:
            assert merged.answers.get(name, empty) == now
        else:
            assert merged.answers[name] == mine[name]
        assert (name in clashing) == (mine[name] != was and now != was and mine[name] != now)
    for name in theirs.keys() - mine.keys():
        assert merged.answers[name] == theirs[name]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(typed)
def test_what_was_shown_comes_back_as_it_was(values):
    assert unseal(seal(values)) == values


def test_what_was_shown_cannot_be_forged():
    assert unseal("{}") is None
    assert unseal(seal({"a": "1"})[:-2] + "xx") is None


def test_a_draft_begins_with_its_title_and_what_is_known_of_its_structure(organization, lead, campaign):
    organization.legal_form, organization.email = "association", "les.deux.rives@exemple.test"
    organization.commune = TerritoryFactory()
    organization.save()
    draft = begin(organization=organization, title="  Chorale   des voisins ", by=lead, campaign=campaign)
    assert (draft.project.title, draft.project.code) == ("Chorale des voisins", "2027-001")
    assert draft.project.status == ProjectStatus.DRAFT
    assert draft.answers["structure"]["email"] == "les.deux.rives@exemple.test"
    assert draft.answers["structure"]["commune"] == organization.commune.code
    assert (draft.created_by, draft.campaign) == (lead, campaign)
    assert begin(organization=organization, title="Autre", by=lead, campaign=campaign).project.code == "2027-002"


@pytest.mark.parametrize("title", ["", "   ", "x" * 256, "a\u202eb"])
def test_a_draft_without_a_good_title_is_refused(organization, lead, title):
    with pytest.raises(ValidationError) as refused:
        begin(organization=organization, title=title, by=lead)
    assert "title" in refused.value.message_dict
    assert not Project.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_drafts_begun_at_the_same_moment_have_different_numbers(organization, lead):
    def one(rank):
        return begin(organization=organization, title=f"Action {rank}", by=lead).project.code

    assert len(set(each_at_once(one, range(4)))) == 4


def test_what_cannot_be_read_is_kept_as_it_was_typed(complete, lead):
    page = BY_SLUG["calendrier"]
    base = complete.answers["calendrier"]
    save_page(declaration=complete, page=page, mine=base | {"starts_on": "mi-janvier"}, base=base, by=lead)
    assert Declaration.objects.get().answers["calendrier"]["starts_on"] == "mi-janvier"
    state = next(one for one in states(complete) if one.page is page)
    assert [gap.field for gap in state.faults] == ["starts_on"]


def test_two_people_on_one_page_keep_each_what_they_changed(complete, lead):
    page, base = BY_SLUG["calendrier"], complete.answers["calendrier"]
    other = Declaration.objects.get()
    save_page(declaration=other, page=page, mine=base | {"frequency": "Le samedi"}, base=base, by=lead)
    merged = save_page(declaration=complete, page=page, mine=base | {"ends_on": "20/12/2027"}, base=base, by=lead)
    assert (merged.clashes, merged.taken) == ([], ["frequency"])
    kept = Declaration.objects.get().answers["calendrier"]
    assert (kept["frequency"], kept["ends_on"]) == ("Le samedi", "20/12/2027")


def test_two_people_on_one_field_are_told_and_neither_is_overwritten(complete, lead):
    page, base = BY_SLUG["calendrier"], complete.answers["calendrier"]
    save_page(declaration=Declaration.objects.get(), page=page, mine=base | {"frequency": "A"}, base=base, by=lead)
    merged = save_page(declaration=complete, page=page, mine=base | {"frequency": "B"}, base=base, by=lead)
    assert merged.clashes == [Clash("frequency", "A", "B")]
    assert Declaration.objects.get().answers["calendrier"]["frequency"] == "A"


def test_two_pages_saved_at_once_are_both_kept(complete, lead):
    first, second = Declaration.objects.get(), Declaration.objects.get()
    save_page(declaration=first, page=BY_SLUG["publics"], mine={"people": "7"}, base={}, by=lead)
    save_page(declaration=second, page=BY_SLUG["action"], mine={"title": "Nouveau titre"}, base=None, by=lead)
    kept = Declaration.objects.get()
    assert kept.answers["action"]["title"] == "Cuisine partagée"  # it was not seen: it is not overwritten
    assert kept.answers["publics"]["people"] == "120"


def test_the_title_of_the_project_follows_what_is_typed(complete, lead):
    base = complete.answers["action"]
    mine = base | {"title": "Chorale"}
    save_page(declaration=complete, page=BY_SLUG["action"], mine=mine, base=base, by=lead)
    assert Project.objects.get().title == "Chorale"
    save_page(declaration=complete, page=BY_SLUG["action"], mine=base | {"title": ""}, base=mine, by=lead)
    assert Project.objects.get().title == "Chorale"


@pytest.mark.parametrize("status", [one for one in ProjectStatus if one not in ("draft", "to_complete")])
def test_what_was_handed_in_is_no_longer_written(complete, lead, status):
    Project.objects.update(status=status)
    with pytest.raises(NotWritable, match="n’a pas été enregistré"):
        save_page(declaration=complete, page=BY_SLUG["action"], mine={"title": "X"}, base={}, by=lead)


def test_typing_a_draft_changes_no_public_page(complete, lead, founding):
    before = Framework.objects.get().revision
    base = complete.answers["action"]
    save_page(declaration=complete, page=BY_SLUG["action"], mine=base | {"title": "Z"}, base=base, by=lead)
    assert Framework.objects.get().revision == before


def test_last_years_action_is_copied_and_marked_for_review(complete, lead):
    Project.objects.update(status=ProjectStatus.CLOSED)
    following = renew(project=Project.objects.get(), by=lead, campaign=CampaignFactory(year=2028))
    assert following.previous == complete.project
    assert following.project.code == "2028-001"
    assert following.answers["budget"] == complete.answers["budget"]
    assert following.answers["structure"]["contact_name"] == "Une salariée"
    assert "pieces" not in following.answers
    assert {"budget", "calendrier", "publics"} <= set(following.to_review)
    save_page(
        declaration=following,
        page=BY_SLUG["publics"],
        mine=following.answers["publics"],
        base=following.answers["publics"],
        by=lead,
    )
    assert "publics" not in Declaration.objects.get(pk=following.pk).to_review


def test_an_action_that_was_never_declared_here_is_renewed_from_what_is_known(organization, lead, founding, node):
    commune = TerritoryFactory()
    project = ProjectFactory(organization=organization, serves=[node("7.1"), node("2.1.2")], located_in=[commune])
    following = renew(project=project, by=lead)
    assert following.answers["rattachement"]["main"] == str(node("7.1").pk)
    assert following.answers["rattachement"]["secondary-0"] == str(node("2.1.2").pk)
    assert following.answers["territoire"]["communes"] == [commune.code]
    assert following.project.starts_on != project.starts_on


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_answer_whatever_breaks_a_page(data):
    page = data.draw(
        st.sampled_from(
            [one for one in PAGES if one.slug in ("calendrier", "budget", "publics", "evaluation", "partenaires")]
        )
    )
    project = Project(pk=1, title="X")
    declaration = Declaration(project=project)
    names = list(page.form(declaration, {}).fields)
    answer = st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=3)
    answers = data.draw(st.dictionaries(st.sampled_from(names), answer, max_size=6))
    form = page.form(declaration, answers)
    assert isinstance(form.faults + form.gaps, list)
    form.words()


def test_the_communes_of_the_pst_are_proposed_until_somebody_says_otherwise(complete, lead):
    communes = [TerritoryFactory(), TerritoryFactory()]
    pst = ProjectFactory(kind=ProjectKind.PST, located_in=communes)
    Declaration.objects.update(answers={"action": complete.answers["action"]})
    draft = Declaration.objects.select_related("project").get()
    base = draft.answers["action"]
    mine = base | {"setting": "pst", "host": str(pst.pk)}
    save_page(declaration=draft, page=BY_SLUG["action"], mine=mine, base=base, by=lead)
    kept = Declaration.objects.get()
    assert kept.answers["territoire"] == {"scale": "communes", "communes": sorted(one.code for one in communes)}
    assert kept.to_review == ["territoire"]
    own = {"scale": "commune", "communes": [communes[0].code], "quarters": []}
    save_page(declaration=draft, page=BY_SLUG["territoire"], mine=own, base=draft.answers["territoire"], by=lead)
    save_page(declaration=draft, page=BY_SLUG["action"], mine=mine | {"title": "Autre"}, base=mine, by=lead)
    assert Declaration.objects.get().answers["territoire"] == own
    assert Declaration.objects.get().to_review == []
