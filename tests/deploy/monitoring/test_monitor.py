"""`newsclaims monitor` on the real servers: what it measures, writes and serves, also while a server is unreachable."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from socket import create_server
from typing import Any
from urllib.parse import urlsplit

import pytest
from elasticsearch import Elasticsearch
from prometheus_client.parser import text_string_to_metric_families

from deploy.monitoring.exposition import HealthCheck, MetricsServer
from deploy.monitoring.monitor import Monitor, parse_interval
from deploy.settings import Settings
from pipelines import counters
from schemas.alerts import ALERTS
from schemas.codec import make_document
from schemas.elasticsearch.indices import FAMILIES, FEEDS
from schemas.errors import Permanent
from schemas.metrics import METRICS
from schemas.operations.records import FeedHealth
from tests.conftest import Stack, free_ports
from tests.pipelines.messages import message
from tests.pipelines.run.running import Gate, command, count, documents, emptied, eventually, json_of, send


@pytest.fixture
def gate(stack: Stack) -> Iterator[Gate]:
    """An open gate in front of Elasticsearch."""
    address = urlsplit(stack.elasticsearch_url)
    gate = Gate(address.hostname or "", address.port or 0)
    gate.open()
    yield gate
    gate.close()


def get(url: str) -> tuple[int, str]:
    """Returns status and body of a response."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def check_health(url: str) -> tuple[int, dict[str, Any]]:
    """Returns the response of `/healthz`."""
    status, body = get(f"{url}/healthz")
    return status, json.loads(body)


