"""Beginnings and ends of sentences and quotations."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.english.quotes import find_quotations
from pipelines.text.english.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_stops_end_sentences_and_lines_do_too() -> None:
    text = "The ferry sank. Was it old? Nobody knew!\nGalmouth\n\nThe harbour closed."
    assert sentences(text) == ["The ferry sank.", "Was it old?", "Nobody knew!", "Galmouth", "The harbour closed."]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Odum met Sen. Pell in St. Agnes on Jan. 4 at noon.",
        "The U.S. envoy and J. R. Marsh left Delport Inc. in silence.",
        "Prices rose 3.5 percent in the U.K. market.",
        "The U.S. Navy left Harbour Ave. Bridge in the rain.",
        "Reps. Hale and Orr met Pres. Venn and Ludo Marsh Sr. Odum.",
        "Delport Ltd. Boats saw the Dept. Store on Mt. Senn.",
        "It fell to No. 7 in Sept. Rain fell, too.",
        "She left, e.g. Ann, at noon.",
        "“Is it old?” Petra Hol asked Ann.",
        "The dam (it is old.) held.",
        "Was it old? asked Ann, and left.",
    ],
)
def test_abbreviations_and_decimals_do_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_an_abbreviation_before_a_new_sentence_ends_one() -> None:
    assert sentences("She lives in the U.S. The house is old.") == ["She lives in the U.S.", "The house is old."]


def test_a_quotation_is_never_cut() -> None:
    text = "“We left. Nobody followed us. It rained,” Rask said. “Then we slept.”"
    assert sentences(text) == ["“We left. Nobody followed us. It rained,” Rask said.", "“Then we slept.”"]


def test_a_question_in_quotation_marks_goes_on_with_its_speaker() -> None:
    assert sentences("“Who signed it?” Petra Hol asked.") == ["“Who signed it?” Petra Hol asked."]


def test_a_quotation_that_ends_a_sentence_ends_it() -> None:
    assert len(sentences("He called it “a farce.” The court rose.")) == 2


def test_a_sentence_longer_than_any_is_cut() -> None:
    spans = split_sentences("and so on " * 2000)
    assert max(end - start for start, end in spans) in range(2990, 3001)


def test_an_overlong_sentence_is_cut_after_a_quotation() -> None:
    text = "x" * 2990 + " “a quotation of some words” and so on " + "y" * 100
    assert sentences(text)[0].endswith("of some words”")


@pytest.mark.parametrize(
    "text",
    [
        "He said “it sank”. The court rose.",
        "It was late at 4 p.m. The court rose.",
        "Ida left Delport Inc. The court rose.",
        "It was I. The court rose.",
        "It was a. The court rose.",
        "It was 7. The court rose.",
        "They met Ludo Marsh Jr. In spring it rained.",
        "She saw abcdefghijklmnopqrstuvwxyz.mr. The court rose.",
    ],
)
def test_a_stop_ends_a_sentence(text: str) -> None:
    assert len(sentences(text)) == 2


@pytest.mark.parametrize("opening", ["The", "His", "They", "In", "If", "And", "Who"])
def test_words_that_begin_a_sentence_after_an_abbreviation(opening: str) -> None:
    assert len(sentences(f"She left the U.S. {opening} boats sank.")) == 2


@pytest.mark.parametrize("character", [",", ";", "–", "—", "-"])
def test_a_sentence_goes_on_after_a_quotation_and_punctuation(character: str) -> None:
    assert len(sentences(f"He called it “a farce.” {character} The court rose.")) == 1


@given(st.text(alphabet=st.sampled_from("aB .!?\n\"'“”‘’,UMr1"), max_size=200))
def test_spans_are_ordered_stripped_and_hold_all_text(text: str) -> None:
    spans = split_sentences(text)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert "".join("".join(text[s:e].split()) for s, e in spans) == "".join(text.split())


def quoted(text: str) -> list[str]:
    return [text[one.inner_start : one.inner_end] for one in find_quotations(text)]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“We left,” she said.", ["We left,"]),
        ('"We left," she said. "At noon."', ["We left,", "At noon."]),
        ("''We left,'' she said.", ["We left,"]),
        ("„Wir gehen“, ``we left'' and «on part»", ["Wir gehen", "we left", "on part"]),
        ("Sent 100 'volunteers' home", ["volunteers"]),
        ("A ‘huge’ risk for Ostmark’s navy", ["huge"]),
        ("The workers' union didn't say 'no' today", ["no"]),
        ("He said: “They told me ‘go home’ and left.”", ["They told me ‘go home’ and left."]),
        ('A 6" pipe and a 4" pipe', []),
        ("“The speech runs on\n“and ends here.”", ["The speech runs on", "and ends here."]),
        ("It's Ostmark's own fault", []),
        ("Sent '" + "x" * 500 + "' home", ["x" * 500]),
        ("Sent '" + "x" * 700 + "' home", []),
        ("Sent ‘one “two” three", ["two"]),
        ('He left “a” and "b" and „c” and «d»', ["a", "b", "c", "d"]),
        ('“We left" at noon', ["We left"]),
        ('«We left" at noon»', ['We left" at noon']),
        ("''We left\" at noon''", ['We left" at noon']),
        ("“” and “a”", ["a"]),
    ],
)
def test_quotations(text: str, inside: list[str]) -> None:
    assert quoted(text) == inside


@given(st.text(alphabet=st.sampled_from("ab \n\"'“”‘’`«».,"), max_size=200))
def test_quotations_lie_inside_the_text_in_order(text: str) -> None:
    found = find_quotations(text)
    assert all(one.start < one.inner_start <= one.inner_end <= one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
