"""Retention on a real Kafka and Elasticsearch: what goes, what stays, and what the others notice."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from deploy import bootstrap
from deploy.assertions.refreshing import run_pass
from deploy.retention import thin_indices
from deploy.retention.ledger import make_deletions
from deploy.retention.report import describe
from deploy.retention.run import RetentionReport, run_retention
from deploy.retention.stored import list_indices
from deploy.settings import KafkaSettings, Settings
from schemas.elasticsearch.indices import FAMILIES, HEALTH, LEDGER, MARKS, REPLAYS
from schemas.errors import Permanent, Retryable
from tests.conftest import Stack
from tests.pipelines.run.running import erase

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 29, tzinfo=UTC)
OF_ARTICLES = ("articles", "claims", "figures")
OLD = ("2022", "2024.q1", "2024.05")
LIMITS = "indices: {articles: {retention_days: 365}, claims: {retention_days: 365}, figures: {retention_days: 365}}"


@pytest.fixture
def client(stack: Stack) -> Iterator[Elasticsearch]:
    """A server with one article in each bucket, one claim of which is marked, and old dead letters."""
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as made:
        erase(made)
        with closing(KafkaAdminClient(**stack.settings.kafka.client_options())) as admin:
            bootstrap.prepare(admin, made)
        bulk(made, make_documents(), refresh=True)
        yield made
        erase(made)
        bootstrap.prepare(None, made)


def make_documents() -> Iterator[dict[str, Any]]:
    """Yields an article with its claim, figure and ledger entry for each bucket, and old dead letters and samples."""
    for bucket in (*OLD, "2026.11"):
        at = f"{bucket[:4]}-01-02T00:00:00Z"
        common = {"article_id": f"a-{bucket}", "revision": 7, "published_at": at}
        said = {"claim_id": f"c-{bucket}", "assertion_id": f"of-{bucket}", "feed": "f"}
        for family in OF_ARTICLES:
            source = common | (said if family == "claims" else {})
            yield {"_index": FAMILIES[family].index(bucket), "_id": f"{family[0]}-{bucket}", "_source": source}
        entry = {"article_id": f"a-{bucket}", "revision": 7, "bucket": bucket}
        yield {
            "_index": LEDGER.index(""), "_id": f"a-{bucket}", "_source": entry, "version": 7,
            "version_type": "external_gte",
        }  # fmt: skip
    yield {"_index": "dead-letters-g1-2026.07", "_id": "d", "_source": {"reason": "not_json"}}
    yield {"_index": "dead-letters-g1-2026.09", "_id": "d", "_source": {"reason": "not_json"}}
    for id, at in (("old", "2026-08-30T00:00:00Z"), ("new", "2026-09-01T00:00:00Z")):
        yield {"_index": REPLAYS.index(""), "_id": id, "_source": {"replay_id": id, "at": at}}
    yield {"_index": "health-g1-2024", "_id": "h", "_source": {"at": "2024-01-02T00:00:00Z", "value": 1}}


@pytest.fixture
def settings(stack: Stack, tmp_path: Path) -> Settings:
    """Settings with limits."""
    file = tmp_path / "indices.yaml"
    file.write_text(LIMITS)
    return replace(stack.settings, indices=file, indices_are_given=True)


def names(client: Elasticsearch, alias: str) -> set[str]:
    """Returns the indices that searches read, without the empty one that `init` made."""
    return {name for name in client.indices.get_alias(name=alias) if client.count(index=name)["count"]}


def mark(client: Elasticsearch, claim: str) -> None:
    """Marks a claim in the index of marks only, as if the write of the claim had failed."""
    client.index(index=MARKS.index(""), id=claim, document={"claim_id": claim, "mark": "wrong"}, refresh=True)


def run(settings: Settings, **options: Any) -> RetentionReport:
    """Runs retention at `NOW`."""
    return run_retention(settings, NOW, **options)


def read_tombstones(settings: Settings, starts: dict[TopicPartition, int]) -> set[bytes]:
    """Returns the keys of the tombstones since then."""
    with closing(KafkaConsumer(**settings.kafka.client_options(), group_id=None, enable_auto_commit=False)) as consumer:
        consumer.assign(list(starts))
        for partition, offset in starts.items():
            consumer.seek(partition, offset)
        ends, found = consumer.end_offsets(list(starts)), set()
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            for records in consumer.poll(timeout_ms=500).values():
                found |= {record.key for record in records if record.value is None}
        return found


def find_ends(settings: Settings) -> dict[TopicPartition, int]:
    """Returns the ends of the topic `claims`."""
    with closing(KafkaConsumer(**settings.kafka.client_options(), group_id=None)) as consumer:
        partitions = [TopicPartition("claims", number) for number in consumer.partitions_for_topic("claims") or ()]
        return dict(consumer.end_offsets(partitions))


def test_old_buckets_go_with_ledger_and_topic_and_marked_ones_stay(
    client: Elasticsearch, settings: Settings, tmp_path: Path
) -> None:
    mark(client, "c-2024.q1")
    assert run_pass(client).counted == 4
    before = {alias: names(client, alias) for alias in FAMILIES if FAMILIES[alias].bucketed}

    planned = run(settings, dry_run=True)
    assert {each.index for each in planned.dropped} == {
        *(FAMILIES[family].index(bucket) for family in OF_ARTICLES for bucket in ("2022", "2024.05")),
        "dead-letters-g1-2026.07", "health-g1-2024",
    }  # fmt: skip
    assert planned.lifecycle is False  # the embedded server has none
    assert (planned.tombstones, planned.ledger_entries, planned.replays) == (2, 2, 1)
    assert {each.reason for each in planned.verdicts if each.bucket == "2024.q1"} == {
        "1 of its claims are marked by analysts; --export-marked writes them to a file first"
    }
    assert next(iter(describe(planned))).startswith("8 indices with 8 documents and ")
    assert {alias: names(client, alias) for alias in before} == before

    unreachable = replace(settings, kafka=KafkaSettings(bootstrap_servers=("127.0.0.1:1",)))
    with pytest.raises(Retryable, match="Kafka does not answer"):
        run(unreachable)
    assert names(client, "claims") == before["claims"]  # nothing goes before the readers of the topic know

    ends = find_ends(settings)
    done = run(settings)
    assert {each.index for each in done.dropped} <= {each.index for each in planned.dropped}
    assert (done.tombstones, done.ledger_entries, done.replays) == (2, 2, 1)
    assert [hit["_id"] for hit in client.search(index=REPLAYS.name)["hits"]["hits"]] == ["new"]
    assert read_tombstones(settings, ends) == {b"c-2022", b"c-2024.05"}
    for family in OF_ARTICLES:
        assert names(client, family) == {FAMILIES[family].index("2024.q1"), FAMILIES[family].index("2026.11")}
    assert names(client, "dead-letters") == {"dead-letters-g1-2026.09"}
    client.indices.refresh(index="ledger")
    left = {hit["_id"] for hit in client.search(index="ledger")["hits"]["hits"]}
    assert left == {"a-2024.q1", "a-2026.11"}

    assert run_pass(client).full
    client.indices.refresh(index="assertions")
    assert {hit["_id"] for hit in client.search(index="assertions")["hits"]["hits"]} == {"of-2024.q1", "of-2026.11"}

    again = run(settings)
    assert (again.dropped, again.tombstones, again.ledger_entries, again.replays) == ((), 0, 0, 0)

    file = tmp_path / "marked.jsonl"
    exported = run(settings, export=file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line["family"], line["document"]["article_id"]) for line in lines] == [
        ("claims", "a-2024.q1"), ("articles", "a-2024.q1"),
    ]  # fmt: skip
    assert exported.exported == 1
    assert names(client, "claims") == {"claims-g1-2026.11"}


def test_a_file_a_newer_entry_and_the_alias_survive(client: Elasticsearch, settings: Settings, tmp_path: Path) -> None:
    # The file of an earlier export is never written over, and then nothing is dropped.
    client.index(index="claims-g1-2022", id="m", document={"article_id": "a", "mark": "wrong"}, refresh=True)
    file = tmp_path / "marked.jsonl"
    file.write_text("kept")
    with pytest.raises(Permanent, match="exists: name a new file"):
        run(settings, export=file)
    assert "claims-g1-2022" in names(client, "claims")
    assert file.read_text() == "kept"

    # An entry that a job has renewed since it was read is not deleted.
    deletions = list(make_deletions(client, 1, "2022"))
    entry = {"article_id": "a-2022", "revision": 8, "bucket": "2022"}
    client.index(index=LEDGER.index(""), id="a-2022", document=entry, version=8, version_type="external_gte")
    bulk(client, deletions, raise_on_error=False)
    assert client.get(index=LEDGER.index(""), id="a-2022")["_source"]["revision"] == 8

    # Searches and boards need the alias, also when the last index goes.
    client.indices.delete(index=sorted(client.indices.get(index="claims-g1-2026*")))
    run(settings, export=tmp_path / "new.jsonl")
    assert client.count(index="claims")["count"] == 0
    bootstrap.check_prepared(None, client)


def write_samples(client: Elasticsearch, bucket: str, since: datetime, count: int) -> None:
    """Writes samples of a counter and of a gauge every ten seconds."""
    bulk(
        client,
        (
            {
                "_index": HEALTH.index(bucket),
                "_source": {
                    "at": (since + timedelta(seconds=10 * number)).isoformat(), "seconds": 10.0, "source": "run",
                    "instance": "h:1", "metric": metric, "value": float(number % 7), "step": "decode",
                },
            }
            for number in range(count)
            for metric in ("newsclaims_records_total", "newsclaims_workers")
        ),
        refresh=True,
    )  # fmt: skip


def draw(client: Elasticsearch) -> list[tuple[str, float, float]]:
    """Returns what a board would draw over ten minutes: the sum of the counter, and the largest value of the gauge."""
    values = {
        kind: {"filter": {"term": {"metric": metric}}, "aggs": {"value": {kind: {"field": "value"}}}}
        for kind, metric in (("sum", "newsclaims_records_total"), ("max", "newsclaims_workers"))
    }
    steps = {"date_histogram": {"field": "at", "fixed_interval": "10m", "min_doc_count": 1}, "aggs": values}
    found = client.search(index="health", size=0, aggs={"steps": steps})["aggregations"]["steps"]["buckets"]
    return [(each["key_as_string"], each["sum"]["value"]["value"], each["max"]["value"]["value"]) for each in found]


def test_health_samples_are_thinned_and_boards_draw_the_same(
    client: Elasticsearch, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)
    write_samples(client, "2026.09", since, 540)
    client.delete_by_query(index="health-g1-2024", query={"match_all": {}}, refresh=True)
    before = draw(client)
    assert len(before) == 9

    # A run that was interrupted in the middle: what it has written is not seen, and the next run begins again.
    with monkeypatch.context() as patch:
        patch.setattr(client.indices, "update_aliases", None)
        found = next(each for each in list_indices(client) if each.index == "health-g1-2026.09")
        with pytest.raises(TypeError, match="not callable"):
            thin_indices.thin_index(client, found, thin_indices.STEPS[0])
    assert client.count(index="health-g1-2026.09-1m")["count"] == 180
    assert draw(client) == before

    [thinned] = [each for each in run(settings).thinned if each.index == "health-g1-2026.09"]
    assert (thinned.copy, thinned.before, thinned.after) == ("health-g1-2026.09-1m", 1080, 180)
    assert draw(client) == before
    assert not client.indices.exists(index="health-g1-2026.09")
    assert run(settings).thinned == ()

    # Samples that were buffered for long come after that, into an index of their own.
    write_samples(client, "2026.09", since - timedelta(hours=1), 6)
    [late] = run(settings).thinned
    assert late.after == 182
    assert len(draw(client)) == 10

    later = run_retention(settings, NOW + timedelta(days=60))
    assert {each.copy for each in later.thinned} == {"health-g1-2026.09-10m"}
    assert draw(client)[1:] == before
    assert client.count(index="health-g1-2026.09-10m")["count"] == 20
    bootstrap.check_prepared(None, client)
