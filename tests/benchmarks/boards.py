"""Response time of each panel of each generated board over a million claims, on a separate embedded Elasticsearch.

The requests are those that Grafana sends for panels and selectors, built from the generated JSON. Each covers the
initial time range of the board, and a long one (two years; a day for boards that open with a day or less). The range
moves by half a minute from round to round, as on a board that refreshes, so that the server's cache helps as much as it
would there. The ratio is to a plain count by time: one `date_histogram` over the same index and range. A whole board is
all its requests, six at a time, as a browser sends them.

Options: the number of claims (1,000,000), and the seconds to send requests (240).
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from elasticsearch import Elasticsearch

from dashboards.ask.answers import TimeSpan
from deploy.settings import Settings
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own
from tests.dashboards.boards.many_claims import SPAN, everything, load
from tests.dashboards.grafana.grafana_source import boards, chosen, find_index, found, search

CLAIMS: Final = 1_000_000
SECONDS: Final = 240
SLOW: Final = 2.0
"""Seconds above which an answer is marked."""
BUCKETS: Final = 120
AT_ONCE: Final = 6
REFRESH: Final = timedelta(seconds=30)
DAY: Final = timedelta(days=1)
UNITS: Final = {"h": "hours", "d": "days"}
WHOLE: Final = "all of the board"

Values = dict[str, list[str] | str]
Times = dict[tuple[str, str, timedelta], list[float]]
"""Seconds of the rounds, by board, panel and length of time."""


@dataclass(frozen=True)
class BoardRequest:
    """One request of a board: its panel or selector, and the target in the generated JSON."""

    panel: str
    index: str
    target: dict[str, Any]
    values: Values

    def body(self, span: TimeSpan) -> dict[str, Any]:
        """Returns the search that Grafana sends."""
        if "query" in self.target and "metrics" not in self.target:
            return selector(json.loads(self.target["query"]), span)
        return search(self.target, span, self.values, span.bucket_width(BUCKETS))

    @property
    def clock(self) -> str:
        """The clock of the request."""
        return str(self.target.get("timeField", "published_at"))

    @property
    def baseline(self) -> str:
        """The name of the baseline."""
        return f"date_histogram over {self.index} by {self.clock}"

    def baseline_body(self, span: TimeSpan) -> dict[str, Any]:
        """Returns the baseline: a plain count by time over the same index."""
        histogram = {"date_histogram": {"field": self.clock, "fixed_interval": span.bucket_width(BUCKETS)}}
        return {"size": 0, "query": {"range": {self.clock: limits(span)}}, "aggs": {"times": histogram}}


@dataclass(frozen=True)
class BoardRequests:
    """One board with all its requests, and the lengths of time that they cover."""

    uid: str
    requests: tuple[BoardRequest, ...]
    lengths: tuple[timedelta, ...]


def selector(wanted: dict[str, Any], span: TimeSpan) -> dict[str, Any]:
    """Returns the request for a selector's values. All selectors are dimensions of claims, by time of publication."""
    terms = {"terms": {"field": wanted["field"], "size": wanted["size"], "order": {"_count": "desc"}}}
    return {"size": 0, "query": {"range": {"published_at": limits(span)}}, "aggs": {"values": terms}}


def limits(span: TimeSpan) -> dict[str, str]:
    """Returns a span as the bounds of a range."""
    return {"gte": span.edges["__from"], "lte": span.edges["__to"], "format": "epoch_millis"}


def read(values: Values) -> Iterator[BoardRequests]:
    """Yields the requests of the generated boards; `values` are those of variables that a link sets."""
    for uid, board in boards().items():
        variables = {variable["name"]: variable for variable in board["templating"]["list"]}
        known = chosen(board, **{name: value for name, value in values.items() if name in variables})
        requests = [
            BoardRequest(panel["title"], find_index(target), target, known)
            for panel in board["panels"]
            for target in panel.get("targets", ())
        ]
        requests += [
            BoardRequest(f"selector {variable['label']}", find_index(variable), variable, known)
            for variable in variables.values()
            if variable["type"] == "query"
        ]
        opens = length(board["time"]["from"])
        yield BoardRequests(uid, tuple(requests), tuple(sorted({opens, max(opens, SPAN if opens > DAY else DAY)})))


def length(text: str) -> timedelta:
    """Returns the length of time that `now-30d` goes back."""
    number, unit = int(text.removeprefix("now-")[:-1]), text[-1]
    return timedelta(days=365 * number) if unit == "y" else timedelta(**{UNITS[unit]: number})


def find_link_values(client: Elasticsearch) -> Values:
    """Returns the most repeated assertion and an article that makes it, the values of a link to the board Article."""
    most = {"most": {"terms": {"field": "assertion_id", "size": 1}}}
    answer = client.search(index="claims", size=0, aggs=most)
    assertion = answer["aggregations"]["most"]["buckets"][0]["key"]
    [hit] = client.search(index="claims", size=1, query={"term": {"assertion_id": assertion}})["hits"]["hits"]
    return {"assertion": assertion, "article": hit["_source"]["article_id"]}


