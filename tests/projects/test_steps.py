"""One step at a time, from where the table says, written down, whoever else presses the button."""

import pytest
from django.core.exceptions import ValidationError

from projects.catalogue.steps import AlreadyMoved, step, step_taken
from projects.catalogue.workflow import COMMITTEES_TURN, LEADS_TURN, OFFICERS_TURN, TABLE, Who, leaving
from projects.choices import ProjectStatus
from projects.models import Project, TransitionLog
from tests.at_once import each_at_once
from tests.factories import OfficerFactory, ProjectFactory


def test_every_state_is_left_by_a_step_or_is_an_end():
    ends = {ProjectStatus.REFUSED, ProjectStatus.CLOSED, ProjectStatus.ABANDONED}
    onwards = [each for each in TABLE if each.target is not None]
    assert {one for one in ProjectStatus if not any(one in each.sources for each in onwards)} == ends


def test_every_state_is_reached_by_a_step_or_is_the_beginning():
    reached = {each.target for each in TABLE} - {None}
    assert set(ProjectStatus) - reached == {ProjectStatus.DRAFT}


def test_a_state_is_the_turn_of_one_side_at_most():
    assert len({*LEADS_TURN, *OFFICERS_TURN, *COMMITTEES_TURN}) == sum(
        map(len, (LEADS_TURN, OFFICERS_TURN, COMMITTEES_TURN))
    )


def test_who_waits_can_always_do_something():
    for status in LEADS_TURN:
        assert leaving(status, Who.LEAD)
    for status in (*OFFICERS_TURN, *COMMITTEES_TURN):
        assert leaving(status, Who.OFFICER)


@pytest.mark.django_db
def test_a_step_changes_the_state_and_is_logged_with_its_author():
    officer, project = OfficerFactory(), ProjectFactory(status=ProjectStatus.SUBMITTED)
    heard = []

    def hear(sender, log, **kwargs):
        heard.append(log)

    step_taken.connect(hear)
    with step(project, "admit", by=officer, comment=" Tout y est. ") as locked:
        locked.audience = "Familles"
    step_taken.disconnect(hear)
    project.refresh_from_db()
    assert (project.status, project.audience, project.version) == ("admissible", "Familles", 2)
    log = TransitionLog.objects.get()
    assert (log.source, log.target, log.by, log.comment) == ("submitted", "admissible", officer, "Tout y est.")
    assert heard == [log]
    assert project.history.first().history_user == officer


@pytest.mark.django_db
def test_a_step_that_the_table_does_not_allow_changes_nothing():
    officer, project = OfficerFactory(first_name="Agnès", last_name="Morel"), ProjectFactory(status="submitted")
    with step(project, "admit", by=officer):
        pass
    with pytest.raises(AlreadyMoved, match=r"Recevable.*par Agnès Morel"), step(project, "admit", by=OfficerFactory()):
        pass
    assert TransitionLog.objects.count() == 1


@pytest.mark.django_db
def test_a_step_whose_body_fails_leaves_nothing():
    project = ProjectFactory(status=ProjectStatus.SUBMITTED)
    with pytest.raises(ValidationError), step(project, "admit", by=OfficerFactory()):
        raise ValidationError("Il manque quelque chose.")
    assert Project.objects.get().status == ProjectStatus.SUBMITTED
    assert not TransitionLog.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", [one.name for one in TABLE if "comment" in one.needs])
def test_what_is_refused_or_sent_back_says_why(name):
    transition = next(one for one in TABLE if one.name == name)
    project = ProjectFactory(status=transition.sources[0])
    with pytest.raises(ValidationError, match="Dites pourquoi"), step(project, name, by=OfficerFactory(), comment=" "):
        pass


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_one_decides_and_the_other_is_told():
    project, officers = ProjectFactory(status=ProjectStatus.PROPOSED), [OfficerFactory(), OfficerFactory()]

    def decide(entry):
        name, officer = entry
        try:
            with step(project, name, by=officer, comment="Motif"):
                pass
        except AlreadyMoved:
            return "told"
        return name

    rounds = list(zip(("retain", "refuse"), officers, strict=True)) * 4
    assert each_at_once(decide, rounds).count("told") == len(rounds) - 1
    assert TransitionLog.objects.count() == 1
