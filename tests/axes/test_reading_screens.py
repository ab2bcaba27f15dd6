"""« Lire un document »: brought, looked at, changed, then made a framework, once."""

import io
import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from pypdf import PdfWriter

from axes.founding import FIXTURE
from axes.models import DocumentReading, Framework
from axes.reading.reasons import AS_THE_FIRST, SHIFTED
from axes.reading.rows import forms_of, from_json
from axes.vocabulary import priority_type_from_word
from cohesion.models import AuditEvent
from cohesion.together.states import FIELD
from tests.axes.test_reading import SHIFTED_PLAN
from tests.factories import OfficerFactory
from tests.reading.truth import FOUNDING, founding

pytestmark = pytest.mark.django_db

PLAN = """Plan de Lambray
AXE 1 : ACCUEILLIR
Ouvrir les lieux en soirée
Partage des salles
AXE 2 : TRANSMETTRE
Former les bénévoles
Tutorat des nouveaux Carnet de suivi commun
"""
READ = "admin:axes_framework_read"


def text(response) -> str:
    return unescape(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def bring(client, **data):
    return client.post(reverse(READ), data, follow=True)


def brought(client, words=PLAN) -> tuple[DocumentReading, str]:
    bring(client, text=words)
    document = DocumentReading.objects.latest("pk")
    return document, reverse("admin:axes_framework_reading", args=[document.pk])


def form_of(client, address) -> dict[str, str]:
    """The form as a browser would send it back, unchanged."""
    context = client.get(address).context
    form = {"name": context["document"].name, FIELD: context["seen"]}
    for line in context["page"]:
        form |= {f"level-{line.row.id}": line.level, f"title-{line.row.id}": line.title}
        if line.merged:
            form[f"merged-{line.row.id}"] = "on"
    return form


def titles(document) -> list[tuple[str, str]]:
    document.refresh_from_db()
    return [(row["level"], row["title"]) for row in document.rows]


def key_of(document, title) -> int:
    return next(row["id"] for row in document.rows if row["title"].startswith(title))


def test_the_founding_text_becomes_the_framework_that_officers_hold_for_right(officer_client):
    before = Framework.objects.count()
    response = bring(officer_client, file=SimpleUploadedFile("cadre.txt", FOUNDING.read_bytes()))
    assert "64 orientations" in text(response)
    assert "à vérifier" in text(response)
    assert Framework.objects.count() == before
    address = response.request["PATH_INFO"]
    form = form_of(officer_client, address)
    assert "est créé, en préparation" in text(officer_client.post(address, form | {"create": "1"}, follow=True))
    framework = Framework.objects.latest("pk")
    assert framework.is_draft
    truth = founding().nodes
    nodes = list(framework.orientations.in_order().select_related("parent"))
    assert [(node.level, f"{node.label} {node.title}".strip()) for node in nodes] == [(n.level, n.text) for n in truth]
    assert [node.source_line for node in nodes] == [node.line for node in truth]
    right = [row.get("type_priorite", "") for row in json.loads(FIXTURE.read_text(encoding="utf-8"))["orientations"]]
    assert [node.priority_type for node in nodes] == [priority_type_from_word(word) for word in right]
    assert nodes[-1].code == "8.1-b"
    assert sorted(nodes[-1].applies_to.values_list("code", flat=True)) == ["8.1.1", "8.1.2", "8.1.3", "8.1.4"]
    assert nodes[-1].history.get().history_change_reason == "Import de «\u00a0cadre.txt\u00a0»"
    assert AuditEvent.objects.filter(kind="import").get().after == {"fichier": "cadre.txt", "orientations": 64}
    # Sent again, or its page opened again: nothing is made twice.
    again = officer_client.post(address, form | {"create": "1"}, follow=True)
    assert "rien n’a été écrit une seconde fois" in text(again)
    assert Framework.objects.count() == before + 1


def test_everything_is_changed_before_anything_is_written(officer_client):
    document, address = brought(officer_client)
    assert titles(document)[0] == ("", "Plan de Lambray")
    assert document.name == "Plan de Lambray"
    form = form_of(officer_client, address)
    kept = key_of(document, "Partage")
    form |= {f"level-{kept}": "operational", f"title-{kept}": "Partage des\nsalles et des cours"}
    officer_client.post(address, form | {"name": "Plan 2027"})
    assert ("operational", "Partage des") in titles(document)
    assert ("operational", "salles et des cours") in titles(document)
    assert document.name == "Plan 2027"
    second = key_of(document, "salles")
    officer_client.post(address, form_of(officer_client, address) | {"act": f"join:{second}"})
    assert ("operational", "Partage des salles et des cours") in titles(document)
    order = [title for _, title in titles(document)]
    officer_client.post(address, form_of(officer_client, address) | {"act": f"up:{kept}"})
    assert [title for _, title in titles(document)].index("Partage des salles et des cours") == order.index(
        "Partage des salles et des cours"
    ) - 1
    officer_client.post(address, form_of(officer_client, address) | {f"level-{kept}": ""})
    assert ("", "Partage des salles et des cours") in titles(document)
    assert not Framework.objects.exists()


def test_one_level_is_given_to_all_lines_of_a_form_at_once(officer_client):
    lines = [f"Orientation {number} : Soutenir le lieu {number}\nAction {number} : Partage" for number in (1, 2, 3)]
    document, address = brought(officer_client, "\n".join(["Pilier 1 : A", *lines, "Pilier 2 : B", *lines]))
    first = next(row["id"] for row in document.rows if row["label"].startswith("Orientation"))
    form = form_of(officer_client, address) | {f"level-{first}": "challenge", "act": f"like:{first}"}
    assert "même forme" in text(officer_client.post(address, form, follow=True))
    document.refresh_from_db()
    levels = {row["level"] for row in document.rows if row["label"].startswith("Orientation")}
    assert levels == {"challenge"}
    assert all(row["is_checked"] for row in document.rows if row["level"] == "challenge")
    assert {row["level"] for row in document.rows if row["label"].startswith("Action")} == {"priority"}


def test_all_the_forms_of_a_document_are_given_their_levels_in_one_gesture(officer_client):
    document, address = brought(officer_client, SHIFTED_PLAN)
    forms = {form.first.form: form.first.id for form in forms_of(from_json(document.rows))}
    heads, aims, bullets = forms.values()
    asked = {f"form-{heads}": "axis", f"form-{aims}": "challenge", f"form-{bullets}": "operational", "act": "forms"}
    stale = form_of(officer_client, address)
    assert "Chaque forme a reçu son niveau" in text(officer_client.post(address, stale | asked, follow=True))
    document.refresh_from_db()
    assert {(row["form"], row["level"]) for row in document.rows if row["form"]} == set(
        zip(forms, ("axis", "challenge", "operational"), strict=True)
    )
    assert not any(row["doubt"] and not row["is_checked"] for row in document.rows)  # settled with it
    again = {**asked, f"form-{aims}": ""}
    assert "modifiée ailleurs" in text(officer_client.post(address, stale | again, follow=True))
    officer_client.post(address, form_of(officer_client, address) | again)
    document.refresh_from_db()
    assert {row["level"] for row in document.rows if row["id"] == aims} == {""}  # a whole form may be outside


def test_what_would_break_a_rule_is_told_with_its_line_and_nothing_is_made(officer_client):
    document, address = brought(officer_client)
    root = key_of(document, "ACCUEILLIR")
    response = officer_client.post(
        address, form_of(officer_client, address) | {f"level-{root}": "", "create": "1"}, follow=True
    )
    assert "Le cadre n’est pas créé. Ligne 3 :" in text(response)
    assert "se place sous une autre orientation" in text(response)
    document.refresh_from_db()
    assert document.is_ready
    assert not Framework.objects.exists()
    form = form_of(officer_client, address)
    none = {name: "" for name in form if name.startswith("level-")}
    assert "donnez un niveau" in text(officer_client.post(address, form | none | {"create": "1"}, follow=True))


def test_what_was_changed_in_another_tab_is_not_written_over(officer_client):
    document, address = brought(officer_client)
    first = form_of(officer_client, address)
    second = dict(first)
    key = key_of(document, "Former")
    officer_client.post(address, first | {f"title-{key}": "Former les salariés"})
    other = key_of(document, "Ouvrir")
    page = text(
        officer_client.post(address, second | {f"title-{key}": "Former chacun", f"title-{other}": "Ouvrir tard"})
    )
    assert "modifiée ailleurs" in page
    assert "Former chacun" in page
    assert "« Former les salariés »" in page
    assert ("strategic", "Former les salariés") in titles(document)
    # Of what was not read as it is now, nothing is made.
    unread = {name: second[name] for name in ("name", FIELD)}
    assert "relisez-la avant" in text(officer_client.post(address, unread | {"create": "1"}, follow=True))


@pytest.mark.once
def test_doubtful_rows_are_counted_and_shown_apart(officer_client):
    document, address = brought(officer_client, FOUNDING.read_text(encoding="utf-8"))
    doubtful = [row["id"] for row in document.rows if row["doubt"]]
    page = officer_client.get(f"{address}?voir=verifier")
    assert f"{len(doubtful)} à vérifier" in text(page)
    assert [line.row.id for line in page.context["page"]] == doubtful
    form = form_of(officer_client, f"{address}?voir=verifier")
    officer_client.post(address, form | {f"checked-{doubtful[0]}": "on", f"level-{doubtful[1]}": "operational"})
    assert f"{len(doubtful) - 2} à vérifier" in text(officer_client.get(address))


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("vide.docx", b"", "vide"),
        ("ancien.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien"),
        ("faux.docx", b"PK\x03\x04rien", "endommagé"),
        ("tableau.csv", b"a;b\n1;2\n", "texte"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(officer_client, name, data, words):
    page = text(bring(officer_client, file=SimpleUploadedFile(name, data)))
    assert 'class="errornote"' in page
    assert words in page
    assert not DocumentReading.objects.exists()


@pytest.mark.once
def test_a_pdf_of_pictures_and_an_empty_document_are_told(officer_client):
    pdf, word = PdfWriter(), io.BytesIO()
    pdf.add_blank_page(200, 200)
    stream = io.BytesIO()
    pdf.write(stream)
    Document().save(word)
    assert "ne contient que des images" in text(
        bring(officer_client, file=SimpleUploadedFile("scan.pdf", stream.getvalue()))
    )
    assert "aucun texte" in text(bring(officer_client, file=SimpleUploadedFile("rien.docx", word.getvalue())))
    assert "collez le texte" in text(bring(officer_client))
    assert "gardez l’un des deux" in text(bring(officer_client, file=SimpleUploadedFile("a.txt", b"a"), text="b"))


@pytest.mark.once
def test_a_reading_is_its_owners_and_may_be_given_up(officer_client, client):
    document, address = brought(officer_client)
    officer_client.post(address, {"cancel": "1"})
    document.refresh_from_db()
    assert (document.is_ready, document.rows) == (False, [])
    assert "abandonnée" in text(officer_client.get(address))
    assert "abandonnée" in text(officer_client.get(reverse(READ)))
    client.force_login(OfficerFactory())
    assert client.get(address).status_code == 404
    assert client.post(address, {"create": "1"}).status_code == 404


def test_four_hundred_lines_are_shown_page_by_page_in_as_many_queries(officer_client):
    _, few_address = brought(officer_client)
    lines = [f"AXE {number} : CHAPITRE {number}\nOuvrir le lieu {number}\nPartage {number}" for number in range(1, 134)]
    many, many_address = brought(officer_client, "\n".join(lines))
    assert len(many.rows) == 399
    counts = []
    for address in (few_address, few_address, many_address):
        with CaptureQueriesContext(connection) as queries:
            response = officer_client.get(address)
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert "Page 1 sur 2" in text(response)


def test_what_is_printed_before_a_wording_is_changed_on_the_preview(officer_client):
    document, address = brought(officer_client)
    key = next(row["id"] for row in document.rows if row["level"])
    officer_client.post(address, form_of(officer_client, address) | {f"label-{key}": "  AXE  I : "})
    document.refresh_from_db()
    assert next(row["label"] for row in document.rows if row["id"] == key) == "AXE I :"


def test_verifying_the_first_line_of_a_form_that_may_be_shifted_settles_its_others(officer_client):
    document, address = brought(officer_client, SHIFTED_PLAN)
    shared = [row for row in document.rows if row["doubt"] == AS_THE_FIRST]
    first = next(row for row in document.rows if row["doubt"].startswith(SHIFTED) and row["form"] == shared[0]["form"])
    assert officer_client.get(address).context["doubts"] < len(shared) + 2  # said once a form
    officer_client.post(address, form_of(officer_client, address) | {f"checked-{first['id']}": "on"})
    document.refresh_from_db()
    checked = {row["id"] for row in document.rows if row["is_checked"]}
    assert checked == {first["id"], *(row["id"] for row in shared if row["form"] == first["form"])}
