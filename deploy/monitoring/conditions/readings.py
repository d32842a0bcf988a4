"""What all conditions share: the reading that each gives, and which documents may raise an alert.

Windows are over `fetched_at`, the time at which we saw an article: the other times change with the rules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

LATE = DAY
"""An article fetched longer than this after its publication is no news: a feed's old entries, an archive's page."""

MOST_SUBJECTS = 100
"""Readings of one alert that are kept, the highest: each is a sample in `health`, round after round."""

MOST_WATCHES = 50
"""Watches that are looked at, those with the most claims: with all kinds of figures of each an answer comes near the
65,536 buckets that Elasticsearch gives at most."""

LONGEST = 300
"""Characters of a text that a detail quotes."""

Clause = dict[str, Any]
"""A clause of a `bool.filter`."""


@dataclass(frozen=True)
class Reading:
    """The number of one alert now: what `schemas.alerts` compares with its threshold.

    `subject` is what it is about (a feed, a watch, …), empty where the alert has one number for the whole product, or
    nothing to tell of any subject. `detail` is for people, `url` where to look.
    """

    alert: str
    value: float
    subject: str = ""
    detail: str = ""
    url: str | None = None


# Dead letters may lack both times, as their originals did.
_TIMELY = """
doc['fetched_at'].size() == 0 || doc['published_at'].size() == 0
|| doc['fetched_at'].value.toInstant().toEpochMilli() - doc['published_at'].value.toInstant().toEpochMilli()
   <= params.late
"""
TIMELY: Clause = {"script": {"script": {"source": _TIMELY, "params": {"late": int(LATE.total_seconds() * 1000)}}}}


LIVE: Clause = {"term": {"ingest_mode": "live"}}
NEWS: Clause = {"bool": {"filter": [LIVE, TIMELY]}}
"""Documents that may raise an alert, whenever they were fetched."""


def live(until: datetime, window: timedelta, *more: Clause) -> Clause:
    """The query for what may raise an alert: live, timely, fetched in the window that ends at `until`."""
    return {"bool": {"filter": [within("fetched_at", until, window), *more, NEWS]}}


def new_letters(*more: Clause) -> Clause:
    """Dead letters that may raise an alert: not of a replay or backfill, not late, and dead for the first time."""
    old = [{"terms": {"ingest_mode": ["replay", "backfill"]}}, {"range": {"attempts": {"gt": 1}}}]
    return {"bool": {"filter": [*more, TIMELY], "must_not": old}}


def within(field: str, until: datetime, window: timedelta) -> Clause:
    """A window that ends at `until`, inclusive, and begins after its start."""
    return {"range": {field: {"gt": (until - window).isoformat(), "lte": until.isoformat()}}}


def aggregated(client: Elasticsearch, index: str, query: Clause, aggs: dict[str, Any]) -> dict[str, Any]:
    """The answers to aggregations. Raises what the client raises."""
    answer = client.search(index=index, size=0, query=query, aggs=aggs, track_total_hits=False)
    return dict(answer["aggregations"])


def hits(client: Elasticsearch, index: str, query: Clause, size: int, sort: str, **more: Any) -> list[dict[str, Any]]:
    """Sources of the first documents; `sort` is `field:order`. Raises what the client raises."""
    answer = client.search(index=index, query=query, size=size, sort=sort, track_total_hits=False, **more)
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def worst(alert: str, readings: Iterable[Reading], nothing: str) -> list[Reading]:
    """The highest readings of an alert, at least one: where there is none, 0 with `nothing` as its detail."""
    found = sorted(readings, key=lambda reading: (-reading.value, reading.subject))
    return found[:MOST_SUBJECTS] or [Reading(alert, 0.0, detail=nothing)]


def counted(buckets: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The buckets of a `terms` aggregation by their keys."""
    return {str(bucket["key"]): bucket for bucket in buckets}


def shown(moment: datetime) -> str:
    """A time as details say it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def shortened(text: str) -> str:
    """A text as details quote it: one line, cut."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
