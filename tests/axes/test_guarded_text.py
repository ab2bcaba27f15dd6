"""The adopted text is guarded: locked, every door asks why, the history says moves, earlier versions come back."""

import csv
import io
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from mptt.exceptions import InvalidMove

from axes import actions, tree
from axes.exchange.export import export
from axes.founding import load_founding_framework
from axes.models import Framework, Orientation
from cohesion.history import entries
from tests.axes.exchange import jobs
from tests.site.forms import seen_by

pytestmark = pytest.mark.django_db
LIST = "/admin/axes/orientation/"


@pytest.fixture
def locked(founding):
    Framework.objects.filter(pk=founding.pk).update(is_locked=True)
    founding.refresh_from_db()
    return founding


def rows_of(framework):
    """The rows of its export."""
    data, _, _ = export(framework, "csv")
    return list(csv.DictReader(io.StringIO(bytes(data).decode("utf-8-sig")), delimiter=";"))


def csv_file(rows):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def codes_under(code, founding):
    rows = Orientation.objects.filter(framework=founding, parent__code=code).in_order()
    return list(rows.values_list("code", flat=True))


def test_the_founding_framework_is_locked_from_the_first_day():
    assert load_founding_framework().is_locked


# --- every door asks why, and lets through once it is told -------------------------------------------------------


@pytest.mark.parametrize("door", ["drag", "button"])
def test_a_move_of_a_locked_framework_asks_why_then_moves(officer_client, locked, node, door):
    first, second = codes_under("5.2", locked)[:2]
    asked = {
        "drag": {
            "cmd": "move_node",
            "cut_item": node(second).pk,
            "pasted_on": node(first).pk,
            "position": "left",
        },
        "button": {"pas": f"haut:{node(second).pk}"},
    }[door]
    page = officer_client.post(f"{LIST}?cadre={locked.pk}", asked | {"reason": " "})
    assert page.status_code == 200
    assert "dites pourquoi" in page.content.decode()
    assert codes_under("5.2", locked)[:2] == [first, second]
    carried = dict(page.context["asked"]) | {"reason": "Ordre du conseil"}
    answer = officer_client.post(f"{LIST}?cadre={locked.pk}", carried)
    assert answer.status_code == 302
    assert codes_under("5.2", locked)[:2] == [second, first]
    assert node(second).history.latest().history_change_reason == "Ordre du conseil"


def test_the_other_doors_let_an_officer_through_with_a_reason(officer_client, locked, node, officer):
    why = {"reason": "Délibération"}
    target = f"right:{node('5.2.2').pk}"
    move = reverse("admin:axes_orientation_move", args=[node("5.2.1").pk])
    assert officer_client.post(move, {"place": target, **why}).status_code == 302
    assert codes_under("5.2", locked)[:2] == ["5.2.2", "5.2.1"]
    renumber = reverse("admin:axes_framework_renumber", args=[locked.pk])
    assert officer_client.post(renumber, {**seen_by(officer_client, renumber), **why}).status_code == 302
    assert codes_under("5.2", locked)[:2] == ["5.2.1", "5.2.2"]
    delete = reverse("admin:axes_orientation_delete", args=[node("8.1-a").pk])
    assert officer_client.post(delete, {"post": "yes", **seen_by(officer_client, delete), **why}).status_code == 302
    assert not Orientation.objects.filter(framework=locked, code="8.1-a").exists()
    priority = node("5.2.3-a")
    actions.set_applies_to(orientation=priority, targets=[node("5.2.3")], by=officer, reason="Cellule fusionnée")
    with pytest.raises(ValidationError, match="motif"):
        actions.set_applies_to(orientation=node("5.2.3-a"), targets=[], by=officer)


def test_an_import_into_a_locked_framework_asks_why_then_writes(officer_client, locked, officer):
    rows = rows_of(locked)
    rows[0]["titre_corrige"] = "Un axe corrigé"
    job = jobs.create_job(csv_file(rows), "cadre.csv", locked, officer)
    address = reverse("admin:axes_framework_import_job", args=[locked.pk, job.pk])
    refused = officer_client.post(address, {"apply": "1"}, follow=True).content.decode()
    assert "indiquez le motif" in refused
    officer_client.post(address, {"apply": "1", "reason": "Coquille"})
    assert Orientation.objects.get(framework=locked, code=rows[0]["code"]).corrected_title == "Un axe corrigé"


# --- a move is readable in the history ---------------------------------------------------------------------------


def told(orientation):
    records = orientation.history.order_by("-history_date", "-history_id")
    return [(change.field, change.old, change.new) for change in next(entries(records)).changes]


