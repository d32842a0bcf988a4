"""What the tagger knows of a word: its form, its ends, its shape. Training and tagging share it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from pipelines.text.english.cues import cue_lemmas, cue_nouns
from pipelines.text.english.inflection import inflections
from pipelines.text.english.word_classes import ADJECTIVE, NOUN

_DIGIT = re.compile(r"\d")
FEATURES_PER_WORD = 6
"""Features that `find_features` returns."""
_FEWEST_CAPITALS = 3
_MOST_WORDS = 0.6


def build_lexicon(lemmas: Iterable[str]) -> dict[str, str]:
    """Returns the classes that each form of some lemmas can have, in alphabetical order.

    `lemmas` are words with their part of speech: "verb sink", "noun boat", "adjective late". A lexicon tells the
    tagger what a form can be that it has never seen: it knows "sank" from "sink".
    """
    classes: dict[str, set[str]] = {}
    for entry in lemmas:
        part, lemma = entry.split(" ", 1)
        if part == "verb":
            for form, kind in inflections(lemma).items():
                classes.setdefault(form, set()).add(kind)
        elif part == "noun":
            for form in (lemma, lemma + "s"):
                classes.setdefault(form, set()).add(NOUN)
        else:
            classes.setdefault(lemma, set()).add(ADJECTIVE)
    return {form: "".join(sorted(kinds)) for form, kinds in classes.items()}


def cue_entries() -> list[str]:
    """Returns the verbs and nouns of saying as entries of a lexicon: the treebanks lack many of them."""
    return [*(f"verb {lemma}" for lemma in cue_lemmas()), *(f"noun {noun}" for noun in cue_nouns())]


def find_features(word: str, lexicon: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the features of a word: form, last three, last two and first three characters, shape, possible classes.

    Forms are in lower case, with every digit as "0".
    """
    form = _DIGIT.sub("0", word.lower().replace("’", "'"))
    shape, possible = _find_shape(word), lexicon.get(form, "")
    return f"w={form}", f"s={form[-3:]}", f"e={form[-2:]}", f"p={form[:3]}", f"c={shape}", f"l={possible}"


def _find_shape(word: str) -> str:
    """Returns how a word is written: "Xx", "x-", "X." ("U.S."), "d." ("1,200"), or a punctuation mark itself."""
    if word[0].isdigit():
        return "d" + ("." if "." in word or "," in word else "") + ("a" if word[-1].isalpha() else "")
    if not word[0].isalpha():
        return f"p{word}" if len(word) == 1 else "p"
    if word.isupper() and len(word) > 1:
        case = "X"
    elif word.islower():
        case = "x"
    else:
        case = "Xx" if word[0].isupper() else "xX"
    marks = "".join(mark for mark in "-.'" if mark in word.replace("’", "'"))
    return f"{case}{marks}{'1' if len(word) == 1 else ''}"


def is_title_case(words: Sequence[str]) -> bool:
    """Whether most words begin with a capital and no full stop ends them: a headline in title case."""
    if words[-1] == ".":
        return False
    capitals = sum([word[0].isupper() for word in words])
    return capitals >= _FEWEST_CAPITALS and capitals > _MOST_WORDS * sum([word[0].isalpha() for word in words])
