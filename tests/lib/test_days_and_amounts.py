"""Days, periods and amounts as people and spreadsheets write them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohesion.lib.spreadsheets import Oddity, days
from cohesion.lib.spreadsheets.amounts import euros

PERIODS = {
    "2024": ("2024-01-01", "2024-12-31"),
    2024.0: ("2024-01-01", "2024-12-31"),
    "mars 2022": ("2022-03-01", "2022-03-31"),
    "sept. 2026": ("2026-09-01", "2026-09-30"),
    "03/2022": ("2022-03-01", "2022-03-31"),
    "févr-24": ("2024-02-01", "2024-02-29"),
    "2022-12": ("2022-12-01", "2022-12-31"),
    "T1 2025": ("2025-01-01", "2025-03-31"),
    "2025-T4": ("2025-10-01", "2025-12-31"),
    "1er trimestre 2025": ("2025-01-01", "2025-03-31"),
    "S2 2024": ("2024-07-01", "2024-12-31"),
    "2022-2026": ("2022-01-01", "2026-12-31"),
    "2022/26": ("2022-01-01", "2026-12-31"),
    "de septembre 2022 à juin 2026": ("2022-09-01", "2026-06-30"),
    "01/09/2022 - 31/08/2026": ("2022-09-01", "2026-08-31"),
    "1/9/27": ("2027-09-01", "2027-09-01"),
    "01092027": ("2027-09-01", "2027-09-01"),
    1092027.0: ("2027-09-01", "2027-09-01"),
    "1er septembre 2026": ("2026-09-01", "2026-09-01"),
    "1ᵉʳ septembre 2026": ("2026-09-01", "2026-09-01"),
    "2026-09-01 00:00:00": ("2026-09-01", "2026-09-01"),
    Oddity("date", "sept. 26", "2026-09-05"): ("2026-09-05", "2026-09-05"),
}


@pytest.mark.parametrize("cell", PERIODS, ids=str)
def test_a_period_has_a_first_and_a_last_day(cell):
    assert (days.first_day(cell), days.last_day(cell)) == PERIODS[cell]


@pytest.mark.parametrize("cell", ["demain", "31/02/2026", "2026-2022", "13/2025", "T5 2025", "12", "1850", "47727"])
def test_what_is_no_period_is_refused(cell):
    with pytest.raises(ValueError, match=r"date|vraisemblable"):
        days.first_day(cell)


def test_a_span_says_the_other_end_and_nothing_else_does():
    assert (days.start_of_span("2022-2026"), days.end_of_span("2022-2026")) == ("2022-01-01", "2026-12-31")
    for cell in ("2022", "mars 2022", "01/09/2022", "", None):
        assert (days.start_of_span(cell), days.end_of_span(cell)) == (None, None)


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2089, 12, 31)))
def test_a_day_is_read_in_each_way_of_writing_it(day):
    for form in ("%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y"):
        assert days.day(day.strftime(form)) == day.isoformat()
    assert days.of_serial(float((day - days.EPOCH).days)) == day.isoformat()
    month = f"{days.MONTHS[day.month - 1]} {day.year}"
    assert days.first_day(month) <= day.isoformat() <= days.last_day(month)


AMOUNTS = {
    3702.2999999999997: "3702.30",
    "3702.2999999999997": "3702.30",
    0.1 + 0.2: "0.30",
    12500.0: "12500.00",
    "12 500,50 €": "12500.50",
    "1.250,50": "1250.50",
    "€ 12": "12.00",
    "": None,
}


@pytest.mark.parametrize("cell", AMOUNTS, ids=str)
def test_an_amount_is_read_to_the_cent(cell):
    assert euros(cell) == AMOUNTS[cell]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (10000 / 3, "que l’affichage"),
        ("3333,33333333", "que l’affichage"),
        (0.125, "que l’affichage"),
        ("12,500", "deux décimales au plus"),
        (-3.0, "négatif"),
        ("beaucoup", "pas un montant"),
        (1e20, "pas un montant"),
        (99999999999.0, "trop grand"),
    ],
)
def test_an_amount_that_is_none_is_refused(cell, sentence):
    with pytest.raises(ValueError, match=sentence):
        euros(cell)


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=30))
def test_a_sum_of_cents_is_read_as_it_was_meant(cents):
    total = sum(cent / 100 for cent in cents)
    assert euros(total) == f"{sum(cents) // 100}.{sum(cents) % 100:02}"
