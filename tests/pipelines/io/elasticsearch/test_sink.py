"""What the sink does with sets and dead letters: it replaces, skips, publishes and recovers."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import counters
from pipelines.io.elasticsearch import overtaking
from pipelines.io.elasticsearch.actions import add_fields
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import CHILD_FIELDS, decide, make_entry
from pipelines.io.elasticsearch.sink import WriteToElasticsearch
from pipelines.io.elasticsearch.writer import BatchWriter, SinkTopics
from pipelines.io.kafka.publishing import Publisher
from schemas.errors import Permanent, Reason, Retryable
from schemas.records import INDEXED_BYTES, DeadLetter
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.fake_elasticsearch import Died, MemoryClient, MemoryElasticsearch, error, serving
from tests.pipelines.io.kafka.fake_kafka import MemoryProducer


@dataclass
class Sink:
    """The writer on a server and a broker in memory."""

    server: MemoryElasticsearch = field(default_factory=MemoryElasticsearch)
    producer: MemoryProducer = field(default_factory=MemoryProducer)
    stopping: threading.Event = field(default_factory=threading.Event)

    def write(self, *batch: DocumentSet | DeadLetter) -> None:
        """Writes one batch, as a process that has just started."""
        self.producer.waiting.clear()
        topics = SinkTopics(lambda: self.producer, {"claims": "claims"}, "dead-letters")
        publisher = Publisher(self.producer, self.stopping.is_set)
        BatchWriter(BulkSender(MemoryClient(self.server)), publisher, topics).write(batch)  # type: ignore[arg-type]

    def writes(self) -> int:
        """Bulk requests so far."""
        return sum(path == "/_bulk" for path, _ in self.server.requests)


@pytest.fixture(scope="module", autouse=True)
def _impatient() -> Iterator[None]:
    """Nobody else writes here who could be waited for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overtaking, "LEDGER_SECONDS", 0.01)
        patch.setattr(overtaking, "PAUSE_SECONDS", 0.002)
        yield


@pytest.fixture
def sink() -> Sink:
    counters.reset()
    return Sink()


def outcomes() -> dict[str, float]:
    return {
        labels[1]: value for (name, labels), value in counters.snapshot().items() if name == "newsclaims_records_total"
    }


def letter(id: str = "d1", original: bytes = b"\xff broken", **changes: object) -> DeadLetter:
    fields = {
        "dead_letter_id": id,
        "topic": "raw-articles",
        "partition": 0,
        "offset": 12,
        "key": "k",
        "headers": {"trace": "5f", "newsclaims.step": "an earlier failure"},
        "step": "decode",
        "reason": Reason.INVALID_ENCODING,
        "error": "byte 0 of 8 is not UTF-8",
        "failed_at": datetime(2026, 11, 3, tzinfo=UTC),
        "size": len(original),
        "original": original,
    }
    return DeadLetter(**(fields | changes))  # type: ignore[arg-type]


# Replacing and skipping.


