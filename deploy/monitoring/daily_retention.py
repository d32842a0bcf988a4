"""Runs retention once a day from `newsclaims monitor`, in one of all monitors that run.

The index `health` has when a run began and how it ended. A monitor that finds that one is due creates the document that
says so, whose id is that of the hour. Only one monitor can create it, and that one runs. A run that failed is repeated
an hour later.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from elasticsearch import ApiError, ConflictError, Elasticsearch, TransportError

from deploy.bootstrap import check_family
from deploy.monitoring.conditions.queries import aggregate
from deploy.monitoring.samples import make_sample
from deploy.retention.run import RetentionReport, run_retention
from deploy.server_errors import describe_error
from deploy.settings import Settings
from schemas.codec import make_document
from schemas.elasticsearch.indices import FAMILIES, HEALTH
from schemas.errors import NewsclaimsError
from schemas.identity import digest
from schemas.operations.records import HealthSample

_log = logging.getLogger(__name__)

STARTED: Final = "newsclaims_retention_started"
RUNS: Final = "newsclaims_retention_runs_total"
DROPPED: Final = "newsclaims_retention_documents_total"

EVERY: Final = timedelta(hours=24)
"""From a run that succeeded to the next."""
RETRY: Final = timedelta(hours=1)
"""From a run that failed to the next."""
LONGEST: Final = timedelta(hours=6)
"""A run that has not ended after this time was killed."""
CHECK_SECONDS: Final = 300.0
"""Seconds between two looks at whether a run is due."""
TIMEOUT_SECONDS: Final = 10.0

Write = Callable[[Iterable[HealthSample]], None]
Run = Callable[[Settings, datetime], RetentionReport]


@dataclass(frozen=True, slots=True)
class History:
    """When the last run of any monitor began, and when the last ones succeeded and failed."""

    started: datetime | None = None
    succeeded: datetime | None = None
    failed: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the last run has begun and not ended."""
        ended = max((at for at in (self.succeeded, self.failed) if at), default=None)
        return self.started is not None and (ended is None or ended < self.started)

    def is_due(self, now: datetime) -> bool:
        """Returns whether a run should begin."""
        if self.succeeded and now - self.succeeded < EVERY:
            return False
        if self.failed and now - self.failed < RETRY:
            return False
        return not (self.is_open and self.started and now - self.started < LONGEST)


def read_history(client: Elasticsearch) -> History:
    """Reads the history from the index `health`. Raises the client's errors."""

    def newest(*filters: dict[str, Any]) -> dict[str, Any]:
        return {"filter": {"bool": {"filter": list(filters)}}, "aggs": {"at": {"max": {"field": "at"}}}}

    runs = {"term": {"metric": RUNS}}
    found = aggregate(
        client,
        HEALTH.name,
        {"terms": {"metric": [STARTED, RUNS]}},
        {
            "started": newest({"term": {"metric": STARTED}}),
            "succeeded": newest(runs, {"term": {"outcome": "ok"}}),
            "failed": newest(runs, {"term": {"outcome": "failed"}}),
        },
    )
    values = {name: each["at"]["value"] for name, each in found.items()}
    return History(**{name: value and datetime.fromtimestamp(value / 1000, UTC) for name, value in values.items()})


def claim(client: Elasticsearch, settings: Settings, now: datetime) -> bool:
    """Returns whether this monitor may run: nobody else has begun a run in this hour. Raises the client's errors."""
    check_family(client, HEALTH)
    sample = make_sample(STARTED, 1, at=now, source="monitor", detail="retention began")
    index = HEALTH.index(settings.load_index_settings()[HEALTH.name].buckets.find_bucket(now))
    try:
        client.create(index=index, id=digest("retention", f"{now.astimezone(UTC):%Y-%m-%dT%H}"),
                      document=make_document(sample))  # fmt: skip
    except ConflictError:
        return False
    return True


class DailyRetention:
    """Looks every few minutes whether a run is due, and runs it. `write` takes samples, `run` does the work."""

    def __init__(
        self,
        settings: Settings,
        write: Write,
        run: Run = run_retention,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.settings = settings
        self.write = write
        self.run_once = run
        self.now = now

    def run(self, stop: threading.Event) -> None:
        """Looks until `stop` is set. Whatever goes wrong, it looks again."""
        while not stop.wait(CHECK_SECONDS):
            with suppress(NewsclaimsError, ApiError, TransportError):  # the rounds report an unreachable server
                self.check()

    def check(self) -> bool:
        """Runs if a run is due and no other monitor runs. Returns whether it did."""
        options = self.settings.elasticsearch.client_options()
        with Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0) as client:
            now, history = self.now(), read_history(client)
            if not history.is_due(now) or not claim(client, self.settings, now):
                return False
        if history.is_open:
            reason = f"the run that began at {history.started:%Y-%m-%d %H:%M} UTC did not end"
            self.write([make_sample(RUNS, 1, at=now, source="monitor", labels=("failed",), detail=reason)])
        self.write(self.make_samples())
        return True

    def make_samples(self) -> list[HealthSample]:
        """Runs, and returns samples of the outcome."""
        try:
            report = self.run_once(self.settings, self.now())
        except Exception as error:  # noqa: BLE001 - it is reported, and an alert fires if it goes on
            reason = describe_error(error)
            _log.warning("retention failed and is tried again in an hour: %s", reason)
            return [make_sample(RUNS, 1, at=self.now(), source="monitor", labels=("failed",), detail=reason)]
        _log.info("retention dropped %d indices", len(report.dropped))
        counts = dict.fromkeys(FAMILIES, 0)
        for each in report.dropped:
            counts[each.family] += each.documents
        at = self.now()
        dropped = [
            make_sample(DROPPED, count, at=at, source="monitor", labels=(family,))
            for family, count in counts.items()
            if count
        ]
        return [make_sample(RUNS, 1, at=at, source="monitor", labels=("ok",)), *dropped]
