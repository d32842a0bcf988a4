"""A run on Flink from the client's side, against a Flink in memory."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from deploy.settings.flink import FlinkSettings
from pipelines import lifecycle
from pipelines.flink import runner, stopping
from pipelines.flink.options import FlinkOptions
from pipelines.flink.orders import SubmitAnswer, SubmitOrder
from pipelines.flink.rest import FlinkCluster
from pipelines.flink.resume_points import ResumeFile, ResumePoint
from pipelines.flink.status import FlinkStatus
from pipelines.run.supervisor import RunOptions
from schemas.errors import Permanent, TooManyDeadLetters
from tests.pipelines.flink.fake_flink import LOST, RAISED, FakeFlink, FakeJob

SAVEPOINT = "s3://bucket/savepoint-1"
CHECKPOINT = "s3://bucket/j/chk-3"
SOON = 2**50
Act = Callable[[FlinkStatus], None]


class Run:
    """A run of the client. Each submission adds a job to the fake cluster; `act` gets every status."""

    def __init__(self, flink: FakeFlink, folder: Path) -> None:
        self.flink = flink
        self.file = ResumeFile(folder / "resume.json")
        self.orders: list[SubmitOrder] = []
        self.answers: list[SubmitAnswer] = []
        self.states: list[str] = []
        self.statuses: list[FlinkStatus] = []
        self.new_job: Callable[[], FakeJob] = FakeJob

    def submit(self, order: SubmitOrder) -> "Run":
        self.orders.append(order)
        if not self.answers:
            self.flink.jobs[f"j{len(self.flink.jobs) + 1}"] = self.new_job()
        return self

    def find_error(self) -> SubmitAnswer | None:
        return self.answers.pop(0) if self.answers else None

    def close(self) -> None: ...

    @property
    def job(self) -> FakeJob:
        return list(self.flink.jobs.values())[-1]

    def run(self, act: Act, **options: Any) -> dict[str, Any]:
        settings = {"kafka": {"sasl_plain_password": "secret"}, "buckets": {}}
        job = RunOptions(
            job="x:y", topic="raw-articles", consumer={"group_id": "g"}, settings=settings,
            workers=options.pop("workers", 2),
        )  # fmt: skip
        flink = FlinkSettings(url=self.flink.url)
        given = FlinkOptions(run=job, flink=flink, name="newsclaims newsclaims", resume_file=self.file.path, **options)

        def watch(status: Any) -> None:
            self.statuses.append(status)
            if not status.is_last:
                act(status)

        return runner._Runner(given, FlinkCluster(self.flink.url), [watch]).run()


class NoLag:
    """A lag meter without Kafka."""

    def __init__(self, *_: Any) -> None: ...

    def measure(self, _wait_seconds: float = -1) -> dict[int, int]:
        return {0: 0}

    def close(self) -> None: ...


@pytest.fixture
def run(httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    flink = FakeFlink(httpserver)
    flink.savepoint = SAVEPOINT
    made = Run(flink, tmp_path)
    monkeypatch.setattr(runner, "Submission", made.submit)
    monkeypatch.setattr(runner, "LagMeter", NoLag)
    for name in ("STEP_SECONDS", "RETRY_SECONDS"):
        monkeypatch.setattr(runner, name, 0.01)
    monkeypatch.setattr(stopping, "CANCEL_SECONDS", 2.0)
    lifecycle.stop_requested.clear()
    yield made
    lifecycle.stop_requested.clear()


def stop_when_running(status: FlinkStatus) -> None:
    if status.state == "RUNNING":
        lifecycle.stop_requested.set()


def test_stop_takes_a_savepoint_which_the_next_run_restores_with_another_parallelism(run: Run) -> None:
    run.run(stop_when_running)
    assert run.job.state == "FINISHED"
    assert run.file.read() == ResumePoint(path=SAVEPOINT, job="j1")
    lifecycle.stop_requested.clear()
    run.run(stop_when_running, workers=4)
    assert [(order.restore, order.parallelism) for order in run.orders] == [(None, 2), (SAVEPOINT, 4)]


def test_order_has_names_instead_of_passwords(run: Run) -> None:
    run.run(stop_when_running)
    assert "secret" not in repr(run.orders)
    assert run.orders[0].settings == {
        "buckets": {}, "memory": "recurring-lines.bin", "watches": "watches.yaml", "watches_kept": "watches-kept.json",
    }  # fmt: skip


def test_savepoint_that_fails_leaves_the_last_checkpoint(run: Run) -> None:
    run.flink.savepoint = None
    run.new_job = lambda: FakeJob(completed=3, path=CHECKPOINT)

    def act(status: FlinkStatus) -> None:
        if status.checkpoint_bytes:
            lifecycle.stop_requested.set()

    run.run(act)
    assert run.job.state == "CANCELED"
    assert run.file.read() == ResumePoint(path=CHECKPOINT, job="j1")


def test_client_that_was_killed_finds_its_job(run: Run) -> None:
    run.flink.jobs = {"old": FakeJob(state="FAILED"), "j1": FakeJob(), "other": FakeJob(name="another")}
    run.run(stop_when_running)
    assert run.orders == []
    assert run.flink.jobs["j1"].state == "FINISHED"
    assert run.flink.jobs["other"].state == "RUNNING"


def test_job_that_runs_is_rescaled(run: Run) -> None:
    run.flink.jobs = {"j1": FakeJob(parallelism=2)}
    run.new_job = lambda: FakeJob(parallelism=4)

    def act(status: FlinkStatus) -> None:
        if run.orders and status.state == "RUNNING":
            lifecycle.stop_requested.set()

    run.run(act, workers=4)
    assert [(order.restore, order.parallelism) for order in run.orders] == [(SAVEPOINT, 4)]


def test_job_that_the_cluster_forgot_continues_from_its_checkpoint(run: Run) -> None:
    run.new_job = lambda: FakeJob(completed=3, path=CHECKPOINT)

    def act(status: FlinkStatus) -> None:
        if len(run.orders) == 1 and status.checkpoint_bytes:
            run.flink.jobs = {"unrelated": FakeJob(name="another")}
        elif len(run.orders) == 2 and status.state == "RUNNING":
            lifecycle.stop_requested.set()

    run.run(act)
    assert [order.restore for order in run.orders] == [None, CHECKPOINT]


@pytest.mark.parametrize("kind", [Permanent, TooManyDeadLetters])
def test_error_that_a_restart_does_not_repair_ends_the_run(run: Run, kind: type[Permanent]) -> None:
    run.new_job = lambda: FakeJob(
        restarts=1, exceptions=[(SOON, RAISED.format(kind=kind.__name__, message="The index is gone."))]
    )
    with pytest.raises(kind, match="The index is gone") as raised:
        run.run(lambda _status: None)
    assert type(raised.value) is kind
    assert run.job.state == "CANCELED"
    assert run.statuses[-1].is_last


def test_failures_in_a_row_end_the_run_and_a_checkpoint_between_resets_them(run: Run) -> None:
    failure = RAISED.format(kind="Retryable", message="Kafka went away.")

    def act(status: FlinkStatus) -> None:
        if status.state == "RUNNING" and run.job.restarts < 20:
            run.job.restarts += 1
            run.job.completed += run.job.restarts < 10
            run.job.exceptions = [(SOON + run.job.restarts, failure)]

    with pytest.raises(Permanent, match=r"failed 5 times in a row.*Kafka went away"):
        run.run(act)
    assert 13 <= run.job.restarts <= 15


def test_lost_machines_never_end_the_run(run: Run) -> None:
    def act(status: FlinkStatus) -> None:
        if status.state == "RUNNING":
            run.job.restarts += 1
            run.job.exceptions = [(SOON + run.job.restarts, LOST)]
            if run.job.restarts > 12:
                lifecycle.stop_requested.set()

    assert run.run(act)["deaths"] >= 12


def test_checkpoint_beyond_the_limit_starts_the_job_afresh(run: Run) -> None:
    sizes = iter([3_000_000])
    run.new_job = lambda: FakeJob(completed=1, path=CHECKPOINT, size=next(sizes, 10_000))

    def act(status: FlinkStatus) -> None:
        if status.replacements and status.state == "RUNNING":
            lifecycle.stop_requested.set()

    assert run.run(act, checkpoint_megabytes=2)["replacements"] == 1
    assert [order.restore for order in run.orders] == [None, None]


def test_state_that_cannot_be_restored_is_left_unless_it_was_named(run: Run) -> None:
    run.file.write(ResumePoint(path=CHECKPOINT, job="j0"))
    run.new_job = lambda: FakeJob(
        state="FAILED" if run.orders[-1].restore else "RUNNING", exceptions=[(SOON, "FileNotFoundException: chk-3")]
    )
    run.run(stop_when_running)
    assert [order.restore for order in run.orders] == [CHECKPOINT, None]
    lifecycle.stop_requested.clear()
    with pytest.raises(Permanent, match="could not be restored from s3://bucket/savepoint-9: FileNotFound"):
        run.run(lambda _status: None, restore="s3://bucket/savepoint-9")


def test_job_server_that_does_not_answer_is_waited_for(run: Run) -> None:
    run.answers = [SubmitAnswer(state="UNREACHABLE", error="no answer")] * 2
    run.run(stop_when_running)
    assert len(run.orders) == 2 or len(run.orders) == 3
    assert any("Flink's job server" in status.waiting_for for status in run.statuses)


def test_refused_submission_ends_the_run(run: Run) -> None:
    run.answers = [SubmitAnswer(state="REFUSED", error="The job has a branch.")]
    with pytest.raises(Permanent, match="has a branch"):
        run.run(lambda _status: None)


def test_cluster_that_does_not_answer_is_waited_for(run: Run) -> None:
    def act(status: FlinkStatus) -> None:
        if status.state == "RUNNING":
            run.flink.is_down = len(run.statuses) < 20
            if "Flink" in status.waiting_for:
                run.flink.is_down = False
                lifecycle.stop_requested.set()

    run.run(act)
    assert run.file.read() == ResumePoint(path=SAVEPOINT, job="j1")


def test_job_that_somebody_cancelled_ends_the_run(run: Run) -> None:
    def act(status: FlinkStatus) -> None:
        if status.state == "RUNNING":
            run.job.state = "CANCELED"

    with pytest.raises(Permanent, match="was cancelled in Flink"):
        run.run(act)


def test_cluster_without_a_directory_for_savepoints_is_refused(run: Run) -> None:
    run.flink.config = {}
    with pytest.raises(Permanent, match="set FLINK_SAVEPOINTS"):
        run.run(lambda _status: None)


def test_start_elsewhere_is_refused_while_the_job_runs(run: Run) -> None:
    run.flink.jobs = {"j1": FakeJob()}
    with pytest.raises(Permanent, match="stop it first"):
        run.run(lambda _status: None, restore="none")


def test_status_line_and_metrics_have_what_only_flink_has() -> None:
    status = FlinkStatus(state="RESTARTING", deaths={"": 2}, checkpoint_bytes=1_250_000, subtask_records=(3, 4))
    assert status.line().endswith("waiting for Flink (restarting) · 2 restarts · checkpoint 1.2 MB")
    assert status.metrics()["newsclaims_flink_subtask_records", ("1",)] == 4
    assert FlinkStatus(state="RUNNING").waiting_for == []
