import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text.dates.finding import find_date_spans, find_times

# A Monday.
ANCHOR = datetime(2024, 10, 28, 14, 30, tzinfo=UTC)

EXPRESSIONS = [
    ("It began on 24 February 2022.", "24 February 2022", "2022-02-24", "2022-02-25", "day"),
    ("It began on February 24, 2022.", "February 24, 2022", "2022-02-24", "2022-02-25", "day"),
    ("It began on February 24.", "February 24", "2024-02-24", "2024-02-25", "day"),
    ("It began on the 5th of May 2021.", "the 5th of May 2021", "2021-05-05", "2021-05-06", "day"),
    ("It began on Oct. 5.", "Oct. 5", "2024-10-05", "2024-10-06", "day"),
    ("It began on 2024-10-05.", "2024-10-05", "2024-10-05", "2024-10-06", "day"),
    ("It began on 05.10.2024.", "05.10.2024", "2024-10-05", "2024-10-06", "day"),
    ("It began on 10/05/2024.", "10/05/2024", "2024-10-05", "2024-10-06", "day"),
    ("It began on 25/10/2024.", "25/10/2024", "2024-10-25", "2024-10-26", "day"),
    ("They met on Monday.", "Monday", "2024-10-28", "2024-10-29", "day"),
    ("They met on Friday.", "Friday", "2024-10-25", "2024-10-26", "day"),
    ("They will meet on Friday.", "Friday", "2024-11-01", "2024-11-02", "day"),
    ("He said on Friday that they will meet.", "Friday", "2024-10-25", "2024-10-26", "day"),
    ("They met last Friday.", "last Friday", "2024-10-25", "2024-10-26", "day"),
    ("They meet next Tuesday.", "next Tuesday", "2024-10-29", "2024-10-30", "day"),
    ("They met on Monday, October 21, 2024.", "Monday, October 21, 2024", "2024-10-21", "2024-10-22", "day"),
    ("They met today.", "today", "2024-10-28", "2024-10-29", "day"),
    ("They met yesterday evening.", "yesterday evening", "2024-10-27", "2024-10-28", "day"),
    ("They meet tomorrow.", "tomorrow", "2024-10-29", "2024-10-30", "day"),
    ("It fell last month.", "last month", "2024-09-01", "2024-10-01", "month"),
    ("It fell last week.", "last week", "2024-10-21", "2024-10-28", "week"),
    ("It falls next year.", "next year", "2025-01-01", "2026-01-01", "year"),
    ("It fell last June.", "last June", "2024-06-01", "2024-07-01", "month"),
    ("It fell in June.", "June", "2024-06-01", "2024-07-01", "month"),
    ("It fell in November.", "November", "2023-11-01", "2023-12-01", "month"),
    ("It will fall in November.", "November", "2024-11-01", "2024-12-01", "month"),
    ("It fell in early October.", "early October", "2024-10-01", "2024-10-11", "span"),
    ("It fell in June 2022.", "June 2022", "2022-06-01", "2022-07-01", "month"),
    ("It fell in 2022.", "2022", "2022-01-01", "2023-01-01", "year"),
    ("It fell in late 2023.", "late 2023", "2023-09-01", "2024-01-01", "span"),
    ("It fell in the 1990s.", "1990s", "1990-01-01", "2000-01-01", "decade"),
    ("It rose two weeks ago.", "two weeks ago", "2024-10-14", "2024-10-21", "week"),
    ("Five years ago it rose.", "Five years ago", "2019-01-01", "2020-01-01", "year"),
    ("It rose three days ago.", "three days ago", "2024-10-25", "2024-10-26", "day"),
    ("It will rise in two months.", "in two months", "2024-12-01", "2025-01-01", "month"),
    ("They arrive within days.", "within days", "2024-10-28", "2024-11-02", "span"),
    ("It slows over the next few weeks.", "over the next few weeks", "2024-10-28", "2024-11-18", "span"),
    ("It slowed over the past year.", "over the past year", "2023-10-28", "2024-10-29", "span"),
    ("It will end by December.", "by December", "2024-10-28", "2025-01-01", "span"),
    ("It has rained since Thursday.", "since Thursday", "2024-10-24", "2024-10-29", "span"),
    ("It ran between 8 and 13 October.", "8 and 13 October", "2024-10-08", "2024-10-14", "span"),
    ("It ran from March to May 2022.", "from March to May 2022", "2022-03-01", "2022-06-01", "span"),
    ("It ran from 2014 to 2018.", "from 2014 to 2018", "2014-01-01", "2019-01-01", "span"),
    ("It ran on October 8-13.", "October 8-13", "2024-10-08", "2024-10-14", "span"),
    ("It grew in the first quarter of 2024.", "the first quarter of 2024", "2024-01-01", "2024-04-01", "quarter"),
    ("It grew in Q3 2023.", "Q3 2023", "2023-07-01", "2023-10-01", "quarter"),
    ("It grew in the second half of last year.", "the second half of last year", "2023-07-01", "2024-01-01", "span"),
    ("It opened last summer.", "last summer", "2024-06-01", "2024-09-01", "season"),
    ("It opened in summer 2023.", "summer 2023", "2023-06-01", "2023-09-01", "season"),
    ("It opens later this year.", "later this year", "2024-10-28", "2025-01-01", "span"),
    ("It opened in the last week of July.", "the last week of July", "2024-07-25", "2024-08-01", "week"),
    ("It fell over the weekend, over the past two days.", "the weekend", "2024-10-26", "2024-10-28", "span"),
]


