"""Files that were paid, agreed and written to are forgotten in their time: acts and accounts stay as they were."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cohesion.audit import AuditKind
from cohesion.lib.retention import Retention
from cohesion.models import AuditEvent
from projects.catalogue.granting import paid
from projects.choices import ProjectStatus
from projects.figures import figures
from projects.housekeeping import retention
from projects.models import Agreement, FileNote, Grant, Message, Paper, Payment, Project
from tests.factories import AgreementFactory, GrantFactory, OfficerFactory, PaperFactory, PaymentFactory, ProjectFactory

VISA = "AD 2026-12"
LONG_AGO = timezone.now() - datetime.timedelta(days=365 * 15)
LESS_LONG_AGO = timezone.now() - datetime.timedelta(days=365 * 7)
SIGNED = {"signed_for_organization": "Odile Bruyère, présidente", "signed_for_authority": "Jeanne Roy, vice-présidente"}


def aided(status=ProjectStatus.CLOSED, at=LONG_AGO, **fields):
    """A file that is over since long ago, with a convention, a payment and a paper of its time."""
    project = ProjectFactory(status=status, granted=Decimal(3000), **fields)
    day = at.date()
    agreement = AgreementFactory(organization=project.organization, starts_on=day, ends_on=day, **SIGNED)
    grant = GrantFactory(project=project, year=day.year, agreement=agreement)
    PaymentFactory(grant=grant, paid_on=day)
    paper = PaperFactory(project=project, facts={"representant": "Odile Bruyère"})
    Message.objects.create(key=f"paper:{paper.pk}", title=paper.title, email="o@exemple.fr", paper=paper)
    FileNote.objects.create(project=project, text="Appeler Odile Bruyère", by=OfficerFactory())
    Paper.objects.filter(pk=paper.pk).update(at=at)
    Project.objects.filter(pk=project.pk).update(updated_at=at)
    return project


def forget():
    call_command("forget_old", "--apply", "--visa", VISA)


@pytest.mark.django_db
def test_what_was_granted_and_paid_stays_and_so_do_papers_when_a_file_is_forgotten(founding):
    project = aided(serves=[founding.orientations.first()])
    paper, before = Paper.objects.values().get(), (figures.kinds(founding), paid(Project.objects.all()))
    forget()
    assert not FileNote.objects.exists()
    assert Paper.objects.values().get() == paper
    founding.refresh_from_db()
    assert (figures.kinds(founding), paid(Project.objects.all())) == before
    assert (Payment.objects.count(), Grant.objects.get().project) == (1, project)
    agreement = Agreement.objects.get()
    assert (agreement.signed_for_organization, agreement.signed_for_authority) == ("", "")
    assert "Odile" not in str([*Agreement.history.values()])
    assert agreement.number
    forget()
    noted = AuditEvent.objects.filter(kind=AuditKind.RETENTION)
    assert [event.after["visa des archives"] for event in noted] == [VISA, VISA]


@pytest.mark.django_db
def test_without_the_agreement_of_the_archives_nothing_of_a_file_goes(founding, capsys):
    aided()
    call_command("forget_old", "--apply")
    assert FileNote.objects.count() == 1
    assert Agreement.objects.get().signed_for_organization
    written = capsys.readouterr().out
    assert "attend --visa" in written
    assert "demandez l’accord du service d’archives" in written


@pytest.mark.django_db
def test_a_file_given_up_after_it_was_paid_is_kept_as_long_as_one_that_is_closed(founding):
    aided(ProjectStatus.ABANDONED, LESS_LONG_AGO)
    forget()
    assert FileNote.objects.count() == 1
    Project.objects.update(updated_at=LONG_AGO)
    Payment.objects.update(paid_on=LONG_AGO.date())
    Paper.objects.update(at=LONG_AGO)
    Agreement.objects.update(starts_on=LONG_AGO.date(), ends_on=LONG_AGO.date())
    forget()
    assert not FileNote.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("late", ["payment", "paper", "convention"])
def test_a_file_is_over_when_its_last_payment_paper_and_convention_are(founding, late):
    aided()
    if late == "payment":
        Payment.objects.update(paid_on=LESS_LONG_AGO.date())
    elif late == "paper":
        Paper.objects.update(at=LESS_LONG_AGO)
    else:
        Agreement.objects.update(ends_on=LESS_LONG_AGO.date())
    forget()
    assert FileNote.objects.count() == 1


@pytest.mark.django_db
def test_a_convention_of_two_files_names_who_signed_it_until_both_are_over(founding):
    project = aided()
    going_on = ProjectFactory(status=ProjectStatus.RUNNING, organization=project.organization, granted=Decimal(10))
    GrantFactory(project=going_on, agreement=Agreement.objects.get(), year=LONG_AGO.year)
    forget()
    assert Agreement.objects.get().signed_for_organization
    assert not FileNote.objects.exists()


@pytest.mark.django_db
def test_where_files_are_kept_for_ever_conventions_are_too(founding, settings):
    settings.RETENTION = Retention(**dict.fromkeys(Retention.__dataclass_fields__, 0))
    aided()
    forget()
    assert Agreement.objects.get().signed_for_organization


@pytest.mark.django_db
def test_a_message_that_carried_a_paper_is_emptied_and_still_says_which(founding):
    aided()
    Message.objects.update(at=LONG_AGO)
    forget()
    message = Message.objects.get()
    assert (message.title, message.email, message.paper) == (retention.GONE, "", Paper.objects.get())


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_forget_each_file_once(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time")
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(7):
        aided()
    done, rule = [], retention.rules()[0]

    def run():
        try:
            done.append(retention.apply(rule, VISA))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 7
    assert not FileNote.objects.exists()
