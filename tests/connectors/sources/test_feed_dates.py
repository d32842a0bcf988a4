"""Dates of feeds, in the forms that occur."""

from datetime import UTC, datetime

import pytest

from connectors.sources.feed_dates import parse_date

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("Mon, 05 Jan 2026 08:00:00 GMT", "2026-01-05T08:00"), ("Mon, 05 Jan 2026 10:00:00 +0200", "2026-01-05T08:00"),
     ("05 Jan 26 08:00 EST", "2026-01-05T13:00"), ("Monday, 05 Jan 2026 08:00:00 GMT", "2026-01-05T08:00"),
     ("2026-01-05T08:00:00Z", "2026-01-05T08:00"), ("2026-01-05T08:00:00.123+00:00", "2026-01-05T08:00"),
     ("2026-01-05 08:00:00", "2026-01-05T08:00"), ("2026-01-05 10:00:00 +0200", "2026-01-05T08:00"),
     ("2026/01/05 08:00", "2026-01-05T08:00"), ("2026-01-05", "2026-01-05T00:00"), ("1767600000", "2026-01-05T08:00"),
     ("1767600000000", "2026-01-05T08:00"), ("5 January 2026 08:00", "2026-01-05T08:00"),
     ("5 января 2026 08:00", "2026-01-05T08:00"), ("5. Januar 2026, 08:00", "2026-01-05T08:00"),
     ("", None), ("yesterday-ish maybe", None), ("Thu, 01 Jan 1970 00:00:00 GMT", None), ("2031-01-01", None),
     ("0001-01-01T00:00:00+14:00", None), ("99999999999999999999", None)],
)  # fmt: skip
def test_dates_of_every_kind(text: str, moment: str | None) -> None:
    found = parse_date(text, NOW)
    assert (found.astimezone(UTC).isoformat()[:16] if found else None) == moment
