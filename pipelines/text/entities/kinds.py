"""What a name names: a person, an organisation, a place, a nationality, or nothing of these.

The lists decide first, then the words of the name ("Ministry", "River", a given name), then the words around it.
"""

import re
import string
from dataclasses import dataclass
from functools import cache

from pipelines.text.entities import gazetteer
from pipelines.text.entities.gazetteer import words as list_words
from pipelines.text.entities.names import Name
from schemas.fields import EntityKind


@dataclass(frozen=True, slots=True)
class Kind:
    """What a name names."""

    entity: EntityKind | None
    """None for what is not indexed."""
    sure: bool
    """Whether more than the shape and place of the name supports it."""


_PERSON, _ORGANISATION, _LOCATION, _NEITHER = (
    Kind(entity, True) for entity in ("person", "organisation", "location", None)
)

_INITIAL = re.compile(r"[A-Z]\.?$")
_ACRONYM = re.compile(r"(?:[A-Z]&?){2,6}s?$|(?:[A-Z]\.){2,}$|\d{1,4}(?![KMBT]$)[A-Z]{1,4}$")
_LONGEST_ACRONYM = 5
"""Letters of an acronym at the start of a sentence; longer words in capitals are emphasis."""
_MODEL = re.compile(r"[A-Z]+-?\d|\d+[KMBT]$|.*\d.*[a-z]|.*\.(?:com|org|net)$|.*-(?:based|class|style|era)$")
_SURNAME = re.compile(rf".{{2,}}(?:{'|'.join(sorted(list_words('surname_endings')))})$")
_PLACE_AFTER = re.compile(r"\s?,\s(?:the\s)?([A-Z][\w.]+(?:\s[A-Z][a-z]+)?)")
_PERSON_AFTER = re.compile(
    r"\s?(?:,\s\d{2},|\((?:born|b\.|\d{4}|c\.|aged)|,?\s(?:who|whose)\b|,\sJr|\s?himself|\s?herself)"
)
_ACCORDING = re.compile(r"\b(?:[Aa]ccording\sto|[Tt]old|[Aa]sked|[Tt]hanked|[Aa]ccused|[Mm]arried)\s$")
_THE_BEFORE = re.compile(r"\b[Tt]he\s$")
_WORD_REACH = 40
"""Characters before a name in which the words right before it are looked for."""
_NOUN_BEFORE = re.compile(r"([A-Za-z-]+),?\s(?:(?:of|called|named)\s(?:the\s)?)?(?:[\"“‘]\s?)?$")
_WORD_BEFORE = re.compile(r"([A-Za-z-]+)\s(?:the\s)?(?:[\"“‘]\s?)?$")
_NEXT_WORD = re.compile(r"\s?([a-z][a-z-]*)")
_POSSESSIVE = re.compile(r"\s?['’]s?\s")
_DEFINED = re.compile(
    r"\s?(?:\([^()]{0,80}\)\s?)?(?:,|is|was|are|were|became)\s(?:an?|the|one\sof\sthe)\s((?:[a-z'’-]+\s?){1,7})"
)
_ENDS_DEFINITION = frozenset(("of", "in", "that", "which", "who", "for"))
_LONGEST_PERSON = 3
"""Most words of a person's name."""
_SHORTEST_SINGLE = 3
"""Letters of a single word that may name somebody."""

_ORGANISATION_HEADS = list_words("organisation_heads")
_ORGANISATION_STARTS = list_words("organisation_starts")
_LOCATION_HEADS = list_words("location_heads")
_LOCATION_STARTS = list_words("location_starts")
_OTHER_HEADS = list_words("other_heads")
_OTHER_STARTS = list_words("other_starts")
_OTHER_NAMES = list_words("other_names")
_BODY_ACRONYMS = list_words("body_acronyms")
_DIRECTIONS = list_words("directions")
_PERSON_VERBS = list_words("person_verbs")
_PERSONAL_SUFFIXES = list_words("personal_suffixes")
_PLACE_CONTEXTS = list_words("place_contexts")
_LOCAL_PREPOSITIONS = list_words("local_prepositions")
_SINGLE_PREPOSITIONS = list_words("single_prepositions")


def judge_name(text: str, name: Name) -> Kind:
    """Returns what the name names in its place in the text."""
    if name.title and not (len(name.words) > 1 and name.words[-1] in _ORGANISATION_HEADS):
        return _PERSON
    return _judge_by_lists(text, name) or _judge_by_words(name) or _judge_by_context(text, name)


def _judge_by_lists(text: str, name: Name) -> Kind | None:
    whole = " ".join(name.words)
    if whole in gazetteer.peoples():
        return Kind("nationality", True)
    if whole in _OTHER_NAMES or _is_adjective(name.words):
        return _NEITHER
    known = gazetteer.find_known(whole)
    if known is None:
        return None
    if known.sure:
        if name.starts_sentence and _is_common(whole):
            return Kind(None, False)
        return Kind(known.kind, True)
    return Kind(known.kind, True) if _is_placed(text, name) else None