def test_first_revision_is_written_with_its_children_and_the_ledger(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1", "c2"], ["f1"]))
    assert sink.server.ids("articles") == {"a"}
    assert sink.server.ids("claims") == {"c1", "c2"}
    assert sink.server.ids("figures") == {"f1"}
    entry = sink.server.source("ledger", "a")
    assert (entry["revision"], entry["bucket"], entry["claim_ids"], entry["figure_ids"]) == (
        5, "2024.10", ["c1", "c2"], ["f1"],
    )  # fmt: skip


def test_indexed_at_is_set_in_the_index(sink: Sink) -> None:
    before = datetime.now(UTC)
    sink.write(article_set("a", 5, ["c1"]))
    for family, id in (("articles", "a"), ("claims", "c1")):
        assert before <= datetime.fromisoformat(sink.server.source(family, id)["indexed_at"]) <= datetime.now(UTC)


@pytest.mark.parametrize("source", [b'{"a":1}', b"{}", b' { "a" : 1 } ', b"{ }"])
def test_stamp_leaves_the_rest_as_it_is(source: bytes) -> None:
    decoded = json.loads(add_fields(source, {"indexed_at": datetime(2026, 1, 2, tzinfo=UTC)}))
    assert decoded == {"indexed_at": "2026-01-02T00:00:00Z"} | json.loads(source)


def test_stamp_refuses_what_is_no_object() -> None:
    with pytest.raises(ValueError, match="JSON object"):
        add_fields(b"[1]", {})


def test_newer_revision_replaces_and_deletes_gone_children(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1", "c2"], ["f1"]))
    sink.write(article_set("a", 6, ["c2", "c3"]))
    assert sink.server.ids("claims") == {"c2", "c3"}
    assert sink.server.ids("figures") == set()
    assert sink.server.source("articles", "a")["revision"] == 6


def test_older_revision_changes_nothing(sink: Sink) -> None:
    sink.write(article_set("a", 6, ["c1"]))
    before = dict(sink.server.documents)
    sink.write(article_set("a", 5, ["c2"]))
    there = {key: stored for key, stored in sink.server.documents.items() if stored.source}
    assert there == before
    assert outcomes() == {"written": 1, "older": 1}


def test_unchanged_revision_changes_nothing(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1"], content="same"))
    written, sent = sink.writes(), len(sink.producer.sent)
    sink.write(article_set("a", 6, ["c1"], content="same"))
    assert (sink.writes(), len(sink.producer.sent)) == (written, sent)
    assert outcomes() == {"written": 1, "unchanged": 1}


def test_same_revision_with_other_rules_is_written_again(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1", "c2"], rules="r1"))
    sink.write(article_set("a", 5, ["c2", "c3"], rules="r2"))
    assert sink.server.ids("claims") == {"c2", "c3"}
    sink.write(article_set("a", 5, ["c1"], rules="r3"))
    assert sink.server.ids("claims") == {"c1"}


def test_teaser_never_replaces_full_text(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1"]))
    sink.write(article_set("a", 6, scope="teaser"))
    assert sink.server.source("articles", "a")["revision"] == 5
    assert sink.server.ids("claims") == {"c1"}
    assert outcomes() == {"written": 1, "teaser": 1}


def test_full_text_replaces_a_teaser_and_a_teaser_a_teaser(sink: Sink) -> None:
    sink.write(article_set("a", 5, scope="teaser"))
    sink.write(article_set("a", 6, scope="teaser"))
    assert sink.server.source("articles", "a")["revision"] == 6
    sink.write(article_set("a", 7, ["c1"]))
    assert sink.server.ids("claims") == {"c1"}


def test_bucket_stays_that_of_the_first_write(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1"], bucket="2024.10"))
    sink.write(article_set("a", 6, ["c2"], bucket="2023"))
    buckets = {index for (index, _), there in sink.server.documents.items() if there.source}
    assert buckets == {"articles-g1-2024.10", "claims-g1-2024.10", "ledger-g1"}


def test_revisions_within_a_batch_are_one_write(sink: Sink) -> None:
    sink.write(
        article_set("a", 5, ["c1"]),
        article_set("b", 5, ["d1"]),
        article_set("a", 6, ["c2"]),
        article_set("a", 4, ["c9"]),
    )
    assert sink.server.ids("claims") == {"c2", "d1"}
    assert sink.server.source("articles", "a")["revision"] == 6
    assert sink.writes() == 2
    assert outcomes() == {"written": 2, "superseded": 1, "older": 1}


def test_children_of_revisions_in_between_go_even_if_a_run_died_after_writing_them(sink: Sink) -> None:
    sink.server.dies_before = (
        4  # two reads, the documents and the search for late marks pass, the ledger's write does not
    )
    with pytest.raises(Died):
        sink.write(article_set("a", 5, ["c1"], ["f1"], bucket="2024.10"))
    sink.server.dies_before = None
    assert sink.server.ids("claims") == {"c1"}
    sink.write(article_set("a", 5, ["c1"], ["f1"], bucket="2024.10"), article_set("a", 6, ["c2"], bucket="2023"))
    assert sink.server.ids("claims") == {"c2"}
    assert sink.server.ids("figures") == set()
    assert sink.server.ids("articles") == {"a"}


def test_ledger_of_another_release_is_refused(sink: Sink) -> None:
    sink.server.act("index", {"_index": "ledger-g1", "_id": "a"}, {"revision": "five"})
    with pytest.raises(Permanent, match="ledger"):
        sink.write(article_set("a", 5))


def test_missing_ledger_is_refused_before_anything_is_written(sink: Sink) -> None:
    sink.server.missing.add("ledger-g1")
    with pytest.raises(Permanent, match="newsclaims init"):
        sink.write(article_set("a", 5))
    assert sink.writes() == 0


# Publishing.


def test_claims_are_published_with_their_key_and_gone_ones_get_a_tombstone(sink: Sink) -> None:
    first = article_set("a", 5, ["c1", "c2"], ["f1"])
    sink.write(first)
    sink.write(article_set("a", 6, ["c2"]))
    latest = sink.producer.latest("claims")
    assert latest.keys() == {b"c1", b"c2"}
    assert latest[b"c1"] is None
    assert json.loads(latest[b"c2"] or b"")["revision"] == 6
    assert sink.producer.sent[0].value == first.documents[1].source


def test_publishing_comes_after_the_documents_and_before_the_ledger(sink: Sink) -> None:
    seen: list[tuple[set[str], set[str]]] = []
    sink.producer.on_flush = lambda: seen.append((sink.server.ids("claims"), sink.server.ids("ledger")))
    sink.write(article_set("a", 5, ["c1"]))
    assert seen == [({"c1"}, set())]


def test_redelivery_announces_claims_again_and_writes_nothing(sink: Sink) -> None:
    found = article_set("a", 5, ["c1", "c2"])
    sink.write(found)
    written = sink.writes()
    sink.producer.sent.clear()
    sink.write(found)
    assert sink.producer.latest("claims").keys() == {b"c1", b"c2"}
    assert sink.writes() == written


def test_message_that_is_not_acknowledged_fails_the_batch_before_the_ledger(sink: Sink) -> None:
    sink.producer.failures.append(RuntimeError("broker lost it"))
    with pytest.raises(Retryable, match="broker lost it"):
        sink.write(article_set("a", 5, ["c1", "c2"]))
    assert sink.server.ids("ledger") == set()


def test_unreachable_kafka_is_waited_for_until_asked_to_stop(sink: Sink) -> None:
    sink.producer.stalls = 3
    sink.write(article_set("a", 5, ["c1"]))
    assert sink.server.ids("ledger") == {"a"}
    sink.producer.stalls = 3
    sink.stopping.set()
    with pytest.raises(Retryable, match="nothing of this bundle is committed"):
        sink.write(article_set("b", 5, ["d1"]))
    assert sink.server.ids("ledger") == {"a"}


def test_claim_too_large_for_its_topic_dead_letters_its_article(sink: Sink) -> None:
    sink.producer.longest = 120
    sink.write(article_set("a", 5, ["c1", "c" * 100]), article_set("b", 5, ["d1"], offset=8))
    assert sink.producer.latest("claims").keys() == {b"c1", b"d1"}
    assert sink.server.ids("claims") == {"c1", "c" * 100, "d1"}
    [dead] = [sink.server.source("dead-letters", id) for id in sink.server.ids("dead-letters")]
    assert (dead["reason"], dead["step"], dead["offset"]) == ("too_large", "write", 7)


# Dead letters.


def test_dead_letter_goes_to_the_index_and_verbatim_to_the_topic(sink: Sink) -> None:
    sink.write(letter())
    indexed = sink.server.source("dead-letters", "d1")
    assert (indexed["reason"], indexed["original"]) == ("invalid_encoding", "/yBicm9rZW4=")
    assert ("dead-letters-g1-2026.11", "d1") in sink.server.documents
    [sent] = sink.producer.sent
    assert (sent.topic, sent.key, sent.value) == ("dead-letters", b"d1", b"\xff broken")
    assert sent.headers == {
        "trace": b"5f",
        "newsclaims.dead_letter_id": b"d1",
        "newsclaims.topic": b"raw-articles",
        "newsclaims.partition": b"0",
        "newsclaims.offset": b"12",
        "newsclaims.step": b"decode",
        "newsclaims.reason": b"invalid_encoding",
        "newsclaims.error": b"byte 0 of 8 is not UTF-8",
        "newsclaims.attempts": b"1",
        "newsclaims.failed_at": b"2026-11-03T00:00:00+00:00",
        "newsclaims.size": b"8",
        "newsclaims.key": b"k",
    }
    assert outcomes() == {"dead_letter": 1}


def test_index_keeps_the_start_of_a_long_original_and_the_topic_all_of_it(sink: Sink) -> None:
    original = b"x" * (INDEXED_BYTES + 10)
    sink.write(letter(original=original))
    indexed = sink.server.source("dead-letters", "d1")
    assert len(indexed["original"]) == -(-INDEXED_BYTES // 3) * 4
    assert indexed["size"] == len(original)
    assert sink.producer.sent[0].value == original


def test_original_over_the_topics_limit_is_cut_and_says_so(sink: Sink) -> None:
    sink.producer.longest = 1_500_000
    sink.write(letter(original=b"x" * 2_000_000))
    [sent] = sink.producer.sent
    assert (len(sent.value or b""), sent.headers["newsclaims.cut"]) == (1_000_000, b"1000000")
    assert sent.headers["newsclaims.size"] == b"2000000"


def test_refused_document_dead_letters_its_article_and_the_rest_is_written(sink: Sink) -> None:
    sink.server.item_faults["c1"] = deque([error(400, "document_parsing_exception", "failed to parse field [low]")])
    sink.write(article_set("a", 5, ["c1", "c2"]), article_set("b", 5, ["d1"], offset=8))
    assert sink.server.ids("claims") == {"c2", "d1"}
    assert sink.producer.latest("claims").keys() == {b"c2", b"d1"}
    [dead] = [sink.server.source("dead-letters", id) for id in sink.server.ids("dead-letters")]
    assert (dead["reason"], dead["offset"]) == ("rejected", 7)
    assert "claims c1" in dead["error"]
    assert "failed to parse field [low]" in dead["error"]
    [sent] = [message for message in sink.producer.sent if message.topic == "dead-letters"]
    assert (sent.headers["newsclaims.key"], sent.value) == (b"a", b"original \xff bytes")
    assert outcomes() == {"incomplete": 1, "written": 1}


def test_replay_after_a_refusal_writes_the_set_again(sink: Sink) -> None:
    sink.server.item_faults["c1"] = deque([error(400, "document_parsing_exception")])
    found = article_set("a", 5, ["c1", "c2"])
    sink.write(found)
    sink.write(found)
    assert sink.server.ids("claims") == {"c1", "c2"}
    assert outcomes() == {"incomplete": 1, "written": 1}


def test_children_of_an_incomplete_set_are_deleted_when_gone(sink: Sink) -> None:
    sink.server.item_faults["c1"] = deque([error(400, "document_parsing_exception")])
    sink.write(article_set("a", 5, ["c1", "c2"]))
    sink.write(article_set("a", 6, ["c3"]))
    assert sink.server.ids("claims") == {"c3"}


def test_sink_works_without_kafka() -> None:
    server = MemoryElasticsearch()
    BatchWriter(BulkSender(MemoryClient(server))).write([article_set("a", 5, ["c1"]), letter()])  # type: ignore[arg-type]
    assert server.ids("claims") == {"c1"}
    assert server.ids("dead-letters") == {"d1"}


# Whatever happens in between.


@st.composite
def histories(draw: st.DrawFn) -> list[DocumentSet]:
    """Revisions of two articles, mixed, in the order of each."""
    children = st.lists(st.sampled_from(["1", "2", "3", "4"]), unique=True)
    history = []
    for owner in ("a", "b"):
        for revision in range(1, draw(st.integers(1, 4)) + 1):
            history += [
                article_set(
                    owner,
                    revision,
                    [f"{owner}-claim-{id}" for id in draw(children)],
                    [f"{owner}-figure-{id}" for id in draw(children)],
                    scope=draw(st.sampled_from(["full", "partial", "teaser"])),
                    bucket=draw(st.sampled_from(["2024.10", "2024.11", "2023"])),
                )
            ]
    order = {owner: iter([each for each in history if each.owner_id == owner]) for owner in ("a", "b")}
    return [next(order[owner]) for owner in draw(st.permutations([each.owner_id for each in history]))]


def expected(history: list[DocumentSet]) -> dict[str, set[str]]:
    """Ids by family after writing each revision once, in order."""
    last: dict[str, DocumentSet] = {}
    for found in history:
        there = last.get(found.owner_id)
        entry = make_entry(there, there.bucket, datetime.now(UTC)) if there else None
        if decide(entry, found) == "write":
            last[found.owner_id] = found
    return {
        family: {document.id for each in last.values() for document in each.documents if document.family == family}
        for family in ("articles", *CHILD_FIELDS)
    }


UNHARMED = 99
"""A bundle that is written and committed."""
UNCOMMITTED = 100
"""A bundle that is written, and the process dies before it is committed."""
fates = st.sampled_from([0, 1, 2, 3, 3, 4, UNHARMED, UNCOMMITTED])
"""The fate of a bundle: the process dies before its nth request (3 writes the ledger), or not."""


@given(history=histories(), steps=st.lists(st.tuples(st.integers(1, 4), fates), max_size=8))
@settings(max_examples=300, deadline=None)
def test_any_deaths_and_redeliveries_end_in_the_newest_revisions_documents_exactly(
    history: list[DocumentSet], steps: list[tuple[int, int]]
) -> None:
    """After each death, everything uncommitted comes again, in other bundles."""
    sink = Sink()
    committed = 0
    upcoming = iter(steps)
    while committed < len(history):
        size, fate = next(upcoming, (2, UNHARMED))
        sink.server.dies_before = fate
        with suppress(Died):
            sink.write(*history[committed : committed + size])
            committed += 0 if fate == UNCOMMITTED else size
    sink.server.dies_before = None
    wanted = expected(history)
    assert {family: sink.server.ids(family) for family in wanted} == wanted
    for family in wanted:
        places = [
            id for (index, id), there in sink.server.documents.items() if index.startswith(family) and there.source
        ]
        assert len(places) == len(set(places))
    live = {(key or b"").decode() for key, value in sink.producer.latest("claims").items() if value is not None}
    assert live == wanted["claims"]


# In a pipeline.


def test_bundle_is_flushed_when_it_finishes() -> None:
    server = MemoryElasticsearch()
    sets = [article_set(f"a{number}", 5, [f"c{number}"]) for number in range(7)]
    with serving(server) as address:
        write = WriteToElasticsearch(partial(Elasticsearch, address), batch_documents=6)
        with beam.Pipeline(runner=FnApiRunner()) as pipeline:
            _ = pipeline | beam.Create([*sets, letter()]) | write
    assert server.ids("claims") == {f"c{number}" for number in range(7)}
    assert server.ids("dead-letters") == {"d1"}


def test_batches_end_by_count_bytes_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("pipelines.io.elasticsearch.sink.time.monotonic", lambda: now[0])
    batches: list[int] = []
    write = WriteToElasticsearch(
        lambda: Elasticsearch("http://127.0.0.1:1"), batch_documents=4, batch_bytes=1_000, batch_seconds=1.0
    ).write
    monkeypatch.setattr(BatchWriter, "write", lambda _self, batch: batches.append(len(batch)))
    write.setup()
    write.start_bundle()
    for _ in range(4):
        write.process(article_set("a", 1, ["c"]))
    assert batches == [2, 2]
    write.process(letter(original=b"x" * 1_001))
    assert batches == [2, 2, 1]
    write.process(letter())
    now[0] = 0.9
    write.process(letter())
    now[0] = 1.1
    write.process(letter())
    assert batches == [2, 2, 1, 2]
    write.finish_bundle()
    assert batches == [2, 2, 1, 2, 1]
    write.start_bundle()
    write.finish_bundle()
    assert batches == [2, 2, 1, 2, 1]
    write.teardown()


def test_failed_bundle_leaves_nothing_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    write = WriteToElasticsearch(lambda: Elasticsearch("http://127.0.0.1:1")).write
    monkeypatch.setattr(BatchWriter, "write", lambda _self, batch: batches.append(len(batch)))
    write.setup()
    write.start_bundle()
    write.process(letter())
    write.start_bundle()  # the bundle before failed in another step
    write.process(letter())
    write.finish_bundle()
    write.teardown()
    assert batches == [1]


def test_teardown_closes_the_producer_even_after_a_setup_that_failed() -> None:
    producer = MemoryProducer()
    topics = SinkTopics(lambda: producer, {"claims": "claims"}, "dead-letters")
    write = WriteToElasticsearch(lambda: Elasticsearch("http://127.0.0.1:1"), topics).write
    write.teardown()
    assert not producer.closed
    write.setup()
    write.teardown()
    assert producer.closed


@pytest.mark.parametrize("wrong", [{"batch_documents": 0}, {"batch_bytes": 0}, {"batch_seconds": 0}])
def test_limits_are_checked_when_the_pipeline_is_built(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="got"):
        WriteToElasticsearch(partial(Elasticsearch, "http://127.0.0.1:1"), **wrong)  # type: ignore[arg-type]


def test_topic_of_an_unknown_family_is_refused_when_the_pipeline_is_built() -> None:
    with pytest.raises(ValueError, match="claim'"):
        WriteToElasticsearch(
            partial(Elasticsearch, "http://127.0.0.1:1"),
            SinkTopics(MemoryProducer, {"claim": "claims"}, "dead-letters"),
        )
