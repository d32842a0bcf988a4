"""Health samples reach the real Elasticsearch, are buffered while it is unreachable, and delay nothing."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from elasticsearch import Elasticsearch

from deploy import bootstrap
from deploy.monitoring.health_writer import HealthWriter
from deploy.monitoring.samples import make_sample
from deploy.settings import ElasticsearchSettings, Settings
from schemas.elasticsearch.indices import HEALTH
from schemas.operations.records import HealthSample
from tests.conftest import Stack
from tests.pipelines.run.running import Gate, documents, emptied, eventually

pytestmark = pytest.mark.integration


def polls(number: int) -> HealthSample:
    at = datetime(2026, 3, 2, 12, 0, number % 60, number, tzinfo=UTC)
    return make_sample("newsclaims_polls_total", number, at=at, source="run", seconds=1.0)


def values(stack: Stack) -> list[float]:
    return sorted(found["value"] for found in documents(stack, "health"))


@pytest.fixture
def gate(stack: Stack) -> Iterator[Gate]:
    """A closed gate in front of Elasticsearch."""
    address = urlsplit(stack.elasticsearch_url)
    gate = Gate(address.hostname or "", address.port or 0)
    yield gate
    gate.close()


def through(stack: Stack, gate: Gate) -> Settings:
    url = f"http://127.0.0.1:{gate.port}"
    return replace(stack.settings, elasticsearch=ElasticsearchSettings(urls=(url,)))


def test_samples_are_written_once_however_often_they_are_sent(stack: Stack) -> None:
    emptied(stack)
    for _ in range(2):
        with HealthWriter(stack.settings) as writer:
            writer.add(polls(number) for number in range(3))
    assert values(stack) == [0, 1, 2]
    with Elasticsearch(stack.elasticsearch_url) as client:
        assert list(client.indices.get_alias(name="health")) == [
            HEALTH.index("2026.03"),
            HEALTH.index(f"{datetime.now(UTC):%Y.%m}"),
        ]


def test_samples_are_buffered_and_the_oldest_dropped_when_the_buffer_is_full(
    stack: Stack, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    emptied(stack)
    with (
        caplog.at_level(logging.INFO, "deploy.monitoring.health_writer"),
        HealthWriter(through(stack, gate), max_buffered=5) as writer,
    ):
        for number in range(8):
            writer.add([polls(number)])
            writer.write()
        gate.open()
        eventually(lambda: values(stack) == [3, 4, 5, 6, 7])
        writer.add([polls(8)])
    assert values(stack) == [3, 4, 5, 6, 7, 8]
    messages = [record.message for record in caplog.records if record.name == "deploy.monitoring.health_writer"]
    assert [message.partition(" (")[0] for message in messages] == [
        "health samples are buffered: Elasticsearch does not answer",
        "5 health samples are buffered: the oldest are dropped",
        "health samples are written again; 3 were dropped",
    ]


def test_end_is_prompt_while_elasticsearch_is_unreachable_and_says_what_is_lost(
    stack: Stack, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    with HealthWriter(through(stack, gate)) as writer:
        writer.add([polls(1), polls(2)])
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert [record.message for record in caplog.records if record.name == "deploy.monitoring.health_writer"][
        -1
    ] == "2 health samples were not written"


def test_nothing_is_written_before_init_and_all_of_it_after(stack: Stack) -> None:
    emptied(stack)
    with Elasticsearch(stack.elasticsearch_url) as client:
        client.indices.delete(index=HEALTH.index(f"{datetime.now(UTC):%Y.%m}"))
        client.indices.delete_index_template(name=HEALTH.template)
        with HealthWriter(stack.settings) as writer:
            writer.add([polls(1)])
            writer.write()
            assert "newsclaims init" in writer.problem
            assert not client.indices.exists(index=HEALTH.index("2026.03"))
            bootstrap.init(stack.settings)
    assert values(stack) == [1]


def test_query_runs_once_and_its_samples_are_written(stack: Stack, gate: Gate) -> None:
    emptied(stack)
    counts: list[int] = []

    def query(client: Elasticsearch) -> list[HealthSample]:
        counts.append(client.count(index="articles")["count"])
        return [polls(7)]

    with HealthWriter(through(stack, gate)) as writer:
        writer.add_query(query)
        writer.write()
        assert counts == []
        gate.open()
    assert (counts, values(stack)) == ([0], [7])
