"""The migration desk: what hangs on the orientations that are not kept is decided, undone, carried, accounted for."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from axes import adoption, reshaping
from axes.models import Descent
from axes.reshaping import SplitPart
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue import carrying
from projects.catalogue.carrying import Destination
from projects.catalogue.models import Contribution, LinkDecision, UncarriedLink
from tests.costs import cost
from tests.factories import (
    AgreementFactory,
    GrantFactory,
    OfficerFactory,
    PaymentFactory,
    ProjectFactory,
    this_year,
)
from tests.pages import squeezed
from tests.projects.succession.cases import send
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


def test_the_desk_says_beforehand_what_is_granted_paid_and_agreed_on_each_orientation(case, officer, officer_client):
    first, second = (ProjectFactory(serves=[case["S"], case["K"]], granted=3_000) for _ in range(2))
    agreement = AgreementFactory(organization=first.organization, amounts={this_year(): 10_000})
    PaymentFactory(grant=GrantFactory(project=first, agreement=agreement))
    PaymentFactory(grant=GrantFactory(project=second), amount=500)
    page = squeezed(officer_client.get(case.desk).text)
    for phrase in ("2\xa0projets", "6\u202f000\xa0€ accordés", "dont 1\u202f500\xa0€ versés", "1\xa0convention"):
        assert f"<li>{phrase}</li>" in page
    ProjectFactory(serves=[case["S"]])
    costs = cost(case.desk, officer_client)
    PaymentFactory(grant=GrantFactory(project=ProjectFactory(serves=[case["M"]], granted=10_000)))
    assert cost(case.desk, officer_client) == costs


def test_what_an_orientation_becomes_is_chosen_in_a_list_that_narrows_what_is_proposed_first(case, officer_client):
    page = squeezed(officer_client.get(f"{case.desk}?choisir={case['S'].pk}").text)
    assert "data-ticks" in page
    assert "choices.js" in page
    assert page.index("Proposées") < page.index("R · ")
    assert page.count('name="successor"') == case.coming.orientations.count()


def test_links_follow_what_officers_decided_and_each_is_accounted_for(case, officer):
    case.descend(officer)
    both = ProjectFactory(serves=[case["N"], case["M"]])
    Contribution.objects.filter(project=both, orientation=case["N"]).update(rationale="Bus")
    Contribution.objects.filter(project=both, orientation=case["M"]).update(rationale="x" * 299)
    parted = ProjectFactory(serves=[case["S"], case["K"]])
    waiting, dropped = ProjectFactory(serves=[case["S"]]), ProjectFactory(serves=[case["D"], case["K"]])
    sent = ProjectFactory(serves=[case["D"]])
    s1, s2, lost = case["S1"].pk, case["S2"].pk, case["L"].pk
    destinations = {case.link(parted, "S").pk: Destination((s2, s1)), case.link(sent, "D").pk: Destination((lost,))}
    assert carrying.decide(framework=case.coming, destinations=destinations, by=officer) == 2
    shown = case.outlook()
    case.adopt(officer, shown=shown.digest)
    assert case.links(both) == [("MN", True, f"Bus\u202f; {'x' * 293}…")]
    assert case.links(parted) == [("S2", True, ""), ("K2", False, ""), ("S1", False, "")]
    assert case.links(dropped) == [("K2", False, "")]
    assert case.links(sent) == [("L", True, "")]
    assert case.links(waiting) == []
    noted = UncarriedLink.objects.values_list("link__project", "settled_by", "outcome").order_by("pk")
    assert set(noted) == {(waiting.pk, None, ""), (dropped.pk, officer.pk, "Non repris\u00a0: Abandonné")}
    text = " ".join(shown.sentences)
    for sentence in (
        "6\u00a0rattachements sont repris",
        "1\u00a0rattachement reste",
        "1\u00a0rattachement n’est pas repris",
    ):
        assert sentence in text
    assert "8\u00a0rattachements en tout" in text
    assert "1\u00a0raison réunie" in text


def test_what_is_decided_is_undone_exactly_one_by_one_and_all(case, officer):
    projects = [ProjectFactory(serves=[case["S"]]) for _ in range(3)]
    empty = case.outlook().digest
    case.descend(officer)
    undecided = case.outlook().digest
    links = [case.link(project, "S").pk for project in projects]
    destinations = dict.fromkeys(links, Destination((case["S1"].pk,)))
    carrying.decide(framework=case.coming, destinations=destinations, by=officer)
    assert case.outlook().digest != undecided
    assert carrying.undo(framework=case.coming, links=links[:1], by=officer) == 1
    assert carrying.undo(framework=case.coming, links=links, by=officer) == 2
    assert case.outlook().digest == undecided
    carrying.decide(framework=case.coming, destinations=destinations, by=officer)
    lineage = adoption.succession(case.former, case.coming)
    assert adoption.desk.undo_all(succession=lineage, by=officer, seen=adoption.desk.descent_states(lineage)) == 7
    assert case.outlook().digest == empty
    assert not Descent.objects.exists()
    assert not LinkDecision.objects.exists()


def test_a_decision_that_makes_no_sense_or_comes_second_is_refused(case, officer):
    case.descend(officer)
    link = case.link(ProjectFactory(serves=[case["S"]]), "S").pk

    def decide(*orientations, reason="", seen=None, key=link):
        destination = {key: Destination(tuple(node.pk for node in orientations), reason)}
        carrying.decide(framework=case.coming, destinations=destination, by=officer, seen=seen)

    for orientations, options, sentence in (
        ([], {}, "pourquoi"),
        ([case["K"]], {}, "cadre qui vient"),
        ([case["S1"]], {"key": 0}, "retiré entre-temps"),
        ([], {"reason": "x" * 301}, "raccourcissez"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            decide(*orientations, **options)
    seen = carrying.decision_states(case.coming, [link])
    decide(case["S1"], seen=seen)
    with pytest.raises(ChangedMeanwhile, match="entre-temps"):
        decide(case["S2"], seen=seen)
    with pytest.raises(ChangedMeanwhile, match="entre-temps"):
        carrying.undo(framework=case.coming, links=[link], by=officer, seen=seen)
    case.adopt(officer)
    with pytest.raises(ValidationError, match="plus en préparation"):
        decide(case["S2"])


def test_an_officer_works_through_the_desk_and_adopts(case, officer_client, officer):
    projects = [ProjectFactory(serves=[case["S"]], title="Aide aux devoirs, accompagnement scolaire") for _ in range(3)]
    ProjectFactory(serves=[case["M"]], granted=1500)
    page = officer_client.get(case.desk).text
    assert "4\u00a0orientations à décider" in page
    assert "1\u202f500\u00a0€ accordés" in page
    assert "mêmes mots\u00a0: accompagnement, scolaire" in page.lower()
    assert "Cochez d’abord" in send(officer_client, case.desk, how="premiere").text
    send(officer_client, case.desk, take=f"{case['M'].pk}:{case['MN'].pk}")
    send(officer_client, case.desk, how="premiere", row=[case["N"].pk])
    assert "Dites pourquoi" in send(officer_client, case.desk, how="abandonner", row=[case["D"].pk]).text
    send(officer_client, case.desk, how="abandonner", row=[case["D"].pk], note="Plus de budget")
    chooser = f"{case.desk}?choisir={case['S'].pk}"
    assert "Ce que devient S" in officer_client.get(chooser).text
    send(officer_client, chooser, choose=case["S"].pk, successor=[case["S1"].pk, case["S2"].pk])
    became = adoption.lineage(case.former, case.coming)
    assert [became[case[code].pk] for code in "MND"] == [(case["MN"].pk,), (case["MN"].pk,), ()]
    assert set(became[case["S"].pk]) == {case["S1"].pk, case["S2"].pk}
    page = officer_client.get(f"{case.desk}?etat=a-decider").text
    assert "3\u00a0rattachements qui attendent" in page
    assert "Plus de budget" not in page
    links = [case.link(project, "S").pk for project in projects]
    assert "le projet dit" in officer_client.get(case.page_of("S")).text
    send(officer_client, case.page_of("S"), save=links[0], **{f"to-{links[0]}": [case["S1"].pk, case["S2"].pk]})
    send(officer_client, case.page_of("S"), how=case["S2"].pk, row=links[1:])
    send(officer_client, case.page_of("S"), undo=links[2])
    send(officer_client, case.page_of("S"), how="nulle-part", row=links[1:2], reason="Action finie")
    assert LinkDecision.objects.count() == 3
    adopt = reverse("admin:axes_framework_adopt", args=[case.coming.pk])
    form = filled(officer_client.get(adopt))
    officer_client.post(adopt, {**form, "adopted_on": "2020-03-12", "deliberation": "D"})
    assert case.links(projects[0]) == [("S1", True, ""), ("S2", False, "")]
    assert UncarriedLink.objects.get(link=links[1]).outcome == "Non repris\u00a0: Action finie"
    after = officer_client.get(case.desk).text
    assert "1\u00a0rattachement qui attend" in after
    send(officer_client, case.page_of("S"), save=links[2], **{f"to-{links[2]}": [case["S1"].pk, case["S2"].pk]})
    assert case.links(projects[2]) == [("S1", True, ""), ("S2", False, "")]
    assert "Aucun rattachement n’attend ici" in officer_client.get(case.page_of("S")).text
    assert "Tout est décidé" in officer_client.get(case.desk).text


def test_links_are_decided_together_as_each_line_proposes_but_where_the_officer_says_otherwise(
    case, officer_client, officer
):
    """Of an orientation that is split, and of one of which nothing is decided; what nothing speaks for still waits."""
    adoption.descend(former=case["S"], successors=[case["S1"], case["S2"]], framework=case.coming, by=officer)
    school, both = (ProjectFactory(serves=[case["S"]], title="Soutien scolaire") for _ in range(2))
    silent, other = ProjectFactory(serves=[case["S"]], title="Zzz"), ProjectFactory(serves=[case["M"]], title="Zzz")
    page = officer_client.get(case.page_of("S"))
    assert "Décider ces rattachements comme proposé (2)" in squeezed(page.text)
    assert "rien ne dit où il va" in page.text
    proposed = filled(page, "#content form.desk-form")
    links = {project: case.link(project, "S").pk for project in (school, both, silent)}
    assert proposed[f"to-{links[school]}"] == [str(case["S1"].pk)]
    otherwise = {**proposed, "follow": "1", f"to-{links[both]}": [case["S1"].pk, case["S2"].pk]}
    answer = officer_client.post(case.page_of("S"), otherwise, follow=True).text
    assert "2\u00a0rattachements décidés\u202f; 1\u00a0attend encore, où rien n’est coché" in answer
    undecided = officer_client.get(case.page_of("M"))
    assert "mêmes mots\u00a0: mobilité" in undecided.text.lower()
    sent = {**filled(undecided, "#content form.desk-form"), "follow": "1"}
    assert "1\u00a0rattachement décidé." in officer_client.post(case.page_of("M"), sent, follow=True).text
    case.adopt(officer)
    assert [case.links(project) for project in (school, both, silent, other)] == [
        [("S1", True, "")],
        [("S1", True, ""), ("S2", False, "")],
        [],
        [("MN", True, "")],
    ]


def test_links_of_an_orientation_that_is_dropped_on_purpose_are_proposed_nowhere(case, officer_client, officer):
    adoption.descend(former=case["D"], successors=[], framework=case.coming, by=officer, note="Abandonné")
    ProjectFactory(serves=[case["D"]], title="Mobilité et transports")
    page = officer_client.get(case.page_of("D"))
    assert "comme proposé" not in page.text
    assert 'name="waits"' not in page.text
    assert not any(name.startswith("to-") for name in filled(page, "#content form.desk-form"))


def test_what_is_split_in_the_tree_is_not_undone_on_the_desk(case, officer_client, officer):
    """Its links would all go to its first part, and it would be on the desk no more."""
    ProjectFactory(serves=[case["K"]])
    parts = [SplitPart("K2", "Garder le lien"), SplitPart("K3", "Garder les autres liens")]
    first, second = reshaping.split(orientation=case["K2"].pk, parts=parts, by=officer)
    adoption.descend(former=case["D"], successors=[case["L"]], framework=case.coming, by=officer)
    key = case["K"].pk
    assert f'name="undo" value="{case["D"].pk}"' in officer_client.get(case.desk).text
    assert f'name="undo" value="{key}"' not in officer_client.get(case.desk).text
    chooser = f"{case.desk}?choisir={key}"
    for asked in ({"undo": key}, {"how": "revenir", "row": [key]}, {"choose": key, "successor": [first.pk]}):
        assert "est scindée dans l’arbre" in send(officer_client, chooser, **asked).text
    send(officer_client, case.desk, how="tout")
    became = adoption.lineage(case.former, case.coming)
    assert (set(became[key]), became[case["D"].pk]) == ({first.pk, second.pk}, ())
    assert "1\u00a0orientation redevient à décider (M)" in _undone(officer_client, case, officer)


def _undone(client, case, officer):
    adoption.descend(former=case["M"], successors=[case["MN"]], framework=case.coming, by=officer)
    return send(client, case.desk, undo=case["M"].pk).text


def test_a_stale_page_of_the_desk_changes_nothing(case, officer_client):
    page = filled(officer_client.get(case.desk), "#content form.desk-form")
    stale = {name: page[name] for name in ("seen_state", "once")}
    adoption.descend(former=case["M"], successors=[case["L"]], framework=case.coming, by=OfficerFactory())
    answer = officer_client.post(case.desk, {**stale, "take": f"{case['M'].pk}:{case['MN'].pk}"}, follow=True)
    assert "Quelqu’un a décidé entre-temps" in answer.text
    assert [row.successor for row in case["M"].descents.all()] == [case["L"]]
