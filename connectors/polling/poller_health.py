"""Whether a poller still works, for process managers: `/healthz` of `newsclaims feeds run --health-port`."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from connectors.feeds.configuration import Feed
from connectors.polling.scheduler import Reload
from deploy.monitoring.exposition import HealthCheck, MetricsServer

STUCK_SECONDS = 300.0
"""After this long without a turn of the scheduler the poller is stuck.

It turns about every second. It waits longer only for the last request of a continuous connector that ends, which may
take a minute."""


class PollerHealth:
    """Sees each turn of the scheduler, which asks for the feeds in it. `clock` counts seconds.

    `is_member` is whether the poller still takes part in the group that shares the feeds; a poller that does not share
    leaves it as it is.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.turned_at: float | None = None
        self.is_member: Callable[[], bool] = lambda: True
        self.find_owned: Callable[[], Collection[Feed]] = lambda: ()

    def watch(self, reload: Reload) -> Reload:
        """Returns a `Reload` that notes when it is called."""

        def note_turn() -> object:
            self.turned_at = self.clock()
            return reload()

        return note_turn  # type: ignore[return-value]

    def check(self) -> HealthCheck:
        """Returns whether the scheduler turns and the poller shares. Failing feeds and unreachable servers are healthy.

        A restart does not help against those.
        """
        is_turning = self.turned_at is None or self.clock() - self.turned_at < STUCK_SECONDS
        if self.turned_at is None:
            status = "starting"
        elif not is_turning:
            status = "stuck"
        else:
            status = "ok" if self.is_member() else "not sharing"
        return HealthCheck(status in ("starting", "ok"), {"status": status, "feeds": len(self.find_owned())})


@contextmanager
def serve_health(health: PollerHealth, address: tuple[str, int] | None) -> Iterator[None]:
    """Serves the health at `address` (host, port) during the block. Raises `Permanent` if it cannot listen there."""
    if address is None:
        yield
        return
    with MetricsServer(address, dict, health.check, "--health-port or --health-host"):
        yield
