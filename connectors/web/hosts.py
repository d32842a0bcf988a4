"""Patience with each host: so many requests at once, and so long between two."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic


@dataclass
class Host:
    """What goes on with one host: requests that run, and when the next may begin."""

    running: int = 0
    next_at: float = 0.0


class Hosts:
    """Spacing (seconds between the beginnings of two requests) and concurrency for each host.

    `clock` gives seconds, and `wait(condition, seconds)` waits on a condition: tests put their own there.
    """

    def __init__(
        self,
        spacing: float = 1.0,
        at_once: int = 2,
        clock: Callable[[], float] = monotonic,
        wait: Callable[[threading.Condition, float | None], object] = threading.Condition.wait,
    ) -> None:
        if spacing < 0 or at_once < 1:
            raise ValueError(f"spacing is {spacing} and at_once {at_once}: not below 0 and 1")
        self.spacing = spacing
        self.at_once = at_once
        self.clock = clock
        self.wait = wait
        self.changed = threading.Condition()
        self.hosts: dict[str, Host] = {}

    def free_in(self, name: str) -> float:
        """Seconds until a request to the host could begin, as far as is known now."""
        with self.changed:
            host = self.hosts.get(name)
            if host is None:
                return 0.0
            return max(0.0, host.next_at - self.clock(), self.spacing if host.running >= self.at_once else 0.0)

    @contextmanager
    def turn(self, name: str, spacing: float = 0.0) -> Iterator[None]:
        """Waits for the host's turn and holds it; `spacing` may ask for more than ours (a robots.txt does)."""
        with self.changed:
            host = self.hosts.setdefault(name, Host())
            while host.running >= self.at_once or host.next_at > self.clock():
                self.wait(self.changed, None if host.running >= self.at_once else host.next_at - self.clock())
            host.running += 1
            host.next_at = self.clock() + max(self.spacing, spacing)
        try:
            yield
        finally:
            with self.changed:
                host.running -= 1
                self.forget()
                self.changed.notify_all()

    def forget(self) -> None:
        """Drops hosts that nothing is known of any more, so that memory is bounded by what goes on."""
        if len(self.hosts) > 10_000:
            now = self.clock()
            self.hosts = {name: host for name, host in self.hosts.items() if host.running or host.next_at > now}
