"""The status of a run as one line: live in a terminal, every ten seconds in a log."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.live import Live
from rich.text import Text

from deploy.safe_console import SafeConsole
from schemas.metrics import Key

_log = logging.getLogger(__name__)

LOG_SECONDS = 10.0
"""How often the line is logged without a terminal."""


@dataclass
class RunStatus:
    """All counts since the start of the run, of all its workers, and the state of the current ones.

    `values` are counters, histograms and the gauges of current workers; `memory` is in bytes, one number for each
    worker; `deaths` are the workers that died, by number; `lag` is in records, or None if it is unknown; `rate` is in
    records per second over the last ten seconds.
    `runs` and `members` (workers) share the partitions of the group, `partitions` of them are this run's, with the lag
    `own_lag`; they are None while Kafka has not said so.
    `is_last` means that the run is over and no status follows.
    """

    values: dict[Key, float] = field(default_factory=dict)
    seconds: float = 0.0
    workers: int = 0
    replacements: int = 0
    deaths: dict[str, int] = field(default_factory=dict)
    memory: tuple[int, ...] = ()
    lag: int | None = None
    rate: float = 0.0
    runs: int | None = None
    members: int | None = None
    partitions: int | None = None
    own_lag: int | None = None
    is_last: bool = False

    def total(self, metric: str) -> int:
        """Returns the sum of a metric over its labels."""
        return int(sum(value for (name, _), value in self.values.items() if name == metric))

    @property
    def records_in(self) -> int:
        """The number of records read from Kafka."""
        return self.total("newsclaims_source_records_total")

    @property
    def claims_out(self) -> int:
        """The number of claims passed to the sink."""
        return self.total("newsclaims_claims_total")

    @property
    def dead_letters(self) -> int:
        """The number of dead letters of all steps."""
        return self.total("newsclaims_dead_letters_total")

    @property
    def waiting_for(self) -> list[str]:
        """The servers that any worker waits for, with the reasons."""
        servers = {"Elasticsearch": "newsclaims_sink_waiting", "Kafka": "newsclaims_source_waiting"}
        reasons = sorted(
            labels[0] for (name, labels), on in self.values.items() if name == "newsclaims_sink_waiting_reason" and on
        )
        why = {"Elasticsearch": f" ({', '.join(reasons)})" if reasons else ""}
        return [f"{server}{why.get(server, '')}" for server, gauge in servers.items() if self.total(gauge)]

    def metrics(self) -> dict[Key, float]:
        """Returns all values, including those of the run itself, by the names of `schemas.metrics`."""
        own: dict[Key, float] = {
            ("newsclaims_source_waiting", ()): 0,
            ("newsclaims_source_added_partitions", ()): 0,
            ("newsclaims_sink_waiting", ()): 0,
            **self.values,
            ("newsclaims_workers", ()): self.workers,
            ("newsclaims_worker_replacements_total", ()): self.replacements,
            **{("newsclaims_worker_deaths_total", (worker,)): count for worker, count in self.deaths.items()},
        }
        for worker, memory in enumerate(self.memory):
            if memory:
                own["newsclaims_worker_memory_bytes", (str(worker),)] = memory
        share = {
            "newsclaims_group_runs": self.runs,
            "newsclaims_group_members": self.members,
            "newsclaims_owned_partitions": self.partitions,
            "newsclaims_owned_lag": self.own_lag,
        }
        return {**own, **{(name, ()): value for name, value in share.items() if value is not None}}

    def line(self) -> str:
        """Returns the status line."""
        parts = [
            f"{self.records_in:,} records in",
            f"{self.claims_out:,} claims out",
            "lag unknown" if self.lag is None else f"lag {self.lag:,}",
            f"{self.rate:,.1f}/s",
            f"{self.dead_letters:,} dead letters",
        ]
        if self.runs and self.runs > 1:
            lag = "" if self.own_lag is None else f" with lag {self.own_lag:,}"
            parts.append(f"{self.runs} runs share the partitions, {self.partitions} here{lag}")
        if self.waiting_for:
            parts.append(f"waiting for {' and '.join(self.waiting_for)}")
        return " · ".join(parts)

    def summary(self) -> dict[str, Any]:
        """Returns the summary of a finished run, as JSON values."""
        return {
            "records_in": self.records_in,
            "claims_out": self.claims_out,
            "dead_letters": self.dead_letters,
            "lag": self.lag,
            "seconds": round(self.seconds, 3),
            "replacements": self.replacements,
            "deaths": sum(self.deaths.values()),
            "lost": self.total("newsclaims_source_lost_total"),
        }


@contextmanager
def open_display() -> Iterator[Callable[[RunStatus], None]]:
    """Yields a display: a live line if standard error is a terminal, else the log."""
    if not sys.stderr.isatty():
        yield StatusLog()
        return
    with Live(Text(""), console=SafeConsole(stderr=True), auto_refresh=False, redirect_stderr=True) as live:
        yield lambda status: live.update(Text(status.line(), no_wrap=True), refresh=True)


class StatusLog:
    """Logs the line every `LOG_SECONDS` by `clock`, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()

    def __call__(self, status: RunStatus) -> None:
        """Takes a status, and logs it when it is time."""
        if self._clock() - self._last >= LOG_SECONDS:
            self._last = self._clock()
            _log.info("%s", status.line())
