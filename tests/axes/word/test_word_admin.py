"""The officers' screens of a Word document that comes back."""

import pytest
from django.urls import reverse

from axes import actions, tree
from axes.models import ImportJob, Orientation
from axes.word.differences import KINDS
from axes.word.writing import export
from tests.axes.exchange.test_admin import text, upload, url
from tests.axes.exchange.test_round_trip import fingerprint
from tests.axes.word.documents import Edited, differences
from tests.axes.word.test_word_round_trip import ten_edits

pytestmark = pytest.mark.django_db


def bring(client, framework, data: bytes):
    return client.post(url(framework), upload(data, "cadre.docx"), follow=True)


@pytest.fixture
def draft(founding, officer):
    return actions.prepare_next_version(framework=founding, by=officer)


def test_the_document_is_taken_and_brought_where_one_imports(officer_client, founding):
    page = text(officer_client.get(url(founding)))
    address = reverse("admin:axes_framework_export", args=[founding.pk, "docx"])
    assert f'href="{address}"' in page
    response = bring(officer_client, founding, officer_client.get(address).content)
    assert "Rien n’a changé" in text(response)
    assert 'name="apply"' not in text(response)


def test_each_difference_is_shown_and_each_count_leads_to_its_lines(
    officer_client, founding, django_assert_max_num_queries
):
    document = Edited(founding)
    expected = ten_edits(document)
    before = fingerprint()
    response = bring(officer_client, founding, document.data)
    assert fingerprint() == before
    assert "10\u00a0différences avec le cadre" in text(response)
    address = response.request["PATH_INFO"]
    page = text(officer_client.get(address))
    assert page.count('<th scope="row">') == 10
    assert 'name="remove"' not in page  # nothing is removed from a framework in force
    for kind, label in KINDS.items():
        number = sum(each == kind for each, _ in expected)
        assert f'href="?montrer={kind}#differences"' in page
        assert f"{label} : {number}" in " ".join(page.replace("\u00a0", " ").split())
        assert text(officer_client.get(f"{address}?montrer={kind}")).count('<th scope="row">') == number
    assert text(officer_client.get(f"{address}?montrer=nimporte")).count('<th scope="row">') == 10


def test_what_was_shown_is_written_once_with_its_reason_and_nothing_is_removed(officer_client, founding):
    document = Edited(founding)
    ten_edits(document)
    founding.is_locked = True
    founding.save()
    address = bring(officer_client, founding, document.data).request["PATH_INFO"]
    before = fingerprint()
    refused = officer_client.post(address, {"apply": "1"}, follow=True)
    assert "indiquez le motif" in text(refused)
    removing = officer_client.post(address, {"apply": "1", "reason": "Vote", "remove": "1.1.2-a"}, follow=True)
    assert "que d’un cadre en préparation" in text(removing)
    assert fingerprint() == before
    done = officer_client.post(address, {"apply": "1", "reason": "Vote du 3 mars"}, follow=True)
    assert "L’import est appliqué" in text(done)
    again = officer_client.post(address, {"apply": "1", "reason": "Vote du 3 mars"}, follow=True)
    assert "déjà été appliqué" in text(again)
    assert tree.check() == []
    nodes = {node.code: node for node in founding.orientations.select_related("parent")}
    assert "réseau vivant" in nodes["1.1.3"].title
    assert nodes["6.1.1-b"].parent.code == "7.1.1"
    assert nodes["2.1.1-b"].parent.code == "2.1.1"
    assert (nodes["6.1.2"].parent.code, nodes["6.1.2"].level) == ("6.1", nodes["6.1.1"].level)
    assert {"1.1.2-a", "5.2.4-b"} <= nodes.keys()
    assert list(nodes["1.1.1-a"].applies_to.values_list("code", flat=True).order_by("code")) == ["1.1.1", "1.1.2"]
    record = nodes["1.1.3"].history.first()
    assert "cadre.docx" in record.history_change_reason
    assert "Vote du 3 mars" in record.history_change_reason
    assert nodes["1.1.3"].uid == Orientation.objects.get(pk=nodes["1.1.3"].pk).uid


