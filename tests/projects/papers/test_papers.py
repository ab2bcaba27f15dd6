"""What one takes along: one page whatever there is to say, tagged, public; a book; the file of a committee."""

import datetime
import re
from unittest.mock import Mock

import pytest
from django.urls import reverse

from cohesion.lib import typesetting
from cohesion.lib.dates import plain_date
from projects.choices import FunderKind, ProjectStatus
from projects.declaring.models import Declaration
from projects.instructing.models import Review
from projects.models import FundingLine, Need
from projects.papers.writing import MOST_ROWS, Figure, Listed, OnePage, PaperColumn, one_page
from tests.costs import cost
from tests.factories import CommitteeFactory, ProjectFactory, TerritoryFactory, this_year
from tests.pdf import tagged, tags, text_of

ENDLESS = "mot" * 85  # as long as a title may be, and nowhere to cut it
LONG = "Cuisine partagée entre générations, jardin et repas de quartier, " * 4
HOSTILE = '#panic() *gras* $x$ @renvoi // fin " \\ <script>'


def squeezed(pdf):
    return "".join(text_of(pdf).replace("\u200b", "").split())


def lists(wording, total):
    columns = [PaperColumn("Code", 0), PaperColumn("Projet", 5), PaperColumn("Accordé", is_number=True)]
    rows = [[str(rank), wording, "1 000 €"] for rank in range(min(total, MOST_ROWS))]
    return [
        Listed(
            f"Liste {name}",
            columns,
            rows,
            total,
            ("autre projet", "autres projets"),
            "dans la liste",
            "https://cst.example/projets/",
            "Rien.",
        )
        for name in ("une", "deux", "trois")
    ]


@pytest.mark.once
def test_signs_that_no_font_draws_break_no_paper_and_cost_a_few_tries(monkeypatch):
    """A family is four signs joined in one: naming the first left a bracket joined to the second."""
    family, key, flag = "👩‍👩‍👧‍👦", "1\ufe0f\u20e3", "🏴\U000e0067\U000e007f"
    many = "".join(map(chr, (*range(0x4E00, 0x4E40), *range(0x1F300, 0x1F340))))
    compiled = Mock(wraps=typesetting.typst.compile)
    monkeypatch.setattr(typesetting.typst, "compile", compiled)
    page = OnePage("Essai", f"Fête {family} {key} {flag}", f"a\ufeffb {many}", sections=lists(f"Repas 👍🏽{family}", 3))
    text = text_of(one_page(page, None, "https://exemple.test/"))
    assert all(words in text for words in ("Fête", "[U+1F469]", "[U+1F466]", "Repas", "[U+4E3F]", "1 000"))
    assert compiled.call_count <= typesetting.MOST_TRIES + 3


@pytest.mark.once
@pytest.mark.parametrize(
    ("wording", "total"),
    [(ENDLESS, 2_000), (ENDLESS, 3), (LONG, 2_000), (LONG, 0), ("Court", 2_000), ("Court", 1), (HOSTILE, 3)],
    ids=["endless, many", "endless, few", "long, many", "long, none", "short, many", "short, one", "hostile"],
)
def test_a_sheet_is_one_page_and_says_how_many_more_there_are(wording, total):
    page = OnePage(
        kicker=wording[:60],
        heading=wording[:255],
        promise=(wording * 8)[:500],
        path=[wording[:150]] * 4,
        facts=[("Porteur", wording[:300])] * 3,
        figures=[Figure("1 234 567,50 €", "Accordé par l’agglomération", LONG[:90])] * 5,
        sections=lists(wording[:255], total),
    )
    pdf = one_page(page, None, f"https://cst.example/projets/?q={'x' * 200}")
    read = tagged(pdf, page.heading)
    assert len(read.pages) == 1
    shown = squeezed(pdf).count("1000€")
    more = len(re.findall("autres?projets?,danslaliste", squeezed(pdf)))
    assert more == (3 if shown < 3 * total else 0)
    if total == 2_000:
        left = total - shown // 3
        assert f"Et{left:,}autres".replace(",", "\u202f") in text_of(pdf).replace(" ", "")
    assert squeezed(pdf).count("Rien.") == (0 if total else 3)


@pytest.fixture
def programme(founding, node):
    """An action with money, a PST with a part, a need heard, a place."""
    town = TerritoryFactory(name="Gravigny")
    year = this_year()
    action = ProjectFactory(title="Cuisine partagée", granted=4_000, serves=[node("5.2.1")], located_in=[town])
    FundingLine.objects.create(project=action, kind=FunderKind.STATE, granted=1_500)
    pst = ProjectFactory(kind="pst", title="PST des Rives", granted=9_000, serves=[node("1.1.1")], located_in=[town])
    ProjectFactory(title="Atelier du PST", host=pst, serves=[node("2.1.2")], starts_on=datetime.date(year - 1, 1, 1))
    ProjectFactory(title="Dossier secret", status=ProjectStatus.PROPOSED, serves=[node("5.2.1")], located_in=[town])
    Need.objects.create(
        wording="Un lieu pour cuisiner",
        heard_on=datetime.date(year, 2, 1),
        territory=town,
        heard_by=pst,
        orientation=node("5.2.1"),
        is_published=True,
    )
    Need.objects.create(wording="Besoin tu", heard_on=datetime.date(year, 2, 1), territory=town)
    return action, pst, town