def _is_adjective(words: list[str]) -> bool:
    """ "Central American", "East Asian"."""
    last = words[-1]
    return len(words) == 2 and words[0] in _DIRECTIONS and (last in gazetteer.peoples() or last in _OTHER_NAMES)


def _is_placed(text: str, name: Name) -> bool:
    """Whether a word next to the name shows that it is a place: "in Reading", "Paris, Texas"."""
    if _ACCORDING.search(text, max(0, name.start - _WORD_REACH), name.start):
        return False
    after = _PLACE_AFTER.match(text, name.end)
    return bool(after and after[1] in gazetteer.known()) or _find_before(_WORD_BEFORE, text, name) in _PLACE_CONTEXTS


def _judge_by_words(name: Name) -> Kind | None:
    words = name.words
    if len(words) == 1:
        return _judge_by_one_word(name)
    if name.quoted:
        return _NEITHER
    linked = next((at for at, word in enumerate(words) if word in ("of", "for")), None)
    if linked:
        return _judge_linked(words[linked - 1])
    return _judge_by_ends(words) or _judge_by_things(words) or _judge_by_start(words) or _judge_by_place_in_front(words)


def _judge_by_one_word(name: Name) -> Kind | None:
    """ "the Army" and "the Commission" are bodies, other common words with a capital name nothing."""
    word = name.words[0]
    if _MODEL.match(word):
        return _NEITHER
    if not _is_common(word) or word.isupper():
        return None
    is_body = word in list_words("bodies") and not name.starts_sentence and not name.headline
    return Kind("organisation" if is_body else None, False)


def _judge_linked(head: str) -> Kind:
    """ "Bank of Quorr", "Centre for Tides", "Gulf of Quorr", "Battle of Quorr"."""
    if head in _ORGANISATION_STARTS or head in _ORGANISATION_HEADS:
        return _ORGANISATION
    if head in _LOCATION_STARTS or head in _LOCATION_HEADS:
        return _LOCATION
    return _NEITHER


def _judge_by_ends(words: list[str]) -> Kind | None:
    """ "Operation Tidewall", "Harbour Authority", "Jane Doe", "Quorr Valley"."""
    first, last = words[0], words[-1]
    if first in _OTHER_STARTS:
        return _NEITHER
    if last in _ORGANISATION_HEADS or last in _BODY_ACRONYMS:
        return _ORGANISATION
    if first in gazetteer.first_names() and len(words) <= _LONGEST_PERSON and _is_surname(last):
        return _PERSON
    return _LOCATION if last in _LOCATION_HEADS else None


def _judge_by_things(words: list[str]) -> Kind | None:
    """ "Zenit 5", "Quorr Treaty"."""
    is_thing = any(_MODEL.match(word) for word in words) or words[-1] in _OTHER_HEADS
    return _NEITHER if is_thing else None


def _judge_by_start(words: list[str]) -> Kind | None:
    """ "Southern Quorr", "Lake Quorr", "Jane Q. Quorr", "FC Quorr"."""
    first, last = words[0], words[-1]
    if first in _DIRECTIONS and (" ".join(words[1:]) in gazetteer.known() or not _is_common(last)):
        return _LOCATION
    given = first in gazetteer.first_names()
    if first in _LOCATION_STARTS and not given:
        return _LOCATION
    if given or any(_INITIAL.match(word) for word in words[:-1]) or last in _PERSONAL_SUFFIXES:
        return _PERSON
    is_body = not _ORGANISATION_HEADS.isdisjoint(words[1:]) or "&" in words or first in _BODY_ACRONYMS
    return _ORGANISATION if is_body else None


def _judge_by_place_in_front(words: list[str]) -> Kind | None:
    """ "Perth Glory", "New York Yankees": a place and more is a body of that place."""
    for length in (2, 1):
        known = gazetteer.known().get(" ".join(words[:length])) if len(words) > length else None
        if known and known.sure and known.kind == "location":
            return None if words[-1] in gazetteer.surnames() else _ORGANISATION
    return None


def _is_common(word: str) -> bool:
    return word.lower() in gazetteer.common_words()


def _is_surname(word: str) -> bool:
    return word in gazetteer.surnames() or _SURNAME.match(word) is not None


def _judge_by_context(text: str, name: Name) -> Kind:
    if name.quoted:
        return _NEITHER
    return (
        _judge_by_phrase(text, name)
        or _judge_by_definition(text, name)
        or _judge_by_nouns(text, name)
        or _judge_by_form(text, name)
    )


def _judge_by_phrase(text: str, name: Name) -> Kind | None:
    """ "Quorr, who said", "according to Quorr"."""
    words = name.words
    is_person = _PERSON_AFTER.match(text, name.end) or (
        len(words) <= _LONGEST_PERSON
        and _ACCORDING.search(text, max(0, name.start - _WORD_REACH), name.start)
        and not _ACRONYM.match(words[0])
    )
    return Kind("person", len(words) > 1) if is_person else None


