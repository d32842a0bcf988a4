"""The health of a run in the real Elasticsearch: its counts add up, even if workers die."""

import json
import re
import signal
import urllib.request
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from socket import create_server
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families

import deploy
from deploy.monitoring.exposition import HealthCheck
from pipelines.run.health import RunHealth, record_health
from pipelines.run.options import make_run_options
from pipelines.run.status import RunStatus
from pipelines.run.supervisor import RunLimits
from pipelines.run.supervisor import run as supervise
from pipelines.text.rules_version import RULES_VERSION
from schemas.metrics import METRICS
from schemas.operations.records import HealthSample
from tests.conftest import Stack, free_ports
from tests.pipelines.messages import BROKEN, message
from tests.pipelines.run.running import Gate, command, count, documents, emptied, eventually, running, send

WATCHES = str(Path(deploy.__file__).parent / "config" / "watches.yaml")

NEED_A_FAILURE = {
    "newsclaims_source_lost_total",
    "newsclaims_commit_failures_total",
    "newsclaims_worker_deaths_total",
    "newsclaims_fenced_total",
    "newsclaims_sink_waiting_reason",
    "newsclaims_alert",
    "newsclaims_retention_started",
    "newsclaims_retention_runs_total",
    "newsclaims_retention_documents_total",
    "newsclaims_assertion_passes_total",
    "newsclaims_assertions_age_seconds",
}
"""Metrics that a run without a failure, and a monitor that looks once, have no sample of."""

OF_FLINK = {name for name in METRICS if name.startswith("newsclaims_flink_")}
"""Metrics that only a run on a Flink cluster has."""

STEPS = ("decode", "normalize", "language", "mentions", "claims", "claimants", "watches", "documents", "write")


def samples(stack: Stack, metric: str, **term: object) -> list[dict[str, Any]]:
    return documents(stack, "health", metric=metric, **term)


def total(stack: Stack, metric: str, **term: object) -> float:
    return sum(sample["value"] for sample in samples(stack, metric, **term))


def by(stack: Stack, metric: str, *labels: str, **term: object) -> Counter[tuple[str, ...]]:
    """The sums of a metric's samples by labels."""
    found: Counter[tuple[str, ...]] = Counter()
    for sample in samples(stack, metric, **term):
        found[tuple(sample[label] for label in labels)] += sample["value"]
    return found


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_samples_add_up_to_what_was_done_though_workers_are_replaced(stack: Stack) -> None:
    total_articles = 400
    body = "Town {}: about 3,000 volunteers came, the port authority said. The mayor denied that 12 boats were lost."
    send(emptied(stack), BROKEN["prose"][0], *(message(n, body=body.format(n)) for n in range(total_articles)))
    options = make_run_options(stack.settings, until_caught_up=True, limits=RunLimits(bundles=3))
    with record_health(stack.settings, every=1.0) as watch:
        summary = supervise(
            replace(options, idle_seconds=0.1, report_seconds=0.1, bundle_records=100), lambda _: None, watch
        )
    assert summary["replacements"] >= 1
    assert summary["records_in"] == total_articles + 1
    outcomes = by(stack, "newsclaims_records_total", "step", "outcome")
    assert outcomes["decode", "ok"] == outcomes["claims", "ok"] == total_articles
    assert outcomes["write", "written"] == total_articles
    assert outcomes["decode", "failed"] == outcomes["write", "dead_letter"] == 1
    assert by(stack, "newsclaims_dead_letters_total", "reason") == {("not_json",): 1}
    assert total(stack, "newsclaims_source_records_total") == summary["records_in"]
    assert total(stack, "newsclaims_claims_total") == count(stack, "claims") == summary["claims_out"]
    assert total(stack, "newsclaims_worker_replacements_total") == summary["replacements"]
    timed = by(stack, "newsclaims_step_seconds", "step", quantile="count")
    assert timed["decode",] == timed["write",] == total_articles + 1
    assert [timed[step,] for step in STEPS[1:-1]] == [total_articles] * 7
    assert total(stack, "newsclaims_age_at_write_seconds", quantile="count") == total_articles
    assert total(stack, "newsclaims_message_bytes", quantile="count") == total_articles + 1
    medians = samples(stack, "newsclaims_message_bytes", quantile="0.5")
    assert all(0 < median["value"] < 1000 for median in medians)
    assert all(sample["value"] > 0 for sample in samples(stack, "newsclaims_bundle_seconds", quantile="0.95"))
    assert max(sample["value"] for sample in samples(stack, "newsclaims_worker_memory_bytes")) > 50e6
    assert {sample["value"] for sample in samples(stack, "newsclaims_sink_waiting")} == {0}
    assert {(sample["source"], sample["at"][-1]) for sample in documents(stack, "health")} == {("run", "Z")}
    # And every declared metric is reported.
    assert command(stack, "monitor", "--once").returncode == 0
    told = {sample["metric"] for sample in documents(stack, "health")}
    assert set(METRICS) - told <= NEED_A_FAILURE | OF_FLINK
    assert told <= set(METRICS)


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_new_rules_and_new_watches_are_told_once(stack: Stack, tmp_path: Path) -> None:
    emptied(stack)
    file = tmp_path / "watches.yaml"

    def told() -> list[str]:
        events = samples(stack, "newsclaims_rules_changed")
        return [event["detail"] for event in sorted(events, key=lambda event: event["at"])]

    for _ in range(2):
        assert command(stack, "run", "--until-caught-up", NEWSCLAIMS_WATCHES=WATCHES).returncode == 0
    (first,) = told()
    assert re.fullmatch(rf"rules {re.escape(RULES_VERSION)}, watches [a-z, -]+ \([0-9a-f]{{8}}\)", first)
    file.write_text("watches: {}")
    with running(stack, NEWSCLAIMS_WATCHES=str(file)):
        eventually(lambda: told()[1:] == [f"rules {RULES_VERSION}, no watches"])
        file.write_text("watches:\n  harbour:\n    title: Harbours\n    words: [port authority]\n")
        # A worker looks at the file when an article comes.
        eventually(lambda: send(stack, message(1)) or len(told()) == 3)
    assert told()[2].startswith(f"rules {RULES_VERSION}, watches harbour (")


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_run_that_is_stopped_tells_what_it_did_last(stack: Stack) -> None:
    with running(emptied(stack)) as process:
        send(stack, message(1))
        eventually(lambda: count(stack, "articles", refresh=False) == 1)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert by(stack, "newsclaims_records_total", "step", "outcome")["write", "written"] == 1
    assert min(sample["value"] for sample in samples(stack, "newsclaims_workers")) == 0


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_run_serves_its_metrics_and_waits_in_good_health(stack: Stack) -> None:
    emptied(stack)
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    address = urlsplit(stack.elasticsearch_url)
    gate = Gate(address.hostname or "", address.port or 0)
    gate.open()

    def says() -> dict[str, Any]:
        with urllib.request.urlopen(f"{url}/healthz") as answer:
            return dict(json.load(answer))

    with running(stack, "--metrics-port", port, ELASTICSEARCH_URL=f"http://127.0.0.1:{gate.port}"):
        send(stack, message(1), BROKEN["prose"][0])
        eventually(lambda: count(stack, "articles", refresh=False) == 1)

        def exposed() -> dict[tuple[str, str], float]:
            with urllib.request.urlopen(f"{url}/metrics") as answer:
                families = list(text_string_to_metric_families(answer.read().decode()))
            return {
                (sample.name, ",".join(sorted(sample.labels.values()))): sample.value
                for family in families
                for sample in family.samples
            }

        eventually(lambda: exposed().get(("newsclaims_dead_letters_total", "0,decode,not_json")) == 1)
        eventually(lambda: exposed().get(("newsclaims_step_seconds_count", "write")) == 2)
        assert exposed()["newsclaims_workers", ""] == 1
        assert says()["status"] == "ok"
        gate.close()
        send(stack, message(2))
        eventually(lambda: says()["waiting_for"] == ["Elasticsearch (unreachable)"])
        assert says()["status"] == "waiting"
        gate.open()
        eventually(lambda: count(stack, "articles") == 2)
    gate.close()


