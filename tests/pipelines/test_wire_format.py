"""Whatever a message of `raw-articles` holds: it is written or becomes a dead letter, and the job goes on.

The steps of the job and its sink run without Beam, on the real Elasticsearch.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy import bootstrap
from pipelines.io.dead_letters import ATTEMPTS_HEADER
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.writer import BatchWriter, Element
from pipelines.io.kafka.record import KafkaRecord
from pipelines.transforms.articles import Normalize, decode, detect_language, find_claims, find_mentions
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from pipelines.transforms.step import Step
from schemas.elasticsearch.indices import DEAD_LETTERS, LEDGER
from schemas.errors import Reason
from schemas.records import DeadLetter
from tests.conftest import Stack
from tests.pipelines.messages import fields

pytestmark = pytest.mark.integration

TOPIC = "fuzzed-articles"
OFFSETS = iter(range(10**9))
NOW = int(datetime.now(UTC).timestamp() * 1000)


class Job:
    """The job's steps and its sink."""

    def __init__(self, client: Elasticsearch) -> None:
        self.client = client
        rules = {
            "decode": decode, "normalize": Normalize(), "language": detect_language, "mentions": find_mentions,
            "claims": find_claims, "documents": to_documents,
        }  # fmt: skip
        self.steps = [Step(name, rule) for name, rule in rules.items()]
        self.writer = BatchWriter(BulkSender(client))

    def read(self, record: KafkaRecord) -> list[Element]:
        """What the steps make of a message."""
        found: list[Any] = [Parcel(record)]
        for step in self.steps:
            found = [result for each in found for result in step.process(each)]
        return found

    def run(self, records: list[KafkaRecord]) -> dict[int, DeadLetter]:
        """Writes the messages as one batch, and checks that each is written or dead. Returns the dead letters."""
        read = {record.offset: self.read(record) for record in records}
        self.writer.write([element for elements in read.values() for element in elements])
        letters = self.find_letters(list(read))
        for offset, elements in read.items():
            owners = [element.owner_id for element in elements if isinstance(element, DocumentSet)]
            written = BulkSender(self.client).read(LEDGER.index(""), owners) if owners else {}
            assert elements
            assert offset in letters or written.keys() == set(owners), owners
        return letters

    def find_letters(self, offsets: list[int]) -> dict[int, DeadLetter]:
        """The indexed dead letters of the messages, by offset."""
        self.client.indices.refresh(index=DEAD_LETTERS.name)
        query = {"bool": {"filter": [{"term": {"topic": TOPIC}}, {"terms": {"offset": offsets}}]}}
        hits = self.client.search(index=DEAD_LETTERS.name, query=query, size=10_000)["hits"]["hits"]
        return {hit["_source"]["offset"]: msgspec.convert(hit["_source"], DeadLetter) for hit in hits}


@pytest.fixture(scope="module")
def job(stack: Stack) -> Iterator[Job]:
    bootstrap.init(stack.settings)
    with Elasticsearch(**stack.settings.elasticsearch.client_options()) as client:
        yield Job(client)


def fuzzed(value: bytes | None, key: bytes | None = b"k", headers: tuple[tuple[str, bytes], ...] = ()) -> KafkaRecord:
    return KafkaRecord(TOPIC, 0, next(OFFSETS), NOW, key, value, headers)


