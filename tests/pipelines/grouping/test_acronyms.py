"""Short forms that articles define: which are found, and which of them are trusted."""

from typing import Any

import pytest

from pipelines.grouping.acronyms import DefiningArticle, collect, find_definitions
from pipelines.grouping.learning import is_decided, is_other, make_alias
from schemas.codec import make_document
from schemas.elasticsearch.aliases import ClaimantAlias

PORT = "The Varnholm Port Authority (VPA) said on Monday that 41 boats were lost."


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        (PORT, "VPA", "Varnholm Port Authority"),
        ("according to the Institute for the Study of War (ISW).", "ISW", "Institute for the Study of War"),
        ("Bureau of Harbours and Tides (BOHT)", "BOHT", "Bureau of Harbours and Tides"),
        ("South-West Ferry Board (SWFB)", "SWFB", "South-West Ferry Board"),
        ("Selmaria’s Office for Tides (OT) and", "OT", "Office for Tides"),
        ("in Varnholm, the Delta Research Unit (DRU)", "DRU", "Delta Research Unit"),
    ],
)
def test_long_form_has_the_letters_of_the_short_form(text: str, short: str, long: str) -> None:
    assert [(each.short, each.long) for each in find_definitions(text)] == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "A storm hit the coast (AP)", "the harbour board (VPA) met", "It was a Grand Old Opening (OK)",
        "The Port Authority (VPA) said", "The Varnholm Port\nAuthority (VPA) said", "Authority (A) said", "(VPA) said",
        "Varnholm Port Authority (vpa)", "of (OF)",
    ],
)  # fmt: skip
def test_brackets_without_the_letters_define_nothing(text: str) -> None:
    assert list(find_definitions(text)) == []


def sources(*names: str, text: str = PORT) -> list[tuple[DefiningArticle, str]]:
    """Articles that define the form, each of one outlet and one story, the latest first."""
    return [
        (DefiningArticle(f"a{number}", name, f"s-{name}", f"2024-11-{20 - number:02}T00:00:00Z"), text)
        for number, name in enumerate(names)
    ]


def alias(*texts: tuple[DefiningArticle, str]) -> ClaimantAlias | None:
    learned = collect(texts)
    return make_alias(learned["VPA"]) if "VPA" in learned else None


def test_two_outlets_and_two_stories_must_agree() -> None:
    made = alias(*sources("Courier", "Post"))
    assert made
    assert (made.alias_id, made.to_id, made.to_name) == (
        "merge/name/vpa", "name/varnholm-port-authority", "Varnholm Port Authority",
    )  # fmt: skip
    assert (made.evidence, made.evidence_count, made.origin) == (("a1", "a0"), 2, "learned")
    assert made.sentence == "Varnholm Port Authority (VPA)"
    assert alias(*sources("Courier")) is None
    assert alias(*sources("Courier", "Courier")) is None
    same_story = [(source._replace(story="one"), text) for source, text in sources("Courier", "Post")]
    assert alias(*same_story) is None


def test_order_of_the_articles_changes_nothing() -> None:
    texts = sources("Courier", "Post", "Herald")
    one, other = alias(*texts), alias(*reversed(texts))
    assert one
    assert other
    assert (one.evidence, one.to_name, one.sentence) == (other.evidence, other.to_name, other.sentence)


def test_one_article_with_another_meaning_is_a_conflict() -> None:
    other = sources("Herald", text="The Vessel Pilots Association (VPA) said on Monday that it agreed.")
    assert alias(*sources("Courier", "Post"), *other) is None


@pytest.mark.parametrize(
    "text",
    ["The Ministry of Defence (MD) said on Monday.", "The National Intelligence Service (NIS) said on Monday."],
    ids=["of which country", "in the tables"],
)
def test_nothing_is_learned_about_bodies_of_every_country_or_of_the_tables(text: str) -> None:
    assert collect(sources("Courier", "Post", text=text)) == {}


def test_decision_of_a_person_is_kept() -> None:
    made = alias(*sources("Courier", "Post"))
    assert made
    stored: dict[str, dict[str, Any]] = {made.alias_id: {"origin": "learned"}}
    assert not is_decided(made, stored)
    assert is_decided(made, {made.alias_id: {"origin": "person"}})
    assert is_decided(made, {"split/vpa": {"origin": "person"}})
    assert not is_other(made, make_document(made))
    assert is_other(made, make_document(made) | {"to_id": "name/vessel-pilots-association"})