def addresses(action, pst, town):
    return {
        "/orientations/5/fiche.pdf": "Éducation",
        "/orientations/5.2.1/fiche.pdf": None,
        f"/territoires/{town.code}/fiche.pdf": "Gravigny",
        f"/projets/{pst.code}/fiche.pdf": "PST des Rives",
        f"/projets/{action.code}/fiche.pdf": "Cuisine partagée",
        "/tableau-de-bord/programmation.pdf": f"Programmation {this_year()}",
    }


def test_papers_are_tagged_public_and_the_same_bytes_for_the_same_revision(client, programme, settings):
    for address, title in addresses(*programme).items():
        answer = client.get(address)
        assert answer.headers["Content-Type"] == "application/pdf", address
        read = tagged(answer.content, title) if title else None
        assert read is None or len(read.pages) == 1 or "fiche" not in address
        assert client.get(address).content == answer.content
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        text = squeezed(answer.content)
        assert "Dossiersecret" not in text
        assert "Besointu" not in text
        assert "4000€" in text or "9000€" in text
    settings.PUBLIC_AMOUNTS = []
    for address in addresses(*programme):
        assert "€" not in text_of(client.get(address).content), address


def test_a_sheet_says_what_is_done_what_nobody_does_and_what_is_asked(client, programme):
    action, pst, town = programme
    orientation = squeezed(client.get("/orientations/5/fiche.pdf").content)
    for words in ("placerl’enfant", "Cuisinepartagée", "Gravigny", "4000€", "1500€", "Unlieupourcuisiner", "jamais"):
        assert words in orientation, words
    assert "Cuisinepartagée" not in squeezed(client.get("/orientations/5/fiche.pdf?annee=2019").content)
    place = squeezed(client.get(f"/territoires/{town.code}/fiche.pdf").content)
    for words in ("Cuisinepartagée", "PSTdesRives", "Unlieupourcuisiner", "Cequepersonnenefaitici"):
        assert words in place, words
    assert "AtelierduPST" in squeezed(client.get(f"/projets/{pst.code}/fiche.pdf").content)
    assert "4000€" in squeezed(client.get(f"/projets/{action.code}/fiche.pdf").content)
    for address in ("/orientations/zz/fiche.pdf", "/territoires/zz/fiche.pdf", "/projets/999999/fiche.pdf"):
        assert client.get(address).status_code == 404


def test_each_page_leads_to_its_sheet_of_the_same_year(client, programme):
    action, _, town = programme
    year = this_year() - 1
    assert f'href="/orientations/5/fiche.pdf?annee={year}"' in client.get(f"/orientations/5/?annee={year}").text
    place = client.get(f"/territoires/{town.code}/?annee={year}").text
    assert f'href="/territoires/{town.code}/fiche.pdf?annee={year}"' in place
    assert f'href="/projets/{action.code}/fiche.pdf"' in client.get(f"/projets/{action.code}/").text


def test_the_book_has_each_project_of_the_year_once_under_its_axis_with_what_it_had_the_year_before(client, programme):
    action, *_ = programme
    last = datetime.date(this_year() - 1, 3, 1)
    ProjectFactory(
        title="Cuisine partagée", organization=action.organization, granted=3_210, starts_on=last, ends_on=last
    )
    ProjectFactory(title="Action sans attache")
    pdf = client.get("/tableau-de-bord/programmation.pdf").content
    root = tagged(pdf, f"Programmation {this_year()}").trailer["/Root"]
    kinds = [kind for kind, _ in tags(root["/StructTreeRoot"]["/K"])]
    assert kinds.count("/TOCI") == kinds.count("/H2") == 9  # eight axes, and what has none
    text = squeezed(pdf)
    for words in ("Cuisinepartagée", "PSTdesRives", "AtelierduPST", "Actionsansattache"):
        assert text.count(words) == 1, words
    assert "3210€4000€État:1500€" in text
    assert "sepoursuit" in text
    assert "Cuisinepartagée" in squeezed(client.get("/tableau-de-bord/programmation.pdf?annee=toutes").content)


def test_papers_cost_a_constant_number_of_queries(client, programme):
    action, pst, town = programme

    def costs(more):
        for _ in range(more):
            ProjectFactory(serves=[action.orientations.get()], located_in=[town, TerritoryFactory()], host=pst)
        return {address: cost(address, client) for address in addresses(*programme)}

    costs(1)
    assert costs(1) == costs(4)


def test_the_file_of_a_committee_has_the_envelope_line_by_line_and_the_year_before(officer_client, programme):
    action, _, _ = programme
    meeting = CommitteeFactory()
    asked = ProjectFactory(title="Suite de la cuisine", status=ProjectStatus.PROPOSED, requested=7_000)
    Review.objects.create(
        project=asked, committee=meeting, opinion="favourable", proposed_amount=6_500, text="Une suite attendue."
    )
    Declaration.objects.create(project=asked, campaign=meeting.campaign, previous=action)
    FundingLine.objects.create(project=asked, kind=FunderKind.REGION, requested=800, state="asked")
    answer = officer_client.get(reverse("projects:instruction_paper", args=[meeting.pk]))
    assert answer.headers["Cache-Control"] == "no-store, private"
    tagged(answer.content, f"{meeting.name}, {plain_date(meeting.held_on)}")
    text = squeezed(answer.content)
    for words in ("4000€", "7000€", "6500€", "Favorable", "Région:800€(demandé)", "Unesuiteattendue."):
        assert words in text, words
    assert "Enveloppedel’appel" in text
    link = f'href="{reverse("projects:instruction_paper", args=[meeting.pk])}"'
    assert link in officer_client.get(reverse("projects:instruction_committee", args=[meeting.pk])).text
