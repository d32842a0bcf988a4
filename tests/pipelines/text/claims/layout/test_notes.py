"""What editors write about a text is not a claim."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    "note",
    [
        "Correction: An earlier version of this article said 12 boats had sunk. The navy said nine.",
        "Read more: Ida Kull said 12 boats had sunk",
        "Editor’s note: Ida Kull said 12 boats had sunk.",
        "• Related stories: Ida Kull says 12 boats had sunk",
    ],
)
def test_notes(note: str) -> None:
    assert list_said(note) == []
    assert list_said(f"Boats sank.\n{note}\nAda Crane said it rained.") == [("Ada Crane", "it rained")]


def test_words_of_notes_inside_a_paragraph() -> None:
    assert list_said("It is more: Ida Kull said 12 boats had sunk.") == [("Ida Kull", "12 boats had sunk")]