def scrape(url: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    """Returns the samples at `/metrics` by their names, as Prometheus reads them."""
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(get(f"{url}/metrics")[1]):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


@contextmanager
def monitoring(stack: Stack, *arguments: object, **environ: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Runs `newsclaims monitor` in the background. Yields its address."""
    (port,) = free_ports(1)
    process = subprocess.Popen(
        [sys.executable, "-m", "newsclaims", "monitor", "--port", str(port), *map(str, arguments)],
        env={**os.environ, **stack.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"

    def listens() -> bool:
        assert process.poll() is None, process.communicate()
        try:
            return bool(get(f"{url}/healthz")[0])
        except OSError:
            return False

    try:
        eventually(listens)
        yield url, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def by_metric(samples: list[dict[str, Any]], metric: str) -> dict[tuple[str, ...], float]:
    """Returns the samples of a metric by their labels."""
    labels = METRICS[metric].labels
    return {tuple(one[label] for label in labels): one["value"] for one in samples if one["metric"] == metric}


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_lag_age_and_sizes_before_and_after_a_run(stack: Stack) -> None:
    send(emptied(stack), *(message(number) for number in range(5)), key=b"a")
    send(stack, *(message(number) for number in range(5, 7)), key=b"b2")
    before = json_of(command(stack, "monitor", "--once", "--json"))
    assert before["problems"] == {}
    lags = by_metric(before["samples"], "newsclaims_consumer_lag_records")
    assert sorted(lags.values()) == [0, 0, 2, 5]
    ages = by_metric(before["samples"], "newsclaims_oldest_unprocessed_seconds")
    assert {labels: age > 0 for labels, age in ages.items()} == {labels: lag > 0 for labels, lag in lags.items()}
    assert max(ages.values()) < 300
    sizes = by_metric(before["samples"], "newsclaims_index_documents")
    assert sizes == {(alias,): 0 for alias in FAMILIES}
    assert by_metric(before["samples"], "newsclaims_assertions_age_seconds") == {}
    assert command(stack, "run", "--until-caught-up").returncode == 0
    assert count(stack, "articles") == 7
    assert command(stack, "assertions", "refresh").returncode == 0
    assert command(stack, "monitor", "--once").returncode == 0
    stored = documents(stack, "health", source="monitor")
    after = [one for one in stored if one["at"] == max(one["at"] for one in stored)]
    assert len({one["at"] for one in stored}) == 2
    for metric in ("newsclaims_consumer_lag_records", "newsclaims_oldest_unprocessed_seconds"):
        assert set(by_metric(after, metric).values()) == {0}
    ends = by_metric(after, "newsclaims_topic_end_offset")
    assert sum(end for (topic, _), end in ends.items() if topic == "raw-articles") == 7
    assert by_metric(after, "newsclaims_index_documents")["articles",] == 7
    assert by_metric(after, "newsclaims_index_documents")["health",] > 50
    assert by_metric(after, "newsclaims_index_bytes")["claims",] > 1000
    assert 0 < by_metric(after, "newsclaims_index_freshness_seconds")["claims",] < 300
    assert 0 < by_metric(after, "newsclaims_assertions_age_seconds")[()] < 300
    assert by_metric(after, "newsclaims_server_up") == {("kafka",): 1, ("elasticsearch",): 1}
    assert 0 < by_metric(after, "newsclaims_elasticsearch_heap_share")[()] < 1
    assert {alert for alert, _ in by_metric(after, "newsclaims_condition")} == set(ALERTS)


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_alert_begins_once_however_soon_the_next_round_comes(stack: Stack) -> None:
    send(emptied(stack), message(1, fetched_at="2024-11-05T08:00:00Z"))
    assert command(stack, "run", "--until-caught-up").returncode == 0
    assert count(stack, "articles") == 1
    rounds = Monitor(stack.settings, list)
    with Elasticsearch(stack.elasticsearch_url) as client:
        first, second = (by_metric(found.make_report()["samples"], "newsclaims_alert") for found in
                         (rounds.run_round(client), rounds.run_round(client)))  # fmt: skip
    assert list(first) == [("no_articles", "")]
    assert second == {}
    assert rounds.find_values()["newsclaims_condition", ("no_articles", "")] > ALERTS["no_articles"].threshold


@pytest.mark.integration
def test_once_shows_tables(stack: Stack) -> None:
    send(emptied(stack), message(1))
    shown = command(stack, "monitor", "--once").stdout
    assert [line.split() for line in shown.splitlines() if line.startswith("elasticsearch")] == [
        ["elasticsearch", "up"]
    ]
    assert sum(line.split()[2:4] == ["1", "1"] for line in shown.splitlines() if line.startswith("raw-articles")) == 1


@pytest.mark.integration
def test_feeds_are_counted_by_state(stack: Stack) -> None:
    now = datetime.now(UTC)
    times = {"since": now, "polled_at": now, "next_poll_at": now}
    with Elasticsearch(emptied(stack).elasticsearch_url) as client:
        for name, more in {"a": {}, "b": {"silent": True}, "c": {"silent": True, "failures": 3}, "d": {}}.items():
            found = make_document(FeedHealth(feed=name, connector="rss", **times, **more))
            client.index(index=FEEDS.index(""), id=name, document=found)
        client.indices.refresh(index="feeds")
    samples = json_of(command(stack, "monitor", "--once", "--json"))["samples"]
    assert by_metric(samples, "newsclaims_feeds") == {("ok",): 2, ("silent",): 1, ("failing",): 1}


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_monitor_serves_rounds_reports_an_unreachable_server_and_stops_on_a_signal(stack: Stack, gate: Gate) -> None:
    emptied(stack)
    through = {"ELASTICSEARCH_URL": f"http://127.0.0.1:{gate.port}"}
    with monitoring(stack, "--interval", "5s", **through) as (url, process):
        eventually(lambda: get(f"{url}/healthz")[0] == 200)
        found = scrape(url)
        assert found["newsclaims_server_up"] == [({"server": "kafka"}, 1), ({"server": "elasticsearch"}, 1)]
        assert sum(value for _, value in found["newsclaims_consumer_lag_records"]) == 0
        assert found["newsclaims_elasticsearch_rejected_total"] == [({}, 0)]
        gate.close()
        # On a busy machine a round may be late, which is another problem.
        body = eventually(lambda: (found := check_health(url))[1]["problems"].get("elasticsearch") and found)
        assert (body[0], body[1]["status"]) == (503, "failing")
        assert "kafka" not in body[1]["problems"]
        assert ({"server": "elasticsearch"}, 0) in scrape(url)["newsclaims_server_up"]
        assert "newsclaims_index_documents" not in scrape(url)
        gate.open()
        eventually(lambda: get(f"{url}/healthz")[0] == 200)
        assert eventually(lambda: check_health(url)[1]["status"] == "ok")
        assert "/metrics" in get(f"{url}/")[1]
        assert get(f"{url}/favicon.ico")[0] == 404
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        assert time.monotonic() - began < 20
        assert "Traceback" not in errors
        assert errors.count("deploy.monitoring.monitor: Elasticsearch does not answer") == 1
        assert "elasticsearch is healthy again" in errors
    down = [one["at"] for one in documents(stack, "health", metric="newsclaims_server_up") if not one["value"]]
    assert down, "samples taken while Elasticsearch was unreachable are written afterwards"


@pytest.mark.integration
def test_taken_port_and_wrong_interval_are_one_sentence(stack: Stack) -> None:
    with closing(create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        run = command(stack, "monitor", "--port", port)
        assert run.returncode == 1
        assert run.stderr == f"newsclaims: Port {port} of 127.0.0.1 is taken: choose another with --port or --host\n"
    run = command(stack, "monitor", "--interval", "soon")
    assert run.stderr.startswith("newsclaims: --interval: 'soon' is not a duration: ")


def test_interval_is_read_in_units() -> None:
    assert [parse_interval(text) for text in ("30s", "5m", "1.5h", "45")] == [30, 300, 5400, 45]
    for text in ("0s", "0.5", "-3s", "3 days", ""):
        with pytest.raises(Permanent, match="--interval"):
            parse_interval(text)


def unreachable_settings() -> Settings:
    """Returns settings of servers that do not exist."""
    kafka, elasticsearch = free_ports(2)
    return Settings.load(
        {
            "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{kafka}",
            "ELASTICSEARCH_URL": f"http://127.0.0.1:{elasticsearch}",
        }
    )


def test_two_unreachable_servers_are_named_and_sampled() -> None:
    written: list[Any] = []
    rounds = Monitor(unreachable_settings(), written.extend)
    with Elasticsearch(**rounds.settings.elasticsearch.client_options(), max_retries=0) as client:
        found = rounds.run_round(client)
    assert "Kafka does not answer (cannot connect to 127.0.0.1:" in found.problems["kafka"]
    assert found.problems["elasticsearch"].startswith("Elasticsearch does not answer (")
    assert [(one.metric, one.server, one.value) for one in written] == [
        ("newsclaims_server_up", "kafka", 0),
        ("newsclaims_server_up", "elasticsearch", 0),
    ]


def test_health_check_fails_without_successful_rounds() -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    rounds = Monitor(unreachable_settings(), list, interval=30, now=lambda: now)
    assert (rounds.check_health().ok, rounds.check_health().details["status"]) == (False, "starting")
    rounds.succeeded_at = now
    now += timedelta(seconds=90)
    assert rounds.check_health().ok
    assert rounds.check_health().details["seconds_since"] == 90
    now += timedelta(seconds=1)
    assert (rounds.check_health().ok, rounds.check_health().details["status"]) == (False, "failing")
    assert rounds.check_health().details["problems"] == {
        "monitor": "no successful round for 91 s; one is due every 30 s"
    }


def test_a_monitor_is_alive_while_rounds_end_though_servers_are_unreachable() -> None:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    rounds = Monitor(unreachable_settings(), list, interval=30, now=lambda: now)
    assert rounds.check_health().is_alive
    with Elasticsearch(**rounds.settings.elasticsearch.client_options(), max_retries=0) as client:
        rounds.run_round(client)
    now += timedelta(seconds=299)
    assert (rounds.check_health().ok, rounds.check_health().is_alive) == (False, True)
    now += timedelta(seconds=1)
    assert not rounds.check_health().is_alive


@pytest.mark.parametrize(
    ("ok", "is_alive", "statuses"),
    [(False, True, (503, 200)), (False, None, (503, 503)), (True, None, (200, 200)), (False, False, (503, 503))],
)
def test_liveness_is_apart_from_health(ok: bool, is_alive: bool | None, statuses: tuple[int, int]) -> None:
    found = HealthCheck(ok, {"status": "some"}, is_alive)
    with MetricsServer(("127.0.0.1", 0), dict, lambda: found, "--port") as server:
        answers = [get(f"{server.url}/{path}") for path in ("healthz", "livez")]
    assert answers == [(status, '{"status": "some"}\n') for status in statuses]


def test_histograms_are_exposed_with_buckets_that_add_up() -> None:
    counters.reset()
    counters.observe("newsclaims_step_seconds", [0.002, 0.003, 0.3, 9999.0], step="decode")
    counters.add("newsclaims_records_total", 4, step="decode", outcome="ok")
    counters.set_gauge("newsclaims_sink_waiting", 1)
    with MetricsServer(("127.0.0.1", 0), counters.snapshot, lambda: HealthCheck(True, {}), "--port") as server:
        text = get(f"{server.url}/metrics")[1]
        found = scrape(server.url)
    buckets = {labels["le"]: value for labels, value in found["newsclaims_step_seconds_bucket"]}
    assert (buckets["0.0025"], buckets["0.25"], buckets["0.5"], buckets["+Inf"]) == (1, 2, 3, 4)
    assert found["newsclaims_step_seconds_count"] == [({"step": "decode"}, 4)]
    assert found["newsclaims_step_seconds_sum"][0][1] == pytest.approx(9999.305)
    assert found["newsclaims_records_total"] == [({"step": "decode", "outcome": "ok"}, 4)]
    assert f"# HELP newsclaims_sink_waiting {METRICS['newsclaims_sink_waiting'].meaning}\n" in text
    counters.reset()
