"""Every outcome of a request, with a scripted server over HTTP and a fake clock that records the waits."""

import json
import logging
import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipelines import counters, lifecycle
from pipelines.io.elasticsearch.actions import BulkAction, delete, write
from pipelines.io.elasticsearch.bulk import BulkSender, parse_retry_after, split_requests
from pipelines.io.elasticsearch.patience import Patience
from schemas.errors import Permanent, Retryable
from tests.pipelines.io.elasticsearch.fake_elasticsearch import Fault, MemoryElasticsearch, error, serving


@dataclass
class Clock:
    """Counts the seconds that were waited; asks to stop once `patience` waits are used up."""

    waits: list[float] = field(default_factory=list)
    patience: int = 1_000

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return len(self.waits) > self.patience

    def now(self) -> float:
        return sum(self.waits)


@dataclass
class Bench:
    """A sender with its scripted server and clock."""

    server: MemoryElasticsearch
    clock: Clock
    sender: BulkSender


@pytest.fixture
def bench() -> Iterator[Bench]:
    counters.reset()
    server, clock = MemoryElasticsearch(), Clock()
    with serving(server) as address, Elasticsearch(address) as client:
        yield Bench(server, clock, BulkSender(client, Patience(wait=clock.wait, now=clock.now, chance=lambda: 1.0)))


def actions(*ids: str) -> list[BulkAction]:
    return [write("claims-g1-2024.10", id, b'{"claim_id":"%s"}' % id.encode(), 5) for id in ids]


def ids_sent(bench: Bench, request: int) -> list[str]:
    lines = [json.loads(line) for line in bench.server.requests[request][1].splitlines()]
    return [line["index"]["_id"] for line in lines if "index" in line]


def counted(metric: str) -> dict[str, float]:
    return {labels[0]: value for (name, labels), value in counters.snapshot().items() if name == metric}


def set_item(bench: Bench, id: str, *faults: dict[str, Any]) -> None:
    bench.server.item_faults[id] = deque(faults)


# Items.


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, "es_rejected_execution_exception"),
        (429, "circuit_breaking_exception"),
        (500, "exception"),
        (503, "unavailable_shards_exception"),
        (504, "timeout_exception"),
    ],
)
def test_busy_item_is_sent_again_alone(bench: Bench, status: int, kind: str) -> None:
    set_item(bench, "b", error(status, kind), error(status, kind))
    assert bench.sender.send(actions("a", "b", "c")) == []
    assert [ids_sent(bench, request) for request in range(3)] == [["a", "b", "c"], ["b"], ["b"]]
    assert bench.server.ids("claims") == {"a", "b", "c"}


def test_backoff_is_exponential_up_to_a_limit_with_full_jitter(bench: Bench) -> None:
    set_item(bench, "a", *[error(429, "es_rejected_execution_exception")] * 10)
    bench.sender.send(actions("a"))
    assert bench.clock.waits == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    bench.sender.patience.chance = lambda: 0.5
    set_item(bench, "a", error(429, "es_rejected_execution_exception"))
    bench.sender.send(actions("a"))
    assert bench.clock.waits[-1] == 0.125


def test_version_conflict_is_success(bench: Bench) -> None:
    bench.sender.send([write("claims-g1-2024.10", "a", b'{"claim_id":"newer"}', 6)])
    assert bench.sender.send(actions("a")) == []
    assert bench.server.source("claims", "a") == {"claim_id": "newer"}
    assert counted("newsclaims_documents_total") == {"written": 1, "newer_there": 1}


def test_deleting_what_is_not_there_is_success(bench: Bench) -> None:
    assert bench.sender.send([delete("claims-g1-2024.10", "a", 5)]) == []
    assert counted("newsclaims_documents_total") == {"gone_already": 1}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            error(
                400, "document_parsing_exception", "[1:5] failed to parse", {"type": "x", "reason": "For input: 'y'"}
            ),
            "For input: 'y'",
        ),
        (error(400, "mapper_parsing_exception", "failed to parse field [low]"), "failed to parse field [low]"),
        (error(400, "illegal_argument_exception", "Value [9e99] is out of range for an integer"), "out of range"),
        (error(400, "illegal_argument_exception", "Document contains at least one immense term"), "immense term"),
        (error(413, "circuit", "document too large"), "too large"),
        # A document may quote in its own fault what would be a fault of the set-up.
        (error(400, "document_parsing_exception", "Preview: 'maximum normal shards open'"), "Preview"),
    ],
)
def test_fault_of_the_document_rejects_it_alone_with_the_servers_words(
    bench: Bench, fault: dict[str, Any], words: str
) -> None:
    set_item(bench, "b", fault)
    [rejected] = bench.sender.send(actions("a", "b", "c"))
    assert rejected.action.id == "b"
    assert words in rejected.outcome.reason
    assert bench.server.ids("claims") == {"a", "c"}
    assert bench.clock.waits == []


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (error(400, "strict_dynamic_mapping_exception", "introduction of [x] is not allowed"), "newsclaims init"),
        (error(404, "index_not_found_exception", "no such index and auto-create is off"), "newsclaims init"),
        (error(400, "illegal_argument_exception", "Limit of total fields [300] has been exceeded"), "configuration"),
        (error(400, "illegal_argument_exception", "no write index is defined for alias [claims]"), "configuration"),
        (error(400, "invalid_index_name_exception", "must be lowercase"), "configuration"),
        (error(403, "security_exception", "action [indices:data/write] is unauthorized"), "privileges"),
    ],
)
def test_wrong_configuration_stops_with_advice(bench: Bench, fault: dict[str, Any], says: str) -> None:
    set_item(bench, "b", fault)
    with pytest.raises(Permanent, match=says) as raised:
        bench.sender.send(actions("a", "b"))
    assert fault["error"]["reason"] in str(raised.value)
    assert bench.clock.waits == []


