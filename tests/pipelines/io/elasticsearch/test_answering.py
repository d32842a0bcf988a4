"""A request that nobody answers holds neither a stop nor the process."""

import threading
import time
from collections.abc import Iterator

import pytest

from pipelines import lifecycle
from pipelines.io.elasticsearch import answering
from schemas.errors import Retryable


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(answering, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(answering, "SLOW_SECONDS", 0.05)
    monkeypatch.setattr(answering, "STOP_SECONDS", 0.1)
    yield
    lifecycle.stop_requested.clear()


def test_answer_and_error_are_passed_on() -> None:
    assert answering.call(lambda: 7, lambda: None) == 7
    with pytest.raises(ZeroDivisionError):
        answering.call(lambda: 1 / 0, lambda: None)


def test_stop_ends_a_request_that_is_not_answered() -> None:
    ended = threading.Event()
    lifecycle.stop_requested.set()
    began = time.monotonic()
    with pytest.raises(Retryable, match="does not answer a request: nothing of this bundle is committed"):
        answering.call(lambda: ended.wait(20), lambda: None)
    assert time.monotonic() - began < 5
    assert all(thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread())
    ended.set()


def test_stop_leaves_a_request_time_for_its_answer() -> None:
    lifecycle.stop_requested.set()
    assert answering.call(lambda: time.sleep(0.05) or "done", lambda: None) == "done"


def test_slow_request_is_reported_once() -> None:
    reports: list[str] = []
    assert answering.call(lambda: time.sleep(0.2) or "done", lambda: reports.append("slow")) == "done"
    assert reports == ["slow"]
    answering.call(lambda: None, lambda: reports.append("slow"))
    assert reports == ["slow"]
