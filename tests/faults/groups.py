"""Compares stories and assertions, after `stories regroup`, with what the articles alone give.

The order in which articles came, a second delivery, another worker and a kill must not change them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from deploy.assertions.counting import ClaimRow, count_rows
from deploy.assertions.refreshing import run_pass
from pipelines.stories.fingerprints import make_fingerprint
from pipelines.stories.grouping import WINDOW, Original, Story, StoryIndex, choose_story
from pipelines.stories.regroup import regroup
from tests.conftest import Stack
from tests.faults.articles import Expected


def compare_groups(stack: Stack, expected: Expected) -> Iterator[str]:
    """Regroups, counts the assertions, and yields what differs from the articles alone."""
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as client:
        run_pass(client)  # of the groups before: what regrouping changes must be noticed
        regroup(stack.settings, None, False, lambda _: None)
        assert regroup(stack.settings, None, False, lambda _: None).changed == 0
        stories = expect_stories(expected)
        for family in ("articles", "claims"):
            client.indices.refresh(index=family)
            for hit in scan(client, index=family):
                source = hit["_source"]
                there = Story(source["story_id"], source["duplicate_of"])
                if there != stories.get(source["article_id"]):
                    yield f"{family} {hit['_id']}: {there}, not {stories.get(source['article_id'])}"
        run_pass(client)
        client.indices.refresh(index="assertions")
        found = {hit["_id"]: read_counts(hit["_source"]) for hit in scan(client, index="assertions")}
    assertions = expect_assertions(expected, stories)
    for id in sorted(found.keys() | assertions.keys()):
        if found.get(id) != assertions.get(id):
            yield f"assertion {id}: {found.get(id)}, not {assertions.get(id)}"


def expect_stories(expected: Expected) -> dict[str, Story]:
    """Returns the story of each article, grouped in the order of publication."""
    articles = [source for (family, _), source in expected.documents.items() if family == "articles"]
    index, found = StoryIndex(), {}
    for source in sorted(articles, key=lambda each: (each["published_at"], each["article_id"])):
        id, at = source["article_id"], datetime.fromisoformat(source["published_at"])
        index.forget(at - WINDOW)
        printed = make_fingerprint(source["title"], source["body"])
        original = choose_story(at, printed, index.find(printed.keys))
        if original is None:
            index.add(Original(id, at, printed), printed.keys)
        found[id] = Story(original.article_id, original.article_id) if original else Story(id)
    return found


def expect_assertions(expected: Expected, stories: Mapping[str, Story]) -> dict[str, tuple[Any, ...]]:
    """Returns first claim, claims, publishers and stories of each assertion."""
    rows = [
        ClaimRow(
            source["assertion_id"], int(datetime.fromisoformat(source["published_at"]).timestamp() * 1000),
            stories[source["article_id"]].duplicate_of is not None, source["claim_id"], source["article_id"],
            source["publisher"], stories[source["article_id"]].story_id, "", False, "", 0,
        )
        for (family, _), source in expected.documents.items()
        if family == "claims"
    ]  # fmt: skip
    return {each.id: (each.first.claim_id, each.claims, each.publishers, each.stories) for each in count_rows(rows)}


def read_counts(source: Mapping[str, Any]) -> tuple[Any, ...]:
    """Returns the same of a stored assertion."""
    return tuple(source[name] for name in ("first_claim_id", "claims", "publishers", "stories"))