@pytest.mark.parametrize(
    "fault",
    [
        error(403, "cluster_block_exception", "index [claims] blocked by: [FORBIDDEN/8/index write (api)];"),
        error(429, "cluster_block_exception", "blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage]"),
        error(400, "validation_exception", "this cluster currently has [1000]/[1000] maximum normal shards open;"),
        error(400, "index_closed_exception", "closed"),
    ],
)
def test_what_an_operator_can_repair_is_waited_for_with_warnings(
    bench: Bench, fault: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    set_item(bench, "a", *[fault] * 20)
    with caplog.at_level(logging.WARNING):
        assert bench.sender.send(actions("a")) == []
    said = [record.getMessage() for record in caplog.records]
    assert fault["error"]["reason"] in said[0]
    # Once an interval, not once an attempt; and once when it is over.
    assert 2 < len(said) <= 20
    assert "accepts documents again" in said[-1]


# Whole requests.


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_busy_server_is_asked_again(bench: Bench, status: int) -> None:
    bench.server.faults.extend([Fault(status)] * 2)
    assert bench.sender.send(actions("a")) == []
    assert len(bench.server.requests) == 3
    assert counted("newsclaims_bulk_requests_total") == {"busy" if status == 429 else "unavailable": 2, "ok": 1}


def test_retry_after_is_honoured(bench: Bench) -> None:
    bench.server.faults.append(Fault(429, headers={"retry-after": "17"}))
    bench.sender.send(actions("a"))
    assert bench.clock.waits == [17.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3.0), ("-3", 0.0), (None, 0.0), ("", 0.0), ("soon", 0.0), ("Thu, 01 Jan 1970 00:01:00 GMT", 0.0)],
)
def test_retry_after_takes_seconds_and_past_dates(header: str | None, seconds: float) -> None:
    assert parse_retry_after(header) == seconds


def test_retry_after_takes_a_date_in_the_future() -> None:
    header = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert parse_retry_after(header) == pytest.approx(3600.0, abs=300)


@pytest.mark.parametrize("fault", [Fault(413), Fault(400, {"error": {"type": "action_request_validation_exception"}})])
def test_refused_request_is_split_until_the_one_document_is_found(bench: Bench, fault: Fault) -> None:
    bench.server.longest = 300
    huge = write("claims-g1-2024.10", "huge", b'{"x":"' + b"y" * 400 + b'"}', 5)
    [rejected] = bench.sender.send([*actions("a", "b"), huge, *actions("c")])
    assert rejected.action is huge
    assert rejected.outcome.name == "too_large"
    assert bench.server.ids("claims") == {"a", "b", "c"}
    bench.server.faults.append(fault)
    [rejected] = bench.sender.send(actions("d"))
    assert rejected.action.id == "d"


@pytest.mark.parametrize(
    ("status", "says"), [(401, "ELASTICSEARCH_API_KEY"), (403, "privileges"), (404, "configuration")]
)
def test_refused_user_stops(bench: Bench, status: int, says: str) -> None:
    bench.server.faults.append(Fault(status))
    with pytest.raises(Permanent, match=says):
        bench.sender.send(actions("a"))


