"""What the words at the beginning of a run of capitals are: a listed name, a title, or words that name nothing."""

import functools
import re

from pipelines.text.english.calendar_names import GIVEN_NAMES
from pipelines.text.english.inflection import grammar
from pipelines.text.entities import gazetteer
from pipelines.text.entities.gazetteer import words as list_words

_LONGEST_LISTED = 4
"""Most words of a listed name that are tried in a headline."""
_LONGEST_BEGINNING = 3
"""Most words of a listed name that is looked for at the beginning of a run."""
_SHORTEST_ADVERB = 6
"""Letters; shorter words in -ly are names: "Lily", "Sally"."""
_ARTICLES = frozenset(("The", "A", "An"))
_COMPOUND = re.compile(r"\w[\w.&]*-([a-z]+)$")
_COMMON_NAMES = list_words("common_names")
_BEFORE_ROLES = list_words("before_roles")
_TITLES = list_words("titles")
_TITLE_PARTS = list_words("title_parts")
_TITLES_OF_THINGS = list_words("titles_of_things")
_DIRECTIONS = list_words("directions")
_ORGANISATION_HEADS = list_words("organisation_heads")
_HEADS_OF_BODIES_AND_PLACES = _ORGANISATION_HEADS | list_words("location_heads")


def count_listed(words: list[str], headline: bool) -> int:
    """Returns how many words from the first on are a listed name: all of them, or in a headline as many as possible."""
    known = gazetteer.known()
    if len(words) > 1:
        if " ".join(words) in known:
            return len(words)
    elif not headline:
        return 0
    if not headline:
        return _count_place_before_person(words) or _count_body_or_people(words)
    for length in range(min(len(words), _LONGEST_LISTED), 0, -1):
        listed = known.get(" ".join(words[:length]))
        if listed and listed.sure and (length > 1 or not _is_common(words[0]) or words[0].isupper()):
            following = words[length] if length < len(words) else ""
            return 0 if following in gazetteer.heads() and not _is_common(following) else length
    return 0


def _is_common(word: str) -> bool:
    return word.lower() in gazetteer.common_words()


def _count_place_before_person(words: list[str]) -> int:
    """Returns the length of a listed place before a person's name: "ambassador to North Korea Piotr Lem"."""
    for length in range(min(len(words) - 2, _LONGEST_BEGINNING), 0, -1):
        rest = words[length:]
        if rest[0] not in gazetteer.first_names() or rest[-1] in gazetteer.heads():
            continue
        listed = gazetteer.known().get(" ".join(words[:length]))
        if listed and listed.sure and words[0] not in gazetteer.first_names():
            return length
    return 0


def _count_body_or_people(words: list[str]) -> int:
    """Returns the length of a body before a name ("Royal Air Force Tornado"), or of a people before either."""
    for length in (3, 2):
        listed = gazetteer.known().get(" ".join(words[:length])) if len(words) > length else None
        if listed and listed.kind == "organisation" and words[-1] not in gazetteer.heads():
            return length
    if words[0] in gazetteer.peoples() or words[0] in list_words("other_names"):
        rest = gazetteer.known().get(" ".join(words[1:]))
        return 1 if (rest and rest.kind == "organisation") or _is_full_name(words[1:]) else 0
    return 0


def _is_full_name(words: list[str]) -> bool:
    """ "Pia Quorr" of "Danish Pia Quorr": two words that are not common and end like nothing else."""
    return len(words) == 2 and words[1] not in gazetteer.heads() and not any(map(_is_common, words))


def count_title(words: list[str]) -> int:
    """Returns how many words at the beginning are the title of a person, whether or not a name follows."""
    length = 0
    while length < len(words) and (words[length] in _TITLES or words[length] in _TITLE_PARTS):
        length += 1
    while length and words[length - 1] not in _TITLES:
        length -= 1
    rest = words[length:]
    if length and rest and words[length - 1] in _TITLES_OF_THINGS and rest[0] in _ORGANISATION_HEADS:
        return 0  # "Premier League", "Major League Baseball"
    if length and rest and rest[-1] in gazetteer.heads():
        # "Lord Street" and "King Edward Hospital" are places, but not "Minister Clare Brook".
        is_person = len(rest) == 1 or (len(rest) == 2 and rest[0] in gazetteer.first_names())
        return 0 if words[length - 1] in _TITLES_OF_THINGS or not is_person else length
    return length


