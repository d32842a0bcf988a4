"""Articles for the fault suite, and what must be in Elasticsearch and in the topic `claims` after they were read."""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.kafka.record import KafkaRecord
from pipelines.transforms.articles import Normalize, decode, detect_language, find_claims, find_mentions
from pipelines.transforms.claimants import NameClaimants
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from schemas.identity import article_id, content_hash
from schemas.records import RawArticle

LEFT_OUT = {"processed_at", "indexed_at", "story_id", "story_keys", "fingerprint", "duplicate_of"}
"""Fields that depend on when an article was read, and on which similar ones the worker knew by then."""

FIRST_DAY = datetime(2024, 3, 1, tzinfo=UTC)
DAYS = 70
"""The articles were published on these days, in three months."""

COPY = 4
"""Which article of five is a copy of the one before it."""

PLACES = ("Harlow", "Ostby", "Merrin", "Calder", "Ravel", "Tolland", "Vantry", "Esk", "Norrage", "Dunmere")
SPEAKERS = (
    "the port authority said", "Mayor Ines Okafor told reporters", "the union claimed", "police confirmed",
    "the ministry denied", "Dr. Paul Renner predicted", "the council announced", "a spokesman said",
)  # fmt: skip
SUBJECTS = ("volunteers joined the flood defence", "boats were lost", "homes had no power", "people were hurt",
            "jobs would go", "hectares had burned", "protesters marched", "schools were closed")  # fmt: skip


@dataclass(frozen=True)
class Outgoing:
    """A message to publish; `article` is None if it must become a dead letter."""

    key: bytes
    value: bytes
    article: str | None


def make_message(number: int, revision: int = 1, seed: int = 0) -> Outgoing:
    """Returns one revision of an article; every revision says something else.

    Every fifth article is a copy of the one before it, with a line of its own.
    """
    told = number - 1 if number % 5 == COPY else number
    rng = random.Random(f"{seed}/{told}/{revision}")
    place = rng.choice(PLACES)
    url = f"https://press-{number % 7}.example/{seed}/{number}"
    sentences = [
        f"{rng.randint(2, 9_000):,} {rng.choice(SUBJECTS)} in {rng.choice(PLACES)} district "
        f"{told}-{revision}-{part}, {rng.choice(SPEAKERS)} on {rng.choice(('Monday', 'Tuesday', 'Friday'))}."
        for part in range(rng.randint(4, 8))
    ]
    fetched = FIRST_DAY + timedelta(days=DAYS + 1, minutes=revision)
    body = f"{place.upper()} - " + " ".join(sentences) + ("" if told == number else f" Printed again by {number}.")
    raw = RawArticle(
        article_id=article_id(url, body), revision=int(fetched.timestamp() * 1000), content_hash="",
        connector="files", feed=f"press-{number % 7}", publisher=f"Press {number % 7}", url=url,
        title=f"{place}: report {number} of the day",
        body=body, published_at=FIRST_DAY + timedelta(hours=number * 7 % (24 * DAYS)), fetched_at=fetched,
    )  # fmt: skip
    raw = msgspec.structs.replace(raw, content_hash=content_hash(raw))
    return Outgoing(raw.article_id.encode(), msgspec.json.encode(raw), raw.article_id)


def make_broken(number: int, seed: int = 0) -> Outgoing:
    """Returns a message that can never be read."""
    whole = make_message(number, 1, seed)
    return Outgoing(f"broken-{number}".encode(), whole.value[: 40 + number % 200], None)


@dataclass
class Expected:
    """What must be there: documents by family and id, the article of each, and the messages that are dead letters."""

    documents: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    broken: set[bytes] = field(default_factory=set)

    @property
    def articles(self) -> set[str]:
        """The ids of the articles."""
        return {id for family, id in self.documents if family == "articles"}


def expect(messages: Iterable[Outgoing]) -> Expected:
    """Reads the messages with the rules of the job, in this process. The newest revision of an article counts."""
    newest: dict[str, DocumentSet] = {}
    found = Expected()
    read = Normalize()
    for message in dict.fromkeys(messages):
        if message.article is None:
            found.broken.add(message.value)
            continue
        for each in make_sets(message, read):
            if each.owner_id not in newest or each.revision > newest[each.owner_id].revision:
                newest[each.owner_id] = each
    for each in newest.values():
        for document in each.documents:
            key = (document.family, document.id)
            found.documents[key] = without_changing_fields(json.loads(document.source))
            found.owners[key] = each.owner_id
    return found


def make_sets(message: Outgoing, read: Normalize) -> list[DocumentSet]:
    """Returns the documents that the job makes of a message."""
    parcels = [Parcel(KafkaRecord("raw-articles", 0, 0, 0, message.key, message.value, ()))]
    for rule in (decode, read, detect_language, find_mentions, find_claims, NameClaimants()):
        parcels = [made for parcel in parcels for made in rule(parcel)]
    return [made for parcel in parcels for made in to_documents(parcel)]


def without_changing_fields(source: dict[str, Any]) -> dict[str, Any]:
    """Returns the document without the fields that another delivery may change."""
    return {name: value for name, value in source.items() if name not in LEFT_OUT}
