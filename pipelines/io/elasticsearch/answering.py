"""Makes a request without being held by it: a server that accepts requests and never answers does not block a stop."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from pipelines import lifecycle
from schemas.errors import Retryable

SLOW_SECONDS = 5.0
"""After this long without an answer the sink counts as waiting."""
STOP_SECONDS = 5.0
"""How much longer a request may take when the process is asked to stop. Sending it again is safe."""
CHECK_SECONDS = 0.2
"""How soon a stop is noticed."""

T = TypeVar("T")


def call(request: Callable[[], T], report_slow: Callable[[], None]) -> T:
    """Returns what `request` returns, and raises what it raises. Calls `report_slow` once if it takes long.

    Raises `Retryable` if this process may not write any more, or if it is asked to stop and no answer comes soon. The
    request goes on in its thread, which does not keep the process alive.
    """
    lifecycle.require_write_permission()
    made = _Request(request)
    threading.Thread(target=made.run, daemon=True).start()
    slow_at, stop_at = time.monotonic() + SLOW_SECONDS, None
    while not made.is_over.wait(CHECK_SECONDS):
        now = time.monotonic()
        if now > slow_at:
            slow_at = float("inf")
            report_slow()
        if lifecycle.stop_requested.is_set():
            stop_at = stop_at or now + STOP_SECONDS
            if now > stop_at:
                raise Retryable(
                    "Asked to stop while Elasticsearch does not answer a request: nothing of this bundle is committed"
                )
    return made.take()


class _Request(Generic[T]):
    def __init__(self, request: Callable[[], T]) -> None:
        self.request = request
        self.is_over = threading.Event()
        self.answers: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.answers.append(self.request())
        except BaseException as error:  # noqa: BLE001 - the caller raises it again
            self.error = error
        self.is_over.set()

    def take(self) -> T:
        if self.error is not None:
            raise self.error
        return self.answers[0]
