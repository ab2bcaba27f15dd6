"""The audit log: what is written, that it stays as it was written, and who reads it."""

import csv
import datetime
import io

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from mptt.exceptions import InvalidMove

from axes import actions
from cohesion.audit import AuditKind, record
from cohesion.audit.recording import HIDDEN, address
from cohesion.models import AppendOnlyError, AuditEvent
from projects.choices import ProjectStatus
from projects.instructing.bulk import BulkChange
from projects.instructing.changing import change_projects
from projects.instructing.moving import move
from tests.costs import cost
from tests.factories import InvitationFactory, MembershipFactory, ProjectFactory, UserFactory
from tests.site.test_house import SOURCES

pytestmark = pytest.mark.django_db
PASSWORD = "mot-de-passe-de-test"


def kinds():
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


def last(kind):
    return AuditEvent.objects.filter(kind=kind).latest("pk")


@pytest.fixture
def administrator(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


# --- append-only --------------------------------------------------------------------------------------------


def test_the_list_of_kinds_is_closed_and_holds_at_least_24():
    assert len(AuditKind) >= 24


def test_an_event_is_neither_changed_nor_deleted_by_the_software():
    record(AuditKind.EXPORT, on="x")
    event = AuditEvent.objects.get()
    for attempt in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(who="x"),
        lambda: AuditEvent.objects.bulk_update([event], ["who"]),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()


@pytest.mark.parametrize("statement", ["UPDATE cohesion_auditevent SET who = 'x'", "DELETE FROM cohesion_auditevent"])
def test_the_database_itself_refuses_to_change_or_delete_an_event(statement):
    record(AuditKind.EXPORT, on="x")
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert kinds() == ["export"]


def test_an_event_is_not_written_over_either():
    record(AuditKind.EXPORT, on="x")
    event = AuditEvent.objects.get()
    forged = AuditEvent(pk=event.pk, kind="login", at=event.at)
    columns = [field.column for field in AuditEvent._meta.concrete_fields]
    over = f"INSERT OR REPLACE INTO cohesion_auditevent ({', '.join(columns)}) SELECT {', '.join(columns)}"
    attempts = [
        lambda: AuditEvent.objects.bulk_create(
            [forged], update_conflicts=True, update_fields=["kind"], unique_fields=["id"]
        ),
        lambda: AuditEvent._base_manager.filter(pk=event.pk)._raw_delete("default"),
    ]
    if connection.vendor == "sqlite":
        attempts.append(lambda: connection.cursor().execute(f"{over} FROM cohesion_auditevent"))
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert kinds() == ["export"]


def test_the_purge_alone_deletes_what_is_too_old_says_so_and_closes_the_door_again(settings, capsys):
    settings.AUDIT_RETENTION_DAYS = 30
    with time_machine.travel(timezone.now() - datetime.timedelta(days=31)):
        record(AuditKind.LOGIN, who="ancien")
    record(AuditKind.LOGIN, who="récent")
    call_command("purge_audit")
    assert "1\u00a0événement effacé" in capsys.readouterr().out
    assert list(AuditEvent.objects.filter(kind="login").values_list("who", flat=True)) == ["récent"]
    assert last("purge").label.startswith("1 événement d’avant le")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cohesion_auditevent")


# --- what is written ----------------------------------------------------------------------------------------


def test_a_secret_never_enters():
    value = {"password": "a", "jeton": {"csrf_token": "b", "nom": "c"}, "liste": [{"session_key": "d"}]}
    record(AuditKind.EXPORT, on="x", before=value)
    expected = {"password": HIDDEN, "jeton": {"csrf_token": HIDDEN, "nom": "c"}, "liste": [{"session_key": HIDDEN}]}
    assert AuditEvent.objects.get().before == expected


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "198.51.100.7", None),
    ],
)
def test_the_address_is_read_through_the_frontals_of_ones_own_only(settings, proxies, forwarded, expected):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert address(request) == expected


def test_logins_are_noted_with_who_when_and_from_where(client):
    user = UserFactory()
    with time_machine.travel("2026-11-25T10:00:00+01:00", tick=False):
        client.post(reverse("account_login"), {"login": user.email, "password": "pas le bon du tout"})
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        client.post(reverse("account_logout"))  # under the same clock: a session does not outlive its own
    failed, login = last("login_failed"), last("login")
    assert (failed.who, failed.account, failed.address) == (user.email, None, "127.0.0.1")
    assert (login.who, login.account) == (user.email, user.pk)
    assert login.at == datetime.datetime(2026, 11, 25, 9, tzinfo=datetime.UTC)
    assert last("logout").who == user.email
    assert "pas le bon" not in str(list(AuditEvent.objects.values()))


