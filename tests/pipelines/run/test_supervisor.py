"""The supervisor with real worker processes over the real Kafka."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipelines import lifecycle
from pipelines.run.status import LOG_SECONDS, RunStatus, StatusLog
from pipelines.run.supervisor import RunLimits, RunOptions, run
from schemas.errors import Permanent
from tests.conftest import Stack
from tests.pipelines.topics import Topic

ROOT = Path(__file__).parents[3]

SCRIPT = """
import json, logging, sys
from pipelines.run.supervisor import RunLimits, RunOptions, run
from schemas.errors import Permanent
logging.basicConfig(level=logging.INFO)
logging.getLogger("kafka").setLevel(logging.CRITICAL)  # as the command line does; its lines come from other threads
options = json.loads(sys.argv[1])
options["limits"] = RunLimits(**options.pop("limits", {}))
try:
    print(json.dumps(run(RunOptions(**options))))
except Permanent as error:
    sys.exit(str(error))
"""


@pytest.fixture(autouse=True)
def _root(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Workers find the tests' jobs."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    yield
    lifecycle.stop_requested.clear()


def options(topic: Topic, output: Path, job: str = "append", **more: Any) -> dict[str, Any]:
    settings = {"path": str(output), **more.pop("settings", {})}
    given = {"job": f"tests.pipelines.run.jobs:{job}", "topic": topic.name, "consumer": topic.consumer}
    return {**given, "settings": settings, "idle_seconds": 0.1, "report_seconds": 0.1, **more}


class Supervisor:
    """A supervisor in a process of its own, as the command line starts it."""

    def __init__(self, **given: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, json.dumps(given)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()

    def end(self) -> tuple[int, str, str]:
        """Waits for its end, and returns exit code, output and errors."""
        output, errors = self.process.communicate(timeout=120)
        return self.process.returncode, output, errors

    def stop(self) -> tuple[int, str, str]:
        self.process.send_signal(signal.SIGTERM)
        return self.end()


def eventually(condition: Callable[[], Any], seconds: float = 120.0) -> Any:
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)
    return result


def is_worker(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return "pipelines.run.worker" in process.cmdline()
    return False


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def values(path: Path) -> Counter[str]:
    return Counter(line.rsplit(" ", 1)[1] for line in lines(path))


def count_by_worker(status: RunStatus, metric: str) -> dict[str, float]:
    return {labels[-1]: value for (name, labels), value in status.metrics().items() if name == metric}


def numbers(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


@pytest.mark.integration
def test_workers_share_the_partitions_until_caught_up(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers, partitions=3), tmp_path / "out"
    topic.publish(numbers(900))
    shown: list[RunStatus] = []
    summary = run(RunOptions(**options(topic, output, workers=2, until_caught_up=True)), shown.append)
    assert values(output) == Counter(str(number) for number in range(900))
    assert {name: summary[name] for name in ("records_in", "claims_out", "dead_letters", "lag", "deaths")} == {
        **{"records_in": 900, "claims_out": 900, "dead_letters": 0},
        **{"lag": 0, "deaths": 0},
    }
    assert shown[-1].records_in == 900
    read = count_by_worker(shown[-1], "newsclaims_source_records_total")
    assert sum(read.values()) == 900
    # One of them may have read everything before the other one had started.
    read = {worker: count for worker, count in read.items() if count}
    assert read == count_by_worker(shown[-1], "newsclaims_claims_total"), "each worker claims what it reads"
    assert max(status.workers for status in shown) == 2
    assert topic.committed() == [300, 300, 300]


@pytest.mark.integration
def test_start_latest_moves_the_group_before_the_workers_start(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers, partitions=2), tmp_path / "out"
    topic.publish(numbers(10))
    summary = run(RunOptions(**options(topic, output, start="latest", until_caught_up=True)), lambda _: None)
    assert (summary["records_in"], lines(output)) == (0, [])
    summary = run(RunOptions(**options(topic, output, start="earliest", until_caught_up=True)), lambda _: None)
    assert summary["records_in"] == 10


@pytest.mark.integration
def test_sigterm_drains_commits_and_exits_zero(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers, partitions=2), tmp_path / "out"
    running = Supervisor(**options(topic, output))
    topic.publish(numbers(20))
    eventually(lambda: len(lines(output)) == 20)
    code, out, errors = running.stop()
    assert code == 0, errors
    assert json.loads(out)["records_in"] == 20
    assert topic.committed() == [10, 10]


@pytest.mark.integration
def test_all_arrives_though_everything_is_killed_in_mid_run(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers, partitions=2), tmp_path / "out"
    topic.publish(numbers(60_000))
    running = Supervisor(**options(topic, output, workers=2))
    eventually(lambda: len(lines(output)) > 100)
    for process in [*running.workers(), psutil.Process(running.process.pid)]:
        process.kill()
    running.end()
    assert len(lines(output)) < 60_000
    summary = run(RunOptions(**options(topic, output, workers=2, until_caught_up=True)), lambda _: None)
    assert set(values(output)) == {str(number) for number in range(60_000)}
    assert 0 < summary["records_in"] <= 60_000


@pytest.mark.integration
def test_worker_that_dies_is_replaced_and_its_counts_are_kept(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers), tmp_path / "out"
    topic.publish([*numbers(5), b"crash", *numbers(5)])
    shown: list[RunStatus] = []
    summary = run(RunOptions(**options(topic, output, "crash", until_caught_up=True)), shown.append)
    assert values(output)["crash"] == 1
    assert summary["deaths"] == 1
    assert count_by_worker(shown[-1], "newsclaims_worker_deaths_total") == {"0": 1}
    read = count_by_worker(shown[-1], "newsclaims_source_records_total")
    assert read == {"0": summary["records_in"]}, "the one that died and its replacement have the same number"


@pytest.mark.integration
def test_crash_loop_ends_with_the_last_words(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers), tmp_path / "out"
    topic.publish([b"crash"])
    limits = RunLimits(deaths=2, back_off_seconds=(0.01, 0.01))
    given = options(topic, output, "crash", settings={"always": True}, limits=limits)
    with pytest.raises(Permanent, match=r"died 2 times in a row .*exit code 3, the worker's last words"):
        run(RunOptions(**given), lambda _: None)
    assert topic.committed() in ([None], [0])


@pytest.mark.integration
@pytest.mark.parametrize("limits", [RunLimits(bundles=3), RunLimits(megabytes=1)], ids=["bundles", "megabytes"])
def test_worker_that_has_done_or_grown_enough_is_replaced(stack: Stack, tmp_path: Path, limits: RunLimits) -> None:
    topic, output = Topic(stack.bootstrap_servers), tmp_path / "out"
    topic.publish(numbers(10))
    pids: set[int] = set()

    def watch(status: RunStatus) -> None:
        pids.update(child.pid for child in psutil.Process().children() if is_worker(child))
        if status.replacements >= 1 and len(pids) > 1 and status.records_in >= 10:
            lifecycle.stop_requested.set()

    summary = run(RunOptions(**options(topic, output, limits=limits)), watch)
    assert summary["replacements"] >= 1
    assert summary["records_in"] == 10
    assert values(output) == Counter(str(number) for number in range(10))


@pytest.mark.integration
def test_permanent_error_ends_the_run_with_its_sentence(stack: Stack, tmp_path: Path) -> None:
    topic = Topic(stack.bootstrap_servers, partitions=2)
    topic.publish([b"one"], partition=0)
    code, _, errors = Supervisor(**options(topic, tmp_path / "out", "refuse", workers=2)).end()
    assert code == 1
    assert errors.splitlines()[-1] == "The templates are missing: run `newsclaims init`."


@pytest.mark.integration
def test_job_that_is_no_chain_does_not_start(stack: Stack, tmp_path: Path) -> None:
    topic = Topic(stack.bootstrap_servers)
    with pytest.raises(Permanent, match=r"'two' is or has a branch"):
        run(RunOptions(**options(topic, tmp_path / "out", "branch")), lambda _: None)


@pytest.mark.integration
def test_unknown_job_is_named(stack: Stack, tmp_path: Path) -> None:
    topic = Topic(stack.bootstrap_servers)
    with pytest.raises(Permanent, match=r"The job 'tests\.pipelines\.run\.jobs:nowhere'"):
        run(RunOptions(**options(topic, tmp_path / "out", "nowhere")), lambda _: None)


@pytest.mark.integration
def test_waiting_sink_is_shown_and_a_stop_ends_it_uncommitted(stack: Stack, tmp_path: Path) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.publish([b"one"])
    shown: list[list[str]] = []
    stopped_at: list[float] = []

    def watch(status: RunStatus) -> None:
        shown.append(status.waiting_for)
        if status.waiting_for == ["Elasticsearch"] and not stopped_at:
            stopped_at.append(time.monotonic())
            lifecycle.stop_requested.set()

    run(RunOptions(**options(topic, tmp_path / "out", "wait_for_server")), watch)
    assert ["Elasticsearch"] in shown
    assert time.monotonic() - stopped_at[0] < 10
    assert topic.committed() in ([None], [0])


@pytest.mark.integration
def test_workers_end_when_the_supervisor_is_killed(stack: Stack, tmp_path: Path) -> None:
    topic, output = Topic(stack.bootstrap_servers, partitions=2), tmp_path / "out"
    running = Supervisor(**options(topic, output, workers=2))
    topic.publish(numbers(4))
    eventually(lambda: len(lines(output)) == 4)
    workers = running.workers()
    assert len(workers) == 2
    running.process.kill()
    running.end()
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert alive == []
    assert topic.committed() == [2, 2]


@pytest.mark.integration
def test_missing_topic_is_named_before_any_worker_starts(stack: Stack, tmp_path: Path) -> None:
    topic = Topic(stack.bootstrap_servers)
    topic.name = "not-there"
    with pytest.raises(Permanent, match="The topic 'not-there' does not exist"):
        run(RunOptions(**options(topic, tmp_path / "out")), lambda _: None)


@pytest.mark.parametrize(("change", "message"), [({"workers": 0}, "workers is 0"), ({"consumer": {}}, "no group_id")])
def test_wrong_options_are_named(change: dict[str, Any], message: str) -> None:
    given = {"job": "a:b", "topic": "t", "consumer": {"group_id": "g"}, **change}
    with pytest.raises(Permanent, match=message):
        run(RunOptions(**given))


def test_status_line_tells_counts_rate_lag_and_what_is_waited_for() -> None:
    counts = {
        ("newsclaims_source_records_total", ("0",)): 1000.0,
        ("newsclaims_source_records_total", ("1",)): 200.0,
        ("newsclaims_claims_total", ("0",)): 3400.0,
        ("newsclaims_dead_letters_total", ("decode", "not_json", "0")): 2.0,
        ("newsclaims_dead_letters_total", ("decode", "empty_body", "0")): 3.0,
        ("newsclaims_sink_waiting", ()): 1.0,
    }
    status = RunStatus(values=counts, lag=56, rate=7.25)
    expected = "1,200 records in · 3,400 claims out · lag 56 · 7.2/s · 5 dead letters · waiting for Elasticsearch"
    assert status.line() == expected
    assert "lag unknown" in RunStatus().line()


def test_status_is_logged_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    log = StatusLog(clock=lambda: now)
    with caplog.at_level("INFO"):
        for _ in range(4):
            log(RunStatus())
            now += LOG_SECONDS / 2
    assert len(caplog.records) == 1
