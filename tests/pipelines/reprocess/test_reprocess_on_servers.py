"""A re-processing next to a running job: killed, started again, switched, rolled back, finished."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.generations import FixedGeneration
from pipelines.io.elasticsearch.writer import BatchWriter
from pipelines.reprocess.comparing import GenerationPair, remove_orphans
from pipelines.reprocess.marks import carry_marks
from pipelines.reprocess.switching import prepare_generation, retire
from schemas.codec import make_document
from schemas.elasticsearch.indices import FAMILIES, MARKS
from schemas.elasticsearch.marks import ClaimMark
from schemas.errors import Permanent
from schemas.identity import article_id
from tests.conftest import Stack
from tests.pipelines.messages import fields, message
from tests.pipelines.run.running import ROOT, command, emptied, eventually, json_of, messages, running, send
from tests.pipelines.run.running import documents as indexed
from tests.pipelines.tagging import BOATS, NONE, written

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]

OLD = range(1000, 1006)
"""Articles before the time range: they are copied."""
RANGE = range(60)
"""Articles that are read again."""
UNTOUCHED = 55
"""One of them, of which no newer revision comes."""
LONG = 280.0


@pytest.fixture
def empty(stack: Stack) -> Stack:
    """The servers in the state after `init` on a new machine."""
    return emptied(stack)


def find_id(number: int) -> str:
    return article_id(fields(number)["url"], "")


class LiveFeed:
    """Publishes an article and a new revision of an older one every second."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.published: set[int] = set()
        self.revised: dict[int, int] = {}
        self.ended = threading.Event()

    @contextmanager
    def running(self) -> Iterator["LiveFeed"]:
        thread = threading.Thread(target=self.run)
        thread.start()
        try:
            yield self
        finally:
            self.ended.set()
            thread.join()

    def run(self) -> None:
        number = 5000
        while not self.ended.wait(1.0):
            revision = int(time.time() * 1000)
            old = number % 50
            later = datetime.now(UTC).isoformat().replace("+00:00", "Z")
            changed = {"revision": revision, "content_hash": f"later-{revision}", "fetched_at": later}
            body = f"HARLOW BAY - The port authority said on Tuesday that {number} boats were ready."
            send(
                self.stack, message(number), message(old, body=body, **changed), key=str(number).encode()
            )  # fmt: skip
            self.published.add(number)
            self.revised[old] = revision
            number += 1


def behind(stack: Stack, alias: str) -> list[tuple[str, str]]:
    """Returns index and id of every document behind an alias."""
    with Elasticsearch(stack.elasticsearch_url) as client:
        client.indices.refresh(index=alias)
        hits = client.search(index=alias, size=10_000, source=False)["hits"]["hits"]
    return [(hit["_index"], hit["_id"]) for hit in hits]


def holds(stack: Stack, numbers: set[int], generation: int) -> bool:
    """Whether each of these articles is behind the alias exactly once, and nothing else is, in one generation."""
    found = behind(stack, "articles")
    if Counter(id for _, id in found) != Counter(find_id(number) for number in numbers):
        return False
    everything = [index for alias in ("articles", "claims", "figures", "ledger") for index, _ in behind(stack, alias)]
    assert {index.split("-g")[1][0] for index in everything} == {str(generation)}
    return True


def is_consistent(stack: Stack) -> bool:
    """Whether articles, ledger, claims, figures and the topic `claims` agree."""
    ledger = {entry["article_id"]: entry for entry in indexed(stack, "ledger")}
    claims, figures = indexed(stack, "claims"), indexed(stack, "figures")
    latest = {record.key.decode(): record.value and json.loads(record.value) for record in messages(stack, "claims")}
    return (
        {source["article_id"]: source["revision"] for source in indexed(stack, "articles")}
        == {id: entry["revision"] for id, entry in ledger.items()}
        and sorted(id for entry in ledger.values() for id in entry["claim_ids"])
        == sorted(c["claim_id"] for c in claims)
        and sorted(id for entry in ledger.values() for id in entry["figure_ids"])
        == sorted(figure["figure_id"] for figure in figures)
        and {id: value["text"] for id, value in latest.items() if value}
        == {claim["claim_id"]: claim["text"] for claim in claims}
    )


