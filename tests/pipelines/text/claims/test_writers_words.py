"""Where the words of a source end and those of the writer go on."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Just as the union announced the deal, workers at the plant left the hall.",
            [("union", "the deal")],
        ),
        (
            "In 2017, when the mayor announced a new toll, the share was 39 per cent.",
            [("mayor", "a new toll")],
        ),
        (
            "The guild said they would return, amid simmering anger over the dam.",
            [("guild", "they would return")],
        ),
        (
            "Ostmark has said that it is ready, but Brennick has called it a rehearsal for war.",
            [("Ostmark", "that it is ready"), ("Brennick", "it a rehearsal for war")],
        ),
        ("The clean air drive is working, data shows", [("data", "The clean air drive is working")]),
        ("Prices fell in May, a study suggested on Tuesday.", [("study", "Prices fell in May")]),
    ],
)
def test_what_the_writer_adds_is_left_out(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


def test_a_person_who_shows_a_virtue_says_nothing() -> None:
    said = list_said("Ana Rask said towns had a duty to show “the same level of stamina” that she had seen.")
    assert said == [("Ana Rask", "towns had a duty to show “the same level of stamina” that she had seen")]


def test_an_invitation_has_no_source() -> None:
    assert list_said("Let's assume you knew nothing about the dam.") == []