def test_a_password_typed_in_the_place_of_the_address_is_not_kept(client):
    client.post(reverse("account_login"), {"login": "mon-vrai-mot-de-passe", "password": "x"})
    assert "mon-vrai" not in str(list(AuditEvent.objects.values()))


def test_rights_are_noted_before_and_after():
    user = UserFactory()
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    event = last("rights_changed")
    assert (event.key, event.before, event.after) == (str(user.pk), {"is_staff": False}, {"is_staff": True})
    membership = MembershipFactory()
    assert last("rights_changed").after["structure"] == membership.organization_id
    membership.delete()
    assert last("rights_changed").before["compte"] == membership.user_id


def test_a_login_writes_no_change_of_rights():
    user = UserFactory()
    before = len(kinds())
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])
    assert len(kinds()) == before


def test_a_move_says_from_where_to_where(node, officer):
    moved = node("5.2")
    actions.move_orientation(orientation=moved, target=node("4"), position="last-child", by=officer)
    event = last("tree_move")
    assert (event.who, event.before["parent"], event.after["parent"]) == (officer.email, "5.E1", "4")


def test_a_move_that_is_refused_is_not_noted(node, officer):
    with pytest.raises(InvalidMove):
        actions.move_orientation(orientation=node("5"), target=node("5.2"), position="last-child", by=officer)
    assert "tree_move" not in kinds()


def test_deletions_are_noted_by_their_words(officer, client):
    project = ProjectFactory(status=ProjectStatus.DRAFT)
    words, key = str(project), str(project.pk)
    project.delete()
    assert (last("deletion").label, last("deletion").key) == (words, key)


def test_exports_of_agents_are_noted(officer_client, founding):
    officer_client.get(reverse("admin:projects_action_export", args=["csv"]))
    officer_client.get(reverse("admin:axes_framework_export", args=[founding.pk, "csv"]))
    assert kinds().count("export") == 2


@pytest.mark.parametrize(
    "address",
    [
        "/projets/export.csv?q=jardin",
        "/projets/export.xlsx?q=jardin",
        "/cadre/export.pdf?q=jardin",
        "/couverture/export.csv?q=jardin",
        "/couverture/besoins.csv?q=jardin",
        "/couverture/offres.csv?q=jardin",
        "/territoires/export.csv?q=jardin",
    ],
)
def test_exports_of_anybody_are_noted_each_time_with_their_filters(client, founding, address):
    for _ in range(2):
        assert client.get(address, headers={"Host": "testserver"}).status_code == 200
    event = last("export")
    assert (kinds().count("export"), event.who, event.address) == (2, "", "127.0.0.1")
    assert (event.label, event.after) == (address.partition("?")[0], {"filtres": {"q": ["jardin"]}})


def test_what_was_not_taken_away_is_no_export(client, founding):
    tag = client.get("/cadre/export.csv").headers["ETag"]
    assert client.get("/cadre/export.csv", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/cadre/export.zip").status_code == 404
    assert client.head("/cadre/export.csv").status_code == 200
    assert kinds().count("export") == 1


def test_every_kind_of_the_list_is_written_somewhere():
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "kinds.py")
    assert [kind for kind in AuditKind if f"AuditKind.{kind.name}" not in sources] == []


def test_a_password_that_somebody_else_sets_is_noted_by_whoever_it_was(client, administrator):
    user = UserFactory()
    new = "quatre tournesols et un vélo"
    where = reverse("admin:auth_user_password_change", args=[user.pk])
    fields = {"usable_password": "true", "password1": new, "password2": new}
    assert client.post(where, fields).status_code == 302
    event = last("password_changed")
    assert (event.who, event.key, event.address) == (administrator.email, str(user.pk), "127.0.0.1")
    user.refresh_from_db()
    user.set_password(f"{new} bleu")
    user.save()  # as the command line does
    assert (last("password_changed").who, kinds().count("password_changed")) == ("", 2)
    assert "tournesols" not in str(list(AuditEvent.objects.values()))


