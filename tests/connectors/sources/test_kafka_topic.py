"""Topics of any shape, on a real Kafka."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, ClassVar

import msgspec
import pytest
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

from connectors.kit import Batch, Connector, Context, Cursor
from connectors.kit.conformance import Conformance, make_context
from connectors.sources.kafka_topic import KafkaTopic, TopicSettings, find_value
from schemas.errors import Permanent, Retryable
from schemas.records import RawArticle
from tests.conftest import Stack

FIELDS = {"title": "headline.main", "body": "content", "url": "links.0", "published_at": "ts"}
numbers = count(1)


def story(number: int, **more: Any) -> dict[str, Any]:
    return {
        "headline": {"main": f"Report {number}"}, "content": f"Report {number}: {number} berths were counted.",
        "links": [f"https://pier.example/{number}"], "ts": 1_767_600_000_000, **more,
    }  # fmt: skip


class SourceTopic:
    """A topic for one test, with two partitions."""

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self.name = f"stories-{next(numbers)}"
        with closing(KafkaAdminClient(bootstrap_servers=servers)) as admin:
            admin.create_topics([NewTopic(self.name, num_partitions=2, replication_factor=1)])
        self.producer = KafkaProducer(bootstrap_servers=servers, acks="all", linger_ms=5)

    def send(self, *values: bytes | None, partition: int | None = None) -> None:
        for value in values:
            key = b"gone" if value is None else None
            self.producer.send(self.name, value, key=key, partition=partition)
        self.producer.flush()

    def stories(self, first: int, last: int) -> None:
        self.send(*(json.dumps(story(number)).encode() for number in range(first, last + 1)))

    def connector(self, ours: Context, **settings: Any) -> KafkaTopic:
        options = {"topic": self.name, "fields": FIELDS, "date_format": "ms", "bootstrap_servers": [self.servers]}
        return KafkaTopic(ours, msgspec.convert({**options, **settings}, TopicSettings))

    def read(self, cursor: Cursor | None = None, **settings: Any) -> list[Batch]:
        ours = replace(make_context(feed="wire"), publisher="Pier Gazette")
        with closing(self.connector(ours, **settings)) as connector:
            connector.open()
            return list(connector.read(cursor or {}))

    def one(self, value: Any, **settings: Any) -> RawArticle | str:
        """Returns the article of this message, or why it is refused."""
        before = self.read(**settings)[-1].cursor
        self.send(value if isinstance(value, bytes) else json.dumps(value).encode())
        batch = self.read(before, **settings)[0]
        return batch.articles[0].article if batch.articles else batch.refused[0].why


@pytest.fixture
def topic(stack: Stack) -> Iterator[SourceTopic]:
    found = SourceTopic(stack.bootstrap_servers)
    yield found
    found.producer.close()


@pytest.mark.integration
class TestTopicConformance(Conformance):
    can_be_slow: ClassVar[bool] = False

    @pytest.fixture(autouse=True)
    def source(self, topic: SourceTopic) -> None:
        self.topic = topic

    def connector(self, context: Context) -> Connector[Any]:
        return self.topic.connector(context)

    def put(self, first: int, last: int) -> None:
        self.topic.stories(first, last)

    def break_source(self) -> None:
        self.topic.send(b"no JSON")


@pytest.mark.integration
def test_fields_are_mapped_and_optional_ones_may_be_missing(topic: SourceTopic) -> None:
    found = topic.one(story(1))
    assert isinstance(found, RawArticle)
    assert (found.title, found.body) == ("Report 1", "Report 1: 1 berths were counted.")
    assert (found.url, found.connector, found.feed) == ("https://pier.example/1", "kafka_topic", "wire")
    assert found.published_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert found.publisher == "Pier Gazette"
    bare = topic.one({"content": "<p>Twelve berths.</p>"}, content_type="text/html")
    assert isinstance(bare, RawArticle)
    assert (bare.title, bare.published_at, bare.content_type) == (None, None, "text/html")


@pytest.mark.integration
def test_dates_in_the_configured_format(topic: SourceTopic) -> None:
    for form, written in (("s", 1_767_600_000), ("us", "1767600000000000"), ("%d.%m.%Y %H:%M", "05.01.2026 08:00"),
                          ("", "2026-01-05T09:00:00+01:00")):  # fmt: skip
        found = topic.one(story(1, ts=written), date_format=form)
        assert isinstance(found, RawArticle)
        assert found.published_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert topic.one(story(1, ts="soon")) == "published_at: 'soon' does not have the format 'ms'"
    with pytest.raises(Permanent, match="date_format: 'h' must be one of s, ms, us, ns"):
        topic.connector(make_context(), date_format="h")


@pytest.mark.integration
def test_messages_that_do_not_fit_are_refused(topic: SourceTopic) -> None:
    assert topic.one({"headline": {"main": "x"}}) == "content (body) is missing or empty"
    assert topic.one([1]) == "content (body) is missing or empty"
    assert topic.one(story(1, content={"text": "x"})) == "content (body) is neither text nor a number"
    assert str(topic.one(b"{")).startswith("not JSON")
    assert str(topic.one(b'"\xff"')).startswith("not JSON")
    assert str(topic.one(b"[" * 200_000)).startswith("not JSON")
    assert "$.language" in str(topic.one(story(1, lang="English"), fields={**FIELDS, "language": "lang"}))


@pytest.mark.integration
def test_deletions_are_skipped_and_lost_messages_reported(topic: SourceTopic, stack: Stack) -> None:
    topic.send(None, partition=0)
    topic.send(*(json.dumps(story(number)).encode() for number in (1, 2)), partition=0)
    cursor = {"topic": topic.name, "offsets": {"0": 0, "1": 0}}
    assert [len(batch.articles) + len(batch.refused) for batch in topic.read(cursor)] == [2, 0]
    with closing(KafkaAdminClient(bootstrap_servers=stack.bootstrap_servers)) as admin:
        admin.delete_records({TopicPartition(topic.name, 0): 2})
    batches = topic.read(cursor)
    assert sum(len(batch.articles) for batch in batches) == 1
    assert batches[-1].warning == "2 messages were deleted from the topic before they were read"


@pytest.mark.integration
def test_offsets_of_another_topic_are_ignored(topic: SourceTopic) -> None:
    topic.stories(1, 3)
    for cursor in ({"topic": "another", "offsets": {"0": 2, "1": 2}}, {"topic": topic.name, "offsets": {"0": 900}}):
        assert sum(len(batch.articles) for batch in topic.read(cursor)) == 3


@pytest.mark.integration
def test_a_missing_topic(topic: SourceTopic) -> None:
    with pytest.raises(Retryable, match="the topic nowhere does not exist: correct `topic`"):
        topic.read(topic="nowhere")


def test_values_by_path() -> None:
    content = {"a": {"b": [{"c": 1}]}, "dc.title": "x", "n": None}
    assert find_value(content, "a.b.0.c") == 1
    assert find_value(content, "dc.title") == "x"
    assert [find_value(content, path) for path in ("a.b.1.c", "a.x.c", "n.c", "a.b.c", "dc.title.x")] == [None] * 5