def start(stack: Stack, *options: str, **environ: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "newsclaims", "reprocess", *options], cwd=ROOT, text=True,
        env={**os.environ, **stack.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def count_in(stack: Stack, pattern: str) -> int:
    with Elasticsearch(stack.elasticsearch_url) as client:
        if not client.indices.get(index=pattern, allow_no_indices=True):
            return 0
        client.indices.refresh(index=pattern)
        return int(client.count(index=pattern)["count"])


@dataclass
class Scene:
    """A running job, what was published so far, and the file of the watches."""

    stack: Stack
    file: Path
    numbers: set[int] = field(default_factory=set)

    @property
    def watches(self) -> dict[str, str]:
        return {"NEWSCLAIMS_WATCHES": str(self.file)}

    def publish(self, numbers: range) -> None:
        """Publishes articles, on all partitions."""
        for key in range(4):
            send(self.stack, *(message(number) for number in numbers if number % 4 == key), key=b"%d" % key)
        self.numbers |= set(numbers)

    def mark_one(self, number: int) -> str:
        """Marks a claim of an article, and returns its id."""
        claim = indexed(self.stack, "claims", article_id=find_id(number))[0]["claim_id"]
        mark = ClaimMark(claim_id=claim, article_id=find_id(number), mark="wrong", at=datetime.now(UTC))
        with Elasticsearch(self.stack.elasticsearch_url) as client:
            client.index(index=MARKS.index(""), id=claim, document=make_document(mark), refresh=True)
        return claim

    def kill_at(self, part: int, *options: str) -> None:
        """Starts a re-processing, and kills it (-9) when it has written so many articles."""
        process = start(self.stack, *options, **self.watches)
        eventually(lambda: count_in(self.stack, "articles-g2-*") >= part or process.poll() is not None, LONG)
        assert process.poll() is None, process.communicate()[1]
        process.kill()
        process.communicate()
        assert {index.split("-g")[1][0] for index, _ in behind(self.stack, "articles")} == {"1"}

    def call(self, *options: str) -> Any:
        """Runs `newsclaims reprocess` to its end."""
        return json_of(command(self.stack, "reprocess", *options, "--json", **self.watches))

    def is_at(self, generation: int) -> None:
        """Waits until all articles are there once, in this generation, and everything agrees."""
        eventually(lambda: holds(self.stack, self.numbers, generation), LONG)
        eventually(lambda: is_consistent(self.stack), LONG)


@pytest.mark.slow
def test_reprocessing_next_to_a_running_job(empty: Stack, tmp_path: Path) -> None:
    scene = Scene(empty, written(tmp_path / "watches.yaml", NONE))
    scene.publish(OLD)
    time.sleep(1.1)
    since = datetime.now(UTC).isoformat()
    scene.publish(RANGE)
    with running(empty, **scene.watches) as job:
        scene.is_at(1)
        before = {claim["claim_id"]: claim for claim in indexed(empty, "claims")}
        marked = scene.mark_one(UNTOUCHED)
        written(scene.file, BOATS)  # the rules change
        time.sleep(2)
        live = LiveFeed(empty)
        with live.running():
            scene.kill_at(1, "--since", since)
            scene.kill_at(30, "--since", since)
            backfill = command(empty, "watches", "backfill", "--all", **scene.watches)
            assert "a re-processing is not finished" in backfill.stderr
            done = scene.call("--since", since)
        scene.numbers |= live.published
        scene.is_at(2)
        assert (done["generation"], done["failed"], done["gone"], done["lost_marks"]) == (2, 0, 0, [])
        check_contents(scene, live, before, marked)

        # Back, with the live articles that came after the switch.
        scene.publish(range(7000, 7010))
        scene.is_at(2)
        assert scene.call("rollback")["live"] == 1
        scene.is_at(1)
        assert [source["watches"] for source in indexed(empty, "articles", article_id=find_id(UNTOUCHED))] == [[]]
        scene.call("finish")
        assert count_in(empty, "*-g2*") == 0

        # Once more, with two processes, to the end.
        again = scene.call("--workers", "2")
        assert (again["generation"], again["copied"]) == (3, 0)
        scene.call("finish")
        scene.publish(range(8000, 8010))
        scene.is_at(3)
        assert count_in(empty, "*-g2*") == 0
        assert command(empty, "init").returncode == 0
        scene.is_at(3)
        assert all(source["watches"] == ["boats"] for source in indexed(empty, "articles"))
        job.send_signal(signal.SIGTERM)
        output, _ = job.communicate(timeout=60)
    assert "Traceback" not in output


def check_contents(scene: Scene, live: LiveFeed, before: dict[str, Any], marked: str) -> None:
    """Checks what was read again, what was copied, and what came meanwhile."""
    articles = {source["article_id"]: source for source in indexed(scene.stack, "articles")}
    for number in scene.numbers:
        assert articles[find_id(number)]["watches"] == ([] if number in OLD else ["boats"]), number
    for number, revision in live.revised.items():
        assert articles[find_id(number)]["revision"] == revision
    # What was news then looks as old as it is, and what is news stays so.
    assert {source["ingest_mode"] for source in articles.values()} == {"live"}
    after = {claim["claim_id"]: claim for claim in indexed(scene.stack, "claims")}
    same = [id for id in before if id in after and after[id]["revision"] == before[id]["revision"]]
    assert same
    assert all(after[id]["indexed_at"] == before[id]["indexed_at"] for id in same)
    assert after[marked]["mark"] == "wrong"
    status = json_of(command(scene.stack, "reprocess", "status", "--json"))
    assert (status["state"]["state"], status["state"]["live"]) == ("switched", 2)
    assert "not finished" in command(scene.stack, "reprocess", **scene.watches).stderr


def test_nothing_to_roll_back_or_to_finish(empty: Stack) -> None:
    for verb in ("rollback", "finish"):
        refused = command(empty, "reprocess", verb)
        assert refused.returncode == 1
        assert "no re-processing is under way" in refused.stderr


def make_set(claims: dict[str, dict[str, Any]], revision: int = 5, content: str = "a") -> DocumentSet:
    """An article with these claims: ids with their fields."""
    common = {"article_id": "a", "revision": revision, "rules_version": "r"}
    return DocumentSet(
        "a", revision, "r", "full", content, "2024",
        (
            Document("articles", "a", json.dumps(common).encode()),
            *(
                Document("claims", id, json.dumps({**common, "claim_id": id, **claim}).encode(), claim_id=id)
                for id, claim in claims.items()
            ),
        ),
        None,
    )  # fmt: skip


def test_marks_and_orphans_of_two_generations(empty: Stack) -> None:
    says = {"field": "body", "text": "Ann said it rained.", "start": 0, "end": 19, "content": [[9, 18]]}
    with Elasticsearch(empty.elasticsearch_url) as client:
        sender = BulkSender(client)
        prepare_generation(client, empty.settings, 2)
        pair = GenerationPair(client, sender, 1, 2)
        BatchWriter(sender, generations=FixedGeneration(1)).write(
            [make_set({"c1": says, "c2": {**says, "text": "Bo denied it.", "end": 13}, "c3": {**says, "text": "No."}})]
        )
        new = BatchWriter(sender, generations=FixedGeneration(2))
        new.write([make_set({"d1": says, "c3": {**says, "text": "No."}})])
        for id in ("c1", "c2", "c3"):
            mark = ClaimMark(claim_id=id, article_id="a", mark="wrong", at=datetime.now(UTC), text=id)
            client.index(index=MARKS.index(""), id=id, document=make_document(mark), refresh=True)
        carried, lost = carry_marks(pair)
        assert (carried, [each.claim_id for each in lost]) == (1, ["c2"])
        claims = FAMILIES["claims"].index("2024", 2)
        assert {id: client.get(index=claims, id=id)["_source"]["mark"] for id in ("d1", "c3")} == {
            "d1": "wrong", "c3": "wrong",
        }  # fmt: skip
        assert carry_marks(pair)[0] == 0

        # A newer revision whose writer did not know the children of the older one.
        newer = make_set({"e1": says}, revision=6, content="b")
        entry = FAMILIES["ledger"].index("", 2)
        client.delete(index=entry, id="a")
        new.write([newer])
        client.indices.refresh(index=claims)
        assert int(client.count(index=claims)["count"]) == 3
        assert remove_orphans(pair, [("a", 5)]) == 2
        client.indices.refresh(index=claims)
        assert [hit["_id"] for hit in client.search(index=claims)["hits"]["hits"]] == ["e1"]
        assert remove_orphans(pair, [("a", 6)]) == 0

        # A late write does not create an index of a generation that is gone.
        retire(client, 2)
        with pytest.raises(Permanent, match="no such index"):
            new.write([newer])
        assert not client.indices.get(index="*-g2*", allow_no_indices=True)