def test_ones_own_change_of_password_is_one_event_and_a_first_password_none(client):
    user = UserFactory()
    client.force_login(user)
    new = "quatre tournesols et un vélo"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), fields).status_code == 302
    assert (last("password_changed").who, kinds().count("password_changed")) == (user.email, 1)
    type(user).objects.create_user("neuf@exemple.test", "neuf@exemple.test", new)
    assert kinds().count("password_changed") == 1


def test_a_login_that_is_no_longer_looked_at_is_noted_too(client):
    cache.clear()
    user = UserFactory()
    for _ in range(7):
        client.post(reverse("account_login"), {"login": user.email, "password": "pas le bon du tout"})
    assert kinds().count("login_failed") == 7
    assert (last("login_failed").label, last("login_failed").who) == ("trop d’essais", user.email)


def test_the_role_of_a_member_is_noted_before_and_after():
    membership = MembershipFactory(role="declarant")
    membership.role = "signatory"
    membership.save()
    event = last("rights_changed")
    assert (event.before["rôle"], event.after["rôle"]) == ("declarant", "signatory")
    number = kinds().count("rights_changed")
    membership.save()
    assert kinds().count("rights_changed") == number


def test_a_state_that_an_officer_corrects_is_noted_one_by_one_and_together(officer, node):
    projects = [ProjectFactory(serves=[node("2.1.2")], status=ProjectStatus.RUNNING) for _ in range(2)]
    first, second = projects
    move(first, ProjectStatus.CLOSED, by=officer, reason="Finie")
    event = last("transition")
    after = {"état": "closed", "étape": "correct", "commentaire": True}
    assert (event.who, event.before, event.after) == (officer.email, {"état": "running"}, after)
    change = BulkChange(status=ProjectStatus.CLOSED)
    change_projects(seen={second.pk: second.version}, change=change, by=officer, reason="Finie")
    assert (last("transition").key, last("transition").after) == (str(second.pk), after)


def test_invitations_are_noted_without_their_link(administrator):
    from projects.members import inviting as invitations

    invitation = InvitationFactory.build(organization=MembershipFactory().organization)
    token = invitations.invite(invitation=invitation, by=administrator)
    invitations.revoke(invitation=invitation, by=administrator)
    assert {"invitation_sent", "invitation_revoked"} <= set(kinds())
    assert token not in str(list(AuditEvent.objects.values()))


# --- the page -----------------------------------------------------------------------------------------------


def test_the_page_costs_the_same_whatever_it_lists(client, administrator):
    address_of_list = reverse("admin:cohesion_auditevent_changelist")
    record(AuditKind.EXPORT, on="x")
    cost(address_of_list, client)  # which asks once whether this is a demonstration
    few = cost(address_of_list, client)
    for number in range(30):
        record(AuditKind.DOWNLOAD, on=f"pièce {number}", by=UserFactory())
    assert cost(address_of_list, client) == few


def test_the_page_filters_by_kind_by_who_and_by_date(client, administrator):
    with time_machine.travel("2025-03-01T12:00:00+00:00"):
        record(AuditKind.DOWNLOAD, on="une pièce", who="a@exemple.test")
    record(AuditKind.EXPORT, on="un export", who="b@exemple.test")
    page = reverse("admin:cohesion_auditevent_changelist")
    for query, shown in (
        ({"kind__exact": "download"}, ["une pièce"]),
        ({"q": "b@exemple.test"}, ["un export"]),
        ({"at__year": "2025"}, ["une pièce"]),
    ):
        rows = client.get(page, query).context["cl"].result_list
        assert [event.label for event in rows] == shown


def test_the_export_is_what_the_list_shows_and_runs_no_formula(client, administrator):
    record(AuditKind.DOWNLOAD, on="=HYPERLINK(A1)", after={"nom": "x"})
    record(AuditKind.EXPORT, on="autre")
    answer = client.get(reverse("admin:cohesion_auditevent_export"), {"kind__exact": "download"})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))
    assert [row[7] for row in rows] == ["objet", "'=HYPERLINK(A1)"]
    assert rows[1][9] == '{"nom": "x"}'
    assert last("export").label == "journal"


def test_the_page_of_an_event_has_no_button_that_writes(client, administrator):
    record(AuditKind.DOWNLOAD, on="une pièce", after={"nom": "statuts.pdf"})
    page = client.get(reverse("admin:cohesion_auditevent_change", args=[last("download").pk])).content.decode()
    assert "statuts.pdf" in page
    assert 'name="_save"' not in page
