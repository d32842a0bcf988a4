"""What the model looks at in a name and around it, as short strings.

A part is a letter or two for its place and the word there: `L` and "Bank" for the last word of a name, `<` and "in"
for the word before it, `=` and "Bank of Quorr" for all parts of its words. The module `features` says what of a word
counts.
"""

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from pipelines.text.entities import gazetteer
from pipelines.text.entities.gazetteer import words as list_words
from pipelines.text.entities.names import Name

WORDS: Final = "="
"""The letter of the part that stands for all parts of a name's words, so that they are looked up once."""
_REACH = 40
"""Characters before and after a name in which its neighbours are looked for."""
_MOST_WORDS = 8
"""Words of a name that are looked at."""
_MOST_COUNTED = 5
"""Words of a name up to which their number counts."""
_MOST_TIMES = 4
"""Times that a text has a name up to which their number counts."""
_TOKEN = re.compile(r"['’]s?\b|[\w’'-]+|[^\w\s]")
_DEFINED = re.compile(
    r"\s?(?:\([^()]{0,80}\)\s?)?(?:,|is|was|are|were|became)\s(?:an?|the|one\sof\sthe)\s((?:[a-z'’-]+\s?){1,7})"
)
_BEGINS_DEFINITION = "(,iwab"
"""First letters of what `_DEFINED` matches after a space."""
_ENDS_DEFINITION = frozenset(("of", "in", "that", "which", "who", "for"))
_NOUN_LISTS = {
    "person": list_words("person_nouns"),
    "location": list_words("place_nouns"),
    "organisation": list_words("organisation_nouns") | list_words("company_nouns"),
    "none": list_words("other_nouns"),
}


def list_parts(text: str, names: Sequence[Name]) -> list[list[str]]:
    """Returns the parts of each name of a text in its place there."""
    counts = Counter(" ".join(name.words) for name in names)
    return [_list_parts(text, name, counts) for name in names]


def _list_parts(text: str, name: Name, counts: Mapping[str, int]) -> list[str]:
    whole = " ".join(name.words)
    size = "s" if len(name.words) == 1 else "m"
    parts = [f"{WORDS}{whole}"]
    if counts[whole] > 1:
        parts.append(f"{size}{min(counts[whole], _MOST_TIMES)}")
    if name.quoted:
        parts.append("fquoted")
    if name.headline:
        parts.append("fheadline")
    if name.starts_sentence:
        parts.append("fstart")
    parts.extend(_list_neighbours(text, name, size))
    return parts


def list_word_parts(whole: str) -> list[str]:
    """Returns the parts of the words of a name, which are the same wherever it is."""
    words = whole.split(" ")
    length = len(words)
    parts = [f"n{min(length, _MOST_COUNTED)}"]
    if length == 1:
        parts.append(f"S{words[0]}")
    else:
        parts.append(f"F{words[0]}")
        parts.append(f"L{words[-1]}")
        parts.extend(f"M{word}" for word in words[1 : min(length - 1, _MOST_WORDS)])
        parts.extend(_list_joints(words))
    known = gazetteer.find_known(whole)
    if known:
        parts.append(f"k{known.kind}{known.sure:d}{known.seat:d}")
    return parts


def _list_joints(words: list[str]) -> list[str]:
    """Parts of several words together: a listed place in front, a given name before a family name."""
    parts: list[str] = []
    for at, word in enumerate(words):
        if at and (word in ("of", "for") or word.isdecimal()):
            parts.append(f"H{words[at - 1]}")
            break
        if word in ("and", "&"):
            parts.append("fand")
    known = gazetteer.known()
    for length in range(len(words) - 1, 0, -1):
        front = known.get(" ".join(words[:length]))
        if front:
            parts.append(f"j{front.kind}{front.sure:d}{len(words) - length}")
            break
    first, last = words[0], words[-1]
    given, family = first in gazetteer.first_names(), last in gazetteer.surnames()
    common = gazetteer.common_words()
    parts.append(f"g{given:d}{family:d}{first.lower() in common:d}{last.lower() in common:d}")
    return parts


def _list_neighbours(text: str, name: Name, size: str) -> list[str]:
    # Each stretch without white space has a token at least, and none goes over white space.
    line = text[max(0, name.start - _REACH) : name.start].rpartition("\n")[2]
    before = [token for stretch in line.rsplit(None, 2)[-2:] for token in _cut_tokens(stretch)]
    previous, second = before[-1] if before else "", before[-2] if len(before) > 1 else ""
    line = text[name.end : name.end + _REACH].partition("\n")[0]
    after = [token for stretch in line.split(None, 3)[:3] for token in _cut_tokens(stretch)]
    following, next_one = after[0] if after else "", after[1] if len(after) > 1 else ""
    left, right = previous.lower(), following.lower()
    parts = [
        f"<{previous}", f"{size}<{left}", f"<<{second}", f">{following}", f"{size}>{right}", f">>{next_one}",
        f"p{second.lower()} {left}", f"q{right} {next_one.lower()}", f"r{left} {right}",
    ]  # fmt: skip
    if following == "," and next_one[:1].isupper():
        known = gazetteer.known()
        if next_one in known or " ".join(after[1:3]) in known:
            parts.append("fplace")
    return parts


def _cut_tokens(stretch: str) -> list[str]:
    return [stretch] if stretch.isalnum() else _TOKEN.findall(stretch)  # most are one word: saves the search


def find_definition(text: str, end: int) -> str | None:
    """Returns what the first noun of ", a maker of brakes" or "is a small village" says that the name names."""
    if text[end : end + 2].lstrip()[:1] not in _BEGINS_DEFINITION:
        return None  # most names: saves the search
    found = _DEFINED.match(text, end)
    for word in found[1].split() if found else ():
        kind = find_noun_kind(word.strip(string.punctuation))
        if kind or word in _ENDS_DEFINITION:
            return kind
    return None


@cache
def find_noun_kind(word: str) -> str | None:
    """Returns what a common noun next to a name says that it names; None for nouns that say nothing."""
    singular = {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"}
    return next((kind for kind, nouns in _NOUN_LISTS.items() if not singular.isdisjoint(nouns)), None)
