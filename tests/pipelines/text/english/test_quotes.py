"""Where quotations begin and end."""

import pytest

from pipelines.text.english.quotes import find_quotations


def quotations_of(text: str) -> list[str]:
    return [text[one.inner_start : one.inner_end] for one in find_quotations(text)]


@pytest.mark.parametrize("mark", ['"', "“", "''"])
def test_a_quotation_left_open_ends_before_another_speaker(mark: str) -> None:
    text = f"The mayor said {mark}40 ships were waiting. The union said 12 had left."
    assert quotations_of(text) == ["40 ships were waiting."]
    assert quotations_of(text + "\nIt rained.") == ["40 ships were waiting."]


def test_a_quotation_left_open_ends_with_its_line() -> None:
    assert quotations_of("He said “40 ships were waiting. They left.\nIt rained.") == [
        "40 ships were waiting. They left."
    ]


def test_a_quotation_of_several_paragraphs_is_not_cut() -> None:
    text = "“We waited. The union said 12 had left.\n\n“Then it rained,” he said."
    assert quotations_of(text) == ["We waited. The union said 12 had left.", "Then it rained,"]


def test_a_speaker_inside_marks_is_quoted() -> None:
    assert quotations_of("“We waited. The union said 12 had left.”") == ["We waited. The union said 12 had left."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("‘It’s over’: Kull resigns", ["It’s over"]),
        ("The 'old' boats' crew", ["old"]),
        ('A 6" pipe and a 5" pipe', []),
        ("“He said ‘no’ to us,” she said", ["He said ‘no’ to us,"]),
        ("„Nein“, he said", ["Nein"]),
        ("``Yes,'' he said", ["Yes,"]),
        ("«Oui», he said", ["Oui"]),
    ],
)
def test_marks(text: str, expected: list[str]) -> None:
    assert quotations_of(text) == expected
