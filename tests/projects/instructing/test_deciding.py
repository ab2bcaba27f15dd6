"""What a committee decides: whole, once, and all together or not at all."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cohesion.lib.refusals import RowsRefused
from projects.catalogue.steps import AlreadyMoved
from projects.choices import ProjectStatus
from projects.instructing.deciding import Ruling, decide, decide_together
from projects.models import Decision, Project, TransitionLog
from tests.at_once import each_at_once
from tests.factories import CommitteeFactory, OfficerFactory, ProjectFactory
from tests.projects.instructing.made import proposed

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 4, 14)
RETAIN = Ruling("retained", DAY, Decimal(5000), "CC-2026-31")
PARTLY = Ruling("partly_retained", DAY, Decimal(4000), "CC-2026-31")
REFUSE = Ruling("refused", DAY, reason="Hors priorités.")
ADJOURN = Ruling("adjourned", DAY, reason="Budget à revoir.")


@pytest.mark.parametrize(
    ("ruling", "granted"), [(RETAIN, Decimal(5000)), (PARTLY, Decimal(4000)), (REFUSE, None), (ADJOURN, None)]
)
def test_a_decision_is_kept_with_its_amount_and_the_project_takes_its_state(officer, ruling, granted):
    project = proposed()
    decision = decide(project, ruling, by=officer)
    project.refresh_from_db()
    assert (project.status, project.granted) == (ruling.outcome, granted)
    assert (decision.deliberation, decision.reason, decision.by) == (ruling.deliberation, ruling.reason, officer)
    assert TransitionLog.objects.get().comment == ruling.reason


@pytest.mark.parametrize(
    ("ruling", "field", "sentence"),
    [
        (Ruling("retained", DAY, None, "CC-1"), "amount", "Indiquez le montant"),
        (Ruling("retained", DAY, Decimal("5000.01"), "CC-1"), "amount", "dépasse"),
        (Ruling("retained", DAY, Decimal(5000), " "), "deliberation", "Indiquez la délibération"),
        (Ruling("partly_retained", DAY, Decimal(5000), "CC-1"), "amount", "moins que ce qui est demandé"),
        (Ruling("partly_retained", DAY, Decimal(10), ""), "deliberation", "Indiquez la délibération"),
        (Ruling("retained", DAY, Decimal(-1), "CC-1"), "amount", "pas négatif"),
        (Ruling("refused", DAY), "reason", "Dites pourquoi"),
        (Ruling("adjourned", DAY, Decimal(10), reason="Non"), "amount", "n’accorde rien"),
        (Ruling("refused", None, reason="Non"), "decided_on", "Indiquez le jour"),
        (Ruling("running", DAY), "outcome", "Choisissez"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused_beside_its_field(officer, ruling, field, sentence):
    project = proposed()
    with pytest.raises(ValidationError) as refused:
        decide(project, ruling, by=officer)
    assert sentence in " ".join(refused.value.message_dict[field])
    assert not Decision.objects.exists()
    assert Project.objects.get().status == ProjectStatus.PROPOSED


def test_a_decision_is_not_of_tomorrow(officer):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="pas encore venu"):
        decide(proposed(), Ruling("refused", tomorrow, reason="Non"), by=officer)


def test_an_amount_is_not_compared_with_what_nobody_asked(officer):
    project = proposed(requested=None)
    decide(project, RETAIN, by=officer)
    assert project.granted == 5000


def test_an_adjourned_project_is_decided_later(officer):
    project = proposed()
    decide(project, ADJOURN, by=officer)
    decide(project, RETAIN, by=officer)
    assert list(Decision.objects.values_list("outcome", flat=True)) == ["adjourned", "retained"]


@pytest.mark.django_db(transaction=True)
def test_twenty_identical_decisions_decide_once():
    project, officer = proposed(), OfficerFactory()

    def press(_):
        try:
            decide(Project.objects.get(pk=project.pk), RETAIN, by=officer)
        except AlreadyMoved:
            return "told"
        return "decided"

    assert each_at_once(press, range(20)).count("decided") == 1
    assert Decision.objects.count() == TransitionLog.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_decide_of_the_same_meeting_at_once_decide_once():
    committee = CommitteeFactory()
    projects = [proposed(committee=committee) for _ in range(3)]
    officers = [OfficerFactory(), OfficerFactory()]

    def enter(entry):
        officer, keys = entry
        try:
            return decide_together(dict.fromkeys(keys, RETAIN), by=officer)
        except RowsRefused:
            return 0

    keys = [project.pk for project in projects]
    assert sorted(each_at_once(enter, zip(officers, [keys, keys[::-1]], strict=True))) == [0, 3]
    assert Decision.objects.count() == 3


def test_many_decisions_are_written_all_or_none_and_each_line_says_what_is_wrong(officer):
    good, dear, gone, settled = proposed(), proposed(), ProjectFactory(status="draft"), proposed()
    decide(settled, REFUSE, by=officer)
    gone_pk = gone.pk
    gone.delete()
    rulings = {good.pk: RETAIN, dear.pk: Ruling("retained", DAY, Decimal(6000)), gone_pk: REFUSE, settled.pk: RETAIN}
    with pytest.raises(RowsRefused) as refused:
        decide_together(rulings, by=officer)
    assert refused.value.rows.keys() == {dear.pk, gone_pk, settled.pk}
    assert refused.value.rows[dear.pk].keys() == {"amount", "deliberation"}
    assert "supprimé" in refused.value.rows[gone_pk][""][0]
    assert "déjà dans l’état « Refusée »" in refused.value.rows[settled.pk][""][0]
    assert Decision.objects.count() == 1
    assert Project.objects.get(pk=good.pk).status == ProjectStatus.PROPOSED
    assert decide_together({good.pk: RETAIN, dear.pk: PARTLY}, by=officer) == 2
