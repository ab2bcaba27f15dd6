"""The table of the document: its rows, its merged cells, and every word of the text in order."""

from pathlib import Path

import pytest

from axes import document
from axes.addresses import orientation_address
from axes.levels import Level

pytestmark = pytest.mark.django_db
TEXT = Path(__file__).parent / "founding_text.txt"


def founding_words() -> list[str]:
    return TEXT.read_text(encoding="utf-8").split()


def in_table_order(bands):
    for band in bands:
        yield band.axis
        for row in band.rows:
            for cell in row:
                yield from cell.nodes


def test_the_database_holds_every_word_of_the_text_in_order(founding):
    words = [founding.name, *founding.column_titles]
    for node in document.read_nodes(founding):
        words += [node.orientation.label, node.orientation.title]
    assert " ".join(words).split() == founding_words()


def test_the_table_holds_every_orientation_once_and_in_order(founding):
    nodes = document.read_nodes(founding)
    for split in (False, True):
        shown = [node.orientation.code for node in in_table_order(document.bands(nodes, split=split))]
        assert sorted(shown) == sorted(node.orientation.code for node in nodes)
    stacked = [node.orientation.code for node in in_table_order(document.bands(nodes))]
    assert stacked == [node.orientation.code for node in nodes]


@pytest.mark.parametrize("split", [False, True])
def test_every_row_fills_the_four_columns(founding, split):
    for band in document.bands(document.read_nodes(founding), split=split):
        grid = [[0] * document.COLUMNS for _ in band.rows]
        for top, row in enumerate(band.rows):
            for cell in row:
                for y in range(top, top + cell.rowspan):
                    for x in range(cell.column, cell.column + cell.colspan):
                        grid[y][x] += 1
        assert all(filled == 1 for line in grid for filled in line), band.axis.orientation.code


def test_objectives_that_share_a_merged_cell_stand_beside_it(founding):
    bands = {band.axis.orientation.code: band for band in document.bands(document.read_nodes(founding))}
    (row,) = bands["8"].rows
    assert [[node.orientation.code for node in cell.nodes] for cell in row] == [
        ["8.E1"],
        ["8.1"],
        ["8.1.1", "8.1.2", "8.1.3", "8.1.4"],
        ["8.1-a", "8.1-b"],
    ]
    (fused,) = bands["4"].rows
    assert [cell.colspan for cell in fused] == [3, 1]


def test_reading_costs_the_same_for_64_nodes_and_for_two(founding, django_assert_num_queries):
    with django_assert_num_queries(2):
        document.read_nodes(founding)
    founding.orientations.filter(level=Level.PRIORITY).delete()
    with django_assert_num_queries(2):
        document.read_nodes(founding)


def by_code(nodes):
    return {node.orientation.code: node for node in nodes}


def test_an_axis_that_has_not_changed_keeps_its_nodes(founding, node):
    before = by_code(document.kept(founding))
    one = node("2.1.2")
    one.corrected_title = "Autrement dit"
    one.save()
    founding.refresh_from_db()
    after = by_code(document.kept(founding))
    assert after["2.1.2"].orientation.display_title == "Autrement dit"
    changed = {code.partition(".")[0] for code in after if after[code] is not before[code]}
    assert changed == {"2"}


def test_what_is_kept_says_what_is_read(founding, node):
    shown = ("pk", "parent_id", "code", "label", "title", "display_title", "span", "priority_type", "source_line")
    node("5.2.3-a").applies_to.add(node("1"))  # a cell that reaches into another axis
    founding.refresh_from_db()
    for kept, read in zip(document.kept(founding), document.read_nodes(founding), strict=True):
        for name in shown:
            assert getattr(kept.orientation, name) == getattr(read.orientation, name), name
        for name in ("path", "children", "applies_to", "merged"):
            assert [one.pk for one in getattr(kept, name)] == [one.pk for one in getattr(read, name)], name


def test_a_version_that_comes_into_force_has_other_addresses(founding):
    first = document.kept(founding)[0]
    founding.status = "archived"
    founding.save()
    assert orientation_address(document.kept(founding)[0].orientation) != orientation_address(first.orientation)
