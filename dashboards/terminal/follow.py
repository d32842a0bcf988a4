"""Follows a question or an assertion through time: who said which figure, how sure, and how often it was repeated."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dashboards.ask.asking import explain_errors
from dashboards.ask.filters import MARKED_CLAUSES
from dashboards.terminal.article_view import STATUS_STYLES, format_bounds
from deploy.settings import Settings
from schemas.errors import Permanent
from schemas.fields import Record
from schemas.text import FigureText

DISPUTES = 2_000
"""Disputes whose names are compared with the words, those with the most figures."""
DOCUMENTS = 2_000
"""Figures or claims of a timeline, the earliest."""
OTHERS = 5
"""Other disputes that are named."""
_WORD = re.compile(r"\w+")

Source = Mapping[str, Any]


class TimelineEntry(Record, frozen=True, kw_only=True):
    """What one claimant said, from its first appearance. `figure` is empty for an assertion without one."""

    first_at: datetime
    claimant: str
    figure: str
    status: str
    repeats: int
    publishers: int
    text: str
    url: str


class Timeline(Record, frozen=True, kw_only=True):
    """The entries of one dispute or assertion, the earliest first. `others` are disputes that match the words too."""

    kind: str
    id: str
    name: str
    entries: tuple[TimelineEntry, ...]
    others: tuple[str, ...] = ()


def follow(settings: Settings, words: str) -> Timeline:
    """Returns the timeline of the dispute, or else of the assertion, that the words or the id name.

    Raises `Permanent` if nothing matches, and what `explain_errors` raises.
    """
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:
        names = find_disputes(client, words)
        if names:
            id, name = names[0]
            entries = read_entries(client, "figures", {"term": {"dispute_id": id}})
            return Timeline(kind="dispute", id=id, name=name, entries=entries,
                            others=tuple(other for _, other in names[1 : OTHERS + 1]))  # fmt: skip
        assertion = find_assertion(client, words)
        if assertion is None:
            raise Permanent(
                f"no dispute and no claim has the words {words!r}: the board Contested figures lists the disputes"
            )
        entries = read_entries(client, "claims", {"term": {"assertion_id": assertion}})
        return Timeline(kind="assertion", id=assertion, name=entries[0].text, entries=entries)


def find_disputes(client: Elasticsearch, words: str) -> list[tuple[str, str]]:
    """Returns id and name of the disputes with this id or these words, those with the most figures first."""
    aggs = {"ids": {"terms": {"field": "dispute_id", "size": DISPUTES},
                    "aggs": {"name": {"terms": {"field": "dispute", "size": 1}}}}}  # fmt: skip
    found = search(client, "figures", size=0, query=unmarked(), aggs=aggs).get("aggregations", {})
    known = [(bucket["key"], bucket["name"]["buckets"][0]["key"]) for bucket in found.get("ids", {}).get("buckets", ())]
    if exact := [each for each in known if words in each]:
        return exact
    return [each for each in known if matches(words, each[1])]


def matches(words: str, name: str) -> bool:
    """Returns whether each of the words begins a word of the name, or is begun by one: "Korea" is in "Korean"."""
    own = [word.lower() for word in _WORD.findall(name)]
    asked = [word.lower() for word in _WORD.findall(words)]
    return bool(asked) and all(any(word.startswith(one) for word in own) for one in asked)


def find_assertion(client: Elasticsearch, words: str) -> str | None:
    """Returns the assertion with this id, or else the one that most claims with all these words make."""
    for query in ({"term": {"assertion_id": words}}, {"match": {"text": {"query": words, "operator": "and"}}}):
        aggs = {"ids": {"terms": {"field": "assertion_id", "size": 1}}}
        found = search(client, "claims", size=0, query=unmarked(query), aggs=aggs).get("aggregations", {})
        if buckets := found.get("ids", {}).get("buckets"):
            return str(buckets[0]["key"])
    return None


def unmarked(*clauses: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the query for documents that all clauses match and that no analyst marked."""
    return {"bool": {"filter": [*clauses, *MARKED_CLAUSES["out"]]}}


def search(client: Elasticsearch, index: str, **request: Any) -> Mapping[str, Any]:
    """Returns the answer of a search. Raises what `explain_errors` raises."""
    with explain_errors(index):
        return client.search(index=index, ignore_unavailable=True, **request).body  # type: ignore[no-any-return]


def read_entries(client: Elasticsearch, index: str, clause: Mapping[str, Any]) -> tuple[TimelineEntry, ...]:
    """Returns what was said, each claimant's figure and status once, the earliest first."""
    ids = [{"published_at": "asc"}, {"article_id": "asc"}]
    hits = search(client, index, size=DOCUMENTS, query=unmarked(clause), sort=ids)["hits"]["hits"]
    return tuple(group_repeats(hit["_source"] for hit in hits))


def group_repeats(sources: Iterable[Source]) -> Iterator[TimelineEntry]:
    """Yields what was said, each claimant's figure and status once. `sources` come in the order of publication."""
    groups: dict[tuple[str, ...], list[Source]] = {}
    for source in sources:
        groups.setdefault((name_claimant(source), write_figure(source), source["status"] or ""), []).append(source)
    for (claimant, figure, status), found in groups.items():
        yield TimelineEntry(
            first_at=datetime.fromisoformat(found[0]["published_at"]), claimant=claimant, figure=figure, status=status,
            repeats=len(found), publishers=len({each["publisher"] for each in found}),
            text=found[0].get("sentence") or found[0]["text"], url=found[0]["url"],
        )  # fmt: skip


def name_claimant(source: Source) -> str:
    """Returns the name of the claimant of a figure or claim, or else of the publisher."""
    claimant = source.get("claimant")
    name = claimant.get("name") if isinstance(claimant, Mapping) else claimant
    return str(name or source["publisher"] or source["feed"])


def write_figure(source: Source) -> str:
    """Returns the figure of a document with its unit; of a claim its first figure."""
    if "figure_id" in source:
        figure = msgspec.convert(source, FigureText)
    elif source.get("figures"):
        figure = msgspec.convert(source["figures"][0], FigureText)
    else:
        return ""
    return f"{format_bounds(figure)} {figure.unit}".strip()


def render_timeline(timeline: Timeline) -> RenderableType:
    """Returns the timeline for the terminal."""
    styles: dict[str, str] = {str(status): style for status, style in STATUS_STYLES.items()}
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, ratio in (("first said", 2), ("claimant", 4), ("figure", 4), ("status", 2)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for name in ("repeats", "outlets"):
        table.add_column(name, justify="right")
    for each in timeline.entries:
        table.add_row(
            f"{each.first_at:%Y-%m-%d}", Text(each.claimant), Text(each.figure),
            Text(each.status, style=styles.get(each.status, "")), f"×{each.repeats:,}", f"{each.publishers:,}",
        )  # fmt: skip
    parts: list[RenderableType] = [Text(timeline.name, style="bold"), Text(f"{timeline.kind} {timeline.id}\n"), table]
    if timeline.others:
        parts.append(Text(f"\nAlso: {'; '.join(timeline.others)}", style="dim"))
    return Group(*parts)
