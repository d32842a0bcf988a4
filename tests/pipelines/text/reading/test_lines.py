"""What a line looks like by itself, where pages are cut, and paragraphs that are broken at a margin."""

import textwrap

import pytest

from pipelines.text.reading import lines as reading_lines
from pipelines.text.reading.lines import TextLine, join_wrapped_lines, split_lines


@pytest.mark.parametrize("text", ["• one", "· one", "- one", "* one", "1. one", "12) one", "► one", "» one"])
def test_entry_of_a_list(text: str) -> None:
    assert TextLine(1, text).bullet
    assert not TextLine(1, text.replace(" ", "")).bullet


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The council's 1,200 half-built bridges", 6),
        ("新しい橋は来年まで完成", 6),
        ("การประชุม", 6),
        ("* * *", 0),
    ],
)
def test_words_are_counted_with_and_without_spaces(text: str, words: int) -> None:
    assert TextLine(1, text).words == words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It closed", 0),
        ("It closed.", 1),
        ("“It closed”", 1),
        ("It closed (again).)", 1),
        ("It closed. Nobody came. It stayed", 2),
        ("Im Mai war Schluß. Ärger gab es nicht.", 2),
        ("它关门了。没有人来。", 3),
        ("Mr. no. 5 of the u.s. team", 0),
    ],
)
def test_sentence_ends_are_counted(text: str, sentences: int) -> None:
    assert TextLine(1, text).sentences == sentences


def test_sentences_are_counted_in_the_first_4000_characters() -> None:
    text = "It is so. " * 500
    assert TextLine(1, text.strip()).sentences == 400


def test_page_is_cut_at_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_lines, "MAX_LINES", 3)
    monkeypatch.setattr(reading_lines, "MAX_CHARACTERS", 9)
    assert [line.number for line in split_lines("a\n\nb\nc")[0]] == [1, 3, 4]
    assert split_lines("a\nb\nc") == ([TextLine(1, "a"), TextLine(2, "b"), TextLine(3, "c")], False)
    assert split_lines("a\nb\nc\nd")[1]
    assert split_lines("aaaa\naaaa\n") == ([TextLine(1, "aaaa"), TextLine(2, "aaaa")], True)


def test_limits_are_far_above_the_longest_pages() -> None:
    assert reading_lines.MAX_LINES == 20_000
    assert reading_lines.MAX_CHARACTERS == 2_000_000


FULL, RUNNING = "x" * 66, "and so on " * 6


def wrap(lines: int, *, length: int = 66, stops: int = 0, capitals: int = 0, loose: int = 0) -> str:
    """A text of one paragraph: lines of one length, of which some end sentences or begin with a capital."""
    inner = ["x" * (length - 1) + ("." if number < stops else "x") for number in range(lines)]
    inner = [("X" + line[1:]) if number < capitals else line for number, line in enumerate(inner)]
    return "\n".join([*inner, *[f"\n{FULL}"] * loose])


def is_joined(text: str) -> bool:
    return join_wrapped_lines(text) != text


@pytest.mark.parametrize(
    ("least", "most"),
    [
        (wrap(8), wrap(9)),
        (wrap(21, length=44), wrap(21, length=45)),
        (wrap(21, length=101), wrap(21, length=100)),
        (wrap(21, stops=9), wrap(21, stops=8)),
        (wrap(21, capitals=16), wrap(21, capitals=14)),
        (wrap(21, loose=31), wrap(21, loose=29)),
        (wrap(16) + "\n" + "\n".join(["x"] * 4), wrap(18) + "\n" + "\n".join(["x"] * 2)),
    ],
    ids=["lines", "short", "long", "stops", "capitals", "loose", "uneven"],
)
def test_paragraph_is_joined_from_some_point_on(least: str, most: str) -> None:
    assert not is_joined(least)
    assert is_joined(most)


def test_list_and_short_last_line_stay_apart_from_their_paragraph() -> None:
    text = textwrap.fill(RUNNING * 12, 66)
    joined = join_wrapped_lines(f"{text}\nlast\nnext\n- entry")
    assert joined.split("\n")[-2:] == ["next", "- entry"]
    assert joined.split("\n")[0].endswith("last")
