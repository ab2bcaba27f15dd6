"""What a phone and a sheet of paper show: nothing cut, no column to scroll to, no screen or page of nothing.

No accessibility rule finds these: a table half of which lies outside the screen breaks none.
"""

import io
from pathlib import Path

import pypdf

from projects.models import Territory

SCRIPT = Path(__file__).with_name("legibility.js").read_text(encoding="utf-8")
PHONES = (320, 390)
MOST_BLANK = 200  # pixels between two things that one reads
PAGES = (
    "/",
    "/cadre/",
    "/cadre/?ouvert=tout",
    "/cadre/?niveau=priorite",
    "/orientations/5/",
    "/orientations/2.1.2/",
    "/couverture/",
    "/couverture/?colonnes=toutes&lignes=priorites",
    "/couverture/offres/",
    "/territoires/",
    "/territoires/?mesure=habitants",
    "/territoires/27229/",
    "/projets/",
    "/recherche/?q=jeunes",
    "/plan/",
)
PAPER = {  # pages of A4, at most
    "/cadre/": 6,
    **{f"/orientations/{axis}/": 2 for axis in range(1, 9)},
    "/orientations/2.1.2/": 2,
    "/orientations/5.2.1/": 2,
    "/projets/": 4,
    "/couverture/?colonnes=toutes&lignes=objectifs": 8,
}
LEAST_WORDS = 25  # of a page that is worth its paper


def test_on_a_phone_nothing_is_cut_no_column_is_out_of_sight_and_no_screen_is_blank(programme_site, open_page):
    page = open_page()
    for address in PAGES:
        page.goto(programme_site + address)
        for width in PHONES:
            page.set_viewport_size({"width": width, "height": 900})
            seen = page.evaluate(SCRIPT)
            assert (seen["cut"], seen["scrolled"], seen["over"]) == ([], [], []), f"{address} {width}"
            assert seen["blank"] <= MOST_BLANK, f"{address} {width}"


def test_on_a_wide_screen_no_text_and_no_choice_is_cut(programme_site, open_page):
    page = open_page()
    for address in PAGES:
        page.goto(programme_site + address)
        seen = page.evaluate(SCRIPT)
        assert (seen["cut"], seen["over"]) == ([], []), address


def test_paper_has_every_place_no_filter_form_and_no_page_of_a_footer_alone(programme_site, open_page):
    page = open_page()
    for address, most in PAPER.items():
        page.goto(programme_site + address)
        page.emulate_media(media="print")
        assert not page.locator("form.filters").first.is_visible()
        sheets = [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
        assert len(sheets) <= most, address
        assert all(len(sheet.split()) >= LEAST_WORDS for sheet in sheets), address
        page.emulate_media(media="screen")
    printed = " ".join(" ".join(sheets).split())
    served = Territory.objects.filter(kind="commune", places__project__status="running").distinct()
    assert [one.name for one in served if one.name not in printed] == []
