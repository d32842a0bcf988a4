"""The runs of `newsclaims status`: who reads which partitions, with which lag, and what was counted."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from rich.console import Console

from deploy.monitoring.consumer_group import GroupState, WorkerShare
from deploy.monitoring.run_list import (
    COUNTERS,
    RunCounts,
    RunSamples,
    find_runs,
    find_samples,
    find_worker_counts,
    make_list,
)
from deploy.monitoring.run_table import format_partitions, render_runs
from deploy.settings import Settings
from schemas.operations.records import HealthSample
from tests.conftest import Stack
from tests.deploy.monitoring.condition_data import NOW, Index
from tests.pipelines.messages import message
from tests.pipelines.run.running import ROOT, command, emptied, eventually, json_of, send

ONE, TWO = "host-a:10", "host-b:20"
LAG = {0: 5, 1: 7, 2: 100, 3: 0}


def share(run: str, worker: str, *partitions: int) -> WorkerShare:
    return WorkerShare(run, worker, frozenset(partitions))


def written(records: int, seconds_ago: float = 5, **gauges: float) -> RunSamples:
    return RunSamples(NOW - timedelta(seconds=seconds_ago), RunCounts(records, 2 * records, 1, 0), gauges)


def sample(run: str, metric: str, value: float, seconds_ago: float, **more: str) -> HealthSample:
    at = NOW - timedelta(seconds=seconds_ago)
    return HealthSample(at=at, source="run", instance=run, metric=metric, value=value, **more)


def print_table(found: object) -> str:
    console = Console(width=140)
    with console.capture() as capture:
        console.print(found)
    return capture.get()


def test_each_worker_has_its_partitions_and_lag_and_each_run_its_counts() -> None:
    state = GroupState((share(ONE, "1", 1), share(TWO, "0", 2), share(ONE, "0", 0)))
    samples = {ONE: written(10), TWO: written(20, newsclaims_sink_waiting=1), "host-c:30": written(40, 600)}
    found = make_list("g", state, LAG, samples, NOW)
    one, two = found.runs
    assert [(each.worker, each.partitions, each.lag) for each in one.workers] == [("0", (0,), 5), ("1", (1,), 7)]
    assert (one.run, one.state, one.partitions, one.lag) == (ONE, "reading", (0, 1), 12)
    assert (two.run, two.state, two.partitions, two.lag) == (TWO, "waiting for Elasticsearch", (2,), 100)
    assert found.ended == RunCounts(40, 80, 1, 0), "a run that has ended counts in the sum"
    assert found.total == RunCounts(70, 140, 3, 0)
    assert (found.total_lag, found.unread) == (112, (3,))
    table = print_table(render_runs(found))
    for line in (
        "host-a:10    reading                    0-1          12",
        "  worker 1   reading                    1             7                0       0             0       0",
        "2 runs                                              112               70     140             3       0",
        "No run reads partition 3.",
    ):
        assert line in table


def test_states_of_runs_that_kafka_or_the_index_does_not_know() -> None:
    state = GroupState((share(ONE, "0", 0, 1, 2, 3),))
    silent = make_list("g", state, LAG, {ONE: written(1, 3600)}, NOW)
    assert [(run.state, run.counts.records) for run in silent.runs] == [("no samples", 1)]
    assert make_list("g", state, LAG, {}, NOW).runs[0].sampled_at is None
    unknown = make_list("g", GroupState(), LAG, {TWO: written(1)}, NOW)
    assert [(run.run, run.state) for run in unknown.runs] == [(TWO, "joining or ended")]
    assert "No run reads partition 0-3." in print_table(render_runs(unknown))
    flink = make_list("g", GroupState(), LAG, {TWO: written(1, newsclaims_flink_subtask_records=9)}, NOW)
    assert [run.state for run in flink.runs] == ["on Flink"]
    assert "No run reads" not in print_table(render_runs(flink)), "Flink does not join the group"
    paused = make_list("g", state, LAG, {ONE: written(1, newsclaims_source_waiting=1)}, NOW)
    assert paused.runs[0].state == "waiting for Kafka"


def test_each_worker_has_its_counts_and_state() -> None:
    state = GroupState((share(ONE, "10", 3), share(ONE, "9"), share(TWO, "0", 2)))
    counts = {ONE: {"10": RunCounts(6, 7), "9": RunCounts(3, 1), "2": RunCounts(0, 0, 0, 4)}}
    found = make_list("g", state, LAG, {ONE: written(10), TWO: written(20)}, NOW, counts)
    one, two = found.runs
    assert [(each.worker, each.state, each.counts) for each in one.workers] == [
        ("2", "not a member", RunCounts(0, 0, 0, 4)),
        ("9", "idle", RunCounts(3, 1)),
        ("10", "reading", RunCounts(6, 7)),
    ]
    assert one.counts.records == 10, "what has no worker is in the sum of the run"
    assert [each.counts for each in two.workers] == [RunCounts()]
    lines = print_table(render_runs(found)).splitlines()
    rows = {line.split("  ")[1]: line.split() for line in lines if line.startswith("  worker")}
    assert rows["worker 10"] == ["worker", "10", "reading", "3", "0", "6", "7", "0", "0"]
    assert rows["worker 2"] == ["worker", "2", "not", "a", "member", "0", "0", "0", "4"]


def test_subtasks_on_flink_are_workers() -> None:
    counts = {TWO: {"0": RunCounts(1), "1": RunCounts(2)}}
    samples = {TWO: written(3, newsclaims_flink_subtask_records=9)}
    (flink,) = make_list("g", GroupState(), LAG, samples, NOW, counts).runs
    assert [(each.state, each.counts.records) for each in flink.workers] == [("on Flink", 1), ("on Flink", 2)]


def test_neighbouring_partitions_are_a_range() -> None:
    assert [format_partitions(numbers) for numbers in ((), (4,), (0, 1, 2), (0, 2, 3, 9))] == [
        "", "4", "0-2", "0, 2-3, 9",
    ]  # fmt: skip


def test_unreachable_server_is_a_sentence() -> None:
    settings = Settings.load({"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "ELASTICSEARCH_URL": "http://127.0.0.1:1"})
    found = find_runs(settings, datetime.now(UTC))
    assert "127.0.0.1:1" in found.problem
    assert "The runs are unknown: " in print_table(render_runs(found))


@pytest.mark.integration
def test_counters_are_added_up_and_the_latest_gauge_counts(index: Index) -> None:
    index.write(
        *(sample(ONE, metric, value, ago) for metric in COUNTERS.values() for value, ago in ((2, 3600), (3, 10))),
        sample(ONE, COUNTERS["records"], 1000, 100_000),  # more than a day ago
        sample(ONE, COUNTERS["dead_letters"], 4, 10, reason="invalid", step="decode"),
        sample(ONE, "newsclaims_sink_waiting", 0, 30),
        sample(ONE, "newsclaims_sink_waiting", 1, 10),
        sample(TWO, "newsclaims_sink_waiting", 1, 30),
        sample(TWO, "newsclaims_sink_waiting", 0, 10),
    )
    found = find_samples(index.client, NOW)
    assert found[ONE] == RunSamples(
        NOW.replace(microsecond=250_000) - timedelta(seconds=10), RunCounts(5, 5, 9, 5), {"newsclaims_sink_waiting": 1}
    )
    assert found[TWO].gauges == {"newsclaims_sink_waiting": 0}


@pytest.mark.integration
def test_counters_are_added_up_by_worker(index: Index) -> None:
    records, dead = COUNTERS["records"], COUNTERS["dead_letters"]
    index.write(
        *(sample(ONE, records, value, ago, worker="0") for value, ago in ((2, 3600), (3, 10), (1000, 100_000))),
        sample(ONE, records, 7, 20, worker="11"),
        sample(ONE, records, 90, 40),  # of an earlier release
        *(sample(ONE, dead, 1, 10, worker="11", reason=reason, step="decode") for reason in ("invalid", "not_json")),
        sample(ONE, "newsclaims_worker_memory_bytes", 5, 10, worker="0"),
        sample(TWO, records, 1, 10, worker="0"),
    )
    assert find_worker_counts(index.client, [ONE], NOW) == {ONE: {"0": RunCounts(5), "11": RunCounts(7, 0, 2)}}
    assert find_worker_counts(index.client, [], NOW) == {}
    assert find_samples(index.client, NOW)[ONE].counts == RunCounts(102, 0, 2), "the sum has all"


@pytest.mark.integration
def test_no_samples_before_init(prepared: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.monitoring.run_list.HEALTH", type("Missing", (), {"name": "not-there"}))
    assert find_samples(prepared, NOW) == {}
    assert find_worker_counts(prepared, [ONE], NOW) == {}


@pytest.fixture
def two_runs(stack: Stack, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two supervisors on one machine, with one worker each."""
    send(emptied(stack), *(message(number) for number in range(6)), key=b"a")
    runs = []
    with (tmp_path / "log").open("ab") as log:
        for name in ("one", "two"):
            environ = {**os.environ, **stack.environ, "PYTHONPATH": str(ROOT)}
            (tmp_path / name).mkdir()
            runs.append(subprocess.Popen([sys.executable, "-m", "newsclaims", "run"], env=environ,
                                         cwd=tmp_path / name, stdout=log, stderr=log))  # fmt: skip
    yield runs
    for run in runs:
        run.send_signal(signal.SIGTERM)
    for run in runs:
        run.wait(60)


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_status_shows_two_runs_of_one_machine(stack: Stack, two_runs: list[subprocess.Popen[bytes]]) -> None:
    def look() -> dict[str, object] | None:
        # A run writes its samples every 10 s: claims may be counted in a later one than their records.
        found = json_of(command(stack, "status", "--json"))["runs"]
        shown = [len(run["partitions"]) for run in found["runs"]]
        is_counted = found["total"]["records"] == 6 and found["total"]["claims"] > 0
        return found if shown == [2, 2] and is_counted and not found["total_lag"] else None

    found = eventually(look)
    names = {f"{os.uname().nodename}:{run.pid}" for run in two_runs}
    assert {run["run"] for run in found["runs"]} == names
    assert {run["state"] for run in found["runs"]} == {"reading"}
    assert found["unread"] == []
    for run in found["runs"]:
        assert [(each["worker"], each["counts"]) for each in run["workers"]] == [("0", run["counts"])]
    answer = command(stack, "status")
    assert answer.returncode == 0
    assert "2 runs" in answer.stdout, json.dumps(found)