def seconds(client: Elasticsearch, index: str, body: dict[str, Any]) -> tuple[float, Any]:
    """Returns the seconds of a response, and the response. Raises `RuntimeError` if a shard fails."""
    started = time.perf_counter()
    answer = client.options(request_timeout=60).search(index=index, body=body)
    took = time.perf_counter() - started
    if answer["_shards"]["failed"] or answer["timed_out"]:
        raise RuntimeError(f"{index} answers in part: {answer['_shards']}")
    return took, answer.body


def rounds(
    client: Elasticsearch, all_boards: list[BoardRequests], now: datetime, budget: float
) -> tuple[Times, set[str]]:
    """Sends all requests round after round until the time is up. The first round is a warm-up and is not counted.

    Returns the times, and the panels that never had a row.
    """
    times: Times = defaultdict(list)
    empty = {
        f"{board.uid}/{request.panel}"
        for board in all_boards
        for request in board.requests
        if "metrics" in request.target
    }
    started, number = time.perf_counter(), 0
    while number < 3 or time.perf_counter() - started < budget:
        until = now + REFRESH * number
        for board in all_boards:
            for span in (TimeSpan(until - each, until) for each in board.lengths):
                one_round(client, board, span, times if number else defaultdict(list), empty)
        number += 1
    return times, empty


def one_round(client: Elasticsearch, board: BoardRequests, span: TimeSpan, times: Times, empty: set[str]) -> None:
    """Measures the baselines and every request of a board one at a time, then the whole board."""
    long = span.until - span.since
    for request in {request.baseline: request for request in board.requests}.values():
        took, _ = seconds(client, request.index, request.baseline_body(span))
        times[board.uid, request.baseline, long].append(took)
    for request in board.requests:
        took, answer = seconds(client, request.index, request.body(span))
        times[board.uid, request.panel, long].append(took)
        if "metrics" in request.target and found(request.target, answer):
            empty.discard(f"{board.uid}/{request.panel}")
    moved = TimeSpan(span.since + REFRESH / 2, span.until + REFRESH / 2)
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for each in [pool.submit(seconds, client, request.index, request.body(moved)) for request in board.requests]:
            each.result()
    times[board.uid, WHOLE, long].append(time.perf_counter() - started)


def p95(taken: list[float]) -> float:
    """Returns the 95th percentile; after few rounds it is close to the slowest."""
    return statistics.quantiles(taken, n=20, method="inclusive")[-1]


def show(all_boards: list[BoardRequests], times: Times, empty: set[str]) -> None:
    """Prints a table for each board."""
    slow = 0
    for board in all_boards:
        print(f"\n{board.uid:<36}" + "".join(f"{days(long):>14}      p95  ratio " for long in board.lengths))
        rows = {request.panel: request.baseline for request in board.requests} | {WHOLE: ""}
        for panel, baseline in rows.items():
            cells = [
                cell(times[board.uid, panel, long], times.get((board.uid, baseline, long))) for long in board.lengths
            ]
            slow += sum(each.endswith("!") for each in cells)
            note = "no rows" if f"{board.uid}/{panel}" in empty else ""
            print(f"  {panel:<34}{''.join(cells)} {note}".rstrip())
        for baseline in dict.fromkeys(rows.values()):
            if baseline:
                print(
                    f"  ({baseline})".ljust(50)
                    + ", ".join(
                        f"{days(long)} {statistics.median(times[board.uid, baseline, long]) * 1000:,.0f}"
                        for long in board.lengths
                    )
                )
    print("\nmilliseconds: median, p95, and the median's ratio to that of a plain count by time")
    print(f"{slow} took more than {SLOW:.0f} s (p95, marked !)")
    panels = [times[board.uid, request.panel, board.lengths[0]] for board in all_boards for request in board.requests]
    report_ratio("boards", max(map(p95, panels)))


def cell(taken: list[float], plain: list[float] | None) -> str:
    """Returns the median, the 95th percentile and the ratio to the baseline as text."""
    middle = statistics.median(taken)
    ratio = f"{middle / statistics.median(plain):7.1f}" if plain else " " * 7
    return f"{middle * 1000:14,.0f}{p95(taken) * 1000:9,.0f}{ratio}{'!' if p95(taken) > SLOW else ' '}"


def days(long: timedelta) -> str:
    """Returns a length of time in words."""
    return f"{long.days} d" if long >= DAY else f"{long.seconds // 3600} h"


def main() -> None:
    """Fills a new server, sends the requests, and prints the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=CLAIMS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options = parser.parse_args()
    now = datetime.now(UTC)
    for board in read({"article": "*", "assertion": "*"}):
        for request in board.requests:
            request.body(TimeSpan(now - DAY, now))  # what cannot be request fails now, not when all is filled in
    with (
        servers_of_their_own() as (_, environ),
        Elasticsearch(**Settings.load(environ).elasticsearch.client_options()) as client,
    ):
        started = time.perf_counter()
        there = load(client, everything(options.claims, now))
        took = time.perf_counter() - started
        print(f"filled in {took:.0f} s: " + ", ".join(f"{count:,} {alias}" for alias, count in there.items()))
        all_boards = list(read(find_link_values(client)))
        times, empty = rounds(client, all_boards, now, options.seconds)
        counted = len(next(iter(times.values())))
        print(f"{sum(len(board.requests) for board in all_boards)} requests, {counted} rounds after one to warm up")
        show(all_boards, times, empty)


if __name__ == "__main__":
    main()
