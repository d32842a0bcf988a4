"""The sink writes nothing into a bucket that retention may drop, and counts it."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines import counters
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import Periods
from pipelines.io.elasticsearch.writer import BatchWriter, SinkTopics
from pipelines.io.kafka.publishing import Publisher
from schemas.elasticsearch.buckets import Buckets, is_beyond
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.fake_elasticsearch import MemoryClient, MemoryElasticsearch
from tests.pipelines.io.kafka.fake_kafka import MemoryProducer

ALL = {"articles": 30, "claims": 30, "figures": 30}
FRESH = f"{datetime.now(UTC):%Y.%m}"


class Sink:
    """The writer, on a server and a broker in memory, with limits in days."""

    def __init__(self) -> None:
        self.server, self.producer = MemoryElasticsearch(), MemoryProducer()

    def write(self, *batch: DocumentSet, days: dict[str, int | None]) -> dict[str, float]:
        """Writes one batch, and returns the outcomes that were counted."""
        counters.reset()
        topics = SinkTopics(lambda: self.producer, {"claims": "claims"}, "dead-letters")
        periods = Periods(Buckets(), days)
        sender = BulkSender(MemoryClient(self.server))  # type: ignore[arg-type]
        BatchWriter(sender, Publisher(self.producer), topics, periods=periods).write(batch)
        return {
            labels[1]: value
            for (name, labels), value in counters.snapshot().items()
            if name == "newsclaims_records_total"
        }


@pytest.fixture
def sink() -> Sink:
    return Sink()


def test_article_beyond_all_limits_is_counted_and_nothing_else_happens(sink: Sink) -> None:
    old, new = article_set("a", 5, ["c1"]), article_set("b", 5, ["c2"], bucket=FRESH)
    assert sink.write(old, new, days=ALL) == {"expired": 1, "written": 1}
    assert (sink.server.ids("articles"), sink.server.ids("claims"), sink.server.ids("ledger")) == ({"b"}, {"c2"}, {"b"})
    assert [message.key for message in sink.producer.sent] == [b"c2"]


@pytest.mark.parametrize(
    "days", [{}, {**ALL, "claims": None}, {"articles": 10, "health": 1}, dict.fromkeys(ALL, 36_500)]
)
def test_article_is_written_while_a_family_may_keep_it(sink: Sink, days: dict[str, int | None]) -> None:
    assert sink.write(article_set("a", 5, ["c1"]), days=days) == {"written": 1}
    assert sink.server.ids("claims") == {"c1"}


def test_article_comes_back_when_the_limit_is_raised(sink: Sink) -> None:
    for days, outcome in ((ALL, "expired"), (dict.fromkeys(ALL, 36_500), "written")):
        assert sink.write(article_set("a", 5, ["c1"]), days=days) == {outcome: 1}
    assert sink.server.ids("claims") == {"c1"}


def test_bucket_of_the_first_write_decides(sink: Sink) -> None:
    sink.write(article_set("a", 5, ["c1"]), days={})
    assert sink.write(article_set("a", 6, ["c1"], bucket=FRESH), days=ALL) == {"expired": 1}
    assert sink.server.source("articles", "a")["revision"] == 5


def test_families_beyond_their_limit_are_left_out(sink: Sink) -> None:
    """Their index is dropped: a document, and even a deletion, would create it again."""
    sink.write(article_set("a", 5, ["c1"], ["f1"]), days={})
    before = len(sink.server.requests)
    days = {"articles": None, "claims": 30, "figures": None}
    assert sink.write(article_set("a", 6, ["c2"], ["f2"]), days=days) == {"written": 1}
    bulks = b"".join(body for path, body in sink.server.requests[before:] if path == "/_bulk")
    assert b"claims-g1" not in bulks
    assert sink.server.ids("figures") == {"f2"}
    assert sink.server.source("ledger", "a")["claim_ids"] == []


@pytest.mark.parametrize(
    ("bucket", "days", "beyond"),
    [("2024.10", 30, True), ("2024.10", 31, False), ("2024.q4", 1, False), ("2023", 300, True),
     ("2024.10", None, False), ("now", 1, False)],
)  # fmt: skip
def test_bucket_is_beyond_its_limit_when_its_last_moment_is(bucket: str, days: int | None, beyond: bool) -> None:
    now = datetime(2024, 11, 1, tzinfo=UTC) + timedelta(days=30)
    assert is_beyond(bucket, days, now) == beyond
    assert is_beyond("2024.10", 30, now - timedelta(seconds=1)) is False
