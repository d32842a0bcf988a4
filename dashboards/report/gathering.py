"""Reads everything that a report shows from Elasticsearch."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import Any, Final

from elasticsearch import Elasticsearch

from dashboards.ask.answers import QueryOptions, TimeSpan, width_seconds
from dashboards.ask.asking import explain_errors
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
COMPARED: Final = ("dispute", "unit_class")
"""Dimensions whose values can be compared: the selector of one of them is on the boards that compare figures."""
DISPUTES: Final = 8
UNIT_CLASSES: Final = 6
"""Number of values in the page's selectors, the most frequent."""
BUCKETS: Final = 90
"""Maximum number of intervals in a chart: three months by day, seven years by month."""
POINT_BUCKETS: Final = 200
PARALLEL_SEARCHES: Final = 4
"""Searches that run at the same time."""
COUNTED: Final[tuple[Index, ...]] = ("articles", "claims", "figures")
EARLIEST: Final = datetime(1, 1, 1, tzinfo=UTC)


def find_boards(names: Sequence[str]) -> tuple[Board, ...]:
    """Returns the boards with these names, such as `claim-volume`; `all` means every board that needs no selection.

    Raises `Permanent` for an unknown name.
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
    """What a report shows: its boards, its filters, and the time that it takes as now."""

    boards: tuple[Board, ...]
    filters: Filters = field(default_factory=Filters)
    now: datetime

    @property
    def whole(self) -> TimeSpan:
        """The requested time range, which ends at `now` at the latest."""
        until = self.filters.until
        return TimeSpan(self.filters.since or EARLIEST, min(until, self.now) if until else self.now)


@dataclass(frozen=True, kw_only=True)
class PanelAnswer:
    """A panel with its answer for each selection that the page offers."""

    panel: Panel
    choices: tuple[Choice, ...]
    span: TimeSpan
    slots: tuple[Slot, ...]
    values: Mapping[str, str]
    """Values of the board's variables that the query uses."""
    marks: Mapping[Key, list[Mark]]
    counts: Mapping[Key, int]
    """Number of documents for each selection."""

    @cached_property
    def whole(self) -> Key:
        """The key of the selection of everything."""
        return (0,) * len(self.choices)

    @cached_property
    def series(self) -> tuple[str, ...]:
        """Names of all series: first those of the whole selection, largest first."""
        ordered = sorted(self.marks.items(), key=lambda each: each[0])
        return tuple(dict.fromkeys(str(mark["series"]) for _, marks in ordered for mark in marks if "series" in mark))


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """Everything that a page shows."""

    request: ReportRequest
    choices: tuple[Choice, ...]
    panels: Mapping[str, tuple[PanelAnswer, ...]]
    """Answers by uid of their board, in reading order."""
    totals: Mapping[str, int]
    """Number of documents behind each alias that match the filters."""
    span: TimeSpan
    """The time from the first to the last claim."""


def gather(client: Elasticsearch, request: ReportRequest) -> ReportData:
    """Sends the queries of all panels. Raises what `explain_errors` raises."""
    choices = find_choices(client, request)
    spans = SpanCache(client, request)
    todo = [(board, panel) for board in request.boards for panel in board.panels]
    with ThreadPoolExecutor(PARALLEL_SEARCHES) as pool:
        found = list(pool.map(lambda each: ask_panel(client, request, each[0], each[1], choices, spans), todo))
    return ReportData(
        request=request,
        choices=choices,
        panels={
            board.uid: tuple(each for (of, _), each in zip(todo, found, strict=True) if of is board)
            for board in request.boards
        },
        totals={index: count_documents(client, index, request.filters) for index in COUNTED},
        span=spans.find(CLAIMS_TOTAL),
    )


def find_choices(client: Elasticsearch, request: ReportRequest) -> tuple[Choice, ...]:
    """Returns the page's selectors: claimants, statuses, and disputes if a board compares figures.

    Without disputes, unit classes take their place. A dimension with a single value, or one that no panel follows, gets
    no selector, but a single dispute does: other figures are not about it.
    """

    def followed(name: str) -> bool:
        return any(follows_dimension(name, board, panel.query) for board in request.boards for panel in board.panels)

    found = []
    if followed("claimant"):
        found.append(Choice("claimant", find_frequent(client, "claims", "claimant", request.filters, CLAIMANTS)))
    if followed("status"):
        statuses = find_frequent(client, "claims", "status", request.filters, 8)
        found.append(Choice("status", tuple(sorted(statuses, key=STATUSES.index))))
    if followed("dispute") and (
        disputes := find_frequent(client, "figures", "dispute", request.filters, DISPUTES, "claimant")
    ):
        # Figures about one question can be compared. Without any, those of one unit class are shown.
        found.append(Choice("dispute", disputes))
    elif followed("unit_class"):
        classes = find_frequent(client, "figures", "unit_class", request.filters, UNIT_CLASSES, "claimant")
        found.append(Choice("unit_class", tuple(sorted(classes, key="other".__eq__))))
    return tuple(choice for choice in found if len(choice.values) > 1 or choice.dimension == "dispute")


