"""Dates of feeds, in the forms that occur."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.feed_dates import (
    IMPOSSIBLE,
    IN_DOUBT,
    NOT_A_DATE,
    UNKNOWN_ZONE,
    DateReading,
    parse_date,
    read_date,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def minute(text: str, language: str = "") -> str | None:
    found = parse_date(text, NOW, language)
    return found.astimezone(UTC).isoformat()[:16] if found else None


@pytest.mark.parametrize(
    ("text", "moment"),
    [("Mon, 05 Jan 2026 08:00:00 GMT", "2026-01-05T08:00"), ("Mon, 05 Jan 2026 10:00:00 +0200", "2026-01-05T08:00"),
     ("05 Jan 26 08:00 EST", "2026-01-05T13:00"), ("Monday, 05 Jan 2026 08:00:00 GMT", "2026-01-05T08:00"),
     ("Thu, 05 Jan 2026 08:00:00 GMT", "2026-01-05T08:00"), ("Mon,05 Jan 2026 8:00 GMT", "2026-01-05T08:00"),
     ("2026-01-05T08:00:00Z", "2026-01-05T08:00"), ("2026-01-05T08:00:00.123+00:00", "2026-01-05T08:00"),
     ("2026-01-05 08:00:00", "2026-01-05T08:00"), ("2026-01-05 10:00:00 +0200", "2026-01-05T08:00"),
     ("20260105T100000+0200", "2026-01-05T08:00"), ("20260105080000", "2026-01-05T08:00"),
     ("2026/01/05 08:00", "2026-01-05T08:00"), ("2026/1/5 8:00:41", "2026-01-05T08:00"),
     ("2026-01-05", "2026-01-05T00:00"),
     ("2026.1.5", "2026-01-05T00:00"), ("2026-01-05T24:00:00Z", "2026-01-06T00:00"),
     ("Mon, 05 Jan 2026 23:59:60 GMT", "2026-01-05T23:59"), ("Mon Jan  5 08:00:00 2026", "2026-01-05T08:00"),
     ("Sept 5, 2024", "2024-09-05T00:00"), ("5th January 2026 at 08:00", "2026-01-05T08:00"),
     ("１２ Nov ２０２４", "2024-11-12T00:00"), ("12\u00a0Nov\u202f2024", "2024-11-12T00:00")],
)  # fmt: skip
def test_usual_forms(text: str, moment: str) -> None:
    assert minute(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [("1767600000", "2026-01-05T08:00"), ("1767600000000", "2026-01-05T08:00"), ("1767600000.5", "2026-01-05T08:00"),
     ("1767600000000000", "2026-01-05T08:00"), ("1767600000000000000", "2026-01-05T08:00"), ("176760000012345", None),
     ("99999999999999999999", None)],
)  # fmt: skip
def test_seconds_since_1970_and_parts_of_them(text: str, moment: str | None) -> None:
    assert minute(text) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [("Tue, 12 Nov 2024 18:30:00 CET", "17:30"), ("Tue, 12 Nov 2024 18:30:00 +02:00", "16:30"),
     ("Tue, 12 Nov 2024 18:30:00 +02", "16:30"), ("Tue, 12 Nov 2024 18:30:00 +2", "16:30"),
     ("2024-11-12 18:30:00 EST", "23:30"), ("2024-11-12T18:30:00EST", "23:30"), ("2024-11-12T18:30:00-05", "23:30"),
     ("Tue, 12 Nov 2024 18:30:00 GMT+2", "16:30"), ("Tue, 12 Nov 2024 18:30:00 UTC+02:00", "16:30"),
     ("Tue, 12 Nov 2024 18:30:00 GMT -05:00", "23:30"), ("Tue, 12 Nov 2024 18:30:00 EST-0500", "23:30"),
     ("Tue Nov 12 2024 18:30:00 GMT+0100 (Central European Standard Time)", "17:30"),
     ("Tue, 12 Nov 2024 18:30:00 +0100 (CET)", "17:30"), ("Tue, 12 Nov 2024 18:30:00 (CET)", "17:30"),
     ("Tue Nov 12 18:30:00 CET 2024", "17:30"), ("2024-11-12 18:30 Europe/Paris", "17:30"),
     ("2024-11-12T18:30:00+01:00[Europe/Paris]", "17:30"), ("2024-11-12T18:30:00.123456789-0500", "23:30"),
     ("Tue, 12 Nov 2024 18:30:00 -0000", "18:30"), ("12.11.2024 18:30 MEZ", "17:30"),
     ("12 ноября 2024, 18:30 МСК", "15:30"),
     ("Tue, 12 Nov 2024 18:30 hrs IST", "13:00"), ("Tue, 12 Nov 2024 18:30:00 \u22120500", "23:30"),
     ("Tue, 12 Nov 2024 18:30:00 ET", "23:30"), ("Tue, 12 Nov 2024 18:30:00 GMT.", "18:30")],
)  # fmt: skip
def test_zones_in_every_shape(text: str, moment: str) -> None:
    assert minute(text) == f"2024-11-12T{moment}"


def test_summer_time_is_that_of_the_name_and_of_the_place() -> None:
    assert minute("Tue, 16 Jul 2024 18:30:00 CEST") == "2024-07-16T16:30"
    assert minute("Tue, 16 Jul 2024 18:30:00 PT") == "2024-07-17T01:30"
    assert minute("2024-07-16 18:30 Europe/Paris") == "2024-07-16T16:30"


@pytest.mark.parametrize(
    ("text", "moment"),
    [("Tue, 12 Nov 2024 6:30:00 PM", "18:30"), ("Nov 12, 2024 6:30 PM", "18:30"),
     ("November 12, 2024 at 6:30 p.m.", "18:30"),
     ("Tuesday, November 12, 2024 - 6:30pm", "18:30"), ("2024-11-12 06:30:00 PM", "18:30"),
     ("11/13/2024 6:30 P.M.", None),
     ("Tue, 12 Nov 2024 12:30 AM", "00:30"), ("Tue, 12 Nov 2024 12:30 PM", "12:30"),
     ("Tue, 12 Nov 2024 18:30 PM", "18:30"),
     ("Tue, 12 Nov 2024 06:30:00PM +0100", "17:30"), ("Nov 12, 2024 6:30 PM EST", "23:30"),
     ("Nov 12, 2024 5 PM EST", "22:00"),
     ("2024年11月12日 下午6:30", "18:30"), ("2024년 11월 12일 오후 6:30", "18:30"), ("12 Νοε 2024 6:30 μμ", "18:30"),
     ("12 Nov 2024 6:30\u202fPM", "18:30")],
)  # fmt: skip
def test_halves_of_the_day(text: str, moment: str | None) -> None:
    assert minute(text) == (f"2024-11-12T{moment}" if moment else "2024-11-13T18:30")


@pytest.mark.parametrize(
    ("text", "moment"),
    [("5 января 2026 08:00", "2026-01-05T08:00"), ("5. Januar 2026, 08:00 Uhr", "2026-01-05T08:00"),
     ("Di, 12 Nov 2024 18:30:00 MEZ", "2024-11-12T17:30"), ("mer., 13 nov. 2024 18:30:00 +0100", "2024-11-13T17:30"),
     ("mar, 12 nov 2024 18:30:00 +0100", "2024-11-12T17:30"), ("wt., 12 lis 2024 18:30:00 +0100", "2024-11-12T17:30"),
     ("5 Kas 2024 Sal 18:30", "2024-11-05T18:30"), ("Вт, 12 ноя 2024 18:30:00 +0300", "2024-11-12T15:30"),
     ("vendredi 15 novembre 2024 à 18h30", "2024-11-15T18:30"), ("2024年11月12日 18:30", "2024-11-12T18:30"),
     ("12 tháng 11 2024", "2024-11-12T00:00"), ("12 نوفمبر 2024 18:30", "2024-11-12T18:30")],
)  # fmt: skip
def test_other_languages(text: str, moment: str) -> None:
    assert minute(text) == moment


def test_language_of_the_feed_decides_what_a_month_is() -> None:
    assert minute("12 listopada 2024", "pl") == "2024-11-12T00:00"
    assert minute("12 listopada 2024", "hr-HR") == "2024-10-12T00:00"
    assert minute("5 janvier 2026", "xx") == "2026-01-05T00:00", "a language that is not known does not matter"


@pytest.mark.parametrize(
    ("text", "moment"),
    [("13/11/2024 18:30", "2024-11-13T18:30"), ("11/13/2024 18:30", "2024-11-13T18:30"),
     ("12.11.2024 18:30", "2024-11-12T18:30"),
     ("12.11.24", "2024-11-12T00:00"), ("11/11/2024", "2024-11-11T00:00"), ("05-01-2026 08:00", "2026-01-05T08:00"),
     ("Tue, 13/11/2024 18:30 CET", "2024-11-13T17:30"), ("32/11/2024", None), ("13/13/2024", None),
     ("12/11/2024 noon", None)],
)  # fmt: skip
def test_dates_in_figures(text: str, moment: str | None) -> None:
    # 5-1-2026 can only be the fifth of January: in May it would be after the fetch.
    assert minute(text) == moment


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", NOT_A_DATE), ("yesterday-ish maybe", NOT_A_DATE), ("31 Nov 2024 10:00", NOT_A_DATE), ("Nov 2024", NOT_A_DATE),
     ("18:30", NOT_A_DATE), ("2024", NOT_A_DATE), ("0000-00-00 00:00:00", NOT_A_DATE),
     ("Thu, 01 Jan 1970 00:00:00 GMT", IMPOSSIBLE), ("2031-01-01", IMPOSSIBLE),
     ("0001-01-01T00:00:00+14:00", IMPOSSIBLE),
     ("9999-12-31T24:00:00-12:00", IMPOSSIBLE),
     ("Tue, 12 Nov 2024 18:30:00 XYZ", UNKNOWN_ZONE), ("2024-11-12T18:30:00 LMT", UNKNOWN_ZONE),
     ("Tue, 12 Nov 2024 18:30:00 +9900", UNKNOWN_ZONE), ("2024-11-12 18:30 Europe/Atlantis", UNKNOWN_ZONE),
     ("Tue, 12 Nov 2024 18:30:00 A", UNKNOWN_ZONE), ("12/11/2024 18:30", IN_DOUBT), ("03-04-2025", IN_DOUBT)],
)  # fmt: skip
def test_date_without_a_certain_moment_has_none_and_says_why(text: str, problem: str) -> None:
    assert read_date(text, NOW) == DateReading(None, problem)


def test_words_are_relative_to_the_fetch() -> None:
    assert minute("2 hours ago") == "2026-03-02T10:00"


@settings(deadline=None, max_examples=80)
@given(st.text(st.sampled_from("0123456789:/.-+, TZAPMapm GMTCEST NovJan'[]()\u0664年"), max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_date(text, NOW)
    assert (found.moment is None) == bool(found.problem)
