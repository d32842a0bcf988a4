"""What a name names: a person, an organisation, a place, a nationality, or nothing of these.

Lists decide first, then the name's own words ("Ministry", "River", a given name), then the words around it.
"""

import re
import string
from dataclasses import dataclass
from functools import cache

from pipelines.text.entities import gazetteer
from pipelines.text.entities.names import Name
from schemas.fields import EntityKind


@dataclass(frozen=True, slots=True)
class Kind:
    """What a name names, none for what is not indexed; `sure` where more than its shape and place speak for it."""

    entity: EntityKind | None
    sure: bool
    rule: str
    """Which rule decided, for those who work on the rules."""


_INITIAL = re.compile(r"[A-Z]\.?$")
_ACRONYM = re.compile(r"(?:[A-Z]&?){2,6}s?$|(?:[A-Z]\.){2,}$|\d{1,4}(?![KMBT]$)[A-Z]{1,4}$")
_LONGEST_ACRONYM = 5
_MODEL = re.compile(r"[A-Z]+-?\d|\d+[KMBT]$|.*\d.*[a-z]|.*\.(?:com|org|net)$|.*-(?:based|class|style|era)$")
_SURNAME = re.compile(
    r".{2,}(?:ov|ova|ev|eva|sky|skyy|skyi|skiy|ski|ska|enko|chuk|yuk|vich|vych|ić|dze|shvili|yan|sson|sen|dóttir"
    r"|oglu|ullah|elli|etti|mann|stein|berg|feld|man)$"
)
_BODY_ACRONYMS = frozenset(
    ("FC", "HC", "SC", "AC", "CF", "AFC", "RFC", "SV", "FK", "TV", "FM", "AM", "AG", "SA", "S.A.")
)
_PARTISANS = frozenset(("Democrat", "Democratic", "Republican", "Evangelical", "Conservative", "Labour"))
_PLACE_AFTER = re.compile(r"\s?,\s(?:the\s)?([A-Z][\w.]+(?:\s[A-Z][a-z]+)?)")
_PERSON_AFTER = re.compile(
    r"\s?(?:,\s\d{2},|\((?:born|b\.|\d{4}|c\.|aged)|,?\s(?:who|whose)\b|,\sJr|\s?himself|\s?herself)"
)
_ACCORDING = re.compile(r"\b(?:[Aa]ccording\sto|[Tt]old|[Aa]sked|[Tt]hanked|[Aa]ccused|[Mm]arried)\s$")
_THE_BEFORE = re.compile(r"\b[Tt]he\s$")
_NOUN_BEFORE = re.compile(r"([A-Za-z-]+),?\s(?:(?:of|called|named)\s(?:the\s)?)?(?:[\"“‘]\s?)?$")
_WORD_BEFORE = re.compile(r"([A-Za-z-]+)\s(?:the\s)?(?:[\"“‘]\s?)?$")
_NEXT_WORD = re.compile(r"\s?([a-z][a-z-]*)")
_POSSESSIVE = re.compile(r"\s?['’]s?\s")
_DEFINED = re.compile(
    r"\s?(?:\([^()]{0,80}\)\s?)?(?:,|is|was|are|were|became)\s(?:an?|the|one\sof\sthe)\s((?:[a-z'’-]+\s?){1,7})"
)


def kind_of(text: str, name: Name) -> Kind:
    """What the name names in its place in the text."""
    return _by_title(name) or _by_lists(text, name) or _by_words(name) or _by_context(text, name)


def _by_title(name: Name) -> Kind | None:
    if name.title and not (len(name.words) > 1 and name.words[-1] in gazetteer.words("organisation_heads")):
        return Kind("person", True, "title")
    return None


def _by_lists(text: str, name: Name) -> Kind | None:
    whole = " ".join(name.words)
    if whole in gazetteer.peoples():
        return Kind("nationality", True, "people")
    if whole in gazetteer.words("other_names"):
        return Kind(None, True, "other name")
    known = gazetteer.known().get(whole)
    if known is None:
        return None
    if known.sure:
        if name.starts_sentence and whole.lower() in gazetteer.common_words():
            return Kind(None, False, "common word")
        return Kind(known.kind, True, "known")
    if _ACCORDING.search(text, max(0, name.start - 20), name.start):
        return None
    after = _PLACE_AFTER.match(text, name.end)
    if (after and after[1] in gazetteer.known()) or _before(_WORD_BEFORE, text, name) in gazetteer.words(
        "place_contexts"
    ):
        return Kind(known.kind, True, "known beside place")
    return None


