"""Through what something was said."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText


@pytest.mark.parametrize(
    ("words", "venue"),
    [
        ("said on state TV", "state TV"),
        ("said on state television", "state television"),
        ("said on state media", "state media"),
        ("said via social media", "social media"),
        ("said via Channel Nine", "Channel Nine"),
        ("said in an interview with the Morning Ledger", "interview"),
        ("said in his last interview with the Morning Ledger", "last interview"),
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
        ("said, in reply to Orbis", None),
        ("said on Friday", None),
        ("said on May Day", None),
        ("said", None),
    ],
)
def test_venues(words: str, venue: str | None) -> None:
    claims = find_claims(ArticleText(body=f"“The boats sank,” Ida Kull {words}.", language="en"))
    assert claims[0].via == venue


@pytest.mark.parametrize("end", ["that", "who", "which", "in", "on", "from", "for"])
def test_what_is_cited_ends_before_a_small_word(end: str) -> None:
    claims = find_claims(ArticleText(body=f"Ida Kull said boats sank, citing two men {end} boats.", language="en"))
    assert claims[0].via == "two men"


def test_a_venue_is_near_its_cue() -> None:
    far = "because the boats were old and the harbour was closed and the river was high and rain fell"
    claims = find_claims(ArticleText(body=f"Ida Kull said boats sank {far} on Channel Nine.", language="en"))
    assert claims[0].via is None
    near = "because the boats were old and the harbour was closed"
    claims = find_claims(ArticleText(body=f"Ida Kull said boats sank {near} on Channel Nine.", language="en"))
    assert claims[0].via == "Channel Nine"