@pytest.mark.integration
def test_metrics_port_that_is_taken_is_one_sentence(stack: Stack) -> None:
    with closing(create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        run = command(stack, "run", "--until-caught-up", "--metrics-port", port)
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == (
        f"newsclaims: Port {port} of 127.0.0.1 is taken: choose another with --metrics-port or --metrics-host"
    )


def test_run_is_in_good_health_until_no_status_comes_any_more() -> None:
    times = [0.0]
    watch = RunHealth(list, clock=lambda: times[-1])
    assert watch.verdict() == HealthCheck(True, {"status": "starting", "waiting_for": [], "workers": 0, "lag": None})
    times.append(60.0)
    assert watch.verdict().details["status"] == "starting"
    watch(RunStatus(seconds=1.0, workers=2, lag=7, values={("newsclaims_sink_waiting", ()): 1.0}))
    assert watch.verdict().details == {"status": "waiting", "waiting_for": ["Elasticsearch"], "workers": 2, "lag": 7}
    reasons = {("newsclaims_sink_waiting_reason", (name,)): on for name, on in {"busy": 0.0, "blocked": 1.0}.items()}
    watch(RunStatus(seconds=1.0, values={("newsclaims_sink_waiting", ()): 1.0, **reasons}))
    assert watch.verdict().details["waiting_for"] == ["Elasticsearch (blocked)"]
    times.append(91.0)
    assert (watch.verdict().ok, watch.verdict().details["status"]) == (False, "stuck")


def test_samples_come_every_few_seconds_and_with_the_last_status() -> None:
    times = [0.0]
    noted: list[HealthSample] = []
    watch = RunHealth(
        noted.extend, every=10.0, clock=lambda: times[-1], now=lambda: datetime.fromtimestamp(times[-1], UTC)
    )
    polls = ("newsclaims_polls_total", ())
    for seconds, done, is_last in ((1.0, 5.0, False), (9.9, 8.0, False), (10.0, 9.0, False), (12.5, 11.0, True)):
        times.append(seconds)
        watch(RunStatus(values={polls: done}, workers=1, is_last=is_last))
    told = [(sample.value, sample.seconds) for sample in noted if sample.metric == "newsclaims_polls_total"]
    assert told == [(9, 10), (2, 2.5)]
    assert {sample.metric for sample in noted} <= set(METRICS)
