"""The passes of the monitor: how often they run, and what happens if one fails."""

import logging

import pytest
from elasticsearch import ConnectionError

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
        self.full = False
        self.outcomes: list[str | None] = []

    def run(self, settings: Settings) -> PassResult:
        self.now += self.seconds
        if self.problem:
            raise self.problem
        return PassResult(3, 2, 1, self.full)


@pytest.fixture
def passes() -> Passes:
    return Passes()


@pytest.fixture
def keeper(passes: Passes, monkeypatch: pytest.MonkeyPatch) -> AssertionKeeper:
    made = AssertionKeeper(Settings.load({}), passes.outcomes.append, passes.run, lambda: passes.now)
    monkeypatch.setattr(made, "is_due", lambda: passes.is_due)
    return made


def test_passes_take_at_most_a_tenth_of_the_time(keeper: AssertionKeeper, passes: Passes) -> None:
    assert keeper.check() == EVERY_SECONDS
    passes.seconds = 200
    assert keeper.check() == 1_800


def test_rest_is_short_after_a_pass_over_everything_and_after_a_failure(
    keeper: AssertionKeeper, passes: Passes
) -> None:
    passes.seconds, passes.full = 3_000, True
    assert keeper.check() == 600
    passes.full, passes.problem = False, Retryable("Elasticsearch is busy")
    assert keeper.check() == 600
    passes.seconds = 1
    assert keeper.check() == EVERY_SECONDS


def test_pass_of_another_monitor_counts(keeper: AssertionKeeper, passes: Passes) -> None:
    passes.is_due = False
    assert keeper.check() == EVERY_SECONDS
    assert (passes.now, passes.outcomes) == (0, [])


def test_problem_is_logged_once_and_the_next_pass_is_tried(
    keeper: AssertionKeeper, passes: Passes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for problem in (Retryable("Elasticsearch is busy"), RuntimeError("odd"), ConnectionError("refused"), None):
        passes.problem = problem
        keeper.check()
        keeper.check()
    assert [record.message for record in caplog.records] == [
        "the assertions could not be counted: Elasticsearch is busy",
        "the assertions could not be counted: RuntimeError: odd",
        "the assertions could not be counted: Elasticsearch does not answer (refused): start it with "
        "`newsclaims up`, or set ELASTICSEARCH_URL",
        *["3 assertions counted from what has changed: 2 written, 1 deleted (0.0 s)"] * 2,
    ]
    assert [bool(outcome) for outcome in passes.outcomes] == [True] * 6 + [False] * 2
