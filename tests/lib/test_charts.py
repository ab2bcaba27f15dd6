"""Pictures of numbers: what is drawn is what is said."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohesion.lib import charts

amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=6)


@given(amounts, st.integers(0, 10**9))
def test_the_parts_of_a_bar_stand_in_a_row_and_are_as_wide_as_they_are_large(parts, more):
    largest = sum(parts) + more
    segments = charts.stacked(parts, largest)
    assert [segment.rank for segment in segments] == [rank for rank, part in enumerate(parts, 1) if part]
    for segment in segments:
        before = sum(parts[: segment.rank - 1])
        assert segment.x == pytest.approx(before * charts.WIDTH / largest, abs=0.1)
        assert segment.width == pytest.approx(parts[segment.rank - 1] * charts.WIDTH / largest, abs=0.1)


def test_a_line_is_told_from_nothing():
    line = charts.line([("2024", 0), ("2025", 5), ("2026", 10)])
    nothing, half, most = line.points
    assert nothing.y == line.baseline
    assert nothing.y - half.y == pytest.approx((nothing.y - most.y) / 2)
    assert charts.line([("2026", 0)]).points[0].y == line.baseline
    assert charts.line([]).path == ""


@pytest.mark.parametrize(
    ("start", "end", "x", "width"),
    [
        ((2026, 1, 1), (2026, 12, 31), 0, 1000),
        ((2025, 1, 1), None, 0, 1000),
        ((2026, 1, 1), (2026, 1, 1), 0, 2.7),
        ((2025, 9, 1), (2026, 6, 30), 0, 495.9),
        ((2026, 12, 31), (2027, 3, 1), 997.3, 2.7),
    ],
)
def test_a_time_takes_its_days_of_the_year(start, end, x, width):
    segment = charts.span_of_year(2026, datetime.date(*start), end and datetime.date(*end))
    assert (segment.x, segment.width) == (x, width)
