"""What the last release left on the servers: `newsclaims init` brings it to this one, and the job reads on.

`last_release` has what 0.2.0 stored: index templates and topics from its generated files, messages in its wire format,
and the documents that its code made of them.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from kafka.admin import KafkaAdminClient, NewTopic

from deploy import bootstrap
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.stored import read_stored
from schemas.elasticsearch.indices import FAMILIES, GENERATION
from schemas.errors import Permanent
from schemas.topics import load_topics
from tests.conftest import Stack
from tests.pipelines.run.running import command, count, documents, emptied, eventually, json_of, messages, send

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600), pytest.mark.slow]

LAST = Path(__file__).parent / "last_release"
INDEXED = ("0.2.0-1", "0.2.0-2")
"""Articles that the last release has written; it had not read the message of the third."""


def load(name: str) -> Any:
    """Returns one of the files."""
    return json.loads((LAST / name).read_bytes())


def load_documents() -> list[dict[str, Any]]:
    """Returns the documents that the last release has written."""
    lines = [json.loads(line) for line in (LAST / "documents.jsonl").read_bytes().splitlines()]
    return [line for line in lines if line["source"]["article_id"] in INDEXED]


@pytest.fixture
def stack_of_last_release(stack: Stack) -> Iterator[Stack]:
    """Servers as the last release leaves them."""
    emptied(stack)
    with (
        closing(KafkaAdminClient(bootstrap_servers=stack.bootstrap_servers)) as admin,
        Elasticsearch(stack.elasticsearch_url, request_timeout=60) as client,
    ):
        admin.delete_topics(list(load_topics()))
        eventually(lambda: not set(load_topics()) & set(admin.list_topics()))
        topics = [NewTopic(name, each["partitions"], 1, topic_configs=each["configs"])
                  for name, each in load("topics.json").items()]  # fmt: skip
        admin.create_topics(topics, wait_for_metadata=True)
        client.indices.delete(index=sorted(client.indices.get(index="*-g1*")))
        for family in FAMILIES.values():
            client.options(ignore_status=404).indices.delete_index_template(name=family.template)
        for family, body in load("templates.json").items():
            client.indices.put_index_template(name=f"newsclaims-{family}", body=body)
            first = f"{family}-g1" if family in ("ledger", "feeds") else f"{family}-g1-2024.11"
            client.indices.create(index=first)
        actions = (
            {"_index": each["index"], "_id": each["id"], "_source": each["source"], "version": each["version"],
             "version_type": "external_gte"}
            for each in load_documents()
        )  # fmt: skip
        bulk(client, actions, refresh=True)
    yield stack
    emptied(stack)


def test_the_last_release_is_read_on(stack_of_last_release: Stack) -> None:
    stack = stack_of_last_release
    first, second, third = load("messages.json")
    before = {each["claim_id"]: each for each in documents(stack, "claims")}

    # The job does not start on servers of the last release, and says what to do.
    with pytest.raises(Permanent, match="run `newsclaims init`"):
        bootstrap.check(stack.settings)
    report = bootstrap.init(stack.settings)
    changed = {change.name for change in report if change.outcome == "changed"}
    assert {"newsclaims-claims", "claims-g1-2024.11"} <= changed
    assert not [change for change in report if change.outcome == "kept"]
    bootstrap.check(stack.settings)
    assert {change.outcome for change in bootstrap.init(stack.settings)} == {"unchanged"}

    # What it has written is found and read as before.
    assert {each["claim_id"]: each for each in documents(stack, "claims")} == before
    exported = command(stack, "export", "claims", "--format", "jsonl", "--since", "2024-11-01", "--output", "-")
    assert exported.returncode == 0, exported.stderr
    assert len(exported.stdout.splitlines()) == len(before)
    with Elasticsearch(stack.elasticsearch_url) as client:
        stored = read_stored(BulkSender(client), INDEXED, GENERATION)
    assert [each.entry.article_id for each in stored] == list(INDEXED)

    # The job reads what waits in the topic: a redelivery, a newer revision, and an article that is new.
    newer = second | {"revision": second["revision"] + 60_000, "content_hash": "f" * 64, "body": second["body"][:42]}
    for each in (first, newer, third):
        send(stack, json.dumps(each).encode(), key=each["article_id"].encode())
    done = command(stack, "run", "--until-caught-up")
    assert done.returncode == 0, done.stderr
    assert count(stack, "dead-letters") == 0
    articles = {each["article_id"]: each for each in documents(stack, "articles")}
    assert sorted(articles) == ["0.2.0-1", "0.2.0-2", "0.2.0-3"]
    assert articles["0.2.0-2"]["revision"] == newer["revision"]

    # Nothing is there twice, and nothing of the older revision is left. The ledger names what both releases wrote.
    named = {id for entry in documents(stack, "ledger") for id in entry["claim_ids"]}
    claims = {each["claim_id"]: each for each in documents(stack, "claims")}
    assert claims.keys() == named
    assert {each["revision"] for each in claims.values() if each["article_id"] == "0.2.0-2"} == {newer["revision"]}
    assert {each["article_id"] for each in claims.values()} == set(articles)
    of_first = {id for id, each in claims.items() if each["article_id"] == "0.2.0-1"}
    assert of_first & before.keys(), "no claim has kept its id"
    topic = {message.key.decode() for message in messages(stack, "claims") if message.value is not None}
    assert topic == named
    assert json_of(command(stack, "offsets", "show", "--json"))[0]["topic"] == "raw-articles"
