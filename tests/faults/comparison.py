"""Compares what is in Elasticsearch and in the topics with what must be there."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from tests.conftest import Stack
from tests.faults.articles import Expected, without_changing_fields
from tests.pipelines.run.running import messages

Note = Callable[[str, str, str], None]
"""Takes `lost` or `doubled`, the article, and what is wrong."""

FAMILIES = ("articles", "claims", "figures")


@dataclass
class Result:
    """What a scenario led to. `lost` and `doubled` count articles and broken messages; `notes` name some of them."""

    scenario: str
    articles: int = 0
    claims: int = 0
    found: int = 0
    dead_letters: int = 0
    lost: int = 0
    doubled: int = 0
    seconds: float = 0.0
    what: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing is lost or doubled."""
        return not self.lost and not self.doubled

    def row(self) -> str:
        """Returns the row of the table."""
        cells = (self.scenario, self.articles, self.claims, self.found, self.dead_letters, self.lost, self.doubled)
        return f"| {' | '.join(map(str, cells))} | {self.seconds:.0f} | {self.what} |"


HEADER = (
    "| scenario | articles | claims | found | dead letters | lost | doubled | seconds | what happened |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def compare(stack: Stack, expected: Expected, scenario: str) -> Result:
    """Compares all documents, dead letters and claims of the topic with what must be there."""
    there = read_documents(stack)
    wrong: defaultdict[str, set[str]] = defaultdict(set)
    notes: list[str] = []

    def note(kind: str, owner: str, what: str) -> None:
        wrong[kind].add(owner)
        notes.append(f"{kind}: {what}")

    for key, source in expected.documents.items():
        copies = there.get(key, [])
        if not copies:
            note("lost", expected.owners[key], f"{key} is not there")
        elif source not in copies:
            note("lost", expected.owners[key], f"{key} differs in {find_differences(source, copies[0])}")
        if len(copies) > 1:
            note("doubled", expected.owners[key], f"{key} is there {len(copies)} times")
    for key, copies in there.items():
        if key not in expected.documents:
            note("doubled", copies[0]["article_id"], f"{key} of revision {copies[0]['revision']} belongs to nothing")
    compare_topic(stack, expected, note)
    letters = compare_letters(stack, expected, note)
    right = expected.articles - wrong["lost"] - wrong["doubled"]
    claims = sum(family == "claims" for family, _ in expected.documents)
    return Result(
        scenario, len(expected.articles), claims, len(right), letters, len(wrong["lost"]), len(wrong["doubled"]),
        notes=notes,
    )  # fmt: skip


def compare_topic(stack: Stack, expected: Expected, note: Note) -> None:
    """Compares the last message of each claim in the topic `claims`."""
    latest = {record.key.decode(): record.value for record in messages(stack, "claims")}
    said = {id: msgspec.json.decode(value) for id, value in latest.items() if value is not None}
    for (family, id), source in expected.documents.items():
        if family == "claims" and (last := without_changing_fields(said.pop(id, {}))) != source:
            how = f"differs in {find_differences(source, last)}" if last else "ends without it"
            note("lost", expected.owners[family, id], f"the topic and the claim {id}: it {how}")
    for id, claim in said.items():
        note("doubled", claim["article_id"], f"the topic ends with the claim {id}, which is gone")


def compare_letters(stack: Stack, expected: Expected, note: Note) -> int:
    """Compares the dead letters of the index and of the topic; returns how many messages have one."""
    with Elasticsearch(stack.elasticsearch_url) as client:
        client.indices.refresh(index="dead-letters")
        indexed = [hit["_source"] for hit in scan(client, index="dead-letters")]
    places = Counter((letter["topic"], letter["partition"], letter["offset"]) for letter in indexed)
    for place, copies in places.items():
        if copies > 1:
            note("doubled", str(place), f"{copies} dead letters of {place}")
    published = {record.value for record in messages(stack, "dead-letters")}
    for value in expected.broken - published:
        note("lost", value.hex(), f"no dead letter of {value[:60]!r}")
    for value in published - expected.broken:
        note("lost", value.hex(), f"a dead letter of a good message: {value[:200]!r}")
    if len({letter["size"] for letter in indexed}) < len({len(value) for value in expected.broken}):
        note("lost", "index", "the index lacks dead letters")
    return len(published & expected.broken)


def read_documents(stack: Stack) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Returns every document by family and id; an id that is in two indices has two."""
    found: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as client:
        for family in FAMILIES:
            client.indices.refresh(index=family)
            for hit in scan(client, index=family, size=500):
                found[family, hit["_id"]].append(without_changing_fields(hit["_source"]))
    return found


def find_differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Returns the names of the fields that differ."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
