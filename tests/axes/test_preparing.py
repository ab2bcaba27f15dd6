"""A framework that is prepared: begun, edited beside the one before, noted, and shown to who holds a link."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from axes import actions, reshaping, tree
from axes.exchange.export import export
from axes.models import DraftLink, Framework, NodeNote, Orientation
from axes.preparing.beside import beside
from axes.preparing.links import LONGEST, make_link, revoke_link
from cohesion.lib.logs import discreet
from cohesion.lib.sealing import digest
from cohesion.models import AuditEvent
from tests.pages import squeezed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(founding, officer):
    return actions.prepare_next_version(framework=founding, by=officer)


@pytest.fixture
def drafted(draft):
    return lambda code: Orientation.objects.select_related("framework").get(framework=draft, code=code)


def page(client, name, *args, query=""):
    return squeezed(client.get(reverse(name, args=args) + query).content.decode())


# --- begun ----------------------------------------------------------------------------------------------------------


def test_a_framework_begins_from_nothing_once(officer_client):
    where = reverse("admin:axes_framework_prepare_blank")
    sent = filled(officer_client.get(where)) | {"name": "Contrat 2030", "first": "Vivre ensemble"}
    assert [officer_client.post(where, sent).status_code for _ in range(2)] == [302, 302]
    framework = Framework.objects.get(name="Contrat 2030")
    assert framework.is_draft
    assert list(framework.orientations.values_list("code", "title")) == [("1", "Vivre ensemble")]


def test_a_framework_begins_from_another_councils_file_with_identities_of_its_own(officer_client, founding):
    data, _, _ = export(founding, "json")
    where = reverse("admin:axes_framework_prepare_file") + "?autre=1"
    read = filled(officer_client.get(where)) | {"name": "Notre cadre", "origin": ""}
    assert (
        "Repris de"
        in officer_client.post(where, read | {"file": SimpleUploadedFile("c.json", bytes(data))}).content.decode()
    )
    assert not Framework.objects.filter(name="Notre cadre").exists()
    sent = read | {"origin": "Agglo de Z, cadre 2026", "file": SimpleUploadedFile("c.json", bytes(data))}
    preview = officer_client.post(where, sent)
    framework = Framework.objects.get(name="Notre cadre")
    assert (framework.origin, framework.orientations.count()) == ("Agglo de Z, cadre 2026", 0)
    officer_client.post(preview.url, filled(officer_client.get(preview.url)))
    assert framework.orientations.count() == founding.orientations.count()
    assert not framework.orientations.filter(uid__in=founding.orientations.values("uid")).exists()
    assert tree.check() == []


def test_a_file_that_is_refused_leaves_no_empty_framework_and_says_what_to_mend(officer_client, founding):
    where = reverse("admin:axes_framework_prepare_file")
    for data, sentence in ((b"un;deux\n1;2\n", "Rien n’a été commencé"),):
        sent = filled(officer_client.get(where)) | {"name": "Refusé", "file": SimpleUploadedFile("c.csv", data)}
        page = squeezed(officer_client.post(where, sent).text)
        assert sentence in page
        assert not Framework.objects.filter(name="Refusé").exists()
        assert Framework.history.filter(name="Refusé").count() == 0


# --- beside ---------------------------------------------------------------------------------------------------------


def test_each_line_says_what_it_was_and_what_is_gone_stands_where_it_stood(draft, drafted, officer):
    node = drafted("5.2.2")
    node.reword("Autre texte")
    node.save()
    gone = drafted("5.2.1")
    actions.delete_orientation(orientation=gone, by=officer)
    both = beside(draft)
    codes = [line.now.code if line.now else f"-{line.before[0].code}" for line in both.lines]
    assert codes[codes.index("5.2") + 1] == "-5.2.1"
    changed = {line.key: line.words for line in both.shown(only_changes=True)}
    assert changed[node.pk] == ["Reformulée"]
    assert {line.root for line in both.shown("5")} == {"5"}
    assert len(both.lines) == 64
    assert [squeezed(words).replace("\u00a0", " ") for words in both.numbers] == [
        "60 gardées",
        "1 reformulée",
        "3 supprimées",
    ]


def test_who_deletes_from_a_draft_stays_in_its_tree(officer_client, draft, drafted):
    delete = reverse("admin:axes_orientation_delete", args=[drafted("5.2.1").pk])
    gone = officer_client.post(delete, filled(officer_client.get(delete)))
    assert gone.headers["Location"] == f"{reverse('admin:axes_orientation_changelist')}?cadre={draft.pk}"


def test_the_page_filters_and_edits_a_wording_in_its_place(
    officer_client, draft, drafted, django_assert_max_num_queries
):
    node = drafted("5.2.2")
    where = reverse("admin:axes_framework_beside", args=[draft.pk])
    assert "Rien ne change ici" in officer_client.get(f"{where}?change=1").content.decode()
    edit = f"{where}?axe=5&modifier={node.pk}"
    stale, read = filled(officer_client.get(edit)), filled(officer_client.get(edit))
    assert officer_client.post(edit, read | {"title": "Un autre texte"}).status_code == 302
    assert "modifiée entre-temps" in squeezed(officer_client.post(edit, stale | {"title": "Encore"}).content.decode())
    assert drafted("5.2.2").title == "Un autre texte"
    with django_assert_max_num_queries(22):
        text = page(officer_client, "admin:axes_framework_beside", draft.pk, query="?change=1")
    assert "Un autre texte" in text or "<ins>" in text
    assert "Reformulée" in text


@pytest.mark.parametrize("query", ["?axe=zz", "?modifier=abc", "?modifier=999999", "?tout=%00&change="])
def test_what_means_nothing_in_the_address_is_set_aside(officer_client, draft, query):
    assert officer_client.get(reverse("admin:axes_framework_beside", args=[draft.pk]) + query).status_code == 200


# --- noted ----------------------------------------------------------------------------------------------------------


def test_a_question_waits_is_counted_and_is_closed_once(officer_client, draft, drafted, officer):
    node = drafted("5.2.1")
    where = reverse("admin:axes_orientation_notes", args=[node.pk])
    sent = filled(officer_client.get(where)) | {"text": "Qui <b>pilote</b> ?", "is_question": "on"}
    assert [officer_client.post(where, sent).status_code for _ in range(2)] == [302, 302]
    note = NodeNote.objects.get()
    assert (note.author, note.orientation, note.is_question) == (officer, node, True)
    assert "1\u00a0question" in page(officer_client, "admin:axes_orientation_changelist", query=f"?cadre={draft.pk}")
    waiting = page(officer_client, "admin:axes_framework_notes", draft.pk)
    assert "Qui &lt;b&gt;pilote&lt;/b&gt;" in waiting
    answer = {"note": note.pk, "answer": "Le CCAS."}
    officer_client.post(where, answer)
    again = officer_client.post(where, answer | {"answer": "La ville."}, follow=True)
    assert "déjà clos" in squeezed(again.content.decode())
    note.refresh_from_db()
    assert (note.answer, note.closed_by) == ("Le CCAS.", officer)
    assert "Questions ouvertes (0)" in page(officer_client, "admin:axes_framework_notes", draft.pk)


def test_notes_follow_a_merge_and_go_with_their_orientation(draft, drafted, officer):
    kept, gone = drafted("5.2.1"), drafted("5.2.2")
    NodeNote.objects.create(framework=draft, orientation=gone, text="À revoir", author=officer)
    reshaping.merge(kept=kept.pk, merged=[gone.pk], title=kept.title, by=officer)
    assert NodeNote.objects.get().orientation == kept
    actions.delete_orientation(orientation=drafted("5.2.1"), by=officer)
    assert not NodeNote.objects.exists()


# --- shown ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(draft, officer):
    """A link that takes remarks, with its secret."""
    link = DraftLink(framework=draft, purpose="Commission", may_remark=True)
    link.expires_at = timezone.now() + datetime.timedelta(days=3)
    link.token = make_link(link=link, by=officer)
    return link


def holder(link):
    client = Client()
    client.get(reverse("axes:draft_opened", args=[link.token]))
    return client


def test_a_link_is_shown_once_kept_as_a_digest_and_revoked(officer_client, draft):
    where = reverse("admin:axes_framework_links", args=[draft.pk])
    sent = filled(officer_client.get(where)) | {"purpose": "Mme la vice-présidente"}
    assert officer_client.post(where, sent).status_code == 302
    made = officer_client.get(where)
    address = made.context["made"]
    assert "/projet-de-cadre/" in address
    assert "/projet-de-cadre/" not in officer_client.get(where).content.decode()
    token = address.rstrip("/").rpartition("/")[2]
    link = DraftLink.objects.get()
    assert link.token_digest == digest(token) != token
    assert token not in str(list(AuditEvent.objects.values_list("after", "label")))
    assert token not in discreet(f"GET {address}")
    link.token = token
    client = holder(link)
    assert token not in str(dict(client.session))
    shown = reverse("axes:draft", args=[link.pk])
    assert client.get(shown).status_code == 200
    link.refresh_from_db()
    assert (link.times_opened, link.opened_at is not None) == (1, True)
    officer_client.post(where, {"revoquer": link.pk})
    assert client.get(shown).status_code == 404
    assert [event.after["fait"] for event in AuditEvent.objects.filter(kind="draft_shown").order_by("pk")] == [
        "créé",
        "ouvert",
        "révoqué",
    ]


def test_what_a_link_shows_is_marked_hidden_and_says_what_changes(client, draft, drafted, link, officer):
    node = drafted("5.2.2")
    before = node.title
    node.reword(f"{before} partout")
    node.save()
    NodeNote.objects.create(framework=draft, orientation=node, text="Secret de travail", author=officer)
    opening = client.get(reverse("axes:draft_opened", args=[link.token]))
    assert link.token not in opening.url
    assert opening.headers["Referrer-Policy"] == "no-referrer"
    shown = client.get(opening.url)
    text = shown.content.decode()
    assert "Projet, non adopté" in text
    assert "<ins>" in text
    assert "Secret de travail" not in text
    assert link.token not in text
    assert draft.slug not in text
    assert "no-store" in shown.headers["Cache-Control"]
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert "5.2.2" in client.get(f"{opening.url}?change=1").content.decode()
    assert client.get(reverse("axes:version", args=[draft.slug])).status_code == 404


def test_a_link_opens_nothing_once_it_is_over_or_its_framework_adopted_nor_any_other_draft(
    founding, draft, link, officer
):
    looking, shown = Client(), reverse("axes:draft", args=[link.pk])
    looking.head(reverse("axes:draft_opened", args=[link.token]))
    assert looking.get(shown).status_code == 404  # nobody reads without its being noted
    client = holder(link)
    other = DraftLink(framework=draft, purpose="Autre", expires_at=timezone.now() + datetime.timedelta(days=3))
    make_link(link=other, by=officer)
    assert client.get(reverse("axes:draft", args=[other.pk])).status_code == 404
    assert Client().get(shown).status_code == 404
    assert Client().get(reverse("axes:draft_opened", args=["inventé"])).status_code == 404
    DraftLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())
    assert client.get(shown).status_code == 404
    DraftLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() + datetime.timedelta(days=3))
    assert client.get(shown).status_code == 200
    actions.put_in_force(framework=draft, adopted_on=timezone.localdate(), deliberation="X", by=officer)
    assert client.get(shown).status_code == 404


@pytest.mark.parametrize("days", [-1, LONGEST.days + 1])
def test_a_link_ends_neither_in_the_past_nor_too_far(draft, officer, days):
    end = timezone.now() + datetime.timedelta(days=days)
    with pytest.raises(ValidationError, match="jour à venir"):
        make_link(link=DraftLink(framework=draft, purpose="X", expires_at=end), by=officer)


def test_a_holder_leaves_a_remark_that_officers_read_and_nobody_else(officer_client, draft, drafted, link, officer):
    client, shown, node = holder(link), reverse("axes:draft", args=[link.pk]), drafted("5.2.2")
    sent = filled(client.get(shown), "#contenu form") | {
        "signature": "Mme <Dupont>",
        "text": "<script>alert(1)</script>",
        "orientation": str(node.pk),
    }
    assert [client.post(shown, sent).status_code for _ in range(2)] == [302, 302]
    remark = NodeNote.objects.get()
    assert (remark.orientation, remark.author, remark.link) == (node, None, link)
    read = page(officer_client, "admin:axes_framework_notes", draft.pk, query="?montrer=liens")
    assert "Mme &lt;Dupont&gt; (par le lien «\u00a0Commission\u00a0»)" in read
    assert "<script>alert" not in read
    assert "alert(1)" not in client.get(shown).content.decode()
    foreign = draft.predecessor.orientations.first()
    again = filled(client.get(shown), "#contenu form") | {"signature": "X", "text": "Y"}
    assert client.post(shown, again | {"orientation": str(foreign.pk)}).status_code == 200
    assert client.post(shown, again | {"text": "é" * 3000}).status_code == 200
    DraftLink.objects.filter(pk=link.pk).update(may_remark=False)
    assert client.post(shown, again).status_code == 403
    assert NodeNote.objects.count() == 1
    revoke_link(link=link, by=officer)
