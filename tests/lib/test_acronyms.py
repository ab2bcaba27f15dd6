"""The acronyms of a page lead to what they stand for."""

import re

import pytest

from cohesion.lib.acronyms import with_acronyms

LINK = re.compile(r'<a class="acronym" href="/g/#([^"]+)"[^>]*>[^<]+</a>')


def linked(page):
    return LINK.findall(with_acronyms(page, "/g/"))


def unlinked(page):
    return LINK.sub(lambda match: match[0].partition(">")[2][:-4], page)


@pytest.mark.parametrize(
    ("page", "acronyms"),
    [
        ("<p>Un PST, puis un autre PST.</p>", ["pst"]),
        ("<p>Un PST.</p><h2>Plus loin</h2><p>Un PST, un QPV.</p>", ["pst", "pst", "qpv"]),
        ("<h2>Résultats</h2><li><p>PST</p><h3>Un titre</h3></li><li><p>PST</p><h3>Un autre</h3></li>", ["pst"]),
        ("<p>(CAF, MSA…)</p>", ["caf", "msa"]),
        ("<p>PRH-03, PST_2, 2026-PST, /PST, PST/2, PSTs, CAF.fr</p>", []),
        ('<img alt="un PST"><p title="le QPV">rien</p>', []),
        ("<p>Un fichier CSV, un PDF.</p>", []),  # formats stand beside what downloads them
        ("", []),
    ],
)
def test_the_first_mention_under_a_heading_leads_to_the_glossary(page, acronyms):
    assert linked(page) == acronyms


@pytest.mark.parametrize("closed", ["a", "button", "label", "summary", "h2", "nav", "form", "svg", "code"])
def test_where_no_link_may_stand_the_foot_of_the_page_has_it(closed):
    page = f"<{closed} class='x'>le <b>PST</b></{closed}><p>rien</p>"
    marked = with_acronyms(page, "/g/")
    assert marked.startswith(page)
    assert marked.count("Sigles de cette page") == 1
    assert linked(page) == ["pst"]
    assert "Sigles" not in with_acronyms(f"{page}<p>Un PST.</p>", "/g/")


def test_what_leads_to_the_glossary_already_is_left_alone():
    page = '<p>Les <a href="/g/#pst">PST</a>, et un PST.</p><p>Un PST.</p>'
    assert with_acronyms(page, "/g/") == page


def test_nothing_but_links_is_added():
    page = '<p class="a">Un PST, un QPV &amp; la CAF.</p><form><label>PRH <input value="PST"></label></form>'
    assert unlinked(with_acronyms(page, "/g/")).startswith(page)


def test_the_full_name_is_said_to_a_mouse_and_left_out_where_the_document_does_not_give_it():
    assert 'title="Projet social de territoire">PST</a>' in with_acronyms("<p>Un PST</p>", "/g/")
    assert '#prh">PRH</a>' in with_acronyms("<p>Un PRH</p>", "/g/")
