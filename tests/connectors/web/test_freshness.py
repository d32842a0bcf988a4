"""Retry-After, Cache-Control and Expires."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.web.freshness import DAY, find_freshness, parse_retry_after

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"cache-control": "public, max-age=300"}, 300), ({"cache-control": "max-age=300", "age": "100"}, 200),
     ({"cache-control": "no-cache, max-age=300"}, 0), ({"cache-control": "max-age=99999999"}, 86_400),
     ({"expires": "Mon, 02 Mar 2026 12:10:00 GMT"}, 600), ({"expires": "0"}, 0), ({}, 0),
     ({"expires": "Mon, 02 Mar 2020 12:10:00 GMT", "date": "Mon, 02 Mar 2020 12:00:00 GMT"}, 600)],
)  # fmt: skip
def test_freshness_lifetime(headers: dict[str, str], seconds: float) -> None:
    assert find_freshness(headers, NOW) == seconds


@pytest.mark.parametrize("value", ["soon", "-5", "", None, "Mon, 99 Foo", "Mon, 02 Mar 99999 12:00:00 GMT"])
def test_retry_after_that_cannot_be_parsed(value: str | None) -> None:
    assert parse_retry_after(value) is None


@pytest.mark.parametrize(("value", "seconds"), [("120", 120), (" 7 ", 7), ("9" * 90, DAY), ("0", 0)])
def test_retry_after_in_seconds(value: str, seconds: float) -> None:
    assert parse_retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    assert 290 < (parse_retry_after(later) or 0) <= 300
    assert parse_retry_after("Mon, 02 Mar 2020 12:00:00 GMT") == 0
    assert parse_retry_after("Mon, 02 Mar 2099 12:00:00 GMT") == DAY
