"""`newsclaims marks`: stores analysts' marks, and writes them to the claims, their figures and the topic `claims`.

A mark is stored first, in the index `marks`; then the documents of its claim are written again at their own revision,
until a read finds all of them as the stored marks say. A job that writes a newer revision at the same time looks at the
marks again after it has written. So whichever is later sees what the other did.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from deploy.settings import Settings
from pipelines.connections import make_sink_topics, open_elasticsearch, open_publisher
from pipelines.io.elasticsearch import marks
from pipelines.io.elasticsearch.actions import BulkAction, delete, write
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.generations import is_missing, read_generations
from pipelines.io.elasticsearch.overtaking import (
    PAUSE_SECONDS,
    find_overtaken,
    list_stored,
    make_message,
    publish_again,
)
from pipelines.io.elasticsearch.stored import StoredSet, read_stored
from pipelines.io.elasticsearch.takedowns import INDEX as TAKEDOWNS
from pipelines.io.elasticsearch.takedowns import read_takedowns
from pipelines.io.kafka.publishing import OutgoingMessage, Publisher
from schemas.codec import encode
from schemas.elasticsearch.indices import FAMILIES, LEDGER
from schemas.elasticsearch.marks import ClaimMark
from schemas.elasticsearch.takedowns import list_takedown_ids
from schemas.errors import Permanent, Retryable
from schemas.fields import MarkKind

ACTION = "mark claims"

PATIENCE_SECONDS = 60.0
"""How long to wait for a job that is writing an article. It sets the mark itself when it has finished."""
BATCH = 100
"""Number of articles that are written together."""
PAGE = 1_000
"""Number of claims in one search."""
NAMED = 5
"""Number of ids that an error names."""


@dataclass(frozen=True, kw_only=True)
class NewMark:
    """What an analyst says about claims."""

    mark: MarkKind
    duplicate_of: str | None = None
    note: str | None = None
    by: str | None = None


@dataclass
class MarkingResult:
    """The claims whose mark was stored or removed, the documents that were written, and the claims that are gone."""

    claims: int = 0
    documents: int = 0
    gone: list[str] = field(default_factory=list)


def add_marks(settings: Settings, claims: Sequence[str], new: NewMark) -> MarkingResult:
    """Marks claims. Safe to repeat, and to run during a job; a claim that has a mark gets the new one.

    Raises `Permanent`, before anything is marked, if a claim does not exist or cannot be the original of duplicates.
    Raises `Retryable` if a server does not answer, or if a job writes an article for a minute.
    """
    with _connect(settings) as marker:
        known = marker.find_claims([*claims, *([new.duplicate_of] if new.duplicate_of else [])])
        marker.check(claims, new, known)
        at = datetime.now(UTC)
        made = [
            ClaimMark(claim_id=id, article_id=known[id]["article_id"], at=at, text=known[id]["text"],
                      mark=new.mark, duplicate_of=new.duplicate_of, note=new.note, by=new.by)
            for id in claims
        ]  # fmt: skip
        marker.store(write(marks.INDEX, each.claim_id, encode(each)) for each in made)
        return marker.apply(claims, {each.article_id for each in made})


def remove_marks(settings: Settings, claims: Sequence[str]) -> MarkingResult:
    """Removes the marks of claims, also of those that are gone. Raises as `add_marks`, and for a claim without one."""
    with _connect(settings) as marker:
        found = marker.sender.read(marks.INDEX, list(claims))
        if missing := [id for id in claims if id not in found]:
            raise Permanent(
                f"no mark is stored for {name_ids(missing)}: see `newsclaims marks list`; nothing was removed"
            )
        marker.store(delete(marks.INDEX, id) for id in claims)
        return marker.apply(claims, {source["article_id"] for source in found.values()})


@contextmanager
def _connect(settings: Settings) -> Iterator["Marker"]:
    with open_elasticsearch(settings, ACTION) as client, open_publisher(settings, ACTION) as publisher:
        topics = make_sink_topics(settings.kafka.client_options())
        yield Marker(client, publisher, topics.families["claims"])


class Marker:
    """Writes stored marks to the documents of their claims, in every generation of the indices."""

    def __init__(self, client: Elasticsearch, publisher: Publisher, topic: str) -> None:
        self.client = client
        self.sender = BulkSender(client)
        self.publisher = publisher
        self.topic = topic
        self.done = MarkingResult()

    def find_claims(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Returns article, text and mark of the claims that exist, by id."""
        wanted = list(dict.fromkeys(ids))
        self.client.indices.refresh(index="claims")
        return find_claims(self.client, wanted)

    def check(self, claims: Sequence[str], new: NewMark, known: Mapping[str, Any]) -> None:
        """Raises `Permanent` for an unknown claim, and for an original that duplicates cannot have."""
        if missing := [id for id in claims if id not in known]:
            raise Permanent(
                f"no claim has the id {name_ids(missing)}: copy the `claim_id` of a claim; nothing was marked"
            )
        original = new.duplicate_of
        if original is None:
            return
        if new.mark != "duplicate":
            raise Permanent("--of names the claim that a duplicate repeats: it does not go with `wrong`")
        if original in claims:
            raise Permanent(f"claim {original} cannot be a duplicate of itself; nothing was marked")
        if original not in known:
            raise Permanent(f"no claim has the id {original}, which --of names; nothing was marked")
        if mark := self.sender.read(marks.INDEX, [original]).get(original):
            better = f", of {mark['duplicate_of']}: name that claim" if mark.get("duplicate_of") else ""
            raise Permanent(f"--of names a claim that is itself marked {mark['mark']}{better}; nothing was marked")

    def store(self, actions: Iterable[BulkAction]) -> None:
        """Writes or deletes marks. Raises `Permanent` if Elasticsearch refuses one.

        Refreshes before the claims are written: the sink finds marks by search.
        """
        for refused in self.sender.send(actions):
            raise Permanent(f"Elasticsearch refuses the mark of {refused.action.id} ({refused.outcome.reason})")
        self.client.indices.refresh(index=marks.INDEX)

    def apply(self, claims: Sequence[str], articles: Iterable[str]) -> MarkingResult:
        """Writes the stored marks to all documents of the articles. Returns what was done."""
        self.done.claims = len(claims)
        todo, state = sorted(articles), read_generations(self.sender)
        for first in range(0, len(todo), BATCH):
            part = todo[first : first + BATCH]
            written: tuple[int, ...] = ()
            while missing := [generation for generation in state.written if generation not in written]:
                for generation in missing:
                    self.settle(part, generation, is_live=generation == state.live)
                written = (*written, *missing)
                if is_missing(state, now := read_generations(self.sender)):
                    state = now
        self.client.indices.refresh(index="claims")
        there = find_claims(self.client, claims)
        self.done.gone = [id for id in claims if id not in there]
        return self.done

    def settle(self, articles: Sequence[str], generation: int, is_live: bool) -> None:
        """Writes the documents of the articles until all are as the marks say. Raises as `add_marks`."""
        waiting, end = set(articles), time.monotonic() + PATIENCE_SECONDS
        while waiting:
            stored = read_stored(self.sender, sorted(waiting), generation)
            found = self.read_marks(stored)
            changed = {each.entry.article_id: made for each in stored if (made := rewrite(each, found, generation))}
            for refused in self.sender.send(action for made in changed.values() for action in made):
                raise Permanent(f"Elasticsearch refuses {refused.action.id} ({refused.outcome.reason})")
            self.done.documents += sum(map(len, changed.values())) if is_live else 0
            written = [each for each in stored if each.entry.article_id in changed]
            if is_live and changed:
                self.publish(written, changed, generation)
            self.remove_taken_down(written, generation, is_live)
            waiting -= {each.entry.article_id for each in stored} - changed.keys()
            if busy := waiting - changed.keys():
                waiting -= busy - self.sender.read(LEDGER.index("", generation), sorted(busy)).keys()
                if waiting and not changed:
                    if time.monotonic() > end:
                        raise Retryable(
                            f"a job has been writing article {min(waiting)} for a minute: the mark is stored, and the "
                            "job sets it; run the command again to be sure"
                        )
                    time.sleep(PAUSE_SECONDS)

    def read_marks(self, stored: Iterable[StoredSet]) -> marks.Marks:
        """Reads the marks of all claims of these articles."""
        ids = [id for each in stored for id in each.documents["claims"]]
        return marks.read_marks(self.sender.read(marks.INDEX, ids))

    def publish(
        self, stored: Sequence[StoredSet], changed: Mapping[str, Sequence[BulkAction]], generation: int
    ) -> None:
        """Publishes the changed claims; and once more the newest state if a job has overtaken this."""
        messages = [
            make_message(self.topic, action.id, action.subject)
            for made in changed.values()
            for action in made
            if action.index.startswith(f"{FAMILIES['claims'].name}-")
        ]
        self.publisher.publish(messages)
        late = find_overtaken(self.sender, [list_stored(each, "claims") for each in stored], generation)
        publish_again(self.sender, self.publisher, ("claims", self.topic), late, generation)

    def remove_taken_down(self, stored: Sequence[StoredSet], generation: int, is_live: bool) -> None:
        """Deletes again what was written of an article that was taken down at the same time."""
        for each in stored:
            ids = list_takedown_ids((each.entry.article_id,), (each.article.get("url"),))
            if read_takedowns(self.sender.read(TAKEDOWNS, ids)).ids:
                if is_live:
                    self.publisher.publish(
                        OutgoingMessage(self.topic, id.encode(), None) for id in each.documents["claims"]
                    )
                self.sender.send(
                    delete(FAMILIES[family].index(each.entry.bucket, generation), id, source["revision"])
                    for family in ("claims", "figures")
                    for id, source in each.documents[family].items()
                )


