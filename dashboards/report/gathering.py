"""Asks Elasticsearch for everything that a report shows."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import Any, Final

from elasticsearch import Elasticsearch

from dashboards.ask.answers import QueryOptions, TimeSpan, width_seconds
from dashboards.ask.asking import explain_errors as telling
from dashboards.ask.choices import STATUSES
from dashboards.ask.filters import DIMENSIONS, Filters, Index
from dashboards.ask.queries import CLAIMS_TOTAL
from dashboards.ask.query import Query, TimeBuckets
from dashboards.boards import BOARDS
from dashboards.boards.panels import Board, Panel, Points, Variable
from dashboards.report.rows import Mark, build_marks
from dashboards.report.selections import Choice, Key, ask_selections
from dashboards.report.times import Slot, build_slots, find_span, parse_opening
from schemas.errors import Permanent

DEFAULT_BOARDS: Final = ("claim-volume", "contested-figures")
CLAIMANTS: Final = 12
UNIT_CLASSES: Final = 6
"""How many values the page offers to narrow it by, the most frequent."""
BUCKETS: Final = 90
"""Columns of a chart at most: three months by day, seven years by month."""
POINT_BUCKETS: Final = 200
PARALLEL_SEARCHES: Final = 4
"""Searches at the same time."""
COUNTED: Final[tuple[Index, ...]] = ("articles", "claims", "figures")
EARLIEST: Final = datetime(1, 1, 1, tzinfo=UTC)


def find_boards(names: Sequence[str]) -> tuple[Board, ...]:
    """The boards of these names, such as `claim-volume`; `all` are all that can be shown without a click in another.

    Raises `Permanent` for any other name.
    """
    known = {uid.removeprefix("newsclaims-"): board for uid, board in BOARDS.items()}
    del known["article"]
    if "all" in names:
        return tuple(board for name, board in known.items() if name != "claimant")
    if unknown := [name for name in names if name not in known]:
        raise Permanent(f"--board {unknown[0]!r} is unknown: there are {', '.join(known)} and all")
    return tuple(known[name] for name in dict.fromkeys(names or DEFAULT_BOARDS))


@dataclass(frozen=True, kw_only=True)
class ReportRequest:
    """What a report shows: which boards, narrowed by what, as of when."""

    boards: tuple[Board, ...]
    filters: Filters = field(default_factory=Filters)
    now: datetime

    @property
    def whole(self) -> TimeSpan:
        """The time that is asked for; nothing is known beyond now."""
        until = self.filters.until
        return TimeSpan(self.filters.since or EARLIEST, min(until, self.now) if until else self.now)


@dataclass(frozen=True, kw_only=True)
class PanelAnswer:
    """A panel with its answers for each selection that the page offers."""

    panel: Panel
    choices: tuple[Choice, ...]
    span: TimeSpan
    slots: tuple[Slot, ...]
    values: Mapping[str, str]
    """Of the board's variables that the query uses."""
    marks: Mapping[Key, list[Mark]]
    counts: Mapping[Key, int]
    """Documents of each selection."""

    @cached_property
    def whole(self) -> Key:
        """The key of everything."""
        return (0,) * len(self.choices)

    @cached_property
    def series(self) -> tuple[str, ...]:
        """Names of all series, those of the whole first, the largest first."""
        ordered = sorted(self.marks.items(), key=lambda each: each[0])
        return tuple(dict.fromkeys(str(mark["series"]) for _, marks in ordered for mark in marks if "series" in mark))


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """Everything that a page shows."""

    wanted: ReportRequest
    choices: tuple[Choice, ...]
    panels: Mapping[str, tuple[PanelAnswer, ...]]
    """By uid of their board, in reading order."""
    totals: Mapping[str, int]
    """Documents behind each alias that the filters choose."""
    span: TimeSpan
    """From the first to the last claim."""


def gather(client: Elasticsearch, wanted: ReportRequest) -> ReportData:
    """Asks for all panels. Raises what `asking` raises."""
    choices = find_choices(client, wanted)
    spans = SpanCache(client, wanted)
    todo = [(board, panel) for board in wanted.boards for panel in board.panels]
    with ThreadPoolExecutor(PARALLEL_SEARCHES) as pool:
        found = list(pool.map(lambda each: ask_panel(client, wanted, each[0], each[1], choices, spans), todo))
    return ReportData(
        wanted=wanted,
        choices=choices,
        panels={
            board.uid: tuple(each for (of, _), each in zip(todo, found, strict=True) if of is board)
            for board in wanted.boards
        },
        totals={index: count_documents(client, index, wanted.filters) for index in COUNTED},
        span=spans.find(CLAIMS_TOTAL),
    )


