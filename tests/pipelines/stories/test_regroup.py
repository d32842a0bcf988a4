"""Regrouping: the same stories whatever order the stream had, and only documents that change are written."""

import base64
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from pipelines.stories.fingerprints import make_fingerprint
from pipelines.stories.regroup import RegroupResult, find_changes
from tests.pipelines.stories.test_grouping import OTHER, REPORT

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def indexed(id: str, text: str, hours: float, story: str | None = None, copy_of: str | None = None) -> dict[str, Any]:
    fingerprint = make_fingerprint("", text)
    return {
        "article_id": id,
        "published_at": (NOON + timedelta(hours=hours)).isoformat(),
        "fingerprint": base64.b64encode(fingerprint.pack()).decode(),
        "story_keys": list(fingerprint.keys),
        "story_id": story,
        "duplicate_of": copy_of,
    }


def changes(articles: Iterable[dict[str, Any]]) -> tuple[dict[str, tuple[str, str | None]], RegroupResult]:
    done = RegroupResult()
    found = find_changes(articles, done, lambda _: None)
    return {id: (story.story_id, story.duplicate_of) for id, story in found}, done


def test_story_begins_with_the_earliest_article_whatever_the_stream_chose() -> None:
    for first, second, third in permutations("abc"):
        stream = {first: first, second: first, third: first}
        articles = [
            indexed(id, REPORT, hour, stream[id], None if id == first else first) for hour, id in enumerate("abc")
        ]
        changed, done = changes(articles)
        settled = {
            each["article_id"]: changed.get(each["article_id"], (each["story_id"], each["duplicate_of"]))
            for each in articles
        }
        assert settled == {"a": ("a", None), "b": ("a", "a"), "c": ("a", "a")}
        assert (done.stories, done.copies) == (1, 2)


def test_second_run_changes_nothing() -> None:
    articles = [indexed("a", REPORT, 0, "a"), indexed("b", REPORT, 1, "a", "a"), indexed("c", OTHER, 2, "c")]
    changed, done = changes(articles)
    assert changed == {}
    assert (done.articles, done.stories, done.copies) == (3, 2, 1)


def test_copy_after_the_window_begins_a_story() -> None:
    changed, _ = changes([indexed("a", REPORT, 0), indexed("b", REPORT, 24 * 15)])
    assert changed == {"a": ("a", None), "b": ("b", None)}


def test_articles_of_an_earlier_release_are_counted_and_left_alone() -> None:
    old = {**indexed("a", REPORT, 0), "fingerprint": None, "story_keys": None}
    changed, done = changes([old, indexed("b", REPORT, 1)])
    assert changed == {"b": ("b", None)}
    assert done.without == 1
    assert "have no fingerprint" in done.describe(dry_run=True)
