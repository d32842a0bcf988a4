"""Stories on the real servers: the job groups as articles come, regrouping settles, the commands show the result."""

import base64
import io
import json
from datetime import timedelta

import pytest
from elasticsearch import Elasticsearch
from rich.console import Console

from dashboards.terminal.stories import find_stories, read_story, render_stories, render_story
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.stories.fingerprints import make_fingerprint
from pipelines.stories.lookup import Newcomer, find_originals
from pipelines.stories.regroup import RegroupResult, regroup
from schemas.elasticsearch.indices import GENERATION
from schemas.errors import Permanent
from tests.conftest import Stack
from tests.pipelines.messages import message
from tests.pipelines.run.running import command, documents, emptied, messages, send
from tests.pipelines.stories.test_grouping import NOON, OTHER, REPORT

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def article(number: int, name: str, body: str, published_at: str) -> bytes:
    return message(
        number, title=f"Pier closes, writes {name}", body=body, publisher=name, published_at=published_at,
        fetched_at="2024-11-07T08:00:00Z",
    )  # fmt: skip


ARTICLES = (
    article(1, "second", f"Stay with us. {REPORT}", "2024-11-05T13:00:00Z"),
    article(2, "third", REPORT.replace("told reporters", "said"), "2024-11-05T14:00:00Z"),
    article(3, "other", OTHER, "2024-11-05T12:30:00Z"),
    article(4, "month", REPORT.replace("41", "52").replace("18", "6").replace("2.5", "3.1"), "2024-11-06T12:00:00Z"),
)
EARLIEST = article(5, "first", REPORT, "2024-11-05T12:00:00Z")


def stories(stack: Stack, family: str) -> dict[str, set[tuple[str, bool]]]:
    """Returns the publishers of each story, and which of them are copies."""
    found: dict[str, set[tuple[str, bool]]] = {}
    for source in documents(stack, family):
        found.setdefault(source["story_id"], set()).add((source["publisher"], source["duplicate_of"] is not None))
    return found


def ids(stack: Stack) -> dict[str, str]:
    return {source["publisher"]: source["article_id"] for source in documents(stack, "articles")}


def test_stream_groups_copies_and_regrouping_settles_what_came_out_of_order(stack: Stack) -> None:
    emptied(stack)
    send(stack, *ARTICLES)
    assert command(stack, "run", "--until-caught-up").returncode == 0
    by_name = ids(stack)
    grouped = {frozenset(members) for members in stories(stack, "articles").values()}
    assert grouped == {
        frozenset({("second", False), ("third", True)}), frozenset({("other", False)}), frozenset({("month", False)}),
    }  # fmt: skip

    # A second run finds what the first has written, and the earliest article comes last.
    send(stack, EARLIEST)
    assert command(stack, "run", "--until-caught-up").returncode == 0
    assert stories(stack, "articles")[by_name["second"]] == {("first", True), ("second", False), ("third", True)}

    assert settle(stack, dry_run=True).changed == 3
    done = settle(stack)
    assert (done.articles, done.stories, done.copies, done.changed) == (5, 3, 2, 3)
    first = ids(stack)["first"]
    for family in ("articles", "claims"):
        assert stories(stack, family)[first] >= {("first", False), ("second", True), ("third", True)}
    assert settle(stack).changed == 0

    latest = {each.key: json.loads(each.value)["story_id"] for each in messages(stack, "claims")}
    assert set(latest.values()) == set(stories(stack, "claims"))

    [line] = find_stories(stack.settings, None, 10)
    assert (line.story_id, line.articles, line.publishers, line.publisher) == (first, 3, 3, "first")
    assert find_stories(stack.settings, NOON, 10) == []
    told = read_story(stack.settings, first)
    assert [each.publisher for each in told] == ["first", "second", "third"]
    for rendered in (render_stories([line]), render_story(told)):
        console = Console(width=200, file=io.StringIO())
        console.print(rendered)
        assert "Pier closes, writes first" in console.file.getvalue()  # type: ignore[attr-defined]
    with pytest.raises(Permanent, match="no article has the story_id 'nothing'"):
        read_story(stack.settings, "nothing")


def settle(stack: Stack, dry_run: bool = False) -> RegroupResult:
    return regroup(stack.settings, None, dry_run, lambda _: None)


def test_article_without_keys_finds_nothing(stack: Stack) -> None:
    with Elasticsearch(stack.elasticsearch_url) as client:
        [found] = find_originals(BulkSender(client), [Newcomer("x", NOON, make_fingerprint("", ""))], GENERATION)
    assert found == []


def test_originals_are_found_in_buckets_of_every_size_and_only_in_the_generation(stack: Stack) -> None:
    emptied(stack)
    fingerprint = make_fingerprint("", REPORT)
    indices = {
        "month": "articles-g1-2026.02", "quarter": "articles-g1-2026.q1", "year": "articles-g1-2026",
        "far": "articles-g1-2025.12", "next": "articles-g2-2026.03",
    }  # fmt: skip
    with Elasticsearch(stack.elasticsearch_url) as client:
        for name, index in indices.items():
            client.index(
                index=index, id=name, refresh=True,
                document={
                    "article_id": name,
                    "published_at": (NOON - timedelta(days=2)).isoformat(),
                    "story_keys": fingerprint.keys,
                    "fingerprint": base64.b64encode(fingerprint.pack()).decode(),
                },
            )  # fmt: skip
        try:
            [found] = find_originals(BulkSender(client), [Newcomer("x", NOON, fingerprint)], GENERATION)
        finally:
            client.indices.delete(index=list(indices.values()))
    assert {each.article_id for each in found} == {"month", "quarter", "year"}
