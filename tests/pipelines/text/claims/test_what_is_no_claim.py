"""What looks like a claim and is none: acts, silences, labels; and names of which only a part was left."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    "text",
    [
        "Visitors can vote for the mill.",
        "The guild voted on the plan.",
        "Divers showed the mayor the dam.",
        "The new boats highlight the show.",
        "Asked whether it leaked, the owner said no.",
        "When we ask him what he does, he says little.",
        "Ana Rask reported on Monday.",
        "The view of noted old scholars was heard.",
        "Dangling ropes require a pull.",
        "It is worth noting that the dam is old.",
        "Ana Rask named two people, adding to a series of troubles that have hurt the mill.",
        "The crew found her buried in the sand.",
        "The firm didn’t say when the mill would close.",
        "The guild has not said if it will leave.",
        "The firm declined to comment on the report.",
        "NEW BRENNICK: Their boat lost, 150 people came home.",
        "LATEST NEWS: Rask signs a player",
        "Cover image: a boat that Ole Kull built",
    ],
)
def test_nobody_says_anything(text: str) -> None:
    assert list_said(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The survey highlights a loss of trust.", [("survey", "a loss of trust")]),
        ("Ana Rask could not determine if the dam leaked.", [("Ana Rask", "if the dam leaked")]),
        ("The ministry requires a licence.", [("ministry", "a licence")]),
        ("The courts demanded the release of the boats.", [("courts", "the release of the boats")]),
        (
            "Ana Rask told Radio Nord in a statement that it leaked.",
            [("Ana Rask", "that it leaked")],
        ),
        ("UN: 40 people have died", [("UN", "40 people have died")]),
        ("MINISTER: NO PLANS TO SEND BOATS", [("MINISTER", "NO PLANS TO SEND BOATS")]),
        ("Ana Rask confirmed five years ago that it leaked.", [("Ana Rask", "that it leaked")]),
        ("Ana Rask said in a letter that the dam fell.", [("Ana Rask", "that the dam fell")]),
    ],
)
def test_somebody_says_something(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Those in favour of the plan have said that it works.", "Those in favour"),
        ("One of Kull’s advisers said the mill was old.", "One of Kull’s advisers"),
        ("Radio Nord quoted one of the divers as saying the mill is old.", "one of the divers"),
        ("The owners themselves said the mill was old.", "owners"),
        ("Some of the divers said the mill was old.", "divers"),
    ],
)
def test_sources_that_are_a_part_of_something(text: str, source: str) -> None:
    assert source in {name for name, _ in list_said(text)}
