"""An assertion as JSON-LD: its structure, and that every key is a property that schema.org gives that type."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from dashboards.exports.json_ld import build_assertion, find_assertion, load_assertion
from tests.conftest import Stack
from tests.pipelines.run.running import command

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)

THING = {"identifier", "name", "url", "description"}
WORK = THING | {
    "text", "about", "author", "datePublished", "hasPart", "headline", "inLanguage", "publisher", "sdDatePublished",
}  # fmt: skip
ORGANIZATION = THING | {"parentOrganization"}
PROPERTIES = {
    "Claim": WORK | {"appearance", "firstAppearance"},
    "Article": WORK,
    "Person": THING | {"jobTitle", "affiliation"},
    "Organization": ORGANIZATION,
    "GovernmentOrganization": ORGANIZATION,
    "NewsMediaOrganization": ORGANIZATION,
    "Place": THING,
    "Thing": THING,
    "QuantitativeValue": THING | {"value", "minValue", "maxValue", "unitText"},
}
"""schema.org's properties of each type, of those that an assertion uses."""


def claim(number: int, article: str = "a1", **fields: Any) -> dict[str, Any]:
    return {
        "claim_id": f"c{number}", "article_id": article, "text": f"Sentence {number}.", "field": "body",
        "start": number, "status": "asserted", "quote": "none", "language": "en",
        "published_at": "2024-10-28T12:00:00Z", "assertion_id": "x",
        "url": f"https://wire.example/{article}", "title": f"Title {article}", "publisher": "Wire",
        "claimant": None, "parties": [], "figures": [],
    } | fields  # fmt: skip


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every node of the document."""
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for each in value.values():
            yield from nodes(each)
    if isinstance(value, list):
        for each in value:
            yield from nodes(each)


def check(found: dict[str, Any]) -> None:
    """The document is JSON-LD of schema.org's vocabulary, in time order, and judges nothing."""
    assert found["@context"] == ["https://schema.org", {"newsclaims": "urn:newsclaims:"}]
    assert found["@type"] == "Claim"
    for node in nodes(found):
        keys = {key for key in node if not key.startswith(("@", "newsclaims:"))}
        assert keys <= PROPERTIES[node["@type"]], node
        assert None not in node.values()
        assert "reviewRating" not in node
    appearances = found["appearance"]
    assert [each["@type"] for each in appearances] == ["Article"] * len(appearances)
    times = [datetime.fromisoformat(each["datePublished"]) for each in appearances]
    assert times == sorted(times)
    assert found["firstAppearance"]["@id"] == appearances[0]["@id"]
    ids = [node["@id"] for node in nodes(appearances) if "@id" in node]
    assert len(ids) == len(set(ids))
    assert all(part["newsclaims:status"] for each in appearances for part in each["hasPart"])


def test_appearances_stand_in_time_order_with_all_statements_of_an_article_together() -> None:
    found = build_assertion(
        "x",
        [
            claim(1, "a2", published_at="2024-10-28T14:00:00+02:00", start=9),
            claim(2, "a1", published_at="2024-10-28T12:30:00Z"),
            claim(3, "a2", published_at="2024-10-28T12:00:00Z", field="title", start=30),
            claim(4, "a3", published_at="2024-10-28T11:59:59.5Z"),
        ],
        NOW,
    )
    check(found)
    assert [each["url"][-2:] for each in found["appearance"]] == ["a3", "a2", "a1"]
    assert [part["text"] for part in found["appearance"][1]["hasPart"]] == ["Sentence 3.", "Sentence 1."]
    assert found["text"] == "Sentence 4."
    assert found["sdDatePublished"] == "2026-03-02T10:30:00+00:00"


@pytest.mark.parametrize(
    ("claimant", "author"),
    [
        (
            {"name": "Mirela Osk", "kind": "person", "role": "minister", "organisation": "Interior Ministry"},
            {
                "@type": "Person", "name": "Mirela Osk", "jobTitle": "minister",
                "affiliation": {"@type": "Organization", "name": "Interior Ministry"},
            },
        ),
        (
            {"name": "port officials", "kind": "office", "role": None, "organisation": "Port of Harlow"},
            {
                "@type": "Organization", "name": "port officials",
                "parentOrganization": {"@type": "Organization", "name": "Port of Harlow"},
            },
        ),
        ({"name": "Seoul", "kind": "government"}, {"@type": "GovernmentOrganization", "name": "Seoul"}),
        ({"name": "Regnum", "kind": "outlet"}, {"@type": "NewsMediaOrganization", "name": "Regnum"}),
    ],
)  # fmt: skip
def test_claimant_is_the_author_of_what_is_said(claimant: dict[str, Any], author: dict[str, Any]) -> None:
    found = build_assertion("x", [claim(1, claimant=claimant)], NOW)
    check(found)
    assert found["appearance"][0]["hasPart"][0]["author"] == author


def test_figure_keeps_its_words_and_bounds_and_an_open_bound_is_left_out() -> None:
    figure = {
        "text": "at least 3,000", "value": 3000.0, "low": 3000.0, "high": None, "unit": "soldiers",
        "unit_class": "military_personnel", "modifier": "at_least", "currency": None, "change": None,
    }  # fmt: skip
    found = build_assertion("x", [claim(1, figures=[figure])], NOW)
    check(found)
    assert found["appearance"][0]["hasPart"][0]["newsclaims:figure"] == [
        {
            "@type": "QuantitativeValue", "name": "at least 3,000", "value": 3000.0, "minValue": 3000.0,
            "unitText": "soldiers", "newsclaims:modifier": "at_least", "newsclaims:unitClass": "military_personnel",
        }
    ]  # fmt: skip


def test_denial_names_the_assertion_that_it_denies() -> None:
    found = build_assertion("x", [claim(1, status="denied", denies="y"), claim(2)], NOW)
    check(found)
    first, second = found["appearance"][0]["hasPart"]
    assert first["newsclaims:denies"] == {"@id": "urn:newsclaims:assertion:y"}
    assert "newsclaims:denies" not in second


def test_article_without_address_or_publisher_has_no_empty_ones() -> None:
    found = build_assertion("x", [claim(1, url="", publisher="", title="")], NOW)
    check(found)
    assert not {"url", "publisher", "headline"} & found["appearance"][0].keys()
    assert "url" not in found["firstAppearance"]


def test_most_repeated_assertion_of_the_demo_has_all_its_appearances(demo_data: Stack, tmp_path: Path) -> None:
    with Elasticsearch(**demo_data.settings.elasticsearch.client_options()) as client:
        most = client.search(index="claims", size=0, aggs={"a": {"terms": {"field": "assertion_id", "size": 1}}})
        [bucket] = most["aggregations"]["a"]["buckets"]
        hits = client.search(index="claims", query={"term": {"assertion_id": bucket["key"]}}, size=1000)["hits"]["hits"]
        found = load_assertion(client, bucket["key"], NOW)
        assert find_assertion(client, hits[-1]["_source"]["claim_id"]) == bucket["key"]
    check(found)
    parts = [part for each in found["appearance"] for part in each["hasPart"]]
    assert {part["@id"] for part in parts} == {f"urn:newsclaims:claim:{hit['_source']['claim_id']}" for hit in hits}
    assert len(found["appearance"]) == len({hit["_source"]["article_id"] for hit in hits}) > 2
    file = tmp_path / "assertion.json"
    run = command(demo_data, "export", "assertion", "--claim", hits[0]["_source"]["claim_id"], "-o", file)
    assert run.returncode == 0, run.stderr
    told = json.loads(file.read_bytes())
    assert told["appearance"] == found["appearance"]