def find_choices(client: Elasticsearch, wanted: ReportRequest) -> tuple[Choice, ...]:
    """What the page can be narrowed by: claimants, statuses, and the classes of figures where a board shows one.

    A dimension with one value alone, or which no panel follows, is no choice.
    """

    def followed(name: str) -> bool:
        return any(follows_dimension(name, board, panel.query) for board in wanted.boards for panel in board.panels)

    found = []
    if followed("claimant"):
        found.append(Choice("claimant", find_frequent(client, "claims", "claimant", wanted.filters, CLAIMANTS)))
    if followed("status"):
        statuses = find_frequent(client, "claims", "status", wanted.filters, 8)
        found.append(Choice("status", tuple(sorted(statuses, key=STATUSES.index))))
    if followed("unit_class"):
        classes = find_frequent(client, "figures", "unit_class", wanted.filters, UNIT_CLASSES, "claimant")
        found.append(Choice("unit_class", tuple(sorted(classes, key="other".__eq__))))
    return tuple(choice for choice in found if len(choice.values) > 1)


def find_frequent(
    client: Elasticsearch, index: Index, name: str, filters: Filters, size: int, having: str = ""
) -> tuple[str, ...]:
    """The most frequent values of a dimension among what the filters choose, of documents with the field `having`."""
    clauses = filters.clauses(index) + ([{"exists": {"field": having}}] if having else [])
    aggs = {"values": {"terms": {"field": DIMENSIONS[name].field(index), "size": size}}}
    with telling(index):
        answer = client.search(
            index=index, size=0, query={"bool": {"filter": clauses}}, aggs=aggs, ignore_unavailable=True
        )
    return tuple(bucket["key"] for bucket in answer.get("aggregations", {}).get("values", {}).get("buckets", ()))


def count_documents(client: Elasticsearch, index: Index, filters: Filters) -> int:
    """How many documents the filters choose."""
    with telling(index):
        clauses = filters.clauses(index)
        return int(client.count(index=index, query={"bool": {"filter": clauses}}, ignore_unavailable=True)["count"])


class SpanCache:
    """The time that each query covers; queries that read the same documents by the same clock share theirs."""

    def __init__(self, client: Elasticsearch, wanted: ReportRequest) -> None:
        self.client = client
        self.wanted = wanted
        self.known: dict[tuple[Any, ...], TimeSpan] = {}
        self.lock = Lock()

    def find(self, query: Query, longest: timedelta | None = None) -> TimeSpan:
        """The query's. Raises what `asking` raises."""
        key = (query.index, query.clock, query.dimensions, longest)
        with self.lock:
            if key not in self.known:
                self.known[key] = find_span(self.client, query, self.wanted.filters, self.wanted.now, longest)
            return self.known[key]


def ask_panel(
    client: Elasticsearch,
    wanted: ReportRequest,
    board: Board,
    panel: Panel,
    choices: Sequence[Choice],
    spans: SpanCache,
) -> PanelAnswer:
    """Asks a panel's query."""
    # Measurements come every few seconds: without a beginning they are shown for as long as their board opens with.
    span = spans.find(panel.query, parse_opening(board.since) if panel.query.index == "health" else None)
    query = panel.query
    values = {
        variable.name: choose_value(variable, span) for variable in board.variables if variable.name in query.variables
    }
    asking = QueryOptions(span, wanted.filters, POINT_BUCKETS if isinstance(panel.chart, Points) else BUCKETS, values,
                    calendar=True, empty=False)  # fmt: skip
    own = [choice for choice in choices if follows_dimension(choice.dimension, board, query)]
    found = ask_selections(client, query, asking, own)
    cut = find_slots(query, asking, wanted)
    starts = [slot.start for slot in cut]
    return PanelAnswer(
        panel=panel, choices=tuple(own), span=span, slots=cut, values=values, counts=found.counts,
        marks={key: build_marks(panel, rows, starts) for key, rows in found.rows.items()},
    )  # fmt: skip


def follows_dimension(name: str, board: Board, query: Query) -> bool:
    """Whether a panel follows the dimension. A class of figures is chosen on boards that show one at a time."""
    if name == "unit_class" and "unit_class" not in board.single:
        return False
    return name in query.dimensions and DIMENSIONS[name].field(query.index) is not None


def choose_value(variable: Variable, span: TimeSpan) -> str:
    """The variable's value: of several spans of time the longest that the whole holds four times."""
    whole = (span.until - span.since).total_seconds()
    fits = [option for option in variable.options if width_seconds(option) * 4 <= whole]
    if not variable.options:
        return variable.value
    return max(fits, key=width_seconds, default=min(variable.options, key=width_seconds))


def find_slots(query: Query, asking: QueryOptions, wanted: ReportRequest) -> tuple[Slot, ...]:
    """The intervals of the query's answer; none where it has none."""
    last = query.by[-1] if query.by else None
    if not isinstance(last, TimeBuckets):
        return ()
    width = asking.span.bucket_width(asking.buckets) if last.every == "auto" else last.every
    return build_slots(asking.span, width, wanted.whole)
