"""What belongs to a quotation and what to the words around it: marks inside marks, commas inside, what follows."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "\"They call it 'a flight to the hills,' \" Ole Kull said.",
            [("Ole Kull", "\"They call it 'a flight to the hills,' \"")],
        ),
        (
            "''He told us, 'Go back,''' said Ole Kull, who ran the mill.",
            [("Ole Kull", "''He told us, 'Go back,'''")],
        ),
        ("'''Early Tide,''' Ole Kull replied.", [("Ole Kull", "'''Early Tide,'''")]),
        ("“She asked, ‘What can we do?’” Ana Rask told reporters.", [("Ana Rask", "“She asked, ‘What can we do?’”")]),
        ("“It is ours,” Tom Bond said on Friday.", [("Tom Bond", "“It is ours,”")]),
    ],
)
def test_quotations_inside_quotations_end_with_their_statement(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“We looked for cracks,” Ana Rask said after the inspectors had left the dam.",
            [("Ana Rask", "“We looked for cracks,”")],
        ),
        ("“It was careless,” Ana Rask said of Ole Kull.", [("Ana Rask", "“It was careless,”")]),
        ("“Why would you do that?” Ana Rask said about the plan.", [("Ana Rask", "“Why would you do that?”")]),
        ("“We will see,” Ana Rask said when asked whether she would stand.", [("Ana Rask", "“We will see,”")]),
        (
            "“We need it,” Ana Rask said, noting that the old mill had burned.",
            [("Ana Rask", "“We need it,”"), ("Ana Rask", "that the old mill had burned")],
        ),
    ],
)
def test_after_a_quotation_the_verb_takes_nothing_else(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ana Rask stressed that “the dam has to be rebuilt,” suggesting that it may break.",
            [("Ana Rask", "that “the dam has to be rebuilt,”"), ("Ana Rask", "that it may break")],
        ),
        (
            "Ana Rask said the law was “rotten,” adding that the guild would fight it.",
            [("Ana Rask", "the law was “rotten,”"), ("Ana Rask", "that the guild would fight it")],
        ),
        (
            "Ana Rask did not deny “that rumour,” telling Radio Nord that it was old.",
            [("Ana Rask", "“that rumour,”"), ("Ana Rask", "that it was old")],
        ),
    ],
)
def test_a_comma_inside_a_quotation_ends_what_is_said(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Rask said she “cannot leave” without a boat.", [("Ana Rask", "she “cannot leave” without a boat")]),
        ("The guild said the mill “is finished”.", [("guild", "the mill “is finished”")]),
        ("Ole Kull believes they “know nothing”.", [("Ole Kull", "they “know nothing”")]),
        ("Ana Rask pledged to “rebuild the dam”.", [("Ana Rask", "to “rebuild the dam”")]),
        ("Ole Kull, the thief known as “the Eel,” stated that he left.", [("Ole Kull", "that he left")]),
        ("Rask’s office called Kull’s report a “farce”.", [("Rask’s office", "Kull’s report a “farce”")]),
    ],
)
def test_quoted_words_stand_for_a_part_of_the_clause(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


def test_the_name_of_a_programme_is_not_what_was_said() -> None:
    said = list_said("On Radio Nord’s “Early Tide,” Ana Rask said the mill was old.")
    assert said[0][0] == "Ana Rask"
    assert said[0][1].endswith("the mill was old")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He’s said he gets up late.", "he gets up late"),
        ("Ana Rask was there. She’s said the mill is old.", "the mill is old"),
    ],
)
def test_a_short_has_is_not_passive(text: str, expected: str) -> None:
    assert [content for _, content in list_said(text)] == [expected]


def test_a_short_is_makes_a_passive() -> None:
    assert [content for _, content in list_said("It’s said that he left.")] == ["that he left"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ole Kull warned at the most recent meeting that the dam leaks.",
            [("Ole Kull", "that the dam leaks")],
        ),
        (
            "The guild says Delport’s efforts to crack down on the use of nets have failed.",
            [("guild", "Delport’s efforts to crack down on the use of nets have failed")],
        ),
        (
            "Officials said the minister’s Dec. 28 meeting with Ole Kull was moved.",
            [("Officials", "the minister’s Dec. 28 meeting with Ole Kull was moved")],
        ),
    ],
)
def test_long_subjects_of_what_is_said(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected
