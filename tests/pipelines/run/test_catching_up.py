"""While a run catches up, its indices are refreshed less often; never those whose interval an operator has set."""

from collections.abc import Iterator

import msgspec
import pytest
from elasticsearch import ApiError, AuthorizationException, ConnectionTimeout, Elasticsearch

from deploy import bootstrap
from deploy.index_settings import RAISED_REFRESH
from pipelines.run.catching_up import (
    AGAIN_SECONDS,
    BEGIN_LAG,
    END_LAG,
    WRITTEN,
    CatchUp,
    RefreshInterval,
    parse_interval,
    refresh_less_while_behind,
)  # fmt: skip
from pipelines.run.status import RunStatus
from schemas.elasticsearch.index_settings import make_defaults
from schemas.elasticsearch.indices import FAMILIES
from tests.conftest import Stack
from tests.pipelines.messages import message
from tests.pipelines.run.running import emptied, eventually, running, send


class Asked(RefreshInterval):
    """Notes what is asked of it, and fails when told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.error: Exception | None = None

    def raise_all(self) -> list[str]:
        return self.note("raise")

    def put_back(self) -> list[str]:
        return self.note("put back")

    def note(self, what: str) -> list[str]:
        if self.error:
            raise self.error
        self.asked.append(what)
        return ["claims-g1-2024.10"]


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def catch_up(asked: Asked, clock: Clock) -> CatchUp:
    return CatchUp(asked, clock)


def show(catch_up: CatchUp, *lags: int | None, is_last: bool = False) -> None:
    for lag in lags:
        catch_up(RunStatus(lag=lag, is_last=is_last))
        catch_up.follow()


def test_first_status_puts_back_what_a_dead_run_left(catch_up: CatchUp, asked: Asked) -> None:
    show(catch_up, None, 0, 0, END_LAG)
    assert asked.asked == ["put back"]


def test_large_lag_raises_the_interval_until_the_lag_is_small(catch_up: CatchUp, asked: Asked) -> None:
    show(catch_up, BEGIN_LAG, BEGIN_LAG + 1, BEGIN_LAG - 1, END_LAG + 1)
    assert asked.asked == ["raise"]
    show(catch_up, END_LAG, BEGIN_LAG - 1)
    assert asked.asked == ["raise", "put back"]


def test_last_status_puts_the_interval_back_whatever_the_lag(catch_up: CatchUp, asked: Asked) -> None:
    show(catch_up, BEGIN_LAG)
    show(catch_up, BEGIN_LAG, is_last=True)
    assert asked.asked == ["raise", "put back"]
    catch_up.put_back()
    assert asked.asked == ["raise", "put back"]


def test_end_without_a_last_status_puts_the_interval_back(catch_up: CatchUp, asked: Asked) -> None:
    show(catch_up, BEGIN_LAG)
    catch_up.put_back()
    assert asked.asked == ["raise", "put back"]


def test_new_indices_are_raised_too(catch_up: CatchUp, asked: Asked, clock: Clock) -> None:
    show(catch_up, BEGIN_LAG)
    clock.now += AGAIN_SECONDS
    show(catch_up, BEGIN_LAG, BEGIN_LAG)
    assert asked.asked == ["raise", "raise"]


def test_failure_is_tried_again_and_a_refusal_is_not(
    catch_up: CatchUp, asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    asked.error = ConnectionTimeout("too slow")
    show(catch_up, BEGIN_LAG)
    asked.error = None
    show(catch_up, BEGIN_LAG)
    assert asked.asked == ["raise"]
    asked.error = AuthorizationException("no", msgspec.UNSET, {"error": "no"})  # type: ignore[arg-type]
    with caplog.at_level("INFO"):
        show(catch_up, 0, 0)
    assert caplog.text.count("this user may not change settings") == 1
    assert issubclass(AuthorizationException, ApiError)


@pytest.mark.parametrize(
    ("text", "seconds"), [("1s", 1), ("500ms", 0.5), ("2m", 120), ("-1", float("inf")), ("odd", float("inf"))]
)
def test_intervals_of_elasticsearch(text: str, seconds: float) -> None:
    assert parse_interval(text) == seconds
    assert parse_interval(RAISED_REFRESH) > 30


@pytest.fixture
def client(stack: Stack) -> Iterator[Elasticsearch]:
    emptied(stack)
    with Elasticsearch(stack.elasticsearch_url) as made:
        yield made


def read_intervals(client: Elasticsearch) -> dict[str, str]:
    """The refresh interval of each index of the product."""
    found = client.indices.get_settings(index="*-g1*", name="index.refresh_interval", flat_settings=True)
    return {index: body["settings"]["index.refresh_interval"] for index, body in found.items()}


@pytest.mark.integration
@pytest.mark.slow
def test_only_intervals_of_ours_are_raised_and_put_back(client: Elasticsearch) -> None:
    theirs, ours = FAMILIES["claims"].index("2001"), FAMILIES["claims"].index("2002")
    for index in (theirs, ours):
        client.indices.create(index=index)
    client.indices.put_settings(index=theirs, settings={"index.refresh_interval": "3s"})
    before = read_intervals(client)
    interval = RefreshInterval(client)
    raised = interval.raise_all()
    written = {index for index in before if index.split("-g1")[0] in {family.name for family in WRITTEN}}
    assert set(raised) == written - {theirs}
    assert read_intervals(client) == before | dict.fromkeys(raised, RAISED_REFRESH)
    assert interval.raise_all() == []
    # An operator decides while the run catches up, and the run that raised the others dies: the next one repairs.
    client.indices.put_settings(index=ours, settings={"index.refresh_interval": "7s"})
    assert set(RefreshInterval(client).put_back()) == set(raised) - {ours}
    assert read_intervals(client) == before | {ours: "7s"}
    # `init` puts it back too, and a longer interval of the settings is left alone.
    interval.raise_all()
    slow = {name: msgspec.structs.replace(each, refresh_interval="60s") for name, each in make_defaults().items()}
    bootstrap.prepare(None, client, slow)
    assert {interval for index, interval in read_intervals(client).items() if index not in (theirs, ours)} == {"60s"}
    assert interval.raise_all() == []
    bootstrap.prepare(None, client)


@pytest.mark.integration
@pytest.mark.slow
def test_run_that_is_killed_is_put_right_by_the_next(stack: Stack, client: Elasticsearch) -> None:
    before = read_intervals(client)
    send(stack, *(message(number) for number in range(4 * BEGIN_LAG)))
    with running(stack) as process:
        eventually(lambda: RAISED_REFRESH in read_intervals(client).values())
        process.kill()
    assert RAISED_REFRESH in read_intervals(client).values()
    with refresh_less_while_behind(stack.settings) as follow:
        follow(RunStatus(lag=0))
        eventually(lambda: RAISED_REFRESH not in read_intervals(client).values())
    assert before.items() <= read_intervals(client).items()
