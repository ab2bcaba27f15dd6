"""What a project is granted is said once, whoever writes it and however; where it was not granted, nothing says so."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from projects.catalogue.granting import granted_in_words
from projects.catalogue.steps import AlreadyMoved
from projects.choices import ProjectStatus
from projects.instructing.deciding import DecisionConflict, Ruling, amend, decide
from projects.models import Decision, FundingLine, Project, TransitionLog
from projects.webhooks import events
from tests.factories import CommitteeFactory, OfficerFactory, ProjectFactory
from tests.pages import squeezed
from tests.projects.instructing.made import proposed
from tests.projects.test_admin import address, form_of

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 4, 14)
RETAIN = Ruling("partly_retained", DAY, Decimal(3800), "CC-2026-31")
MORE = Ruling("partly_retained", DAY, Decimal(4000), "CC-2026-31", "Faute de frappe.")


@pytest.fixture
def granted(officer):
    project = proposed()
    decide(project, RETAIN, by=officer)
    return Project.objects.get(pk=project.pk)


def amounts(project):
    return Project.objects.get(pk=project.pk).granted, project.decisions.last().amount


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# --- the database -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [Decimal(4000), None, Decimal(0)])
def test_the_database_refuses_another_amount_than_the_decision_s(granted, amount):
    with pytest.raises(IntegrityError, match="celui de la dernière décision"), transaction.atomic():
        Project.objects.filter(pk=granted.pk).update(granted=amount)
    granted.granted = amount
    with pytest.raises(IntegrityError), transaction.atomic():
        granted.save()
    assert amounts(granted) == (3800, 3800)


def test_a_decision_written_by_hand_changes_the_project_too(granted, officer):
    Decision.objects.filter(project=granted).update(amount=Decimal("3800.50"))
    assert amounts(granted) == (Decimal("3800.50"), Decimal("3800.50"))
    values = {"decided_on": DAY, "by": officer, "project": granted}
    later = Decision.objects.create(outcome="retained", amount=5000, **values)
    assert amounts(granted) == (5000, 5000)
    Decision.objects.bulk_create([Decision(outcome="refused", **values)])
    assert amounts(granted) == (None, None)
    Decision.objects.filter(outcome="refused").delete()
    later.delete()
    assert amounts(granted) == (Decimal("3800.50"), Decimal("3800.50"))
    granted.refresh_from_db()
    granted.delete()
    assert not Decision.objects.exists()


def test_a_project_that_no_decision_here_granted_keeps_its_own():
    project = ProjectFactory(granted=6600)
    project.granted = Decimal(7000)
    project.full_clean()
    project.save()
    assert Project.objects.get().granted == 7000


def test_the_line_of_the_agglomeration_does_not_say_what_it_grants():
    line = FundingLine(project=ProjectFactory(), kind="agglomeration", granted=10)
    with pytest.raises(ValidationError, match="se lit dans la décision"):
        line.full_clean()
    with pytest.raises(IntegrityError, match="se lit dans la décision"), transaction.atomic():
        line.save()
    line.granted = None
    line.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        FundingLine.objects.update(granted=10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.once  # of a release long past
def test_two_amounts_become_one_and_what_was_said_stays_in_the_history(monkeypatch):
    monkeypatch.setattr(events, "tell", lambda *facts: None)  # to nobody: those to tell have no table yet
    executor = MigrationExecutor(connection)
    latest = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "projects"]
    before = executor.loader.graph.node_map["projects", "0018_one_amount_granted_and_expected_pieces"].parents
    executor.migrate([node.key for node in before if node.key[0] == "projects"])
    try:
        officer = OfficerFactory()
        rows = [(3800, 4000), (3800, 3800), (None, 500)]
        projects = []
        for decided, said in rows:
            project = ProjectFactory(granted=said)
            values = {"outcome": "retained", "amount": decided, "decided_on": DAY, "by": officer}
            Decision.objects.create(project=project, **values)
            projects.append(project)
        own = ProjectFactory(granted=6600)
        FundingLine.objects.create(project=own, kind="agglomeration", granted=6000)
    finally:
        MigrationExecutor(connection).migrate(latest)
    kept = {project.pk: project.granted for project in Project.objects.all()}
    assert [kept[project.pk] for project in projects] == [3800, 3800, None]
    assert kept[own.pk] == 6600
    assert [project.history.count() for project in projects] == [2, 1, 2]
    first, last = projects[0].history.order_by("history_id")
    assert (first.granted, last.granted) == (4000, 3800)
    assert "4000.00 €" in last.history_change_reason
    assert "6000.00 €" in own.history.latest().history_change_reason


# --- the doors --------------------------------------------------------------------------------------------------


def test_the_form_shows_the_amount_of_the_decision_and_says_where_it_changes(officer_client, granted, node):
    granted.contributions.create(orientation=node("5.2"), is_main=True)
    page = officer_client.get(address(granted)).text
    assert "C’est ce que dit la décision du 14 avril 2026." in plain(page)
    assert f'href="/instruction/{granted.pk}/"' in page
    posted = form_of(granted, granted="9999", title="Un autre titre")
    assert officer_client.post(address(granted), posted).status_code == 302
    assert Project.objects.get().title == "Un autre titre"
    assert amounts(granted) == (3800, 3800)


def test_the_model_says_where_the_amount_changes(granted):
    granted.granted = Decimal(1)
    with pytest.raises(ValidationError, match="en rectifiant la décision"):
        granted.full_clean()


@pytest.mark.parametrize("status", ["draft", "submitted", "in_review", "refused"])
def test_nothing_is_granted_to_what_is_not_retained(status):
    project = ProjectFactory(status=status)
    project.granted = Decimal(100)
    with pytest.raises(ValidationError, match="n’est pas retenu"):
        project.full_clean()


# --- a decision is written anew ---------------------------------------------------------------------------------


def test_a_decision_is_amended_with_a_reason_and_the_former_one_stays(granted, officer):
    seen = granted.decisions.get().pk
    amend(granted, MORE, seen=seen, by=officer)
    assert amounts(granted) == (4000, 4000)
    assert list(granted.decisions.values_list("amount", flat=True)) == [3800, 4000]
    log = TransitionLog.objects.last()
    assert (log.transition, log.source, log.target, log.comment) == (
        *("amend", "partly_retained", "partly_retained", "Faute de frappe."),
    )


@pytest.mark.parametrize(("status", "after"), [("partly_retained", "refused"), ("running", None), ("closed", None)])
def test_what_has_begun_stays_retained(granted, officer, status, after):
    Project.objects.update(status=status)
    project = Project.objects.get()
    refuse = Ruling("refused", DAY, reason="Délibération annulée.")
    seen = granted.decisions.get().pk
    if after is None:
        with pytest.raises(ValidationError, match="reste retenu"):
            amend(project, refuse, seen=seen, by=officer)
        amend(project, MORE, seen=seen, by=officer)
        assert (Project.objects.get().status, *amounts(project)) == (status, 4000, 4000)
    else:
        amend(project, refuse, seen=seen, by=officer)
        assert (Project.objects.get().status, *amounts(project)) == (after, None, None)


@pytest.mark.parametrize(
    ("ruling", "sentence"),
    [
        (Ruling("partly_retained", DAY, Decimal(4000), "CC-1"), "Dites pourquoi la décision est rectifiée"),
        (Ruling("partly_retained", DAY, Decimal(4000), "", "Faute"), "Indiquez la délibération"),
        (Ruling("partly_retained", DAY, Decimal(3800), "CC-2026-31", "Faute"), "rien n’est à rectifier"),
        (Ruling("adjourned", DAY, reason="Faute"), "Choisissez une décision"),
    ],
)
def test_an_amendment_that_is_not_whole_is_refused(granted, officer, ruling, sentence):
    with pytest.raises(ValidationError, match=sentence):
        amend(granted, ruling, seen=granted.decisions.get().pk, by=officer)
    assert granted.decisions.count() == 1


def test_of_two_officers_who_amend_the_second_reads_what_the_first_decided(granted):
    seen = granted.decisions.get().pk
    amend(granted, MORE, seen=seen, by=OfficerFactory(first_name="Agnès", last_name="Morel"))
    with pytest.raises(DecisionConflict, match=r"Agnès Morel a saisi une autre décision"):
        amend(granted, Ruling("partly_retained", DAY, Decimal(1), "CC-1", "Autre"), seen=seen, by=OfficerFactory())
    assert amounts(granted) == (4000, 4000)


def test_what_is_not_decided_is_not_amended(officer):
    with pytest.raises((AlreadyMoved, ValidationError)):
        amend(proposed(), MORE, seen=0, by=officer)


def test_an_officer_amends_from_the_page_of_the_file(officer_client, granted):
    url = f"/instruction/{granted.pk}/"
    page = officer_client.get(url).text
    assert "Rectifier la décision" in page
    assert 'value="3800"' in page
    typed = {"outcome": "partly_retained", "amount": "4 000"}
    typed |= {"deliberation": "CC-2026-31", "decided_on": DAY.isoformat(), "reason": "Faute de frappe."}
    typed = {"etape": "amend"} | {f"amend-{name}": value for name, value in typed.items()}
    stale = officer_client.post(url, typed | {"seen_state": "gâté"})
    assert "Rien de ce que vous avez tapé" in stale.text
    assert officer_client.post(url, typed | {"seen_state": stale.context["seen"]}).status_code == 302
    assert amounts(granted) == (4000, 4000)


# --- before its committee ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-1, 0])
def test_a_decision_is_not_dated_before_its_committee_without_a_word(officer, days):
    project = proposed(committee=CommitteeFactory(held_on=DAY))
    day, committee = DAY + datetime.timedelta(days=days), project.review.committee
    ruling = Ruling("partly_retained", day, Decimal(3800), "CC-1", committee=committee)
    if days < 0:
        with pytest.raises(ValidationError, match="précède le comité"):
            decide(project, ruling, by=officer)
        ruling = Ruling("partly_retained", day, Decimal(3800), "CC-1", "Décidé par le bureau.", committee)
    decide(project, ruling, by=officer)
    assert Decision.objects.get().decided_on == day


# --- what is said -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "amount", "words"),
    [
        ("retained", 6600, "6 600 €"),
        ("closed", 6600, "6 600 €"),
        ("closed", None, "montant non renseigné"),
        ("abandoned", 6600, "6 600 € avaient été accordés ; action abandonnée"),
        ("abandoned", None, "rien : action abandonnée"),
        ("refused", None, "rien : action refusée"),
        ("inadmissible", None, "rien : action non recevable"),
        ("in_review", None, "pas encore décidé"),
    ],
)
def test_what_is_granted_is_said_as_it_stands(officer_client, status, amount, words):
    project = ProjectFactory(status=status, granted=amount)
    assert plain(granted_in_words(project)) == words
    for url in (f"/projets/{project.code}/", f"/instruction/{project.pk}/"):
        page = plain(squeezed(officer_client.get(url).text))
        assert f"<dt>Accordé</dt><dd>{words}</dd>" in page


def test_every_state_has_its_words():
    for status in ProjectStatus:
        for amount in (None, Decimal(1)):
            assert granted_in_words(Project(status=status, granted=amount))
