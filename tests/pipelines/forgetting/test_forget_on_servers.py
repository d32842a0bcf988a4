"""`newsclaims forget` on real servers: nothing of a page remains, whatever a job does at that moment."""

import gzip
import json
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from pipelines.forgetting.run import ForgetOrder, forget
from schemas.identity import article_id
from tests.conftest import Stack
from tests.pipelines.messages import fields, message
from tests.pipelines.run.running import command, count, documents, emptied, eventually, json_of, messages, running

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

PAGE = "https://harbour-post.example/articles/1"
"""The address of `message(1)`."""
LIVE = {"article_id": "live-entry-3", "url": PAGE + "#entry-3", "title": "Entry 3 of the same page"}
NEIGHBOUR = "https://harbour-post.example/articles/10"
SECRET = "about 4 volunteers joined"
"""Words of the page that stand nowhere else."""


@pytest.fixture
def empty(stack: Stack) -> Stack:
    """The servers in the state after `init` on a new machine."""
    return emptied(stack)


def send(stack: Stack, *values: bytes, broken: bytes = b"") -> None:
    """Sends raw articles under the keys that a publisher gives them, and perhaps a broken one."""
    with closing(KafkaProducer(bootstrap_servers=stack.bootstrap_servers)) as producer:
        for value in values:
            producer.send("raw-articles", key=json.loads(value)["article_id"].encode(), value=value)
        if broken:
            producer.send("raw-articles", key=b"k", value=broken)
        producer.flush()


def latest(stack: Stack, topic: str) -> list[bytes]:
    """What a topic holds once Kafka has compacted it."""
    kept: dict[bytes, bytes | None] = {each.key: each.value for each in messages(stack, topic)}
    return [value for value in kept.values() if value is not None]


def find_traces(stack: Stack) -> dict[str, list[str]]:
    """Where the words of the page are: in indices, or in topics after compaction."""
    with Elasticsearch(stack.elasticsearch_url) as client:
        client.indices.refresh(index="*-g*")
        hits = client.search(index="*-g*,-takedowns-g*", size=10_000)["hits"]["hits"]
    found = {"indices": [hit["_index"] for hit in hits if is_of_page(json.dumps(hit["_source"]))]}
    for topic in ("raw-articles", "claims", "dead-letters"):
        found[topic] = [value.decode()[:60] for value in latest(stack, topic) if is_of_page(value.decode())]
    return {place: where for place, where in found.items() if where}


def read_archive(folder: Path) -> list[str]:
    """The lines of all files of an archive."""
    return [
        line
        for file in sorted(folder.rglob("*.gz"))
        for line in gzip.decompress(file.read_bytes()).decode().splitlines()
    ]


def is_of_page(text: str) -> bool:
    return SECRET in text.lower() or PAGE + '"' in text or PAGE + "#" in text


def test_everything_of_a_page_goes(empty: Stack, tmp_path: Path) -> None:
    broken = message(1, extra={"a": "b"})[:-1]
    send(empty, message(1), message(1, **LIVE), message(10), broken=broken)
    command(empty, "run", "--until-caught-up")
    assert count(empty, "articles") == 3
    assert set(find_traces(empty)) == {"indices", "raw-articles", "claims", "dead-letters"}

    place = {"NEWSCLAIMS_ARCHIVE": str(tmp_path)}
    command(empty, "archive", "run", "--until-caught-up", **place)
    assert sum(is_of_page(line) for line in read_archive(tmp_path)) == 2
    (planned,) = json_of(command(empty, "forget", PAGE, "--dry-run", "--json", **place))
    assert planned["dry_run"]
    assert count(empty, "articles") == 3
    assert count(empty, "takedowns") == 0
    variant = "http://www.harbour-post.example/articles/1/?utm_source=x"
    (done,) = json_of(
        command(empty, "forget", variant, "--reason", "asked for", "--by", "a. editor", "--json", **place)
    )
    assert {**planned["removed"], "claim_messages": done["removed"]["claim_messages"]} == done["removed"]
    assert (done["removed"]["articles"], done["removed"]["ledger"], done["removed"]["dead_letters"]) == (2, 2, 1)
    assert find_traces(empty) == {}
    assert [json.loads(line)["url"] for line in read_archive(tmp_path)] == [NEIGHBOUR]
    assert [article["url"] for article in documents(empty, "articles")] == [NEIGHBOUR]
    assert len(latest(empty, "raw-articles")) == 1

    (listed,) = json_of(command(empty, "takedowns", "list", "--json"))
    assert (listed["reason"], listed["by"], listed["removed"]) == ("asked for", "a. editor", done["removed"])
    assert SECRET not in json.dumps(listed).lower()


