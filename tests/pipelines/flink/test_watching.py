"""What a run reads from Flink about its job."""

import pytest
from pytest_httpserver import HTTPServer

from pipelines.flink.rest import FlinkCluster, FlinkRefused, FlinkUnreachable
from pipelines.flink.watching import JobWatch, explain_failure
from schemas.errors import Permanent, TooManyDeadLetters
from tests.pipelines.flink.fake_flink import LOST, RAISED, FakeFlink, FakeJob

RECORDS = ("newsclaims_source_records_total", ())
WAITING = ("newsclaims_sink_waiting", ())


@pytest.fixture
def flink(httpserver: HTTPServer) -> FakeFlink:
    made = FakeFlink(httpserver)
    made.jobs["j1"] = FakeJob()
    return made


@pytest.fixture
def watch(flink: FakeFlink) -> JobWatch:
    return JobWatch(FlinkCluster(flink.url), "j1")


def test_job_is_read_with_its_counters_by_subtask(flink: FakeFlink, watch: JobWatch) -> None:
    names = [f"{subtask}.3read.newsclaims.newsclaims_source_records_total" for subtask in (0, 1)]
    flink.jobs["j1"].counters = {names[0]: 30, names[1]: 12, "0.numRecordsIn": 99,
                                 "1.x.newsclaims.newsclaims_sink_waiting": 1000}  # fmt: skip
    flink.jobs["j1"].completed, flink.jobs["j1"].path = 3, "file:///chk-3"
    view = watch.update()
    assert (view.state, view.parallelism, view.running) == ("RUNNING", 2, 2)
    assert (view.checkpoint_path, view.checkpoint_bytes, view.completed) == ("file:///chk-3", 1000, 3)
    assert view.subtask_records == (30, 12)
    assert watch.values == {(RECORDS[0], ("0",)): 30, (RECORDS[0], ("1",)): 12, WAITING: 1}


def test_many_long_names_are_read_in_several_requests(flink: FakeFlink, watch: JobWatch) -> None:
    flink.jobs["j1"].counters = {
        f"0.{'operator' * 20}.newsclaims_records_total-step{number}-ok": 1 for number in range(100)
    }
    watch.update()
    assert sum(watch.values.values()) == 100


def test_sums_go_on_when_a_subtask_starts_again(watch: JobWatch) -> None:
    watch.add_counters({(0, RECORDS): 10, (1, RECORDS): 20})
    watch.add_counters({(1, RECORDS): 25})
    assert watch.values[RECORDS] == 35, "what is not there at one moment is not lost"
    watch.add_counters({(0, RECORDS): 1, (1, RECORDS): 2})
    assert watch.values[RECORDS] == 38
    watch.add_counters({(0, RECORDS): 4, (1, RECORDS): 2})
    assert watch.values[RECORDS] == 41


def test_gauge_is_the_worst_of_all_subtasks(watch: JobWatch) -> None:
    watch.add_counters({(0, WAITING): 1, (1, WAITING): 0})
    assert watch.values[WAITING] == 1
    watch.add_counters({(0, WAITING): 0, (1, WAITING): 0})
    assert watch.values[WAITING] == 0


@pytest.mark.parametrize("kind", [Permanent, TooManyDeadLetters])
def test_our_errors_are_found_in_a_stack_trace(kind: type[Permanent]) -> None:
    found = explain_failure(RAISED.format(kind=kind.__name__, message="The index is read-only."))
    assert (found.kind, found.message, found.is_ours) == (kind, "The index is read-only.", True)


def test_error_that_a_restart_repairs_is_not_permanent() -> None:
    found = explain_failure(RAISED.format(kind="Retryable", message="Kafka went away."))
    assert (found.kind, found.message, found.is_ours) == (None, "Kafka went away.", True)


def test_lost_machine_is_not_our_failure() -> None:
    found = explain_failure(LOST)
    assert (found.kind, found.is_ours) == (None, False)
    assert "tm2 is no longer reachable" in found.message


def test_failure_is_taken_once_and_ours_goes_first(flink: FakeFlink, watch: JobWatch) -> None:
    now = 2**50
    flink.jobs["j1"].exceptions = [
        (1, RAISED.format(kind="Permanent", message="Of an earlier run.")),
        (now, RAISED.format(kind="Permanent", message="Refused.")), (now + 1, LOST),
    ]  # fmt: skip
    found = watch.take_failure()
    assert found is not None
    assert (found.kind, found.message) == (Permanent, "Refused.")
    assert watch.take_failure() is None


def test_cluster_that_does_not_answer_and_one_that_refuses_differ(flink: FakeFlink, watch: JobWatch) -> None:
    flink.is_down = True
    with pytest.raises(FlinkUnreachable, match="status 503"):
        watch.update()
    flink.is_down = False
    flink.jobs.clear()
    with pytest.raises(FlinkRefused, match="Job could not be found") as refused:
        watch.update()
    assert refused.value.status == 404
    with pytest.raises(FlinkUnreachable, match="does not answer"):
        FlinkCluster("http://127.0.0.1:9").find_jobs("x")


def test_answer_that_is_not_flinks_is_one_sentence(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/jobs/overview").respond_with_data("<html>Welcome</html>")
    with pytest.raises(Permanent, match="does not look like Flink"):
        FlinkCluster(httpserver.url_for("").rstrip("/")).find_jobs("x")
