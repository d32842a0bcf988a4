"""`newsclaims marks` with the real servers: claims, figures, topic, races with a job, and claims that go."""

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from deploy import bootstrap
from pipelines import marking
from pipelines.connections import make_sink_topics
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.writer import BatchWriter
from pipelines.io.kafka.publishing import Publisher
from pipelines.marking import MarkSelection, NewMark, add_marks, list_marks, remove_marks
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent
from tests.conftest import Stack
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.test_sink_on_servers import topic_content
from tests.pipelines.run.running import command

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

BUCKET = "1998"
"""No other test writes articles of that year."""
WRONG, DUPLICATE = NewMark(mark="wrong", by="m.visser"), NewMark(mark="duplicate")


@dataclass
class Desk:
    """A job's sink and one article of it."""

    stack: Stack
    client: Elasticsearch
    publisher: Publisher
    owner: str

    def id(self, name: str) -> str:
        return f"{self.owner}-{name}"

    def set(self, revision: int = 5, claims: tuple[str, ...] = ("c1", "c2"), **options: Any) -> DocumentSet:
        """A revision of the article; its first claim has a figure."""
        made = article_set(self.owner, revision, [self.id(each) for each in claims], bucket=BUCKET, **options)
        figure = {"article_id": self.owner, "revision": revision, "rules_version": "r1", "figure_id": self.id("f1"),
                  "claim_id": self.id(claims[0]), "value": 40.0}  # fmt: skip
        document = Document("figures", self.id("f1"), json.dumps(figure).encode(), claim_id=self.id(claims[0]))
        texts = [
            replace(each, source=each.source[:-1] + b', "text": "Forty were lost."}')
            if each.family == "claims"
            else each
            for each in made.documents
        ]
        return replace(made, documents=(*texts, document))

    def write(self, *sets: DocumentSet) -> None:
        topics = make_sink_topics(self.stack.settings.kafka.client_options())
        BatchWriter(BulkSender(self.client), self.publisher, topics).write(sets)

    def indexed(self, family: str = "claims") -> dict[str, tuple[int, str | None]]:
        """Revision and mark of each document, by the end of its id."""
        self.client.indices.refresh(index=family)
        hits = self.client.search(index=family, query={"term": {"article_id": self.owner}}, version=True)["hits"][
            "hits"
        ]
        assert all(hit["_version"] == hit["_source"]["revision"] for hit in hits)
        return {
            hit["_id"].removeprefix(f"{self.owner}-"): (hit["_source"]["revision"], hit["_source"].get("mark"))
            for hit in hits
        }

    def published(self) -> dict[str, tuple[int, str | None]]:
        found = {}
        for id, value in topic_content(self.stack, "claims", self.owner).items():
            if value:
                message = json.loads(value)
                assert "indexed_at" not in message
                found[id] = (message["revision"], message.get("mark"))
        return found

    def add(self, *names: str, new: NewMark = WRONG) -> marking.MarkingResult:
        return add_marks(self.stack.settings, [self.id(name) for name in names], new)


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[Elasticsearch]:
    bootstrap.init(stack.settings)
    with Elasticsearch(**stack.settings.elasticsearch.client_options()) as made:
        yield made
        made.indices.delete(index=[FAMILIES[name].index(BUCKET) for name in ("articles", "claims", "figures")])
        made.delete_by_query(index="marks", query={"match_all": {}}, refresh=True)


@pytest.fixture
def desk(stack: Stack, client: Elasticsearch) -> Iterator[Desk]:
    publisher = Publisher(make_sink_topics(stack.settings.kafka.client_options()).producer())
    yield Desk(stack, client, publisher, uuid.uuid4().hex)
    publisher.close()


def test_mark_reaches_claim_figure_and_topic_and_is_removed_again(desk: Desk) -> None:
    desk.write(desk.set())
    before = desk.client.get(index=FAMILIES["claims"].index(BUCKET), id=desk.id("c1"))["_source"]
    done = desk.add("c1")
    assert (done.claims, done.documents, done.gone) == (1, 2, [])
    assert desk.indexed() == desk.published() == {"c1": (5, "wrong"), "c2": (5, None)}
    assert desk.indexed("figures") == {"f1": (5, "wrong")}
    after = desk.client.get(index=FAMILIES["claims"].index(BUCKET), id=desk.id("c1"))["_source"]
    assert after == before | {"mark": "wrong"}
    desk.add("c1", new=DUPLICATE)
    assert desk.indexed()["c1"] == desk.published()["c1"] == (5, "duplicate")
    assert desk.add("c1", new=DUPLICATE).documents == 0
    remove_marks(desk.stack.settings, [desk.id("c1")])
    assert desk.indexed() == desk.published() == {"c1": (5, None), "c2": (5, None)}
    assert desk.indexed("figures") == {"f1": (5, None)}


