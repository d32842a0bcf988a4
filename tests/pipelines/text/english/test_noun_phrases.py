"""Noun phrases: the subject before a verb, the phrase after it."""

import pytest

from pipelines.text.english.noun_phrases import Range, phrase_ending, phrase_starting, subject_before
from pipelines.text.english.tagging import Sentence, tag_text


def sentence(text: str) -> "Sentence":
    return tag_text(text, 0, len(text), ())


def phrase(parsed: Sentence, found: Range | None) -> str | None:
    return " ".join(parsed.words[slice(*found)]) if found else None


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("The old army of Ostmark | said", "The old army of Ostmark"),
        ("The head of the union in Galmouth | said", "The head of the union in Galmouth"),
        ("The guard on the quay | said", "The guard on the quay"),
        ("The envoy for boats at Delport from Ostmark | said", "The envoy for boats at Delport from Ostmark"),
        ("The crew with boats | said", "The crew with boats"),
        ("The ship under the bridge | said", "the bridge"),
        ("The army's 12 boats | said", "The army 's 12 boats"),
        ("Many | said", "Many"),
        ("Those | said", "Those"),
        ("The | said", None),
        ("there | is", None),
        ("He | said", "He"),
        ("The guard, who | said", "who"),
        ("a plan that | said", "that"),
        ("The navy also | said", "The navy"),
        ("The singer (born Ada Low) | said", "The singer"),
        ("The navy on Thursday | said", "The navy"),
        ("The navy last week | said", "The navy"),
        ("The navy late Monday | said", "The navy"),
        ("The navy on the same day | said", "The navy"),
        ("The navy earlier this week | said", "The navy"),
        ("The navy Monday also | said", "The navy"),
        ("He Monday | said", "He"),
        ("Ann Lee, head of the union, | said", "Ann Lee"),
        ("Ann Lee - head of the union - | said", "Ann Lee"),
        ("Ann Lee (of Delport), head of the union, | said", "Ann Lee"),
        ("He, the head of the union, | said", "He"),
        ("The crew, the captain, and the guard, | said", "The crew"),
        ("Nobody came, | said", None),
        ("Ann Lee and Bo Kull | said", "Ann Lee and Bo Kull"),
        ("Ann Lee and the crew | said", "Ann Lee and the crew"),
        ("He saw Ann Lee and Bo Kull | said", "Bo Kull"),
        ("The week | said", None),
        ("40 | said", "40"),
    ],
)
def test_subject_before_a_verb(text: str, subject: str | None) -> None:
    before, _, after = text.partition(" | ")
    parsed = sentence(f"{before} {after}")
    assert phrase(parsed, subject_before(parsed, len(sentence(before).tags))) == subject


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the head of the union left", "the head of the union"),
        (
            "the call for boats at Delport in Ostmark from Tarsia left",
            "the call for boats at Delport in Ostmark from Tarsia",
        ),
        ("the guard on the quay left", "the guard"),
        ("the army of 12 boats left", "the army of 12 boats"),
        ("the army of old boats left", "the army of old boats"),
        ("the crew in May left", "the crew"),
        ("he left", "he"),
        ("boats the crew left", "boats"),
        ("left the boat", None),
        ("the army's boat of Ostmark left", "the army 's boat of Ostmark"),
    ],
)
def test_phrase_after_a_verb(text: str, found: str | None) -> None:
    parsed = sentence(text)
    assert phrase(parsed, phrase_starting(parsed, 0)) == found


def test_no_phrase_starts_after_the_end() -> None:
    assert phrase_starting(sentence("boats"), 1) is None


def test_a_pronoun_is_a_phrase_by_itself() -> None:
    assert phrase_ending(sentence("boats they"), 1) == (1, 2)
