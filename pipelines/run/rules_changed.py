"""Writes an event when articles are read differently from now on: by other rules, or for other watches."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from elasticsearch import Elasticsearch

from deploy.monitoring.health_writer import SampleQuery
from deploy.monitoring.samples import make_sample
from pipelines.run.status import RunStatus
from pipelines.text.rules_version import RULES_VERSION
from schemas.elasticsearch.indices import HEALTH
from schemas.identity import digest
from schemas.operations.records import HealthSample
from schemas.watches import Watch

_log = logging.getLogger(__name__)

RULES_CHANGED = "newsclaims_rules_changed"

EVERY = 5.0
"""Seconds between two checks of the watches."""


class RulesChanged:
    """Passes an event to `ask` if a run reads with other rules or watches than the last event in the index says.

    `kept` is the file in which the job keeps its watches. `clock` counts seconds, `now` gives the time of the event.
    """

    def __init__(
        self,
        ask: Callable[[SampleQuery], None],
        kept: Path,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.ask = ask
        self.kept = kept
        self.clock = clock
        self.now = now
        self.rules = ""
        self.looked: float | None = None

    def __call__(self, _status: RunStatus) -> None:
        """Checks at the first status and every few seconds. A worker that uses new watches has kept them by then."""
        if self.looked is not None and self.clock() - self.looked < EVERY:
            return
        self.looked = self.clock()
        try:
            watches = msgspec.json.decode(self.kept.read_bytes(), type=list[Watch])
        except FileNotFoundError:
            watches = []
        except (OSError, msgspec.MsgspecError) as error:
            _log.debug("the watches cannot be read: %s", error)
            return
        rules = describe_rules(watches)
        if rules != self.rules:
            self.rules = rules
            self.ask(make_query(rules, self.now()))


def describe_rules(watches: Sequence[Watch]) -> str:
    """Describes the rules and watches for people. The number differs if watches of the same names have changed."""
    if not watches:
        return f"rules {RULES_VERSION}, no watches"
    number = digest(msgspec.json.encode(watches).decode())[:8]
    return f"rules {RULES_VERSION}, watches {', '.join(watch.name for watch in watches)} ({number})"


def make_query(rules: str, at: datetime) -> SampleQuery:
    """Returns a query for the last event, whose answer is a new event if the rules differ from these."""

    def ask(client: Elasticsearch) -> list[HealthSample]:
        found = client.search(
            index=HEALTH.name, query={"term": {"metric": RULES_CHANGED}}, sort=[{"at": "desc"}], size=1,
            source_includes=["detail"],
        )["hits"]["hits"]  # fmt: skip
        if found and found[0]["_source"]["detail"] == rules:
            return []
        return [make_sample(RULES_CHANGED, 1, at=at, source="run", detail=rules)]

    return ask