def begins_anew(words: list[str], at: int) -> bool:
    """Whether the name before `at` ends there: "U.S. It was", "Jane Doe & John Roe"."""
    word, following = words[at], words[at + 1] if at + 1 < len(words) else ""
    if word == "&":
        return words[0] in gazetteer.first_names() and following in gazetteer.first_names()
    return words[at - 1].endswith(".") and word.lower() in _function_words()


def is_common_in_headline(word: str) -> bool:
    """Whether a word of a headline is common. Endings count too, because the lists do not have all verbs."""
    return _is_common(word) or (
        word.lower().endswith(("ing", "ed", "tion", "ment")) and word not in gazetteer.surnames()
    )


def ends_with_head(words: list[str]) -> bool:
    """Whether the first or second word ends the name of a body or place: "Air Station"."""
    if words[0] in _HEADS_OF_BODIES_AND_PLACES:
        return True
    return len(words) > 1 and words[1] in _HEADS_OF_BODIES_AND_PLACES and words[0].lower() not in _function_words()


def names_nothing(words: list[str], at_start: bool, headline: bool) -> bool:
    """Whether the first word is not part of a name.

    `at_start` says that it begins a sentence, `headline` that its line has capitals for common words, too.
    """
    word, following = words[0], words[1] if len(words) > 1 else ""
    compound = _COMPOUND.match(word) if "-" in word else None
    if compound and compound[1] in gazetteer.common_words():
        return True  # "US-made", "Russian-occupied"
    if word == "&" or (following and _goes_before_names(word, following, at_start)):
        return True
    if _begins_listed(words) or (at_start and not headline and _begins_name(words)):
        return False
    if word in gazetteer.calendar_words():
        return word not in GIVEN_NAMES or not following or _is_common(following)
    if not (at_start or headline) or (word.isupper() and len(word) > 1 and not headline):
        return False
    return _is_ordinary(word, following, at_start)


def _goes_before_names(word: str, following: str, at_start: bool) -> bool:
    """ "The Quorr", "Steelmaker Quorr", "Singer Jane Doe"."""
    if word in _ARTICLES:
        return True
    return at_start and word.lower() in _describing_nouns() and following not in gazetteer.heads()


def _begins_listed(words: list[str]) -> bool:
    """Whether a listed name of several words begins here: "North Korea", "New York"."""
    for length in range(min(len(words), _LONGEST_BEGINNING), 1, -1):
        front = " ".join(words[:length])
        if front in gazetteer.known() or front in gazetteer.peoples():
            return True
    return False


def _begins_name(words: list[str]) -> bool:
    """Whether a noun or adjective begins a name: "Army Service Forces", "North Bridgton", "Fourth Air Force"."""
    word, last = words[0], words[-1]
    if len(words) < 2 or word.lower() in _function_words() or word in _BEFORE_ROLES:
        return False
    if last in _HEADS_OF_BODIES_AND_PLACES:
        return True
    return word in _DIRECTIONS and word != "New" and not _is_common(last)


def _is_ordinary(word: str, following: str, at_start: bool) -> bool:
    known = gazetteer.known().get(word)
    if known and known.sure and word.lower() not in _COMMON_NAMES:
        return False
    if not _is_common(word):
        return at_start and word.endswith("ly") and len(word) >= _SHORTEST_ADVERB and known is None
    # "General Motors", "New Zealand", "Will Smith": a common word that begins a name.
    return not (word in gazetteer.first_names() and following and not _is_common(following))


@functools.cache
def _describing_nouns() -> frozenset[str]:
    """Nouns before a name that say what it is."""
    return list_words("company_nouns") | list_words("person_nouns")


@functools.cache
def _function_words() -> frozenset[str]:
    """Words that begin no name: articles, pronouns, prepositions, conjunctions, adverbs, verb forms in -ing and -ed."""
    table = grammar()
    lists = (
        "determiners", "possessives", "pronouns", "relatives", "prepositions", "subordinators", "conjunctions",
        "modals", "auxiliaries", "adverbs",
    )  # fmt: skip
    return frozenset(word for name in lists for word in table[name].split()) | {
        word for word in gazetteer.common_words() if word.endswith(("ed", "ing", "ly"))
    }
