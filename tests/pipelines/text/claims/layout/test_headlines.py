"""Headlines whose source is at the end, or after a quotation."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("headline", "claimant", "content"),
    [
        ("Nine in ten ferries run late: survey", "survey", "Nine in ten ferries run late"),
        ("Ostmark has lost 40 boats - navy", "navy", "Ostmark has lost 40 boats"),
        ("Halden will shut 12 plants – trade union", "trade union", "Halden will shut 12 plants"),
        ("Halden will shut 12 plants — sources", "sources", "Halden will shut 12 plants"),
        ("Party wins 61% of the vote - exit poll", "exit poll", "Party wins 61% of the vote"),
        ("Party wins 61% of the vote - official count", "official count", "Party wins 61% of the vote"),
        ("Ferry sank off Tarsia - head of coast guard", "head of coast guard", "Ferry sank off Tarsia"),
        ("Ferry sank off Tarsia - Ostmark", "Ostmark", "Ferry sank off Tarsia"),
        ("Ferry to be raised in May: Ida Kull", "Ida Kull", "Ferry to be raised in May"),
        ("Ostmark says its ferry sank - state media", "Ostmark", "its ferry sank"),
        ("‘Nothing is left’: Kull quits as head of union", "Kull", "‘Nothing is left’"),
        ("'We saw it burn,' say divers", "divers", "'We saw it burn,'"),
        ("12 dead in blast on ferry, says mayor", "mayor", "12 dead in blast on ferry"),
        ("‘No dead’ in strike, says navy; hospital counts nine", "navy", "‘No dead’ in strike"),
        ("Live: 'We saw it burn,' say divers", "divers", "'We saw it burn,'"),
        ("Watch | Ferry sank off Tarsia - navy", "navy", "Ferry sank off Tarsia"),
    ],
)
def test_sources_of_headlines(headline: str, claimant: str, content: str) -> None:
    assert list_said("", headline) == [(claimant, content)]
    assert list_said(headline) == [(claimant, content)]
    assert list_said(headline + "\nA ferry lies off Tarsia.") == [(claimant, content)]


@pytest.mark.parametrize(
    "headline",
    [
        "Ferry has sunk off Tarsia - video",
        "Ferry has sunk off Tarsia - live updates",
        "Ferry has sunk off Tarsia - Galmouth Post",
        "Ferry has sunk off Tarsia - what we know of the navy",
        "Ferry has sunk off Tarsia - 40 crew",
        "Ferry has sunk off Tarsia - head of the very old and very small coast guard",
        "Ten old boats of the north - Ostmark",
        "‘Nothing is left’: five old boats",
        "‘Nothing is left’: the boats burn",
        "Old ‘boats’ say divers",
        "Ida Kull: ferries of the north",
        "Ida Kull: where did the ferry sink?",
        "Q: where did the old ferry sink",
    ],
)
def test_headlines_without_a_source(headline: str) -> None:
    assert list_said("", headline) == []


def test_a_sentence_is_no_headline() -> None:
    assert list_said("The ferry sank off Tarsia: survey.") == []
    assert list_said("The ferry sank.\nThe ferry sank off Tarsia: survey") == []
    assert list_said("The ferry sank off Tarsia. " * 9 + "It sank off Tarsia: survey") == []
    assert list_said("The old " * 30 + "ferry has sunk: survey") == []


def test_names_before_a_colon_say_a_statement() -> None:
    assert list_said("", "UN: the ferry has sunk") == [("UN", "the ferry has sunk")]
    assert list_said("", "MAYOR: NO MONEY FOR BRIDGE") == [("MAYOR", "NO MONEY FOR BRIDGE")]
