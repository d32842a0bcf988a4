"""The names of buckets, and the periods that they stand for."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.elasticsearch.buckets import ARTICLES, Buckets, BucketSize, find_period, list_buckets

NOW = datetime(2026, 11, 23, tzinfo=UTC)

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), "2026.11"),
        (datetime(2026, 8, 1, tzinfo=UTC), "2026.08"),
        (datetime(2026, 7, 31, 23, 59, tzinfo=UTC), "2026"),
        (datetime(2026, 12, 1, tzinfo=UTC), "2026.12"),
        (datetime(2026, 11, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026.10"),
        (datetime(1997, 3, 4, tzinfo=UTC), "1997"),
    ],
)
def test_article_is_in_its_month_if_it_is_news_and_else_in_its_year(published: datetime, expected: str) -> None:
    assert ARTICLES.find_bucket(published, NOW) == expected


@pytest.mark.parametrize(
    ("size", "month", "expected"),
    [
        ("month", 3, "2026.03"),
        ("quarter", 3, "2026.q1"),
        ("quarter", 4, "2026.q2"),
        ("quarter", 12, "2026.q4"),
        ("year", 5, "2026"),
    ],
)
def test_size_of_the_bucket(size: BucketSize, month: int, expected: str) -> None:
    assert Buckets(size).find_bucket(datetime(2026, month, 30, tzinfo=UTC), NOW) == expected


def test_without_a_limit_old_articles_are_in_buckets_of_the_usual_size() -> None:
    assert Buckets("quarter").find_bucket(datetime(1997, 3, 4, tzinfo=UTC), NOW) == "1997.q1"
    assert Buckets("month", 0).find_bucket(datetime(2026, 10, 31, tzinfo=UTC), NOW) == "2026"


@given(MOMENTS, st.sampled_from(["month", "quarter", "year"]))
def test_time_is_in_the_period_of_its_bucket(moment: datetime, size: BucketSize) -> None:
    period = find_period(Buckets(size).find_bucket(moment))
    assert period is not None
    assert period[0] <= moment < period[1]


@pytest.mark.parametrize(
    ("bucket", "start", "end"),
    [
        ("2024.12", datetime(2024, 12, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
        ("2024.q4", datetime(2024, 10, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
        ("2024", datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
    ],
)
def test_period_of_a_bucket(bucket: str, start: datetime, end: datetime) -> None:
    assert find_period(bucket) == (start, end)


@pytest.mark.parametrize("name", ["", "2024.13", "2024.q5", "2024.1", "0000", "now", "2024.10.01"])
def test_other_names_have_no_period(name: str) -> None:
    assert find_period(name) is None


def test_buckets_of_a_time_have_every_size() -> None:
    since, until = datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 14, tzinfo=UTC)
    assert list_buckets(since, until) == ("2026.12", "2026.q4", "2026", "2027.01", "2027.q1", "2027")
    assert list_buckets(until, until) == ("2027.01", "2027.q1", "2027")
    late = datetime(2027, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert list_buckets(late, late) == ("2026.12", "2026.q4", "2026")


@given(MOMENTS, MOMENTS, st.integers(0, 40), st.sampled_from(["month", "quarter", "year"]), st.integers(0, 40))
def test_bucket_of_any_article_within_the_time_is_listed(
    since: datetime, fetched_at: datetime, days: int, size: BucketSize, year_after: int
) -> None:
    published_at = since + timedelta(days=days)
    listed = list_buckets(since, since + timedelta(days=40))
    assert Buckets(size, year_after).find_bucket(published_at, fetched_at) in listed