NUMBERS = [2**31, 2**63 - 1, 2**63, 10**20, 10**400, -1, 0, NOW + 10**9, 0.5, 1e300]
TIMES = [
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "1990-01-01T00:00:00Z",
    "2024-11-05T07:00:00", "292278994-08-17T07:12:55Z",
]  # fmt: skip
TEXTS = [
    "", "\x00", "\ud800", "http://[", "https://a.example:99999999/", "\u200b\u202e", "é" * 300, "x" * 600, "ß" * 40_000,
    "1" * 400 + " people died, the mayor said.", "More than 9" + "9" * 330 + " died, the mayor said.", "<" * 50, "..",
]  # fmt: skip
DEEP: Any = json.loads("[" * 900 + "]" * 900)
OTHERS = [None, True, [], {}, {"a": {"b.c": {"": 1}}}, DEEP]
NAMES = [*fields(), "author", "extra", "language", "publisher", "content_scope", "unknown"]
HEADERS = [
    (ATTEMPTS_HEADER, b"9" * 20), (ATTEMPTS_HEADER, b"9" * 5000), (ATTEMPTS_HEADER, "\u0663".encode()), ("", b"\xff"),
    (".", b""), ("a..b", b"x"), ("newsclaims.topic", b"x"), ("\x00", b"x" * 40_000),
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_value_of_a_field_is_written_or_becomes_a_dead_letter(job: Job, name: str) -> None:
    values = [*NUMBERS, *TIMES, *TEXTS, *OTHERS]
    letters = job.run(
        [fuzzed(json.dumps(fields(number) | {name: value}).encode()) for number, value in enumerate(values)]
    )
    assert all(letter.reason is not Reason.STEP_FAILED for letter in letters.values()), letters


PAGES = [
    '<link rel="canonical" href="http://["><base href="//[">', '<meta property="og:url" content="https://[::1/">',
    '<meta property="article:published_time" content="9999-12-31T23:59:59-12:00">',
    '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"0001-01-01T00:00:00+14:00"}</script>',
    '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":99999999999999999999}</script>',
    '<script type="application/ld+json">' + "[" * 3000 + "]" * 3000 + "</script>",
    '<html lang="x-' + "y" * 600 + '">', "<meta charset=utf-7>", "<div>" * 3000, "<!DOCTYPE html [<!ENTITY a 'b'>]>&a;",
    '<?xml version="1.0" encoding="utf-16"?>', "<table>" * 300, "&#0;&#xd800;&#x110000;",
    "<title>" + "t" * 50_000 + "</title>",
]  # fmt: skip
"""Parts of pages that are hostile or broken."""


def test_any_page_is_written_or_becomes_a_dead_letter(job: Job) -> None:
    text = "<p>The mayor of Harlow said on Monday that 40 people died in the flood, and that 12 more were missing.</p>"
    letters = job.run(
        [
            fuzzed(json.dumps(fields(number) | {"body": page + text * 3, "content_type": "text/html"}).encode())
            for number, page in enumerate(PAGES)
        ]
    )
    assert all(letter.reason is not Reason.STEP_FAILED for letter in letters.values()), letters


def test_any_key_and_headers_are_kept_in_a_dead_letter(job: Job) -> None:
    keys = [None, b"", b"\xff", b"k" * 40_000]
    letters = job.run(
        [*(fuzzed(b"broken", key) for key in keys), *(fuzzed(b"broken", headers=(header,)) for header in HEADERS)]
    )
    assert len(letters) == len(keys) + len(HEADERS)


@st.composite
def messages(draw: st.DrawFn) -> KafkaRecord:
    """A valid message with some of its fields and bytes changed."""
    value = st.recursive(
        st.sampled_from([*NUMBERS, *TIMES, *TEXTS]) | st.text(max_size=30) | st.floats() | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=4,
    )
    changes = draw(st.dictionaries(st.sampled_from(NAMES), value, max_size=2))
    data = json.dumps(fields(draw(st.integers(0, 30))) | changes).encode()
    at = draw(st.integers(0, len(data)))
    return fuzzed(data[:at] + draw(st.binary(max_size=2)) + data[at + draw(st.integers(0, 3)) :])


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(messages(), min_size=1, max_size=10))
def test_any_message_is_written_or_becomes_a_dead_letter(job: Job, records: list[KafkaRecord]) -> None:
    letters = job.run(records)
    assert all(letter.reason is not Reason.STEP_FAILED for letter in letters.values()), letters
