"""Waits for a server: with growing pauses, with warnings, and only until the process is asked to stop."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pipelines import counters, lifecycle
from schemas.errors import Retryable

_log = logging.getLogger(__name__)


@dataclass
class Patience:
    """Pauses between attempts, without a limit: exponential with full jitter, so that many workers spread out.

    Blocking here is the back-pressure: a waiting bundle takes no more input. `base` and `longest` are in seconds;
    `log_every` is the time between two warnings about the same wait. `wait` sleeps and returns whether to stop.
    """

    base: float = 0.25
    longest: float = 30.0
    log_every: float = 30.0
    wait: Callable[[float], bool] = lifecycle.stop_requested.wait
    now: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    attempts: int = field(default=0, init=False)
    reason: str | None = field(default=None, init=False)
    logged_at: float | None = field(default=None, init=False)

    def pause(self, why: str, at_least: float = 0.0, reason: str = "unavailable") -> None:
        """Sleeps before the next attempt, for `at_least` the seconds that the server asked for.

        `why` is for the log, `reason` is the name of the outcome for the health of the run.

        Raises `Retryable` as soon as the process is asked to stop, so that the bundle fails and nothing is committed.
        """
        ceiling = min(self.longest, self.base * 2 ** min(self.attempts, 30))
        self.attempts += 1
        self._warn(why)
        self._set_waiting(reason)
        if self.wait(max(at_least, ceiling * self.chance())):
            self._clear_waiting()
            raise Retryable(
                f"Asked to stop while waiting for Elasticsearch ({why}): nothing of this bundle is committed"
            )

    def reset(self) -> None:
        """Forgets the failed attempts after one that succeeded: the next wait starts short again."""
        self._clear_waiting()
        if self.attempts and self.logged_at is not None:
            _log.warning("Elasticsearch accepts documents again after %d attempts", self.attempts)
        self.attempts, self.logged_at = 0, None

    def report_slow(self) -> None:
        """Shows in the health of the run that the server has taken a request and does not answer it."""
        self._set_waiting("slow")

    def _set_waiting(self, reason: str) -> None:
        if reason != self.reason:
            self._clear_waiting()
            self.reason = reason
        counters.set_gauge("newsclaims_sink_waiting", 1)
        counters.set_gauge("newsclaims_sink_waiting_reason", 1, reason=reason)

    def _clear_waiting(self) -> None:
        if self.reason is not None:
            counters.set_gauge("newsclaims_sink_waiting", 0)
            counters.set_gauge("newsclaims_sink_waiting_reason", 0, reason=self.reason)
        self.reason = None

    def _warn(self, why: str) -> None:
        # A busy server often causes a short wait. Only a long one is worth a warning.
        if self.attempts < 3:
            return
        if self.logged_at is None or self.now() - self.logged_at >= self.log_every:
            self.logged_at = self.now()
            _log.warning("Waiting for Elasticsearch, attempt %d: %s", self.attempts, why)
