"""Documents for tests of conditions, and the index that they are written to."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from deploy.monitoring.conditions.evaluation import CONDITIONS, is_firing
from deploy.monitoring.conditions.readings import Reading
from schemas.codec import make_document
from schemas.elasticsearch.buckets import month
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Reason
from schemas.operations.records import FeedHealth, HealthSample
from schemas.records import Article, Claim, DeadLetter, Figure, NumberRange
from schemas.text import Claimant

NOW = datetime(2026, 11, 26, 12, 30, 15, 250_000, tzinfo=UTC)

for_old_documents = pytest.mark.parametrize(
    "old", [{"late": 25.0}, {"ingest_mode": "replay"}, {"ingest_mode": "backfill"}], ids=["late", "replay", "backfill"]
)
"""Runs a test for each kind of document that must not raise an alert. `late` is hours between publication and fetch."""

_numbers = count()


class Index:
    """Elasticsearch with the documents of a test, and the conditions evaluated at `NOW`."""

    def __init__(self, client: Elasticsearch) -> None:
        self.client = client

    def write(self, *records: msgspec.Struct) -> None:
        """Writes records and makes them searchable."""
        families = {family.record: family for family in FAMILIES.values()}
        bulk(
            self.client,
            (
                {
                    "_index": families[type(record)].index(month(NOW)),
                    "_source": make_document(record),
                    "_id": str(number),
                }
                for record, number in zip(records, _numbers, strict=False)
            ),
            refresh=True,
        )

    def readings(self, alert: str) -> dict[str, Reading]:
        """Returns the readings of an alert by subject, and checks that there is at least one."""
        found = {reading.subject: reading for reading in CONDITIONS[alert](self.client, NOW)}
        assert found
        assert {reading.alert for reading in found.values()} == {alert}
        return found

    def value(self, alert: str, subject: str = "") -> float:
        """Returns the value of one subject."""
        return self.readings(alert)[subject].value

    def firing(self, alert: str) -> set[str]:
        """Returns the subjects that are above the threshold."""
        return {reading.subject for reading in self.readings(alert).values() if is_firing(reading)}


def ago(hours: float) -> datetime:
    """Returns the time that many hours before `NOW`."""
    return NOW - timedelta(hours=hours)


def times(hours: float, late: float) -> dict[str, Any]:
    fetched_at = ago(hours)
    return {
        "published_at": fetched_at - timedelta(hours=late), "fetched_at": fetched_at,
        # Processing again changes both, so no window may use them.
        "processed_at": NOW, "indexed_at": NOW,
    }  # fmt: skip


def shared(hours: float, late: float, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "article_id": f"article-{next(_numbers)}", "revision": 1, "rules_version": "1", "feed": "tides",
        "language": "en", **times(hours, late), **more,
    }  # fmt: skip


def article(hours: float, late: float = 0.5, **more: Any) -> Article:
    """Makes an article fetched `hours` ago, and published `late` hours before that."""
    given = {"body": "Words.", "word_count": 200, "title": "High water", "connector": "syndication"} | more
    return Article(
        kind="article", language_confidence=1.0, published_source="feed", url="http://tides.example/1",
        **shared(hours, late, given),
    )  # fmt: skip


def claim(hours: float, late: float = 0.5, **more: Any) -> Claim:
    """Makes a claim, of a different article each time."""
    given: dict[str, Any] = {"status": "asserted", "assertion_id": "bridge"}
    given |= {"claimant": Claimant(name="Ida Kull", kind="person")} | more
    return Claim(
        claim_id=f"claim-{next(_numbers)}", text="The bridge is closed, the mayor said.", start=0, end=36,
        url="http://tides.example/1", **shared(hours, late, given),
    )  # fmt: skip


def figure(hours: float, value: float, late: float = 0.5, **more: Any) -> Figure:
    """Makes a figure, of a different article each time: asserted, of soldiers that are deployed."""
    given: dict[str, Any] = {"unit": "soldiers", "unit_class": "military_personnel", "status": "asserted"}
    given |= {"event": "deployment", "kind": "count"} | more
    return Figure(
        figure_id=f"figure-{next(_numbers)}", text=f"{value:,.0f}", start=0, end=6, value=value, low=value, high=value,
        range=NumberRange(gte=value, lte=value), claimant="Ida Kull", sentence="Soldiers were sent.",
        url="http://tides.example/1", **shared(hours, late, given),
    )  # fmt: skip


def dead_letter(hours: float, reason: str = "not_json", late: float = 0.5, **more: Any) -> DeadLetter:
    """Makes a dead letter that failed `hours` ago, of an article fetched then."""
    dates = times(hours, late)
    given = {"feed": "tides", "ingest_mode": "live", **{name: dates[name] for name in ("published_at", "fetched_at")}}
    return DeadLetter(
        dead_letter_id=f"letter-{next(_numbers)}", topic="raw-articles", partition=0, offset=next(_numbers),
        step="decode", reason=Reason(reason), error="no", failed_at=ago(hours), size=2, **given | more,
    )  # fmt: skip


def feed(hours: float, **more: Any) -> FeedHealth:
    """Makes a feed that is polled now, and whose last entry came `hours` ago. It is expected to have 24 a day."""
    given: dict[str, Any] = {"feed": "tides", "entry_at": ago(hours), "expected_day": 24.0, "polled_at": NOW}
    given |= {"next_poll_at": NOW, "since": ago(1000)} | more
    return FeedHealth(connector="syndication", url="http://tides.example/feed", **given)


def sample(metric: str, value: float, minutes: float = 1.0, **labels: Any) -> HealthSample:
    """Makes a health sample of `minutes` ago."""
    at = NOW - timedelta(minutes=minutes)
    return HealthSample(at=at, source="run", instance="host:1", metric=metric, value=value, **labels)


def counter(metric: str, minutes: float = 1.0, **outcomes: float) -> list[HealthSample]:
    """Makes samples of the growth of a counter, by outcome."""
    return [sample(metric, value, minutes, outcome=outcome) for outcome, value in outcomes.items()]