def test_in_a_draft_what_the_document_lacks_is_removed_where_it_is_ticked(officer_client, draft):
    document = Edited(draft)
    for code in ("1.1.2-a", "5.2.4-b", "7.1.1-a"):
        document.remove(code)
    response = bring(officer_client, draft, document.data)
    assert text(response).count('name="remove"') == 3
    address = response.request["PATH_INFO"]
    ticked = {"apply": "1", "remove": ["1.1.2-a", "7.1.1-a", "4.1"]}  # the document has the last one
    done = officer_client.post(address, ticked, follow=True)
    assert "2\u00a0orientations écrites ou supprimées" in text(done)
    gone = {"1.1.2-a", "7.1.1-a"} - set(draft.orientations.values_list("code", flat=True))
    assert gone == {"1.1.2-a", "7.1.1-a"}
    assert draft.orientations.count() == 62
    assert tree.check() == []


def test_what_holds_something_that_stays_is_not_removed(officer_client, draft):
    document = Edited(draft)
    document.remove("1.1.2-a")
    document.remove("1.1.2")
    address = bring(officer_client, draft, document.data).request["PATH_INFO"]
    refused = officer_client.post(address, {"apply": "1", "remove": "1.1.2"}, follow=True)
    assert "1.1.2 contient encore 1.1.2-a" in text(refused)
    assert draft.orientations.count() == 64
    done = officer_client.post(address, {"apply": "1", "remove": ["1.1.2", "1.1.2-a"]}, follow=True)
    assert "2\u00a0orientations" in text(done)
    assert draft.orientations.count() == 62


def test_what_changed_here_since_the_export_is_told_and_stays(officer_client, draft, officer):
    document = Edited(draft)
    document.reword("6.1.1", "réseau", "vaste réseau")
    document.reword("2.1.1", "Consolider", "Renforcer")
    nodes = {node.code: node for node in draft.orientations.all()}
    nodes["1.1.3"].title = "Reformulé ici depuis"
    nodes["2.1.1"].title = "Reformulé ici aussi"
    for code in ("1.1.3", "2.1.1"):
        actions.save_orientation(orientation=nodes[code], by=officer)
    nodes["7.1.1-a"].refresh_from_db()
    actions.delete_orientation(orientation=nodes["7.1.1-a"], by=officer)
    new = Orientation(framework=draft, parent=nodes["6.1"], level=nodes["6.1.1"].level, code="N", title="Ajouté ici")
    actions.save_orientation(orientation=new, by=officer)
    page = text(bring(officer_client, draft, document.data))
    flat = " ".join(page.replace("\u00a0", " ").replace("\u202f", " ").split())
    assert "Le cadre a changé depuis : 4 orientations concernées" in flat
    for sentence in ("<strong>1.1.3</strong> reformulée", "<strong>N</strong> ajoutée", "7.1.1-a</strong> supprimée"):
        assert sentence in flat
    assert "2.1.1 a été reformulée ici depuis l’export, et l’est aussi dans le document" in flat
    assert differences(document.data, draft) == [("reworded", "2.1.1"), ("reworded", "6.1.1")]


def test_what_is_no_document_of_this_framework_is_refused_in_a_sentence(officer_client, founding, draft):
    bare = Edited(founding)
    for start in bare.body.xpath(".//w:bookmarkStart"):
        start.getparent().remove(start)
    assert "sorties de leur tableau" in text(bring(officer_client, founding, bare.data))
    stray = Edited(founding)
    stray.body.insert(0, stray.paragraph("5.2"))
    page = text(bring(officer_client, founding, stray.data))
    assert "Ce texte est hors du tableau" in page
    assert ImportJob.objects.filter(state=ImportJob.State.REFUSED).count() == 2
    assert "Rien n’a changé" in text(bring(officer_client, draft, export(founding)[0]))  # the same orientations