def test_history_of_its_dead_letters_goes(empty: Stack) -> None:
    broken = [message(number, extra={"a": "b"})[:-1] for number in (1, 10)]
    for value in broken:
        send(empty, broken=value)
    command(empty, "run", "--until-caught-up")
    command(empty, "dead-letters", "replay")
    assert {tuple(each["addresses"]) for each in documents(empty, "replays")} == {(PAGE,), (NEIGHBOUR,)}
    (done,) = json_of(command(empty, "forget", PAGE, "--json"))
    assert done["removed"]["replays"] == 1
    assert [each["addresses"] for each in documents(empty, "replays")] == [[NEIGHBOUR]]


def test_publisher_leaves_out_what_was_taken_down_until_it_is_allowed_again(empty: Stack, tmp_path: Any) -> None:
    given = fields(1)
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({name: given[name] for name in ("url", "title", "body", "published_at")}))
    run = command(empty, "forget", PAGE)
    assert "nothing of it is stored; it is recorded, and will not be taken in" in " ".join(run.stdout.split())
    assert "0 published, 1 skipped: taken down" in command(empty, "publish", file).stdout
    assert PAGE in command(empty, "takedowns", "undo", PAGE, "--by", "a. editor").stdout
    (listed,) = json_of(command(empty, "takedowns", "list", "--json"))
    assert listed["lifted_by"] == "a. editor"
    assert command(empty, "publish", file).stdout == "1 published\n"
    assert [json.loads(value)["article_id"] for value in latest(empty, "raw-articles")] == [article_id(PAGE, "")]
    again = command(empty, "takedowns", "undo", PAGE)
    assert again.returncode == 1
    assert "is not taken down" in again.stderr


@pytest.mark.slow
def test_nothing_remains_if_the_job_is_writing_the_page_at_that_moment(empty: Stack) -> None:
    stop = threading.Event()
    sent = 0

    def publish() -> None:
        nonlocal sent
        with closing(KafkaProducer(bootstrap_servers=empty.bootstrap_servers)) as producer:
            while not stop.wait(0.02):
                sent += 1
                body = f"About {sent:,} volunteers joined the flood defence, the port authority said on Monday."
                value = message(1, revision=1730793600000 + sent, content_hash=str(sent), body=body)
                key = json.loads(value)["article_id"].encode()
                producer.send("raw-articles", key=key, value=value)
            producer.flush()

    with running(empty):
        thread = threading.Thread(target=publish)
        thread.start()
        try:
            eventually(lambda: count(empty, "articles") == 1)
            forget(empty.settings, PAGE, ForgetOrder())
            time.sleep(2)
        finally:
            stop.set()
            thread.join()
        send(empty, message(2))
        eventually(lambda: count(empty, "articles") == 1)
    assert [article["url"] for article in documents(empty, "articles")] == [fields(2)["url"]]
    for family in ("claims", "figures", "ledger"):
        assert all(each["article_id"] == fields(2)["article_id"] for each in documents(empty, family))
    owners = {json.loads(value)["article_id"] for value in latest(empty, "claims")}
    assert owners == {fields(2)["article_id"]}
