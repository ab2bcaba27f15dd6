"""Orientations of a draft merged and split: nothing is lost, what changed meanwhile is not written over."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from axes import reshaping, tree
from axes.actions import prepare_next_version
from axes.adoption import lineage
from axes.models import Descent, Orientation
from axes.reshaping import SplitPart
from cohesion.models import AuditEvent
from projects.models import Contribution, Need, ReferenceDocument
from tests.factories import AgreementFactory, GrantFactory, PaymentFactory, ProjectFactory, TerritoryFactory, this_year
from tests.pages import squeezed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(founding, officer):
    return prepare_next_version(framework=founding, by=officer)


@pytest.fixture
def drafted(draft):
    return lambda code: Orientation.objects.select_related("framework").get(framework=draft, code=code)


def under(node):
    return list(node.get_children().in_order().values_list("code", flat=True))


def merge(kept, *merged, by, **options):
    return reshaping.merge(
        kept=kept.pk, merged=[node.pk for node in merged], by=by, **({"title": kept.title} | options)
    )


def test_a_merge_takes_children_cells_texts_and_what_hangs_and_says_so(draft, drafted, officer):
    kept, gone = drafted("5.2.1"), drafted("5.2.2")
    Orientation.objects.get(pk=gone.pk).merged_priorities.clear()
    children = [*under(kept), *under(gone)]
    cell = Orientation.objects.create(
        framework=draft, parent=drafted("5.3"), level="priority", code="C", title="Cellule"
    )
    cell.applies_to.set([gone, drafted("5.2.3")])
    gone.refresh_from_db()
    gone.context = "Un constat."
    gone.save()
    twice, alone = ProjectFactory(serves=[gone, kept]), ProjectFactory(serves=[gone])
    need = Need.objects.create(wording="X", heard_on="2026-01-01", territory=TerritoryFactory(), orientation=gone)
    document = ReferenceDocument.objects.create(title="PLH")
    document.orientations.add(gone)

    merge(kept, gone, by=officer, title="Les deux ensemble", reason="Doublon")

    kept = drafted("5.2.1")
    assert not Orientation.objects.filter(pk=gone.pk).exists()
    assert (kept.title, kept.context, kept.uid) == ("Les deux ensemble", "Un constat.", kept.uid)
    assert under(kept) == children
    assert set(cell.applies_to.values_list("code", flat=True)) == {"5.2.1", "5.2.3"}
    links = Contribution.objects.filter(orientation=kept)
    assert {(link.project, link.is_main) for link in links} == {(twice, True), (alone, True)}
    need.refresh_from_db()
    assert need.orientation == kept
    assert list(document.orientations.all()) == [kept]
    assert tree.check() == []
    assert Orientation.history.filter(id=gone.pk).latest().history_change_reason == "Doublon"
    event = AuditEvent.objects.filter(kind="tree_merge").get()
    assert event.before == {"orientations": ["5.2.2"]}


def test_a_merge_of_a_branch_with_what_stands_above_it_keeps_the_upper_one(drafted, officer):
    upper, lower = drafted("5.2"), drafted("5.2.1")
    with pytest.raises(ValidationError, match="qu’il faut garder"):
        merge(lower, upper, by=officer)
    grandchildren = under(lower)
    merge(upper, lower, by=officer)
    assert set(under(drafted("5.2"))) >= set(grandchildren)
    assert tree.check() == []


@pytest.mark.parametrize("fate", ["merge", "split"])
def test_a_framework_in_force_is_not_reshaped_and_its_page_says_to_prepare_the_next(
    officer_client, founding, node, officer, fate
):
    ways = {
        "merge": lambda: merge(node("5.2.1"), node("5.2.2"), by=officer),
        "split": lambda: reshaping.split(
            orientation=node("5.2").pk, parts=[SplitPart("a", "A"), SplitPart("b", "B")], by=officer
        ),
    }
    with pytest.raises(ValidationError, match="Préparez la version suivante"):
        ways[fate]()
    page = officer_client.get(reverse(f"admin:axes_orientation_{fate}", args=[node("5.2.1").pk]))
    assert "Préparez la version suivante" in page.content.decode()


def test_a_merge_is_refused_where_a_child_may_not_stand(drafted, officer):
    with pytest.raises(ValidationError, match="ne se place pas sous"):
        merge(drafted("5.2.1"), drafted("5.3"), by=officer)


def test_a_merge_offers_only_what_it_would_not_refuse(officer_client, draft, drafted):
    kept = drafted("5.2.1")
    page = officer_client.get(reverse("admin:axes_orientation_merge", args=[kept.pk]))
    offered = {pk for _, group in page.context["choice"].fields["avec"].choices for pk, _ in group}
    assert drafted("5.2.2").pk in offered
    for pk in draft.orientations.exclude(pk=kept.pk).values_list("pk", flat=True):
        plan = reshaping.merging(kept.pk, [pk])
        assert bool(plan.refusal) is (pk not in offered), plan.merged


def test_a_split_gives_children_and_cells_to_the_parts_in_order(draft, drafted, officer):
    node = drafted("5.2")
    children = list(node.get_children().in_order())
    cell = Orientation.objects.create(
        framework=draft, parent=drafted("5.3"), level="priority", code="C", title="Cellule"
    )
    cell.applies_to.set([node, drafted("5.1")])
    uid = node.uid
    parts = [
        SplitPart("5.2", "Première"),
        SplitPart("5.2bis", "Deuxième", (children[1].pk, children[2].pk)),
        SplitPart("5.2ter", "Troisième", (children[0].pk,)),
    ]
    made = reshaping.split(orientation=node.pk, parts=parts, by=officer)
    assert [part.code for part in made] == ["5.2", "5.2bis", "5.2ter"]
    assert drafted("5.2").uid == uid
    siblings = under(drafted("5.2").parent)
    place = siblings.index("5.2")
    assert siblings[place : place + 3] == ["5.2", "5.2bis", "5.2ter"]
    assert under(drafted("5.2bis")) == [children[1].code, children[2].code]
    assert set(cell.applies_to.values_list("code", flat=True)) == {"5.2", "5.2bis", "5.2ter", "5.1"}
    assert tree.check() == []


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([SplitPart("5.2", "A")], "deux à"),
        ([SplitPart("5.2", "A"), SplitPart("5.2", "B")], "même code"),
        ([SplitPart("5.2", "A"), SplitPart("5.2x", "A")], "même texte"),
        ([SplitPart("5.2", "A"), SplitPart("5.3", "B")], "déjà pris"),
        ([SplitPart("5.2", "A"), SplitPart("5.2x", "B", (0,))], "a changé"),
    ],
)
def test_a_split_that_cannot_be_is_refused_whole(drafted, officer, parts, sentence):
    before = list(Orientation.objects.order_by("pk").values())
    with pytest.raises(ValidationError, match=sentence):
        reshaping.split(orientation=drafted("5.2").pk, parts=parts, by=officer)
    assert list(Orientation.objects.order_by("pk").values()) == before


def test_what_descends_from_what_is_known_through_merges_and_splits_and_back(founding, draft, drafted, node, officer):
    def became(code):
        after = lineage(founding, draft)[node(code).pk]
        return set(draft.orientations.filter(pk__in=after).values_list("code", flat=True))

    merge(drafted("5.2.1"), drafted("5.2.2"), by=officer)
    assert (became("5.2.1"), became("5.2.2")) == ({"5.2.1"}, {"5.2.1"})
    parts = [SplitPart("5.2.1", "Une"), SplitPart("X", "Deux"), SplitPart("Y", "Trois")]
    reshaping.split(orientation=drafted("5.2.1").pk, parts=parts, by=officer)
    assert became("5.2.1") == became("5.2.2") == {"5.2.1", "X", "Y"}
    merge(drafted("5.2.1"), drafted("X"), drafted("Y"), by=officer)
    assert (became("5.2.1"), became("5.2.2")) == ({"5.2.1"}, {"5.2.1"})
    assert Descent.objects.filter(former=node("5.2.1")).count() == 0
    ProjectFactory(serves=[node("5.2.2")], title="Repas de quartier")
    hung = reshaping.splitting(drafted("5.2.1").pk).burden.before
    assert [node.code for node, _ in hung.listed] == ["5.2.2"]


# --- the screens ----------------------------------------------------------------------------------------------------


def test_the_page_that_merges_shows_what_hangs_then_writes_once_what_was_read(officer_client, founding, node, drafted):
    kept, gone = drafted("5.2.1"), drafted("5.2.2")
    project = ProjectFactory(serves=[node("5.2.2")], granted=1500, title="Jardin partagé")
    where = reverse("admin:axes_orientation_merge", args=[kept.pk])
    assert "5.2.2" in officer_client.get(where).content.decode()
    chosen = f"{where}?avec={gone.pk}"
    text = squeezed(officer_client.get(chosen).content.decode())
    assert "1\u202f500\u00a0€ accordés" in text
    assert project.title in text
    read = filled(officer_client.get(chosen))
    Contribution.objects.create(project=ProjectFactory(), orientation=node("5.2.2"), is_main=True)
    assert "a changé depuis" in squeezed(officer_client.post(chosen, read).content.decode())
    read = filled(officer_client.get(chosen))
    answers = [officer_client.post(chosen, read) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert not Orientation.objects.filter(pk=gone.pk).exists()
    assert AuditEvent.objects.filter(kind="tree_merge").count() == 1


def test_the_page_that_splits_announces_then_writes_what_was_read(officer_client, drafted):
    node = drafted("5.2")
    child = node.get_children().in_order()[1]
    where = reverse("admin:axes_orientation_split", args=[node.pk]) + "?en=3"
    read = filled(officer_client.get(where))
    typed = read | {"title_2": "Autre chose", "title_3": "Encore autre chose", f"under_{child.pk}": "2"}
    announced = officer_client.post(where, typed)
    assert "Ce que cela donnerait" in announced.content.decode()
    assert node.framework.orientations.filter(title="Autre chose").count() == 0
    assert "Autre chose" in officer_client.post(where, filled(announced) | {"corriger": "1"}).content.decode()
    sent = filled(announced) | {"confirmer": "1"}
    assert [officer_client.post(where, sent).status_code for _ in range(2)] == [302, 302]
    made = node.framework.orientations.get(title="Autre chose")
    assert under(made) == [child.code]


def test_a_deletion_says_what_hangs_here_and_in_the_framework_before(officer_client, node, drafted):
    project = ProjectFactory(serves=[node("7.1.1")], title="Repas de quartier", granted=3_000)
    agreement = AgreementFactory(organization=project.organization, amounts={this_year(): 3_000})
    PaymentFactory(grant=GrantFactory(project=project, agreement=agreement), amount=1_000)
    before = officer_client.get(reverse("admin:axes_orientation_delete", args=[node("7.1.1").pk])).content.decode()
    assert "Rien n’est supprimé" in before
    assert "Repas de quartier" in before
    page = officer_client.get(reverse("admin:axes_orientation_delete", args=[drafted("7.1.1").pk])).content.decode()
    assert "Repas de quartier" in page
    assert "fusionnez plutôt" in page
    assert (
        "3\u202f000\u00a0€ accordés à ceux dont c’est l’orientation principale, dont 1\u202f000\u00a0€ versés" in page
    )
    assert "1\u00a0convention lie l’agglomération" in page


def test_what_hangs_is_read_before_a_drag_takes_it_to_another_axis(officer_client, node):
    ProjectFactory(serves=[node("2.1.2")], title="Repas de quartier")
    dropped = {"cmd": "move_node", "cut_item": node("2.1.2").pk, "pasted_on": node("1.1").pk, "position": "last-child"}
    page = officer_client.post("/admin/axes/orientation/", dropped)
    assert "Repas de quartier" in page.content.decode()
    assert node("2.1.2").parent.code == "2.1"
    officer_client.post("/admin/axes/orientation/", filled(page))
    assert node("2.1.2").parent.code == "1.1"
