"""Buckets: the periods over which the documents of a family are spread, one index for each.

A bucket is named after its period: `2024.10` is a month, `2024.q4` a quarter, `2024` a year.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

import msgspec

BucketSize = Literal["month", "quarter", "year"]

YEAR_AFTER_MONTHS = 3
"""How old an article may be when it is fetched and still get a bucket of the usual size: news is not older, and the
articles of an archive would be spread over many small indices."""

_NAME = re.compile(r"(\d{4})(?:\.(?:q([1-4])|(\d\d)))?")


class Buckets(msgspec.Struct, frozen=True):
    """How large the buckets of a family are.

    What is older than `year_after_months` when it is fetched is put in the bucket of its year; None: never.
    """

    size: BucketSize = "month"
    year_after_months: int | None = None

    def find_bucket(self, moment: datetime, now: datetime | None = None) -> str:
        """Returns the bucket of a time.

        Pass the time of the fetch as `now`, so that a redelivery gives the same bucket at any time.
        """
        moment = moment.astimezone(UTC)
        if now is not None and self.year_after_months is not None:
            now = now.astimezone(UTC)
            if (now.year - moment.year) * 12 + now.month - moment.month > self.year_after_months:
                return f"{moment.year:04}"
        if self.size == "year":
            return f"{moment.year:04}"
        if self.size == "quarter":
            return f"{moment.year:04}.q{(moment.month + 2) // 3}"
        return month(moment)


ARTICLES = Buckets(year_after_months=YEAR_AFTER_MONTHS)
"""The buckets of articles, and of their claims and figures, unless `indices.yaml` says otherwise."""


def month(moment: datetime) -> str:
    """Returns the bucket of a month, such as `2024.10`."""
    moment = moment.astimezone(UTC)
    return f"{moment.year:04}.{moment.month:02}"


def list_buckets(since: datetime, until: datetime) -> tuple[str, ...]:
    """Returns the buckets of every size that have moments between two times, both included."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    months = range(since.year * 12 + since.month - 1, until.year * 12 + until.month)
    moments = [datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC) for number in months]
    sizes = [Buckets(size) for size in get_args(BucketSize)]
    return tuple(dict.fromkeys(size.find_bucket(moment) for moment in moments for size in sizes))


def find_period(bucket: str) -> tuple[datetime, datetime] | None:
    """Returns the first moment of a bucket and the first after it; None for a name that is not a bucket's."""
    found = _NAME.fullmatch(bucket)
    if not found:
        return None
    year, quarter, number = int(found[1]), found[2], found[3]
    first, months = (int(quarter) * 3 - 2, 3) if quarter else (int(number), 1) if number else (1, 12)
    if not (1 <= first <= 12 and 1 <= year < 9999):
        return None
    after = first - 1 + months
    return datetime(year, first, 1, tzinfo=UTC), datetime(year + after // 12, after % 12 + 1, 1, tzinfo=UTC)


def is_beyond(bucket: str, days: int | None, now: datetime) -> bool:
    """Returns whether a bucket ended more than so many days ago; never for a name that is not a bucket's.

    None: it is kept without end.
    """
    period = find_period(bucket) if days is not None else None
    return period is not None and days is not None and period[1] + timedelta(days=days) <= now
