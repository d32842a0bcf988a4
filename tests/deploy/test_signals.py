"""Signals that stop a command."""

import os
import signal
import threading

import pytest

from deploy.signals import stop_signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_within_the_block_and_handlers_return_after_it(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    stopped = threading.Event()
    with stop_signals(stopped.set):
        os.kill(os.getpid(), number)
        assert stopped.wait(5)
    assert signal.getsignal(number) is before


def test_other_signals_keep_their_handlers() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stop_signals(lambda: None, (signal.SIGTERM,)):
        assert signal.getsignal(signal.SIGINT) is before


def test_block_of_another_thread_runs_without_handlers() -> None:
    before = signal.getsignal(signal.SIGTERM)
    found = []

    def run() -> None:
        with stop_signals(lambda: None):
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found == [before]
