"""Stops a long-running command on SIGTERM and Ctrl-C."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def stop_signals(stop: Callable[[], object], signals: tuple[signal.Signals, ...] = STOP_SIGNALS) -> Iterator[None]:
    """Calls `stop` on each of the signals within the block, and restores the handlers of before after it.

    Python delivers signals to the main thread only: in any other thread the block runs without handlers.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: stop()) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