def _by_words(name: Name) -> Kind | None:
    words = name.words
    first, last = words[0], words[-1]
    if len(words) == 1:
        if _MODEL.match(first):
            return Kind(None, True, "model")
        if first.lower() in gazetteer.common_words() and not first.isupper():
            return _body_alone(name)
        return None
    if name.quoted:
        return Kind(None, True, "quoted")
    linked = next((at for at, word in enumerate(words) if word in ("of", "for")), None)
    if linked:
        return _by_linked_head(words[linked - 1], words[linked])
    given = first in gazetteer.first_names()
    if first in gazetteer.words("other_starts"):
        return Kind(None, True, "other start")
    if last in gazetteer.words("organisation_heads") or last in _BODY_ACRONYMS:
        return Kind("organisation", True, "organisation head")
    if given and len(words) <= 3 and (last in gazetteer.surnames() or _SURNAME.match(last)):
        return Kind("person", True, "given and family name")
    if last in gazetteer.words("location_heads"):
        return Kind("location", True, "location head")
    if any(_MODEL.match(word) for word in words):
        return Kind(None, True, "model")
    if last in gazetteer.words("other_heads"):
        return Kind(None, True, "other head")
    if first in gazetteer.words("directions") and (" ".join(words[1:]) in gazetteer.known() or not _is_common(last)):
        return Kind("location", True, "direction")
    if first in gazetteer.words("location_starts") and not given:
        return Kind("location", True, "location start")
    if given or any(_INITIAL.match(word) for word in words[:-1]) or last in ("Jr.", "Sr.", "Jr", "Sr"):
        return Kind("person", True, "given name")
    if (
        any(word in gazetteer.words("organisation_heads") for word in words[1:])
        or "&" in words
        or first in _BODY_ACRONYMS
    ):
        return Kind("organisation", True, "organisation word")
    return _by_place_in_front(words)


def _by_place_in_front(words: list[str]) -> Kind | None:
    """ "Perth Glory", "New York Yankees": a place and more is a body of that place."""
    for length in (2, 1):
        known = gazetteer.known().get(" ".join(words[:length])) if len(words) > length else None
        if known and known.sure and known.kind == "location":
            if words[-1] in gazetteer.surnames():
                return None
            return Kind("organisation", True, "place in front")
    return None


def _is_common(word: str) -> bool:
    return word.lower() in gazetteer.common_words()


def _body_alone(name: Name) -> Kind:
    """A capitalised common noun is a body only where a sentence does not begin: "the Army", "the Commission"."""
    if name.words[0] in gazetteer.words("bodies") and not name.starts_sentence and not name.headline:
        return Kind("organisation", False, "body alone")
    return Kind(None, False, "common word")


def _by_linked_head(head: str, link: str) -> Kind:
    if head in gazetteer.words("organisation_starts") or (
        link == "for" and head in gazetteer.words("organisation_heads")
    ):
        return Kind("organisation", True, "organisation of")
    if head in gazetteer.words("location_starts") or head in gazetteer.words("location_heads"):
        return Kind("location", True, "location of")
    return Kind(None, True, "thing of")


def _by_context(text: str, name: Name) -> Kind:
    words, whole, before = name.words, " ".join(name.words), text[max(0, name.start - 60) : name.start]
    if name.quoted:
        return Kind(None, True, "quoted")
    if _PERSON_AFTER.match(text, name.end) or (
        len(words) < 4 and _ACCORDING.search(before) and not _ACRONYM.match(words[0])
    ):
        return Kind("person", len(words) > 1, "person after")
    defined = _defined(text, name)
    if defined:
        return defined
    noun = _class_of(_before(_NOUN_BEFORE, text, name))
    if noun:
        return Kind(noun[0], True, "noun before")
    following = _NEXT_WORD.match(text, name.end)
    next_word = following[1] if following else ""
    noun = _class_of(next_word)
    if noun and noun[0] != "person":
        return Kind(noun[0], True, "noun after")
    if all(_ACRONYM.match(word) for word in words):
        return _acronym(name, whole)
    after = _PLACE_AFTER.match(text, name.end)
    preposition = _before(_WORD_BEFORE, text, name)
    if (after and preposition in gazetteer.words("place_contexts") | {"of"}) or (
        after and after[1] in gazetteer.known()
    ):
        return Kind("location", True, "place after")
    the = bool(_THE_BEFORE.search(before))
    if len(words) == 1:
        return _single(name, preposition, next_word, bool(_POSSESSIVE.match(text, name.end)), the)
    return _several(name, preposition, next_word, the)