def _judge_by_definition(text: str, name: Name) -> Kind | None:
    """ "… is a small village", ", a maker of brakes": by the first noun that says what it is."""
    found = _DEFINED.match(text, name.end)
    if not found:
        return None
    for word in found[1].split():
        noun = _find_noun_kind(word)
        if noun:
            return noun
        if word in _ENDS_DEFINITION:
            return None
    return None


def _judge_by_nouns(text: str, name: Name) -> Kind | None:
    """ "the village Quorr", "Quorr airport"."""
    noun = _find_noun_kind(_find_before(_NOUN_BEFORE, text, name))
    if noun:
        return noun
    noun = _find_noun_kind(_find_next_word(text, name))
    return noun if noun and noun.entity != "person" else None


def _judge_by_form(text: str, name: Name) -> Kind:
    """By capitals, a place after the name, or only by the words right before and after it."""
    if all(_ACRONYM.match(word) for word in name.words):
        return _judge_acronym(name)
    after = _PLACE_AFTER.match(text, name.end)
    preposition = _find_before(_WORD_BEFORE, text, name)
    if after and (preposition in _PLACE_CONTEXTS or preposition == "of" or after[1] in gazetteer.known()):
        return _LOCATION
    next_word = _find_next_word(text, name)
    the = bool(_THE_BEFORE.search(text, max(0, name.start - _WORD_REACH), name.start))
    if len(name.words) > 1:
        return Kind(_judge_several(name.words, preposition, next_word, the), False)
    return _judge_single(name.words[0], preposition, next_word, the, bool(_POSSESSIVE.match(text, name.end)))


def _judge_acronym(name: Name) -> Kind:
    """Capitals for emphasis, or in a line of capitals ("BYLINE", "MANY"), are not an acronym."""
    whole = " ".join(name.words)
    plain = whole.removesuffix("s")
    loud = (name.headline and len(name.words) > 1) or (name.starts_sentence and len(whole) > _LONGEST_ACRONYM)
    if loud or (len(plain) > 2 and _is_common(plain)) or plain in _OTHER_NAMES:
        return _NEITHER
    return Kind("organisation", False)


def _judge_single(word: str, preposition: str, next_word: str, the: bool, possessive: bool) -> Kind:
    if len(word) < _SHORTEST_SINGLE:
        return Kind(None, False)
    given, family = word in gazetteer.first_names(), _is_surname(word)
    if (given or family) and not the:
        if preposition in _LOCAL_PREPOSITIONS and not given:
            return Kind("location", False)
        return Kind("person", family)
    entity: EntityKind | None = None
    if the:
        entity = None
    elif next_word in _PERSON_VERBS or next_word.endswith("ed"):
        entity = "person"
    elif preposition in _SINGLE_PREPOSITIONS:
        entity = "location"
    elif possessive:
        entity = "person"
    return Kind(entity, False)


def _judge_several(words: list[str], preposition: str, next_word: str, the: bool) -> EntityKind | None:
    first, last = words[0], words[-1]
    if last in _OTHER_NAMES or last in gazetteer.peoples() or last in list_words("adherents"):
        return None
    if any(word.isupper() and len(word) > 1 and _ACRONYM.match(word) for word in words):
        return "organisation"
    if first in gazetteer.peoples() or first in _OTHER_NAMES:
        return "organisation" if the and len(words) > 2 else None
    if the or all(map(_is_common, words)):
        return None
    return _judge_unknown(words, preposition, next_word)


def _judge_unknown(words: list[str], preposition: str, next_word: str) -> EntityKind | None:
    if _is_surname(words[-1]) or next_word in _PERSON_VERBS:
        return "person"
    if preposition in _LOCAL_PREPOSITIONS:
        return "location"
    if any(map(_is_common, words)):
        return None
    return "person" if len(words) <= _LONGEST_PERSON else "organisation"


def _find_before(pattern: re.Pattern[str], text: str, name: Name) -> str:
    found = pattern.search(text, max(0, name.start - _WORD_REACH), name.start)
    return found[1].lower() if found else ""


def _find_next_word(text: str, name: Name) -> str:
    found = _NEXT_WORD.match(text, name.end)
    return found[1] if found else ""


@cache
def _find_noun_kind(word: str) -> Kind | None:
    """Returns what a common noun next to a name says that it names; None for nouns that say nothing."""
    word = word.lower().strip(string.punctuation)
    singular = {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"}
    lists = (
        ("person_nouns", _PERSON),
        ("place_nouns", _LOCATION),
        ("organisation_nouns", _ORGANISATION),
        ("company_nouns", _ORGANISATION),
        ("other_nouns", _NEITHER),
    )
    return next((kind for nouns, kind in lists if not singular.isdisjoint(list_words(nouns))), None)
