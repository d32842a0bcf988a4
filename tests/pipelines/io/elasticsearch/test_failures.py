"""Elasticsearch refuses documents that the sink itself made: ledger entries and dead letters."""

from collections import deque
from dataclasses import replace

import pytest

from pipelines.io.elasticsearch.actions import write_dead_letter
from pipelines.io.elasticsearch.bulk import BulkSender, RejectedAction
from pipelines.io.elasticsearch.failures import shorten
from pipelines.io.elasticsearch.outcomes import NextStep, Outcome
from pipelines.io.elasticsearch.writer import BatchWriter
from schemas.elasticsearch.buckets import Buckets
from schemas.errors import Permanent
from schemas.records import DeadLetter
from tests.pipelines.io.elasticsearch.article_sets import article_set
from tests.pipelines.io.elasticsearch.fake_elasticsearch import MemoryClient, MemoryElasticsearch, error
from tests.pipelines.io.elasticsearch.test_sink import letter

REFUSED = error(400, "x_content_parse_exception", "Numeric value out of range of long")


def write(server: MemoryElasticsearch, *batch: object) -> None:
    BatchWriter(BulkSender(MemoryClient(server))).write(batch)  # type: ignore[arg-type]


def test_refused_ledger_entry_dead_letters_its_article_and_the_job_goes_on() -> None:
    server = MemoryElasticsearch(item_faults={"ledger-g1/a": deque([REFUSED])})
    write(server, article_set("a", 5, ["c1"]), article_set("b", 5, ["d1"], offset=8))
    assert server.ids("ledger") == {"b"}
    [dead] = [server.source("dead-letters", id) for id in server.ids("dead-letters")]
    assert (dead["offset"], dead["step"], dead["reason"]) == (7, "write", "rejected")
    assert dead["error"] == "ledger a: x_content_parse_exception: Numeric value out of range of long"


def test_entry_of_a_set_that_no_message_brought_stops_with_the_reason() -> None:
    server = MemoryElasticsearch(item_faults={"ledger-g1/a": deque([REFUSED])})
    with pytest.raises(Permanent, match=r"article a cannot be written again.*out of range of long"):
        write(server, replace(article_set("a", 5), origin=None))


def test_refused_dead_letter_is_indexed_without_what_came_from_the_message() -> None:
    server = MemoryElasticsearch(item_faults={"d1": deque([REFUSED])})
    write(server, letter(feed="herald"), letter("d2"))
    dead = server.source("dead-letters", "d1")
    assert (dead["offset"], dead["reason"], dead["size"]) == (12, "invalid_encoding", 8)
    assert (dead["headers"], dead["key"], dead["feed"], dead["original"]) == ({}, None, None, "")
    assert dead["error"].startswith("byte 0 of 8 is not UTF-8 (the index does not take the original: x_content_parse")
    assert server.ids("dead-letters") == {"d1", "d2"}


def test_dead_letter_that_is_refused_even_then_stops_and_says_what_to_do() -> None:
    server = MemoryElasticsearch(item_faults={"d1": deque([REFUSED, REFUSED])})
    with pytest.raises(
        Permanent, match=r"raw-articles\[0\]@12: the index dead-letters-g1-2026.11 .* `newsclaims init`"
    ):
        write(server, letter())


def test_short_letter_keeps_every_field_that_the_sink_knows_by_itself() -> None:
    whole = letter(attempts=3)
    short = shorten(
        RejectedAction(write_dead_letter(whole, Buckets()), Outcome(NextStep.REJECTED, "rejected", "because"))
    )
    kept = {name for name in DeadLetter.__struct_fields__ if getattr(short, name) == getattr(whole, name)}
    assert kept >= {"dead_letter_id", "topic", "partition", "offset", "step", "reason", "attempts", "failed_at", "size"}