def _acronym(name: Name, whole: str) -> Kind:
    """Capitals for emphasis or in a line of capitals ("BYLINE", "MANY") are none."""
    plain = whole.removesuffix("s").lower()
    loud = (name.headline and len(name.words) > 1) or (name.starts_sentence and len(whole) > _LONGEST_ACRONYM)
    if (
        loud
        or (len(plain) > 2 and plain in gazetteer.common_words())
        or whole.removesuffix("s") in gazetteer.words("other_names")
    ):
        return Kind(None, True, "capitals")
    return Kind("organisation", False, "acronym")


def _single(name: Name, preposition: str, next_word: str, possessive: bool, the: bool) -> Kind:
    word = name.words[0]
    if len(word) < 3:
        return Kind(None, False, "letter")
    family = word in gazetteer.surnames() or bool(_SURNAME.match(word))
    if (word in gazetteer.first_names() or family) and not the:
        if preposition in ("in", "near", "at") and word not in gazetteer.first_names():
            return Kind("location", False, "in family name")
        return Kind("person", family, "one personal name")
    if the:
        return Kind(None, False, "the single")
    if next_word in gazetteer.words("person_verbs") or next_word.endswith("ed"):
        return Kind("person", False, "single and verb")
    if preposition in ("in", "near", "at", "from", "to", "around", "between", "across", "towards", "of", "outside"):
        return Kind("location", False, "single after " + preposition)
    if possessive:
        return Kind("person", False, "single possessive")
    return Kind(None, False, "single")


def _several(name: Name, preposition: str, next_word: str, the: bool) -> Kind:
    words = name.words
    if words[-1] in gazetteer.words("other_names") or words[-1] in gazetteer.peoples() or words[-1] in _PARTISANS:
        return Kind(None, False, "adjective at the end")
    if any(word.isupper() and len(word) > 1 and _ACRONYM.match(word) for word in words):
        return Kind("organisation", False, "acronym within")
    if words[0] in gazetteer.peoples() or words[0] in gazetteer.words("other_names"):
        return Kind("organisation" if the and len(words) > 2 else None, False, "people in front")
    if all(map(_is_common, words)):
        return Kind(None, False, "all common")
    if the:
        return Kind(None, False, "the several")
    if words[-1] in gazetteer.surnames() or _SURNAME.match(words[-1]):
        return Kind("person", False, "family name")
    if next_word in gazetteer.words("person_verbs"):
        return Kind("person", False, "several and verb")
    if preposition in ("in", "at", "near"):
        return Kind("location", False, "several in")
    if any(map(_is_common, words)):
        return Kind(None, False, "some common")
    return Kind("person" if len(words) in (2, 3) else "organisation", False, "several")


def _before(pattern: re.Pattern[str], text: str, name: Name) -> str:
    found = pattern.search(text, max(0, name.start - 40), name.start)
    return found[1].lower() if found else ""


def _defined(text: str, name: Name) -> Kind | None:
    """ "… is a small village", ", a maker of brakes": the first noun that says what it is."""
    found = _DEFINED.match(text, name.end)
    if not found:
        return None
    for word in found[1].split():
        noun = _class_of(word)
        if noun:
            return Kind(noun[0], True, "defined")
        if word in ("of", "in", "that", "which", "who", "for"):
            return None
    return None


@cache
def _class_of(word: str) -> tuple[EntityKind | None] | None:
    """What a common noun beside a name says that it names, in a tuple; none for nouns that say nothing."""
    word = word.lower().strip(string.punctuation)
    singular = {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"}
    lists: tuple[tuple[str, EntityKind | None], ...] = (
        ("person_nouns", "person"), ("place_nouns", "location"), ("organisation_nouns", "organisation"),
        ("other_nouns", None),
    )  # fmt: skip
    for nouns, kind in lists:
        if singular & gazetteer.words(nouns):
            return (kind,)
    return None