def find_frequent(
    client: Elasticsearch, index: Index, name: str, filters: Filters, size: int, having: str = ""
) -> tuple[str, ...]:
    """Returns the most frequent values of a dimension among documents that match the filters and have a field."""
    clauses = filters.clauses(index) + ([{"exists": {"field": having}}] if having else [])
    aggs = {"values": {"terms": {"field": DIMENSIONS[name].field(index), "size": size}}}
    with explain_errors(index):
        answer = client.search(
            index=index, size=0, query={"bool": {"filter": clauses}}, aggs=aggs, ignore_unavailable=True
        )
    return tuple(bucket["key"] for bucket in answer.get("aggregations", {}).get("values", {}).get("buckets", ()))


def count_documents(client: Elasticsearch, index: Index, filters: Filters) -> int:
    """Returns the number of documents that match the filters."""
    with explain_errors(index):
        clauses = filters.clauses(index)
        return int(client.count(index=index, query={"bool": {"filter": clauses}}, ignore_unavailable=True)["count"])


class SpanCache:
    """Finds the time span of each query. Queries of the same documents by the same clock share one."""

    def __init__(self, client: Elasticsearch, request: ReportRequest) -> None:
        self.client = client
        self.request = request
        self.known: dict[tuple[Any, ...], TimeSpan] = {}
        self.lock = Lock()

    def find(self, query: Query, longest: timedelta | None = None) -> TimeSpan:
        """Returns the query's span. Raises what `explain_errors` raises."""
        key = (query.index, query.clock, query.dimensions, longest)
        with self.lock:
            if key not in self.known:
                self.known[key] = find_span(self.client, query, self.request.filters, self.request.now, longest)
            return self.known[key]


def ask_panel(
    client: Elasticsearch,
    request: ReportRequest,
    board: Board,
    panel: Panel,
    choices: Sequence[Choice],
    spans: SpanCache,
) -> PanelAnswer:
    """Sends a panel's query."""
    # Measurements are written every few seconds: without a start they are limited to the board's initial time range.
    span = spans.find(panel.query, parse_opening(board.since) if panel.query.index == "health" else None)
    query = panel.query
    values = {
        variable.name: choose_value(variable, span) for variable in board.variables if variable.name in query.variables
    }
    options = QueryOptions(span, request.filters, POINT_BUCKETS if isinstance(panel.chart, Points) else BUCKETS, values,
                    calendar=True, empty=False)  # fmt: skip
    own = [choice for choice in choices if follows_dimension(choice.dimension, board, query)]
    found = ask_selections(client, query, options, own)
    slots = find_slots(query, options, request)
    starts = [slot.start for slot in slots]
    return PanelAnswer(
        panel=panel, choices=tuple(own), span=span, slots=slots, values=values, counts=found.counts,
        marks={key: build_marks(panel, rows, starts) for key, rows in found.rows.items()},
    )  # fmt: skip


def follows_dimension(name: str, board: Board, query: Query) -> bool:
    """Returns whether a panel follows the dimension.

    Only boards with a single unit class follow unit classes and disputes.
    """
    if name in COMPARED and "unit_class" not in board.single:
        return False
    return name in query.dimensions and DIMENSIONS[name].field(query.index) is not None


def choose_value(variable: Variable, span: TimeSpan) -> str:
    """Returns the variable's value: of several durations the longest that fits four times into the span."""
    whole = (span.until - span.since).total_seconds()
    fits = [option for option in variable.options if width_seconds(option) * 4 <= whole]
    if not variable.options:
        return variable.value
    return max(fits, key=width_seconds, default=min(variable.options, key=width_seconds))


def find_slots(query: Query, options: QueryOptions, request: ReportRequest) -> tuple[Slot, ...]:
    """Returns the intervals of the query's answer, or none if it is not over time."""
    last = query.by[-1] if query.by else None
    if not isinstance(last, TimeBuckets):
        return ()
    width = options.span.bucket_width(options.buckets) if last.every == "auto" else last.every
    return build_slots(options.span, width, request.whole)
