"""The passes of the monitor: how often they run, and what happens if one fails."""

import logging

import pytest

from deploy.assertions.keeping import EVERY_SECONDS, AssertionKeeper
from deploy.assertions.refreshing import PassResult
from deploy.settings import Settings
from schemas.errors import Retryable


class Passes:
    """Passes that take `seconds` on a clock of their own, and fail if there is a problem."""

    def __init__(self) -> None:
        self.now = 0.0
        self.seconds = 1.0
        self.problem: Exception | None = None
        self.is_due = True

    def run(self, settings: Settings) -> PassResult:
        self.now += self.seconds
        if self.problem:
            raise self.problem
        return PassResult(3, 2, 1)


@pytest.fixture
def passes() -> Passes:
    return Passes()


@pytest.fixture
def keeper(passes: Passes, monkeypatch: pytest.MonkeyPatch) -> AssertionKeeper:
    made = AssertionKeeper(Settings.load({}), passes.run, lambda: passes.now)
    monkeypatch.setattr(made, "is_due", lambda: passes.is_due)
    return made


def test_passes_take_at_most_a_tenth_of_the_time(keeper: AssertionKeeper, passes: Passes) -> None:
    assert keeper.check() == EVERY_SECONDS
    passes.seconds = 20
    assert keeper.check() == 180


def test_pass_of_another_monitor_counts(keeper: AssertionKeeper, passes: Passes) -> None:
    passes.is_due = False
    keeper.check()
    assert passes.now == 0


def test_problem_is_logged_once_and_the_next_pass_is_tried(
    keeper: AssertionKeeper, passes: Passes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for problem in (Retryable("Elasticsearch is busy"), RuntimeError("odd"), None):
        passes.problem = problem
        keeper.check()
        keeper.check()
    assert [record.message for record in caplog.records] == [
        "the assertions could not be counted: Elasticsearch is busy",
        "the assertions could not be counted: RuntimeError: odd",
        *["3 assertions counted from what has changed: 2 written, 1 deleted (0.0 s)"] * 2,
    ]