def test_the_history_says_from_where_to_where(founding, node, officer):
    actions.move_orientation(orientation=node("5.2.1"), target=node("5.1"), position="first-child", by=officer)
    assert told(node("5.2.1")) == [("place", "1ʳᵉ place sous 5.2", "1ʳᵉ place sous 5.1")]
    actions.shift_orientation(orientation=node("5.2.3"), step=-1, by=officer)
    assert told(node("5.2.3")) == [("place", "2ᵉ place sous 5.2", "1ʳᵉ place sous 5.2")]
    actions.move_orientation(orientation=node("8"), target=node("1"), position="left", by=officer)
    assert told(node("8")) == [("place", "8ᵉ place à la racine du cadre", "1ʳᵉ place à la racine du cadre")]


def test_what_is_no_move_says_no_place(founding, node, officer):
    orientation = node("5.2.1")
    actions.move_orientation(orientation=orientation, target=node("5.2.2"), position="right", by=officer)
    orientation = node("5.2.1")
    orientation.corrected_title = "Autre forme"
    actions.save_orientation(orientation=orientation, by=officer)
    assert told(node("5.2.1")) == [("forme affichée", "(vide)", "Autre forme")]


def test_an_import_that_moves_says_so_in_the_history(founding, node, officer):
    rows = rows_of(founding)
    at = {row["code"]: rank for rank, row in enumerate(rows)}
    rows[at["1.1.1"]], rows[at["1.1.2"]] = rows[at["1.1.2"]], rows[at["1.1.1"]]
    job = jobs.create_job(csv_file(rows), "cadre.csv", founding, officer)
    jobs.apply_job(job, officer, reason="Ordre")
    moved = [change for code in ("1.1.1", "1.1.2") for change in told(node(code))]
    assert ("place", "2ᵉ place sous 1.1", "1ʳᵉ place sous 1.1") in moved


# --- an earlier version is put back ------------------------------------------------------------------------------


@pytest.fixture
def rewritten(founding, node, officer):
    """An orientation whose words were changed, and which was moved."""
    orientation = node("5.2.1")
    orientation.title, orientation.code = "Un texte changé par erreur", "X"
    actions.save_orientation(orientation=orientation, by=officer)
    actions.move_orientation(orientation=node("X"), target=node("5.1"), position="last-child", by=officer)
    return node("X")


def first_record(orientation):
    return orientation.history.earliest()


def test_an_earlier_version_comes_back_with_its_place(founding, node, rewritten, officer):
    adopted = first_record(rewritten)
    actions.restore_orientation(orientation=rewritten, record=adopted, by=officer, with_place=True)
    back = node("5.2.1")
    assert (back.title, back.parent.code, back.pk) == (adopted.title, "5.2", rewritten.pk)
    assert "rétablie" in back.history.latest().history_change_reason
    assert tree.check() == []


def test_an_earlier_version_may_come_back_without_its_place(founding, node, rewritten, officer):
    actions.restore_orientation(orientation=rewritten, record=first_record(rewritten), by=officer)
    assert node("5.2.1").parent.code == "5.1"


def test_what_cannot_come_back_says_why(founding, node, rewritten, officer):
    adopted = first_record(rewritten)
    with pytest.raises(ValidationError, match="rien à rétablir"):
        actions.restore_orientation(orientation=rewritten, record=rewritten.history.latest(), by=officer)
    stale = node("X")
    stale.version -= 1
    with pytest.raises(tree.OrientationConflict):
        actions.restore_orientation(orientation=stale, record=adopted, by=officer)
    taken = node("5.2.2")
    taken.code = "5.2.1"
    actions.save_orientation(orientation=taken, by=officer)
    with pytest.raises(ValidationError, match="déjà pris"):
        actions.restore_orientation(orientation=node("X"), record=adopted, by=officer)
    actions.delete_orientation(orientation=node("5.2"), by=officer)
    with pytest.raises((ValidationError, InvalidMove), match="sans sa place"):
        actions.restore_orientation(orientation=node("X"), record=adopted, by=officer, with_place=True)
    assert node("X").title == "Un texte changé par erreur"


def test_the_history_offers_earlier_versions_and_asks_why(officer_client, founding, node, rewritten):
    Framework.objects.update(is_locked=True)
    adopted = first_record(rewritten)
    address = reverse("admin:axes_orientation_restore", args=[rewritten.pk, adopted.history_id])
    history = officer_client.get(reverse("admin:axes_orientation_history", args=[rewritten.pk])).content.decode()
    assert address in history
    page = unescape(officer_client.get(address).content.decode())
    assert "Un texte changé par erreur" in page
    assert adopted.title in page
    seen = seen_by(officer_client, address)
    assert "indiquez le motif" in officer_client.post(address, seen).content.decode()
    answer = officer_client.post(address, {**seen, "with_place": "on", "reason": "Erreur de saisie"})
    assert answer.status_code == 302
    assert node("5.2.1").parent.code == "5.2"
    again = officer_client.post(address, {**seen, "reason": "Encore"}).content.decode()
    assert "modifiée entre-temps" in again
