"""Politeness: how many requests a host gets at once, and how far apart they begin."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

MOST_HOSTS = 10_000
"""Hosts kept in memory before idle ones are dropped."""


@dataclass
class HostLoad:
    """Requests to one host that are under way, and when the next one may begin."""

    running: int = 0
    next_at: float = 0.0


class HostLimits:
    """Spacing (seconds between the starts of two requests) and concurrency for each host.

    `clock` returns seconds and `wait(condition, seconds)` waits on a condition; tests replace both.
    """

    def __init__(
        self,
        spacing: float = 1.0,
        at_once: int = 2,
        clock: Callable[[], float] = monotonic,
        wait: Callable[[threading.Condition, float | None], object] = threading.Condition.wait,
    ) -> None:
        if spacing < 0 or at_once < 1:
            raise ValueError(f"spacing must be 0 or more and at_once 1 or more, not {spacing} and {at_once}")
        self.spacing = spacing
        self.at_once = at_once
        self.clock = clock
        self.wait = wait
        self.changed = threading.Condition()
        self.hosts: dict[str, HostLoad] = {}

    def seconds_until_free(self, name: str) -> float:
        """Returns the seconds until a request to the host may begin, as far as is known now."""
        with self.changed:
            host = self.hosts.get(name)
            if host is None:
                return 0.0
            return max(0.0, host.next_at - self.clock(), self.spacing if host.running >= self.at_once else 0.0)

    @contextmanager
    def take_turn(self, name: str, spacing: float = 0.0) -> Iterator[None]:
        """Waits until a request to the host may begin, and counts it as running until the block ends.

        `spacing` (seconds) overrides a shorter spacing of ours; a robots.txt may ask for it.
        """
        with self.changed:
            host = self.hosts.setdefault(name, HostLoad())
            while host.running >= self.at_once or host.next_at > self.clock():
                self.wait(self.changed, None if host.running >= self.at_once else host.next_at - self.clock())
            host.running += 1
            host.next_at = self.clock() + max(self.spacing, spacing)
        try:
            yield
        finally:
            with self.changed:
                host.running -= 1
                self.drop_idle()
                self.changed.notify_all()

    def drop_idle(self) -> None:
        """Forgets hosts without running or delayed requests once there are many, to bound the memory."""
        if len(self.hosts) > MOST_HOSTS:
            now = self.clock()
            self.hosts = {name: host for name, host in self.hosts.items() if host.running or host.next_at > now}