def test_mark_survives_redelivery_and_a_newer_revision_and_an_orphan_says_so(desk: Desk) -> None:
    desk.write(desk.set())
    desk.add("c1", "c2")
    for again in (desk.set(), desk.set(6), desk.set(6, rules="r2")):
        desk.write(again)
        assert set(desk.indexed().values()) == set(desk.published().values()) == {(again.revision, "wrong")}
    desk.write(desk.set(7, ("c2",)))
    found = list_marks(desk.stack.settings, MarkSelection(claims=(desk.id("c1"), desk.id("c2"))), 10)
    assert {each["claim_id"]: each["state"] for each in found} == {desk.id("c1"): "orphaned", desk.id("c2"): "set"}
    assert {each["text"] for each in found} == {"Forty were lost."}
    listed = command(desk.stack, "marks", "list", "--claim", desk.id("c1"), COLUMNS="200")
    assert "claim is gone" in listed.stdout
    assert remove_marks(desk.stack.settings, [desk.id("c1")]).gone == [desk.id("c1")]


def test_job_that_writes_newer_revisions_at_the_same_time_ends_with_the_mark(desk: Desk) -> None:
    desk.write(desk.set())
    ended = threading.Event()

    def write_revisions() -> None:
        for revision in range(6, 40):
            desk.write(desk.set(revision))
        ended.set()

    job = threading.Thread(target=write_revisions)
    job.start()
    turns = 0
    while not ended.is_set() or turns < 2:
        desk.add("c1", new=(WRONG, DUPLICATE)[turns % 2])
        turns += 1
    job.join()
    last = ("wrong", "duplicate")[(turns - 1) % 2]
    assert desk.indexed() == desk.published() == {"c1": (39, last), "c2": (39, None)}
    assert desk.indexed("figures") == {"f1": (39, last)}


def test_newer_revision_that_comes_between_the_read_and_the_write_wins_and_gets_the_mark(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write(desk.set())
    original = marking.rewrite
    writes = iter([desk.set(6)])

    def rewrite(*arguments: Any) -> Any:
        actions = original(*arguments)
        if newer := next(writes, None):
            desk.write(newer)
        return actions

    monkeypatch.setattr(marking, "rewrite", rewrite)
    desk.add("c1")
    assert desk.indexed() == desk.published() == {"c1": (6, "wrong"), "c2": (6, None)}


def test_errors_name_the_claim_and_mark_nothing(desk: Desk) -> None:
    desk.write(desk.set())
    with pytest.raises(Permanent, match="no claim has the id nowhere: copy the `claim_id`"):
        add_marks(desk.stack.settings, [desk.id("c1"), "nowhere"], WRONG)
    for original, problem in (
        ("nowhere", "no claim has the id nowhere, which --of names"),
        (desk.id("c1"), "cannot be a duplicate of itself"),
    ):
        with pytest.raises(Permanent, match=problem):
            desk.add("c1", new=NewMark(mark="duplicate", duplicate_of=original))
    with pytest.raises(Permanent, match="does not go with `wrong`"):
        desk.add("c1", new=NewMark(mark="wrong", duplicate_of=desk.id("c2")))
    with pytest.raises(Permanent, match="no mark is stored for"):
        remove_marks(desk.stack.settings, [desk.id("c1")])
    assert set(desk.indexed().values()) == {(5, None)}
    desk.add("c2")
    with pytest.raises(Permanent, match="itself marked wrong"):
        desk.add("c1", new=NewMark(mark="duplicate", duplicate_of=desk.id("c2")))


def test_commands_take_ids_from_standard_input_and_list_what_they_stored(desk: Desk) -> None:
    desk.write(desk.set(claims=("c1", "c2", "c3")))
    command_line = [sys.executable, "-m", "newsclaims", "marks", "add", "-", "duplicate", "--of", desk.id("c3"),
                    "--note", "the caption \x1b[31mrepeats it", "--by", "m.visser"]  # fmt: skip
    ran = subprocess.run(
        command_line, input=f"{desk.id('c1')}\n\n{desk.id('c2')}\n", text=True, capture_output=True, check=False,
        env={**os.environ, **desk.stack.environ},
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (0, "2 marked duplicate, 3 documents written\n"), ran.stderr
    listed = command(desk.stack, "marks", "list", "--mark", "duplicate", "--by", "m.visser", "--since", "1h", "--json")
    marks = {each["claim_id"]: each for each in json.loads(listed.stdout)}
    assert marks.keys() == {desk.id("c1"), desk.id("c2")}
    assert marks[desk.id("c1")]["duplicate_of"] == desk.id("c3")
    shown = command(desk.stack, "marks", "list", "--by", "m.visser")
    assert "\x1b[31m" not in shown.stdout
    assert "\\x1b[31m" in "".join(shown.stdout.split())
    gone = command(desk.stack, "marks", "remove", "nothing")
    assert (gone.returncode, gone.stderr.count("\n")) == (1, 1)
