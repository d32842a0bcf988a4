"""Watches with the real servers: a job that reads a changed file, and backfills of index, ledger and topic."""

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipelines import backfill as backfills
from pipelines.connections import make_sink_topics
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.writer import BatchWriter
from pipelines.io.kafka.publishing import Publisher
from pipelines.text.watches.matching import Watchlist
from pipelines.transforms.watches import CHECK_SECONDS, WatchesFile, read_watches_file
from schemas.errors import Retryable
from schemas.identity import article_id
from tests.conftest import Stack
from tests.pipelines import tagging
from tests.pipelines.messages import FETCHED_AT, fields, message
from tests.pipelines.run.running import command, count, emptied, eventually, json_of, messages, running, send
from tests.pipelines.run.running import documents as indexed
from tests.pipelines.tagging import BOATS, BOTH, NONE, written

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]

FAMILIES = ("articles", "claims", "figures")


@pytest.fixture
def empty(stack: Stack) -> Stack:
    """The servers in the state after `init` on a new machine."""
    return emptied(stack)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of watches without any."""
    return written(tmp_path / "watches.yaml", NONE)


def named(file: Path) -> dict[str, str]:
    return {"NEWSCLAIMS_WATCHES": str(file)}


def everything(stack: Stack) -> dict[str, dict[str, Any]]:
    """Returns the last written documents with their versions, by id."""
    found = {}
    with Elasticsearch(stack.elasticsearch_url) as client:
        client.indices.refresh(index="articles,claims,figures,ledger")
        for alias in (*FAMILIES, "ledger"):
            for hit in client.search(index=alias, size=10_000, version=True)["hits"]["hits"]:
                found[f"{alias} {hit['_id']}"] = hit["_source"] | {"_version": hit["_version"]}
    return found


def latest(stack: Stack) -> dict[str, Any]:
    """Returns the last message of each claim in the topic `claims`; None if it is deleted."""
    return {record.key.decode(): record.value and json.loads(record.value) for record in messages(stack, "claims")}


def agrees(stack: Stack) -> bool:
    """Whether topic and index hold the same claims."""
    there = {source["claim_id"]: source for source in indexed(stack, "claims")}
    for source in there.values():
        source.pop("indexed_at")
    return {id: source for id, source in latest(stack).items() if source} == there


def ingested(stack: Stack, file: Path, amount: int = 6) -> None:
    """Articles 1 to `amount`, processed with the watches of the file."""
    send(stack, *(message(number) for number in range(1, amount + 1)))
    run = command(stack, "run", "--until-caught-up", **named(file))
    assert run.returncode == 0, run.stderr
    assert count(stack, "articles") == amount


def watched(stack: Stack, **term: object) -> list[list[str]]:
    return [source["watches"] for source in indexed(stack, "articles", **term)]


def test_running_job_takes_a_changed_file_and_keeps_the_old_watches_where_it_is_wrong(empty: Stack, file: Path) -> None:
    def next_watches() -> list[str]:
        """Returns the watches of an article that comes after the job had time to check the file."""
        end = time.monotonic() + CHECK_SECONDS
        is_late = False
        while not is_late:
            is_late = time.monotonic() > end
            number = count(empty, "articles") + 1
            send(empty, message(number))
            eventually(lambda number=number: count(empty, "articles") == number)
        return watched(empty, article_id=article_id(fields(number)["url"], ""))[0]

    with running(empty, **named(written(file, tagging.DENIALS.replace("Ines Okafor", "Inès OKAFOR")))) as process:
        assert next_watches() == ["denials"]
        written(file, BOATS)
        assert next_watches() == ["boats"]
        written(file, "watches:\n  boats:\n    word: [boat*]\n")
        assert next_watches() == ["boats"]
        written(file, BOTH)
        assert next_watches() == ["denials", "boats"]
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=120)
    assert output.count("The watches stay as they were: ") == 1
    assert f"{file}, line 3, watches.boats.word: unknown field; did you mean words?" in output
    assert output.count("was read again") == 2
    denied = {source["status"] for source in indexed(empty, "claims", watches="denials")}
    assert denied == {"denied"}
    assert {source["unit_class"] for source in indexed(empty, "figures", watches="boats")} == {"vehicles"}


def test_backfill_marks_what_is_indexed_in_index_ledger_and_topic_and_again_changes_nothing(
    empty: Stack, file: Path
) -> None:
    ingested(empty, file)
    before = everything(empty)
    written(file, BOATS)
    dry = json_of(command(empty, "watches", "backfill", "boats", "--dry-run", "--json", **named(file)))
    assert (dry["articles"], dry["changed"], dry["gained"]) == (6, 6, {"boats": 6})
    assert everything(empty) == before
    assert json_of(command(empty, "watches", "backfill", "boats", "--json", **named(file))) == dry

    after = everything(empty)
    assert after.keys() == before.keys()
    tags = [name for name, source in after.items() if source.get("watches") == ["boats"]]
    assert len([name for name in tags if name.startswith("claims")]) == 6
    assert len([name for name in tags if name.startswith("articles")]) == 6
    for name, source in after.items():
        other = {key for key, value in source.items() if value != before[name][key]}
        may = {"rules_version", "written_at"} if name.startswith("ledger") else {"rules_version", "watches"}
        assert other <= may, name  # indexed_at, the version and all times are as they were
        assert "+" in source["rules_version"]
    assert agrees(empty)

    sent = len(messages(empty, "claims"))
    again = command(empty, "watches", "backfill", "--all", **named(file))
    assert "6 articles read, 0 with 0 claims changed" in again.stdout
    assert len(messages(empty, "claims")) == sent
    # What is delivered again is unchanged, too.
    command(empty, "run", "--until-caught-up", "--start", "earliest", **named(file))
    assert everything(empty) == after
    listed = json_of(command(empty, "watches", "list", "--json", **named(file)))
    assert [(line["watch"]["name"], line["recent"], line["claims"]) for line in listed] == [("boats", 0, 6)]


def test_removed_watch_goes_with_all_and_since_leaves_older_articles_alone(empty: Stack, file: Path) -> None:
    ingested(empty, written(file, BOATS), 2)
    written(file, NONE)
    gone = command(empty, "watches", "list", **named(file))
    assert "boats is not a watch any more, but 2 claims have it: run `newsclaims watches backfill --all`" in gone.stderr
    none = command(empty, "watches", "backfill", "boats", **named(file))
    assert none.returncode == 1
    assert "no watch is named 'boats'" in none.stderr
    late = json_of(command(empty, "watches", "backfill", "--all", "--since", "2024-11-06", "--json", **named(file)))
    assert late["articles"] == 0
    assert watched(empty) == [["boats"]] * 2
    done = json_of(command(empty, "watches", "backfill", "--all", "--json", **named(file)))
    assert done["lost"] == {"boats": 2}
    assert {tuple(source["watches"]) for family in FAMILIES for source in indexed(empty, family)} == {()}
    assert not any("+" in source["rules_version"] for source in indexed(empty, "ledger"))
    assert agrees(empty)


def test_backfill_that_was_interrupted_is_done_by_the_next(
    empty: Stack, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Breaking(Publisher):
        def publish(self, _messages: Any) -> Any:
            raise Retryable("Kafka is unreachable")

    ingested(empty, file, 3)
    order = backfills.BackfillOrder(Watchlist(read_watches_file(written(file, BOATS))), ("boats",))
    monkeypatch.setattr("pipelines.connections.Publisher", Breaking)
    with pytest.raises(Retryable, match="Kafka is unreachable"):
        backfills.backfill(empty.settings, order, lambda *_: None)
    assert watched(empty) == [["boats"]] * 3  # the index is ahead of topic and ledger
    assert not agrees(empty)
    monkeypatch.undo()
    assert backfills.backfill(empty.settings, order, lambda *_: None).changed == 3
    assert agrees(empty)
    assert all("+" in source["rules_version"] for source in indexed(empty, "ledger"))
    assert backfills.backfill(empty.settings, order, lambda *_: None).changed == 0


def test_newer_revision_of_a_running_job_wins_in_index_ledger_and_topic(
    empty: Stack, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingested(empty, file, 2)
    first_one = article_id(fields(1)["url"], "")
    gone = {source["claim_id"] for source in indexed(empty, "claims", article_id=first_one)}
    newer = message(1, body="Up to 70 boats came, Ines Okafor said.", title="Boats", content_hash="new",
                    revision=fields(1)["revision"] + 1, fetched_at=FETCHED_AT)  # fmt: skip

    class Overtaken(Publisher):
        """The job indexes and publishes a newer revision after the backfill has indexed and before it publishes."""

        first = True

        def publish(self, messages: Any) -> Any:
            if Overtaken.first:
                Overtaken.first = False
                published = make_sink_topics(empty.settings.kafka.client_options())
                with Elasticsearch(empty.elasticsearch_url) as client:
                    publisher = Publisher(published.producer())
                    job = BatchWriter(BulkSender(client), publisher, published)
                    job.write([tagging.documents(WatchesFile(file), newer)])
                    publisher.close()
            return super().publish(messages)

    order = backfills.BackfillOrder(Watchlist(read_watches_file(written(file, BOATS))), ("boats",))
    monkeypatch.setattr("pipelines.connections.Publisher", Overtaken)
    assert backfills.backfill(empty.settings, order, lambda *_: None).changed == 2
    (article,) = indexed(empty, "articles", article_id=first_one)
    assert article["title"] == "Boats"
    assert article["revision"] == fields(1)["revision"] + 1
    assert article["watches"] == ["boats"]
    there = {source["claim_id"] for source in indexed(empty, "claims")}
    assert gone - there
    assert agrees(empty)
    assert all(latest(empty)[id] is None for id in gone - there)
    (entry,) = indexed(empty, "ledger", article_id=first_one)
    assert entry["revision"] == article["revision"]
