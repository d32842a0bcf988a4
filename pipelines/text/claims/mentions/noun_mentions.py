"""Mentions of people and bodies without a name: "the county commissioner", "Peru's navy", "two officials"."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from pipelines.text.claims.claimant_nouns import documents, speaking_nouns
from pipelines.text.claims.mentions.agreement import PACKAGE, indefinites
from pipelines.text.english.cues import cue_verbs
from pipelines.text.english.inflection import grammar
from pipelines.text.english.noun_phrases import TIME_WORDS
from pipelines.text.tables import load_words

_SPACED = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)
"""Turns all but letters and digits into spaces: cutting bytes into words is far faster than a regular expression."""
_FOLLOWING = re.compile(r"(?![\w-])(?: ([\w-]+))?")
_MODIFIER = re.compile(r"\w[\w&-]*(?:['’]s?)?")
_MODIFIER_REACH = 120
"""Characters before a noun in which the words before it are looked for."""
_MOST_MODIFIERS = 5
_COMPLEMENT = re.compile(
    r"\s(?:of|for)\s(?:(?:the|an?|its|his|her|their)\s)?(?P<words>[\w’'-]+(?:\s[A-Z][\w’'-]*)*)(?P<more>\s[\w-]+)?"
    r"(?=(?P<next>\s[\w-]+)?)"
)
"""What follows a noun and belongs to it: "of a small port", "for the Delport Water Board"."""


class NounMention(NamedTuple):
    """A noun that speaks, with its words: `noun` and `modifiers` in lower case."""

    start: int
    end: int
    """After the noun itself, without what belongs to it."""
    noun: str
    modifiers: frozenset[str]
    is_definite: bool
    is_plural: bool


@cache
def _heads() -> frozenset[str]:
    return speaking_nouns() - documents() - {"state", "most", "some", "many", "others", "few", "both", "several"}


@cache
def _encoded_forms() -> dict[bytes, str]:
    """Returns the heads with their plurals, by their letters in ASCII."""
    return {form.encode("ascii"): form for noun in _heads() for form in (noun, f"{noun}s")}


@cache
def _determiners() -> frozenset[str]:
    table = grammar()
    return frozenset(f"{table['determiners']} {table['possessives']}".split()) | indefinites()


@cache
def _stops() -> frozenset[str]:
    table = grammar()
    rows = (
        "prepositions", "relatives", "conjunctions", "subordinators", "auxiliaries", "modals", "pronouns", "adverbs",
    )  # fmt: skip
    return (
        frozenset(word for row in rows for word in table[row].split())
        | {"to", "that"}
        | TIME_WORDS
        | cue_verbs().keys()
    )


@lru_cache(maxsize=1)
def find_noun_mentions(text: str) -> tuple[NounMention, ...]:
    """Returns the mentions in reading order; bare nouns only if they are plural, or police and the like.

    Those of the last text are kept: the title and the body both ask for those of the body.
    """
    lower = text.lower()
    if len(lower) != len(text):
        lower = text  # a letter that becomes two: offsets have to stay
    mentions: list[NounMention] = []
    words = lower.encode("ascii", "replace").translate(_SPACED).split()
    for noun in _encoded_forms().keys() & set(words):
        mentions.extend(_find_noun(text, lower, _encoded_forms()[noun]))
    return tuple(sorted(mentions))


def _find_noun(text: str, lower: str, noun: str) -> Iterator[NounMention]:
    """Yields the mentions with one noun."""
    end, heads = 0, _heads()
    while (start := lower.find(noun, end)) >= 0:
        end = start + len(noun)
        following = _FOLLOWING.match(lower, end)
        if following is None or _is_inside(lower[start - 1 : start]) or following[1] in heads:
            continue  # a part of a word, or "the police commissioner", who is not the police
        mention = _read_backwards(text, lower, start, end)
        if mention is not None:
            yield mention


def _is_inside(before: str) -> bool:
    """Whether the character before a noun belongs to its word."""
    return before.isalnum() or before in ("-", "'", "’", "&", "@", "#")


def _read_backwards(text: str, lower: str, start: int, end: int) -> NounMention | None:
    noun, determiner, first = lower[start:end], "", start
    modifiers: list[str] = []
    determiners, stops = _determiners(), _stops()
    before = lower[max(0, start - _MODIFIER_REACH) : start].rpartition("\n")[2].rsplit(" ", _MOST_MODIFIERS + 1)
    if before.pop():
        before = []  # something else than a space is before the noun
    while before and len(modifiers) < _MOST_MODIFIERS:
        low = before.pop()
        if low in determiners:
            first, determiner = first - len(low) - 1, low
            break
        if low in stops or _MODIFIER.fullmatch(low) is None:
            break
        first -= len(low) + 1
        bare = low.removesuffix("'s").removesuffix("’s")
        modifiers.append(bare)
        if bare != low:
            determiner = "the"
    is_plural = noun in _plurals() or noun not in _heads()
    if not (determiner or is_plural or noun in _bare()):
        return None
    if text[start].isupper() and modifiers and text[start - len(modifiers[0]) - 1].isupper():
        return None  # a name: "the Harbour Institute"
    first += 3 if determiner == "no" else 0
    is_definite = bool(determiner) and determiner not in indefinites()
    return NounMention(first, end, noun, frozenset(modifiers), is_definite, is_plural)


@cache
def _plurals() -> frozenset[str]:
    return load_words(PACKAGE, "claimants.yaml", "groups")


@cache
def _bare() -> frozenset[str]:
    """Returns the nouns that stand without an article: "police said"."""
    return frozenset(("police", "parliament", "congress"))


def phrase_of(text: str, mention: NounMention) -> str:
    """Returns the words of a mention with what belongs to it, if that has an end: "The mother of a small boy"."""
    found = _COMPLEMENT.match(text, mention.end)
    end = mention.end
    if found is not None:
        if _ends(found["more"]) or found["words"].rpartition(" ")[2][0].isupper():
            end = found.end("words")
        elif _ends(found["next"]):
            end = found.end("more")
    return text[mention.start : end]


def _ends(following: str | None) -> bool:
    """Whether a phrase ends before this word."""
    return following is None or following.strip().lower() in _stops()