def test_answer_of_another_server_is_waited_for(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """The job has asked Elasticsearch for its templates: this is a load balancer that answers for it."""
    bench.server.faults.extend([Fault(200, {}, {"x-elastic-product": "Other"})] * 4)
    assert bench.sender.send(actions("a")) == []
    assert counted("newsclaims_bulk_requests_total") == {"unreadable": 4, "ok": 1}
    assert "the answer is not Elasticsearch's" in caplog.text


@pytest.mark.parametrize("body", [b"<html>Sorry</html>", {}, {"items": []}, {"items": "none"}, [1]])
def test_answer_without_an_outcome_for_each_document_is_waited_for(bench: Bench, body: Any) -> None:
    html = {"content-type": "text/html"} if isinstance(body, bytes) else {}
    bench.server.faults.append(Fault(200, body, html))
    assert bench.sender.send(actions("a")) == []
    assert counted("newsclaims_bulk_requests_total") == {"unreadable": 1, "ok": 1}
    bench.server.faults.append(Fault(200, body, html))
    assert bench.sender.read("claims-g1-2024.10", ["a"]).keys() == {"a"}


def test_refusal_that_is_not_elasticsearchs_is_nobodys_document(bench: Bench) -> None:
    bench.server.faults.append(Fault(400, b"<html>Bad Request</html>", {"content-type": "text/html"}))
    with pytest.raises(Permanent, match="HTTP 400"):
        bench.sender.send(actions("a", "b"))


def test_wrong_credentials_are_not_called_missing_privileges(bench: Bench) -> None:
    bench.server.faults.append(Fault(401, {"error": {"type": "security_exception", "reason": "no"}}))
    with pytest.raises(Permanent, match="ELASTICSEARCH_API_KEY"):
        bench.sender.send(actions("a"))


def test_lost_connection_is_waited_for(bench: Bench) -> None:
    bench.server.faults.extend([Fault(0)] * 3)
    assert bench.sender.send(actions("a")) == []
    assert counted("newsclaims_bulk_requests_total") == {"unreachable": 3, "ok": 1}


def test_answer_that_is_cut_off_is_waited_for(bench: Bench) -> None:
    bench.server.faults.append(Fault(200, b'{"items": [', {}))
    assert bench.sender.send(actions("a")) == []
    assert bench.server.ids("claims") == {"a"}


def test_timeout_is_waited_for(bench: Bench) -> None:
    bench.clock.patience = 2
    mute = socket.create_server(("127.0.0.1", 0))  # takes connections, never answers
    with mute, Elasticsearch(f"http://127.0.0.1:{mute.getsockname()[1]}") as client:
        sender = BulkSender(client, Patience(wait=bench.clock.wait))
        sender.client = sender.client.options(request_timeout=0.01)
        with pytest.raises(Retryable, match="no answer in time"):
            sender.send(actions("a"))
    assert counted("newsclaims_bulk_requests_total") == {"timeout": 3}


def test_refused_connection_is_waited_for_without_end_until_asked_to_stop(bench: Bench) -> None:
    seen: list[float] = []

    def wait(seconds: float) -> bool:
        seen.append(counters.snapshot()[("newsclaims_sink_waiting", ())])
        return bench.clock.wait(seconds)

    bench.clock.patience = 50
    with Elasticsearch("http://127.0.0.1:1") as nobody:
        sender = BulkSender(nobody, Patience(wait=wait, now=bench.clock.now))
        with pytest.raises(Retryable, match="nothing of this bundle is committed"):
            sender.send(actions("a"))
    assert seen == [1.0] * 51
    assert counters.snapshot()[("newsclaims_sink_waiting", ())] == 0


def test_process_that_is_asked_to_stop_does_not_wait() -> None:
    lifecycle.stop_requested.set()
    try:
        with Elasticsearch("http://127.0.0.1:1") as nobody, pytest.raises(Retryable, match="Asked to stop"):
            BulkSender(nobody).send(actions("a"))
    finally:
        lifecycle.stop_requested.clear()


def test_gauges_name_the_last_reason_and_fall_when_the_wait_is_over(bench: Bench) -> None:
    seen = []

    def wait(_seconds: float) -> bool:
        seen.append(counted("newsclaims_sink_waiting_reason"))
        return False

    bench.sender.patience.wait = wait
    bench.server.faults.extend([Fault(503), Fault(429)])
    bench.sender.send(actions("a"))
    assert seen == [{"unavailable": 1}, {"unavailable": 0, "busy": 1}]
    assert counted("newsclaims_sink_waiting_reason") == {"unavailable": 0, "busy": 0}
    assert counters.snapshot()[("newsclaims_sink_waiting", ())] == 0


# Reading.


def test_read_gives_what_is_there(bench: Bench) -> None:
    bench.sender.send([write("ledger-g1", "a", b'{"revision":3}', 3)])
    assert bench.sender.read("ledger-g1", ["a", "b"]) == {"a": {"revision": 3}}


def test_read_waits_for_red_shards_and_a_busy_server(bench: Bench) -> None:
    bench.sender.send([write("ledger-g1", "a", b'{"revision":3}', 3)])
    bench.server.faults.append(Fault(503))
    bench.server.read_faults.append(error(503, "no_shard_available_action_exception"))
    assert bench.sender.read("ledger-g1", ["a"]) == {"a": {"revision": 3}}
    assert len(bench.clock.waits) == 2


def test_read_of_a_missing_index_stops(bench: Bench) -> None:
    bench.server.missing.add("ledger-g1")
    with pytest.raises(Permanent, match="newsclaims init"):
        bench.sender.read("ledger-g1", ["a"])


# Requests.


def test_actions_are_cut_into_requests_by_bytes_and_count() -> None:
    small = write("i", "small", b"{}")
    large = write("i", "large", b'{"x":"%s"}' % (b"y" * 5_000_000))
    assert [len(request) for request in split_requests([small, large, large, small])] == [2, 2]
    assert [len(request) for request in split_requests([small] * 12_000)] == [5_000, 5_000, 2_000]


def test_line_breaks_in_a_document_do_not_end_it(bench: Bench) -> None:
    assert bench.sender.send([write("claims-g1-2024.10", "a", b'{\n "x":\n "y\\n"\n}', 1)]) == []
    assert bench.server.source("claims", "a") == {"x": "y\n"}
