"""Condition of analysts: a figure jumps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.readings import (
    DAY,
    LIVE,
    MOST_WATCHES,
    Clause,
    Reading,
    aggregated,
    hits,
    live,
    shortened,
    within,
    worst,
)
from schemas.alerts import ALERTS

EARLIER_DAYS = 30
"""Days whose highest figure is the one to be surpassed."""

FEWEST_FIGURES = 5
"""Earlier figures that a jump is measured against: the second figure ever is no jump."""

OF: dict[Literal["count", "money"], str] = {"count": "unit_class", "money": "currency"}
"""Kinds of figures whose heights say something, and what is compared with its like: a percentage can be of anything."""

CLAIMED = ("asserted", "confirmed", "unconfirmed")
"""Statuses of figures that somebody gives for true; plans, forecasts and demands are higher at will."""


@dataclass(frozen=True)
class Group:
    """Figures that can be compared: counts of one unit class, or money of one currency, with one kind of event.

    `watch` is empty for the figures of all articles, `event` where none is told; `of` is the unit class or currency.
    """

    kind: Literal["count", "money"]
    watch: str
    of: str
    event: str

    @property
    def subject(self) -> str:
        """What the reading is about: watch and unit class, or the unit class alone."""
        unit_class = "money" if self.kind == "money" else self.of
        return f"{self.watch} / {unit_class}" if self.watch else unit_class

    def clauses(self) -> list[Clause]:
        """What selects the group's figures."""
        wanted = {"kind": self.kind, OF[self.kind]: self.of, "watches": self.watch, "event": self.event}
        absent: list[Clause] = [] if self.event else [{"bool": {"must_not": {"exists": {"field": "event"}}}}]
        return [*({"term": {name: value}} for name, value in wanted.items() if value), *absent]


def figure_jump(client: Elasticsearch, now: datetime) -> list[Reading]:
    """The highest figure of the last day, as a multiple of the highest of the thirty days before.

    One reading for each unit class, of all articles and of each watch: the highest multiple of its kinds of event.
    """
    latest = dict(highest(client, live(now, DAY, *figures())))
    if not latest:
        return worst("figure_jump", (), "no figures came in the last day")
    # Late figures count here: they can only make a jump rarer, and telling them apart costs as much as all the rest.
    before_it = within("fetched_at", now - DAY, DAY * EARLIER_DAYS)
    earlier = dict(highest(client, {"bool": {"filter": [LIVE, before_it, *figures()]}}))
    best: dict[str, tuple[Reading, Group]] = {}
    for group, (_, top) in latest.items():
        count, before = earlier.get(group, (0, 0.0))
        value = top / before if count >= FEWEST_FIGURES and before > 0 else 0.0
        words = f"the highest is {top:,g}, in the thirty days before {before:,g} of {count}"
        if group.subject not in best or value > best[group.subject][0].value:
            best[group.subject] = Reading("figure_jump", value, group.subject, words), group
    return [
        with_source(client, now, reading, best[reading.subject][1])
        if reading.value > ALERTS[reading.alert].threshold
        else reading
        for reading in worst("figure_jump", (reading for reading, _ in best.values()), "")
    ]


def figures() -> list[Clause]:
    """Figures that are comparable: counts and money that are given for true. "Thousands" is nobody's figure."""
    filters: list[Clause] = [{"terms": {"kind": list(OF)}}, {"terms": {"status": CLAIMED}}]
    vague: list[Clause] = [{"term": {"modifier": "vague"}}, {"term": {"unit_class": "other"}}]
    return [*filters, {"bool": {"must_not": vague}}]


def highest(client: Elasticsearch, query: Clause) -> Iterator[tuple[Group, tuple[int, float]]]:
    """How many figures each group has, and the highest value."""
    top = {"top": {"max": {"field": "value"}}}
    events = {"events": {"terms": {"field": "event", "size": 25, "missing": ""}, "aggs": top}}
    parts: dict[str, Any] = {
        kind: {
            "filter": {"term": {"kind": kind}},
            "aggs": {"of": {"terms": {"field": field, "size": 20}, "aggs": events}},
        }
        for kind, field in OF.items()
    }
    watches = {"watches": {"terms": {"field": "watches", "size": MOST_WATCHES}, "aggs": parts}}
    answer = aggregated(client, "figures", query, parts | watches)
    for watch in ({"key": "", **answer}, *answer["watches"]["buckets"]):
        for kind in OF:
            for of in watch[kind]["of"]["buckets"]:
                for event in of["events"]["buckets"]:
                    group = Group(kind, watch["key"], of["key"], event["key"])
                    yield group, (event["doc_count"], event["top"]["value"])


def with_source(client: Elasticsearch, now: datetime, reading: Reading, group: Group) -> Reading:
    """The reading with who gives the highest figure, in which words, and where."""
    query = live(now, DAY, *figures(), *group.clauses())
    for figure in hits(client, "figures", query, 1, "value:desc"):
        who = figure["claimant"] or figure["publisher"] or figure["feed"]
        said = f"{who}: {figure['text']} {figure['unit']} ({shortened(figure['sentence'])})"
        return Reading(
            reading.alert, reading.value, reading.subject, f"{said}; {reading.detail}", figure["url"] or None
        )
    return reading
