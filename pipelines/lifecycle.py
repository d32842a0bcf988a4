"""Whether this process has to stop, and whether it may write.

A stop is requested by the signal handler, and read by the source and by a waiting sink. The source claims no more
records and lets the bundle finish (a drain). A sink that waits for Elasticsearch gives up, so that the bundle fails and
nothing is committed.

A source whose partitions may move to another process adds a write check. The sink calls `require_write_permission`
right before each request and each message.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from schemas.errors import Retryable

stop_requested = threading.Event()

replacement: list[str] = []
"""Why this process must be replaced by a new one; empty if it is stopped for good."""

WriteCheck = Callable[[], None]
"""Returns if this process may write now, may wait for that, and raises `Retryable` if it may not.

It raises `WriteForbidden` if the partitions belong to another process."""

_write_checks: list[WriteCheck] = []


class WriteForbidden(Retryable):
    """Another process has the partitions of this one by now, and writes what is in them."""


def request_replacement(why: str) -> None:
    """Requests a stop of this process, after which another takes its place."""
    replacement.append(why)
    stop_requested.set()


def add_write_check(check: WriteCheck) -> None:
    """Adds a condition of `require_write_permission`."""
    _write_checks.append(check)


def remove_write_check(check: WriteCheck) -> None:
    """Removes a condition; without effect if it is not there."""
    if check in _write_checks:
        _write_checks.remove(check)


def require_write_permission() -> None:
    """Returns if this process may write. Raises `Retryable` if its partitions belong to another process by now."""
    for check in tuple(_write_checks):
        check()


@contextmanager
def suspend_write_checks() -> Iterator[None]:
    """Lets this process write although its partitions are gone: for repairs that any process may make."""
    kept = tuple(_write_checks)
    _write_checks.clear()
    try:
        yield
    finally:
        _write_checks.extend(kept)
