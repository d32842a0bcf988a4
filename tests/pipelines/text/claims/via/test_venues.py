"""Through what something was said."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText, Entity


@pytest.mark.parametrize(
    ("words", "venue"),
    [
        ("said on state TV", "state TV"),
        ("said on state television", "state television"),
        ("said on state media", "state media"),
        ("said via social media", "social media"),
        ("said via Channel Nine", "Channel Nine"),
        ("said in an interview with the Morning Ledger", "Morning Ledger"),
        ("said in his last radio interview with the Morning Ledger", "Morning Ledger"),
        ("said in an interview", "interview"),
        ("said, in comments to the Morning Ledger", "Morning Ledger"),
        ("said, in a comment to Orbis", "Orbis"),
        ("said, in conversation with Orbis", "Orbis"),
        ("said, in remarks to Orbis", "Orbis"),
        ("said, in interview with Orbis", "Orbis"),
        ("said, in briefing to Orbis", "Orbis"),
        ("said at the Fenwick Forum", "Fenwick Forum"),
        ("said at an Orbis Summit", "Orbis Summit"),
        ("said at a press conference", "press conference"),
        ("said at the summit", "summit"),
        ("said during a briefing", "briefing"),
        ("said in a statement", "statement"),
        ("said in her hearing", "hearing"),
        ("said during their rally", "rally"),
        ("said at the debate", "debate"),
        ("said at the forum", "forum"),
        ("said in his speech", "speech"),
        ("told journalists", "journalists"),
        ("told reporters", "reporters"),
        ("told the Morning Ledger", "Morning Ledger"),
        ("told Orbis’s Ledger", "Orbis’s Ledger"),
        ("told the news site Orbis", "Orbis"),
        ("told the court", "court"),
        ("told state television", "state television"),
        ("told local media", "local media"),
        ("wrote on Telegram", "Telegram"),
        ("said on Orbis Radio", "Orbis Radio"),
        ("said on Fenwick Hill", None),
        ("said at the Fenwick Bridge", None),
        ("said, an inquest heard", "inquest"),
        ("said, citing the navy in Delport", "navy"),
        ("said, citing two men", None),
        ("said, in reply to Orbis", None),
        ("said on Friday", None),
        ("said on May Day", None),
        ("said", None),
    ],
)
def test_venues(words: str, venue: str | None) -> None:
    claims = find_claims(ArticleText(body=f"“The boats sank,” Ida Kull {words}.", language="en"))
    assert claims[0].via == venue


@pytest.mark.parametrize("kind", ["person", "location"])
def test_a_person_or_place_is_no_venue(kind: str) -> None:
    body = "Ida Kull told Orbis that boats sank."
    orbis = Entity(name="Orbis", kind=kind, mentions=((14, 19),))  # type: ignore[arg-type]
    assert find_claims(ArticleText(body=body, language="en", entities=(orbis,)))[0].via is None
    orbis = Entity(name="Orbis", kind="organisation", mentions=((14, 19),))
    assert find_claims(ArticleText(body=body, language="en", entities=(orbis,)))[0].via == "Orbis"


def test_a_venue_is_near_its_cue() -> None:
    far = "because the boats were old and the harbour was closed and the river was high and rain fell"
    claims = find_claims(ArticleText(body=f"Ida Kull said boats sank {far} on Channel Nine.", language="en"))
    assert claims[0].via is None
    near = "because the boats were old and the harbour was closed"
    claims = find_claims(ArticleText(body=f"Ida Kull said boats sank {near} on Channel Nine.", language="en"))
    assert claims[0].via == "Channel Nine"
