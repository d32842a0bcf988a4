"""Clauses that something interrupts: a speaker, a letter, a time; and things said that come first."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The paradox of the mill, says Carl Vann, a writer in Brennick, is that it was new.",
            [("Carl Vann", "The paradox of the mill ~ is that it was new")],
        ),
        ("The mill, said the guild, would close.", [("guild", "The mill ~ would close")]),
        (
            "The firm contended in its letter, written by Ole Kull, a lawyer, that the fund was old.",
            [("firm", "that the fund was old")],
        ),
        ("Ana Rask added, however, that it leaked.", [("Ana Rask", "that it leaked")]),
        (
            "A speaker for the guild - a 12-man club known as “the Tide” - noted that it had left.",
            [("speaker for the guild", "that it had left")],
        ),
        ("Ana Rask said the 83-year-old mayor “has gone”.", [("Ana Rask", "the 83-year-old mayor “has gone”")]),
        (
            "Ole Kull, who has in the past described the plan as “a farce,” left.",
            [("Ole Kull", "the plan as “a farce,”")],
        ),
        ("The dam, as Ana Rask points out, is old.", [("Ana Rask", "The dam ~ is old")]),
        (
            "As Ana Rask points out in a column, the dam is old.",
            [("Ana Rask", "the dam is old")],
        ),
    ],
)
def test_what_interrupts_is_left_out(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("News of the move was first reported by the Harbour Post.", [("Harbour Post", "News of the move")]),
        ("The charges were denied by the mayor.", [("mayor", "The charges")]),
        ("The plan was announced by the ministry on Monday.", [("ministry", "The plan")]),
        ("The mill was closed by the ministry.", []),
    ],
)
def test_a_thing_is_reported_by_somebody(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("The man accused of buying two of the boats will stay in prison.", "buying two of the boats"),
        ("The crew accused of a theft that has shaken the port have left.", "a theft that has shaken the port"),
        ("Singer accused of fraud after show", "fraud after show"),
    ],
)
def test_what_the_accused_do_is_not_the_accusation(text: str, content: str) -> None:
    assert list_said(text) == [(None, content)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orbis deemed those figures false.", [("Orbis", "those figures false")]),
        ("Guests on the show made the point that others left.", [("Guests on the show", "that others left")]),
        (
            "Radio Nord quoted Carl Vann, a diver, as saying that the mill was old.",
            [("Carl Vann", "that the mill was old")],
        ),
        ("The crew met after the polls that showed losses.", [("polls", "losses")]),
    ],
)
def test_other_ways_of_saying(text: str, expected: list[tuple[str, str]]) -> None:
    assert [content for _, content in list_said(text)] == [content for _, content in expected]
