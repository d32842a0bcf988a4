"""What watches match: gold cases in `gold_watches.yaml`, and what holds whatever the article."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from pipelines.text.extraction import extract
from pipelines.text.watches.matching import Watchlist
from schemas.text import ArticleText, Entity, NamedEntity, Page
from schemas.watches import Watch

GOLD = yaml.safe_load((Path(__file__).parent / "gold.yaml").read_text("utf-8"))


def article(name: str, **changes: Any) -> ArticleText:
    given = GOLD["articles"][name]
    (found,) = extract(Page(id=name, text=given["text"], title=given["title"], as_is=True, language="en"))
    return msgspec.structs.replace(found, **changes)


def watch(name: str = "it", **lists: Any) -> Watch:
    return Watch(name=name, title=name, **{key: tuple(value) for key, value in lists.items()})


@pytest.mark.parametrize("case", GOLD["cases"], ids=lambda case: case["about"])
def test_gold(case: dict[str, Any]) -> None:
    text = article(case["article"])
    matches = Watchlist([watch("other", words=["nowhere"]), watch(**case["watch"])]).match(text)
    claims = [
        claim.text
        for claim, found in zip(text.claims, matches.claims, strict=True)
        if [each.watch for each in found] == ["it"]
    ]
    figures = [
        each.text
        for each, found in zip(text.figures, matches.figures, strict=True)
        if [each.watch for each in found] == ["it"]
    ]
    assert len(claims) == len(case.get("claims", ())), claims
    assert all(found.startswith(start) for found, start in zip(claims, case.get("claims", ()), strict=True)), claims
    assert figures == case.get("figures", [])
    why = [f"{hit.list} / {hit.wanted} / {hit.found}" for match in matches.article for hit in match.hits]
    assert why == case.get("why", [])


def test_offsets_of_hits_are_offsets_in_their_field() -> None:
    text = article("dyke")
    lists = {"entities": ["Inés*"], "words": ["killed", "boat*"], "unit_classes": ["people"], "statuses": ["asserted"]}
    (match,) = Watchlist([watch(**lists)]).match(text).article
    assert {hit.list for hit in match.hits} == lists.keys()
    for hit in match.hits:
        source = text.title if hit.field == "title" else text.body
        assert source is not None
        there = source[hit.start : hit.end]
        assert there
        if hit.list in ("entities", "words"):
            assert there == hit.found


def test_regional_languages_are_taken_by_the_language_and_not_the_other_way_round() -> None:
    text = article("elections", language="pt-BR")
    matches = Watchlist([watch("all", languages=["pt"]), watch("brazil", languages=["pt-br"]),
                         watch("portugal", languages=["pt-PT"])]).tag(text)  # fmt: skip
    assert matches.article == ("all", "brazil")


ALL = [watch(f"case-{number}", **case["watch"]) for number, case in enumerate(GOLD["cases"])]


@pytest.mark.parametrize("name", GOLD["articles"])
def test_watched_claim_or_figure_makes_its_article_watched(name: str) -> None:
    tags = Watchlist(ALL).tag(article(name))
    below = {found for group in (*tags.claims, *tags.figures) for found in group}
    assert below
    assert below <= set(tags.article)


@pytest.mark.parametrize("name", GOLD["articles"])
def test_tags_are_the_names_of_the_matches_and_the_others_miss_something(name: str) -> None:
    text, watchlist = article(name), Watchlist(ALL)
    tags, matches, missing = watchlist.tag(text), watchlist.match(text), watchlist.find_missing(text)
    assert tags.article == tuple(match.watch for match in matches.article)
    assert tags.claims == tuple(tuple(match.watch for match in found) for found in matches.claims)
    assert tags.figures == tuple(tuple(match.watch for match in found) for found in matches.figures)
    assert all(match.hits for found in (matches.article, *matches.claims, *matches.figures) for match in found)
    assert set(tags.article) | missing.keys() == {each.name for each in ALL}
    assert not set(tags.article) & missing.keys()
    assert all(missing.values())


def test_no_watches_match_nothing_and_an_empty_article_is_taken() -> None:
    text = article("dyke")
    matches = Watchlist([]).match(text)
    assert (matches.article, len(matches.claims), len(matches.figures)) == ((), len(text.claims), len(text.figures))
    assert Watchlist([watch(words=["x"])]).tag(ArticleText(body="")).article == ()


def test_entities_match_under_the_usual_name_and_each_written_one() -> None:
    body = "Sergei Belov and Sergey Belov met."
    parts = tuple(
        Entity(name=name, kind="person", mentions=((body.index(name), body.index(name) + len(name)),))
        for name in ("Sergei Belov", "Sergey Belov")
    )
    named = NamedEntity(name="S. Belov", kind="person", mentions=((0, 12), (17, 29)), id="person/belov",
                        written=("Sergei Belov", "Sergey Belov"), parts=parts)  # fmt: skip
    found = ArticleText(body=body, language="en", entities=(named,))
    for entry, place in (("S. Belov", 0), ("Sergei Belov", 0), ("Sergey Belov", 17)):
        [match] = Watchlist([watch(entities=[entry])]).match(found).article
        assert [(hit.found, hit.start) for hit in match.hits] == [(entry, place)]