def rewrite(stored: StoredSet, found: marks.Marks, generation: int) -> list[BulkAction]:
    """Returns the actions that write those documents of an article whose mark is another; `subject` is the document."""
    actions = []
    for family in ("claims", "figures"):
        for id, source in stored.documents[family].items():
            mark = found.get(source.get("claim_id") or "")
            if source.get("mark") != mark:
                changed = {name: value for name, value in source.items() if name != "mark"}
                changed |= {"mark": mark} if mark else {}
                index = FAMILIES[family].index(stored.entry.bucket, generation)
                actions.append(write(index, id, msgspec.json.encode(changed), source["revision"], changed))
    return actions


def find_claims(client: Elasticsearch, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Returns article, text and mark of the claims that searches find, by id. Raises what the client raises."""
    found: dict[str, dict[str, Any]] = {}
    for first in range(0, len(ids), PAGE):
        part = list(ids[first : first + PAGE])
        answer = client.search(
            index="claims", query={"terms": {"claim_id": part}}, size=len(part),
            source_includes=["claim_id", "article_id", "text", "mark"],
        )  # fmt: skip
        found |= {hit["_source"]["claim_id"]: hit["_source"] for hit in answer["hits"]["hits"]}
    return found


def name_ids(ids: Sequence[str]) -> str:
    """Returns the first few ids, and how many there are besides."""
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more


@dataclass(frozen=True, kw_only=True)
class MarkSelection:
    """Which marks: all, or those with this mark, by this person, of these claims, or made in this time."""

    mark: MarkKind | None = None
    by: str | None = None
    claims: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> dict[str, Any]:
        """Returns the selection as an Elasticsearch query."""
        clauses: list[dict[str, Any]] = [
            {"term": {name: value}} for name, value in (("mark", self.mark), ("by", self.by)) if value
        ]
        clauses += [{"terms": {"claim_id": list(self.claims)}}] if self.claims else []
        bounds = {"gte": self.since, "lt": self.until}
        if given := {name: moment.isoformat() for name, moment in bounds.items() if moment}:
            clauses.append({"range": {"at": given}})
        return {"bool": {"filter": clauses}}


def list_marks(settings: Settings, selection: MarkSelection, limit: int) -> list[dict[str, Any]]:
    """Returns the newest marks, each with its `state`: `set`, `orphaned` (its claim is gone) or `not set yet`.

    Raises `Retryable` if Elasticsearch does not answer.
    """
    with open_elasticsearch(settings, "read the marks") as client:
        client.indices.refresh(index="marks,claims")
        answer = client.search(index="marks", query=selection.query(), size=limit, sort=[{"at": "desc"}])
        found = [hit["_source"] for hit in answer["hits"]["hits"]]
        there = find_claims(client, [each["claim_id"] for each in found])
        return [each | {"state": find_state(each, there)} for each in found]


def find_state(mark: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """Returns whether the claim of a mark has it."""
    claim = claims.get(mark["claim_id"])
    if claim is None:
        return "orphaned"
    return "set" if claim.get("mark") == mark["mark"] else "not set yet"