@pytest.mark.parametrize(("text", "words", "start", "end", "granularity"), EXPRESSIONS)
def test_dates_of_an_expression(text: str, words: str, start: str, end: str, granularity: str) -> None:
    found = find_times(text, ANCHOR)[0]

    assert text[found.start : found.end] == found.text == words
    assert (f"{found.time.start:%Y-%m-%d}", f"{found.time.end:%Y-%m-%d}") == (start, end)
    assert found.time.granularity == granularity
    assert found.time.start.tzinfo is UTC


def test_dates_a_day_at_hand_is_meant_rather_than_one_a_year_ago() -> None:
    assert find_times("The vote on November 5 is close.", ANCHOR)[0].time.start == datetime(2024, 11, 5, tzinfo=UTC)


def test_dates_count_from_the_day_in_utc() -> None:
    tokyo_morning = datetime(2024, 10, 29, 7, 0, tzinfo=UTC) - timedelta(hours=9)

    assert find_times("It is today.", tokyo_morning)[0].time.start == datetime(2024, 10, 28, tzinfo=UTC)


def test_dates_without_anchor_are_those_that_name_their_year() -> None:
    text = "On Monday, last week, in June and on 3 May they spoke of 3 May 2021 and of 2022."

    assert [found.text for found in find_times(text, None)] == ["3 May 2021", "2022"]


@pytest.mark.parametrize(
    "text",
    [
        "Theresa May said so.",
        "They may march on.",
        "Some 2022 people came, at $2022 each.",
        "He counted 2022 soldiers.",
        "31 February was named.",
        "Call 2022-555 or read page 1999.",
        "The 13.45.2024 build failed.",
    ],
)
def test_dates_that_are_none_are_left(text: str) -> None:
    assert find_times(text, ANCHOR) == []


def test_dates_in_a_title_say_so() -> None:
    assert find_times("Flood of 2021", ANCHOR, "title")[0].field == "title"


def test_date_spans_cover_dates_times_of_day_and_years_but_no_counts() -> None:
    text = "On 24 February 2022 at 9.30 a.m. and 14:05 GMT, 300 of 2,000 left, as in 1999 and 3 years ago, for 10 days."

    assert [text[start:end] for start, end in find_date_spans(text)] == [
        "24 February 2022",
        "9.30 a.m.",
        "14:05 GMT",
        "1999",
        "3 years ago",
    ]


@pytest.mark.parametrize("zone", ["CEST", "MSK", "JST", "AEDT", "IST", "GMT", "gmt"])
def test_time_with_a_point_and_a_zone_is_no_number(zone: str) -> None:
    text = f"The ferry left at 18.30 {zone}, and 5.20 MT of grain with 12.30 cats came."
    assert [text[start:end] for start, end in find_date_spans(text)] == [f"18.30 {zone}"]


def test_dates_of_a_long_text_come_in_time() -> None:
    text = "On Monday, 24 February 2022, last week, since 2014 and by the end of the year it rained. " * 3000
    started = time.perf_counter()
    assert len(find_times(text, ANCHOR)) > 10_000
    assert len(find_date_spans("1 " * 100_000 + "in " * 100_000 + "the " * 100_000)) == 0
    assert time.perf_counter() - started < 20


WORDS = (
    "on in by since from to between and the last next past Monday Oct. 5 5th 2022 24 February May , . - – of early mid "
    "quarter first week weeks ago few this 1990s '90s Q1 2024-10-05 10/10/2024 end year until will said 9 a.m. 99 0 "
    "2999 decade in- ٣"
)
EXPRESSION = st.lists(st.sampled_from(WORDS.split(" ")), max_size=30).map(" ".join)


@given(
    st.one_of(EXPRESSION, st.text(max_size=300)),
    st.one_of(st.none(), st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))),
)
@settings(max_examples=400, deadline=None)
def test_dates_of_any_text_stand_in_it_and_end_after_they_start(text: str, anchor: datetime | None) -> None:
    position = 0
    for found in find_times(text, anchor):
        assert position <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text == found.time.text
        assert found.time.start < found.time.end
        position = found.end
    for start, end in find_date_spans(text):
        assert 0 <= start < end <= len(text)
