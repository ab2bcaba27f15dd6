"""What was kept for long enough is forgotten, shown before it is, in batches; figures stay as they were."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from cohesion.audit import AuditKind
from cohesion.lib.retention import Retention
from cohesion.models import AuditEvent
from projects.choices import Criterion, ProjectStatus
from projects.declaring.handing_in import fingerprint
from projects.figures import figures
from projects.housekeeping import retention
from projects.models import (
    Attachment,
    Declaration,
    FileNote,
    Invitation,
    Message,
    Organization,
    Project,
    ProjectImport,
    Remark,
    Report,
    Review,
    ReviewNote,
    Submission,
)
from tests.factories import (
    DeclarationFactory,
    InvitationFactory,
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - datetime.timedelta(days=365 * 15)
STRUCTURE = {"representative": "Odile Bruyère, présidente", "contact_email": "odile@exemple.fr"}
ANSWERS = {"structure": STRUCTURE, "projet": {"title": "Jardin"}}
SHOWN = [["structure", "La structure", [["Représentant", "Odile Bruyère"]]], ["projet", "Le projet", []]]


def aged(row, **fields):
    """The row as if it had been left alone since long ago."""
    type(row)._base_manager.filter(pk=row.pk).update(**(fields or {"updated_at": LONG_AGO}))
    row.refresh_from_db()
    return row


def file_of(status, **fields):
    project = ProjectFactory(status=status, granted=Decimal(4000) if status == ProjectStatus.CLOSED else None, **fields)
    DeclarationFactory(project=project, answers=ANSWERS)
    SubmissionFactory(project=project, answers=ANSWERS, shown=SHOWN, by=OfficerFactory())
    FileNote.objects.create(project=project, text="Appeler Odile Bruyère", by=OfficerFactory())
    attachment = Attachment(project=project, organization=project.organization, kind="other", name="a.pdf", size=1)
    attachment.file.save("a.pdf", ContentFile(b"%PDF"))
    Remark.objects.create(project=project, page="projet", text="Demander à Odile", answer="Odile", by=OfficerFactory())
    grid = Review.objects.create(project=project)
    ReviewNote.objects.create(review=grid, criterion=Criterion.values[0], note=3, comment="Odile est solide")
    Report.objects.create(project=project, year=2010, due_on="2011-06-30", remark="Voir avec Odile")
    return project


def names():
    """How much of a file still names people."""
    return (
        Declaration.objects.filter(answers__has_key="structure").count(),
        Submission.objects.filter(answers__has_key="structure").count(),
        FileNote.objects.count(),
        Attachment.objects.count(),
        Remark.objects.count(),
        ReviewNote.objects.filter(comment__contains="Odile").count(),
        Report.objects.filter(remark__contains="Odile").count(),
    )


@pytest.mark.parametrize("status", [ProjectStatus.CLOSED, ProjectStatus.REFUSED, ProjectStatus.ABANDONED])
def test_a_file_that_is_over_for_long_names_nobody_and_counts_as_before(founding, status, capsys):
    old = aged(file_of(status, serves=[founding.orientations.first()]))
    recent = file_of(status)
    before = (figures.kinds(founding), Project.objects.count(), Project.objects.get(pk=old.pk).granted)
    call_command("forget_old")
    assert "Rien n’est écrit" in capsys.readouterr().out
    assert names() == (2,) * 7
    call_command("forget_old", "--apply", "--visa", "AD 2026-12")
    assert names() == (1,) * 7
    assert FileNote.objects.get().project == recent
    assert ReviewNote.objects.get(review__project=old).note == 3
    founding.refresh_from_db()
    assert (figures.kinds(founding), Project.objects.count(), Project.objects.get(pk=old.pk).granted) == before
    frozen = Submission.objects.get(project=old)
    assert frozen.answers == {"projet": {"title": "Jardin"}}
    assert frozen.digest == fingerprint(frozen.answers, frozen.shown)
    assert "Odile" not in str([*AuditEvent.objects.values_list("label", "before", "after")])
    assert AuditEvent.objects.filter(kind=AuditKind.RETENTION, after__nombre=1).count() == 1
    capsys.readouterr()
    call_command("forget_old", "--apply", "--visa", "AD 2026-12")
    assert "Rien ne dépasse" in capsys.readouterr().out


def test_a_file_that_is_not_over_keeps_everything(founding):
    aged(file_of(ProjectStatus.RUNNING))
    call_command("forget_old", "--apply", "--visa", "AD 2026-12")
    assert names() == (1,) * 7


def test_a_draft_that_nobody_takes_up_again_goes_and_one_that_others_need_stays(founding):
    alone, needed = (aged(ProjectFactory(kind=kind, status=ProjectStatus.DRAFT)) for kind in ("action", "pst"))
    ProjectFactory(host=needed)
    ProjectFactory(status=ProjectStatus.DRAFT)
    call_command("forget_old", "--apply", "--visa", "AD 2026-12")
    assert not Project.objects.filter(pk=alone.pk).exists()
    assert Project.objects.filter(pk=needed.pk).exists()
    assert Project.objects.count() == 3


def test_a_structure_without_a_file_loses_its_contacts_in_its_history_too(founding):
    contacts = {"representative": "Odile Bruyère", "email": "odile@exemple.fr", "phone": "0232000000"}
    silent, busy, joined = (OrganizationFactory(name=name, **contacts) for name in ("A", "B", "C"))
    Organization.history.update(history_date=LONG_AGO)
    aged(ProjectFactory(organization=silent, status=ProjectStatus.CLOSED))
    ProjectFactory(organization=busy, status=ProjectStatus.CLOSED)
    MembershipFactory(organization=joined)
    call_command("forget_old", "--apply", "--visa", "AD 2026-12")
    assert list(Organization.objects.filter(representative="").filter(name__in="ABC")) == [silent]
    assert not Organization.history.filter(id=silent.pk).exclude(email="", phone="", representative="").exists()
    assert Organization.objects.get(pk=busy.pk).email == "odile@exemple.fr"


def test_bank_details_go_when_no_file_needs_them(founding):
    for status in (ProjectStatus.CLOSED, ProjectStatus.RUNNING):
        project = aged(ProjectFactory(status=status))
        details = Attachment(organization=project.organization, kind="bank_details", name="rib.pdf", size=1)
        details.file.save("rib.pdf", ContentFile(b"%PDF"))
        aged(details, at=LONG_AGO)
    call_command("forget_old", "--apply", "--visa", "AD 2026-12")
    assert Attachment.objects.get().organization.projects.get().status == ProjectStatus.RUNNING


def test_messages_invitations_and_files_brought_go_in_their_time(founding, officer):
    old = Message.objects.create(key="a", user=officer, title="Bonjour Odile", text="Bruyère", email="o@exemple.fr")
    aged(old, at=LONG_AGO)
    Message.objects.create(key="b", user=officer, title="Récent")
    aged(InvitationFactory(), created_at=LONG_AGO, expires_at=LONG_AGO)
    kept = InvitationFactory()
    aged(ProjectImport.objects.create(owner=officer, filename="a.csv", content=b"x"), created_at=LONG_AGO)
    call_command("forget_old", "--apply", "--visa", "AD 2026-12")
    old.refresh_from_db()
    assert (old.key, old.title, old.text, old.email) == ("a", retention.GONE, "", "")
    assert list(Invitation.objects.all()) == [kept]
    assert ProjectImport.objects.get().content is None


def test_where_a_length_is_nought_nothing_goes_by_itself(founding, settings):
    settings.RETENTION = Retention(**dict.fromkeys(Retention.__dataclass_fields__, 0))
    aged(file_of(ProjectStatus.CLOSED))
    call_command("forget_old", "--apply", "--visa", "AD 2026-12")
    assert names() == (1,) * 7


def test_it_goes_on_where_it_was_interrupted(founding, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 1)
    for _ in range(3):
        aged(file_of(ProjectStatus.CLOSED))
    rule = retention.rules()[0]
    calls = iter([rule.forget, None])
    with pytest.raises(TypeError):  # the second batch fails: the first one is kept
        retention.apply(
            retention.RetentionRule(rule.name, rule.words, rule.old, lambda rows: next(calls)(rows)),
        )
    assert names()[0] == 2
    assert retention.apply(rule) == 2
    assert retention.apply(rule) == 0
