"""The calendar file as RFC 5545 has it: lines that are folded between characters, texts that stay texts."""

import datetime

import pytest

from cohesion.lib.ics import MOST_BYTES, CalendarEntry, calendar, folded

STAMP = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)
PARIS = datetime.timezone(datetime.timedelta(hours=2))


def made(*entries):
    return calendar(entries, name="Essai", maker="Essai", stamp=STAMP)


def unfolded(text):
    return text.replace("\r\n ", "")


def lines(*entries):
    return unfolded(made(*entries)).split("\r\n")


def test_a_calendar_without_anything_is_one():
    assert lines()[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert made().endswith("END:VCALENDAR\r\n")


def test_a_day_lasts_until_the_next_and_a_moment_is_told_in_universal_time():
    day = lines(CalendarEntry("a@b", datetime.date(2026, 12, 31), "Jour"))
    assert "DTSTART;VALUE=DATE:20261231" in day
    assert "DTEND;VALUE=DATE:20270101" in day
    moment = lines(CalendarEntry("a@b", datetime.datetime(2026, 6, 1, 0, 30, tzinfo=PARIS), "Moment"))
    assert "DTSTART:20260531T223000Z" in moment
    assert not any(line.startswith("DTEND") for line in moment)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a, b; c\\d", "a\\, b\\; c\\\\d"),
        ("deux\nlignes", "deux\\nlignes"),
        ("deux\r\nlignes", "deux\\nlignes"),
        ("x\r\nEND:VEVENT\r\nBEGIN:VALARM", "x\\nEND:VEVENT\\nBEGIN:VALARM"),
        ("\\n", "\\\\n"),
        ("8 h : « ça » 50 %", "8 h : « ça » 50 %"),
    ],
)
def test_what_is_typed_stays_a_text(text, written):
    assert f"SUMMARY:{written}" in lines(CalendarEntry("a@b", STAMP.date(), text))


@pytest.mark.parametrize("text", ["a" * 300, "é" * 200, "€" * 200, "🌻" * 100, "a" * 74 + "🌻", ""])
def test_no_line_is_longer_than_the_standard_allows_and_no_character_is_cut(text):
    parts = folded(text).split("\r\n")
    assert all(len(part.encode()) <= MOST_BYTES for part in parts)
    assert all(part.startswith(" ") for part in parts[1:])
    assert unfolded("\r\n".join(parts)) == text


def test_every_line_of_the_file_ends_as_the_standard_says():
    text = made(CalendarEntry("a@b", STAMP, "é" * 200, "Un\ndétail", "https://cst.example/"))
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= MOST_BYTES for line in text.split("\r\n"))
    assert unfolded(text).count("BEGIN:VEVENT") == unfolded(text).count("END:VEVENT") == 1
