"""Condition for analysts: a figure jumps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.queries import (
    DAY,
    LIVE,
    Clause,
    find_documents,
    iterate_groups,
    match_news,
    match_window,
)
from deploy.monitoring.conditions.readings import Reading, rank_readings, shorten
from schemas.alerts import ALERTS

BASELINE_DAYS = 30
"""Days whose highest figure a jump must exceed."""

MIN_BASELINE_FIGURES = 5
"""A jump needs at least this many earlier figures: the second figure ever is not a jump."""

COMPARABLE_FIELDS: dict[Literal["count", "money"], str] = {"count": "unit_class", "money": "currency"}
"""The kinds of figures that are compared, and the field that must be equal. Percentages can be of anything."""

CLAIMED = ("asserted", "confirmed", "unconfirmed")
"""Statuses of figures that somebody states as facts. Plans, forecasts and demands can be as high as they like."""


@dataclass(frozen=True)
class FigureGroup:
    """Figures that can be compared: counts of one unit class, or money of one currency, with one kind of event.

    `watch` is empty for the figures of all articles, and `event` if a figure has none. `unit` is the unit class or the
    currency.
    """

    kind: Literal["count", "money"]
    watch: str
    unit: str
    event: str

    @property
    def subject(self) -> str:
        """The subject of the reading: watch and unit class, or the unit class alone."""
        unit_class = "money" if self.kind == "money" else self.unit
        return f"{self.watch} / {unit_class}" if self.watch else unit_class

    def make_clauses(self) -> list[Clause]:
        """Returns the clauses that select the figures of the group."""
        values = {
            "kind": self.kind,
            COMPARABLE_FIELDS[self.kind]: self.unit,
            "watches": self.watch,
            "event": self.event,
        }
        absent: list[Clause] = [] if self.event else [{"bool": {"must_not": {"exists": {"field": "event"}}}}]
        return [*({"term": {name: value}} for name, value in values.items() if value), *absent]


@dataclass(frozen=True)
class GroupSummary:
    """How many figures a group has, and the highest value."""

    count: int
    top: float


def figure_jump(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Computes the highest figure of the last day, as a multiple of the highest of the thirty days before.

    There is one reading for each unit class of all articles, and of each watch: the highest multiple of its events.
    """
    latest = dict(summarize_groups(client, match_news(now, DAY, *match_comparable())))
    if not latest:
        return rank_readings("figure_jump", (), "no figures arrived in the last day")
    # Late figures count here: they can only make a jump less likely, and excluding them costs as much as all the rest.
    window = match_window("fetched_at", now - DAY, DAY * BASELINE_DAYS)
    earlier = dict(summarize_groups(client, {"bool": {"filter": [LIVE, window, *match_comparable()]}}))
    best: dict[str, tuple[Reading, FigureGroup]] = {}
    for group, last in latest.items():
        reading = compare(group, last, earlier.get(group, GroupSummary(0, 0.0)))
        if group.subject not in best or reading.value > best[group.subject][0].value:
            best[group.subject] = reading, group
    return [
        add_source(client, now, reading, best[reading.subject][1])
        if reading.value > ALERTS[reading.alert].threshold
        else reading
        for reading in rank_readings("figure_jump", (reading for reading, _ in best.values()), "")
    ]


def compare(group: FigureGroup, last: GroupSummary, before: GroupSummary) -> Reading:
    """Returns the reading of one group, from its figures of the last day and of the thirty days before."""
    has_baseline = before.count >= MIN_BASELINE_FIGURES and before.top > 0
    value = last.top / before.top if has_baseline else 0.0
    detail = f"the highest is {last.top:,g}; the highest of {before.count} in the thirty days before is {before.top:,g}"
    return Reading("figure_jump", value, group.subject, detail)


def match_comparable() -> list[Clause]:
    """Returns the clauses for figures that can be compared: counts and money, stated as facts, and not vague."""
    filters: list[Clause] = [{"terms": {"kind": list(COMPARABLE_FIELDS)}}, {"terms": {"status": CLAIMED}}]
    vague: list[Clause] = [{"term": {"modifier": "vague"}}, {"term": {"unit_class": "other"}}]
    return [*filters, {"bool": {"must_not": vague}}]


def summarize_groups(client: Elasticsearch, query: Clause) -> Iterator[tuple[FigureGroup, GroupSummary]]:
    """Yields all groups of figures that the query matches: first those of all articles, then those of each watch."""
    top = {"top": {"max": {"field": "value"}}}
    for kind, field in COMPARABLE_FIELDS.items():
        of_kind = {"bool": {"filter": [query, {"term": {"kind": kind}}]}}
        all_articles: Mapping[str, Mapping[str, Any]] = {
            "unit": {"field": field}, "event": {"field": "event", "missing_bucket": True},
        }  # fmt: skip
        for sources in (all_articles, {"watch": {"field": "watches"}, **all_articles}):
            for bucket in iterate_groups(client, "figures", of_kind, sources, top):
                key = bucket["key"]
                group = FigureGroup(kind, key.get("watch", ""), key["unit"], key["event"] or "")
                yield group, GroupSummary(bucket["doc_count"], bucket["top"]["value"])


def add_source(client: Elasticsearch, now: datetime, reading: Reading, group: FigureGroup) -> Reading:
    """Adds to the reading who states the highest figure, in which words, and where."""
    query = match_news(now, DAY, *match_comparable(), *group.make_clauses())
    for figure in find_documents(client, "figures", query, 1, "value:desc"):
        who = figure["claimant"] or figure["publisher"] or figure["feed"]
        quote = f"{who}: {figure['text']} {figure['unit']} ({shorten(figure['sentence'])})"
        detail = f"{quote}; {reading.detail}"
        return Reading(reading.alert, reading.value, reading.subject, detail, figure["url"] or None)
    return reading
