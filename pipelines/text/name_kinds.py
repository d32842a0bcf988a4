"""What a name names: a person, an organisation, a place, a nationality, or nothing of these.

Lists decide first, then the name's own words ("Ministry", "River", a given name), then the words around it.
"""

import re
from functools import cache

from pipelines.text import gazetteer
from pipelines.text.names import Name
from schemas.fields import EntityKind

_INITIAL = re.compile(r"[A-Z]\.?$")
_ACRONYM = re.compile(r"(?:[A-Z]&?){2,6}s?$|(?:[A-Z]\.){2,}$|[A-Z]{2,5}-?\d{1,3}$|\d{1,4}[A-Z]{1,4}$")
_SURNAME = re.compile(
    r".{2,}(?:ov|ova|ev|eva|sky|skyy|skyi|skiy|ski|ska|enko|chuk|yuk|uk|vich|vych|ić|ic|dze|shvili|yan|ian|sson|sen|dóttir"
    r"|ez|es|oglu|ullah|elli|etti|ini|mann|stein|berg|feld|son|man)$"
)
_QUOTE_BEFORE, _QUOTE_AFTER = re.compile(r"[\"“‘«]\s?$"), re.compile(r"^\s?[,.]?[\"”’»]")
_PLACE_AFTER = re.compile(r"^\s?,\s(?:[A-Z][\w.]+)(?:\s[A-Z][a-z]+)?")
_AGE_AFTER = re.compile(r"^\s?(?:,\s\d{2},|\((?:born|b\.|\d{4}|c\.)|,?\s(?:who|whose)\b|,\sJr)")
_THE_BEFORE = re.compile(r"\b(?:the|The)\s$")
_LAST_WORDS = re.compile(r"([A-Za-z'’-]+)(?:\s+(?:of|the|in|a|an))?\s*$")
_LAST_WORD = re.compile(r"([A-Za-z'’-]+),?\s*$")
_NEXT_WORD = re.compile(r"^\s?(?:['’]s\s)?([a-z][a-z'-]*)")

Kind = EntityKind | None


def kind_of(text: str, name: Name) -> Kind:
    """What the name names in its place in the text; none for what is neither person, organisation, place nor people."""
    whole = " ".join(name.words)
    if name.title and not _is_body(name.words):
        return "person"
    listed = _listed(text, name, whole)
    if listed is not _UNLISTED:
        return listed  # type: ignore[return-value]
    by_head = _by_head(name)
    if by_head is not _UNLISTED:
        return by_head  # type: ignore[return-value]
    return _by_context(text, name, whole)


_UNLISTED = "unlisted"


def _is_body(words: list[str]) -> bool:
    return len(words) > 1 and words[-1] in gazetteer.words("organisation_heads")


def _listed(text: str, name: Name, whole: str) -> Kind | str:
    if whole in gazetteer.peoples():
        return "nationality"
    if whole in gazetteer.words("other_names"):
        return None
    known = gazetteer.known().get(whole)
    if known is None:
        return _UNLISTED
    if known.sure:
        if known.kind == "organisation" and name.starts_sentence and whole.lower() in gazetteer.common_words():
            return None
        return known.kind
    if _PLACE_AFTER.match(text[name.end : name.end + 30]) or _word_before(text, name) in gazetteer.words(
        "place_contexts"
    ):
        return known.kind
    return _UNLISTED


def _by_head(name: Name) -> Kind | str:
    words = name.words
    first, last = words[0], words[-1]
    given = first in gazetteer.first_names()
    if len(words) > 1:
        if "of" in words or "for" in words:
            head = words[words.index("of" if "of" in words else "for") - 1]
            if head in gazetteer.words("organisation_starts"):
                return "organisation"
            if head in gazetteer.words("location_starts"):
                return "location"
            return None
        if first in gazetteer.words("other_starts"):
            return None
        if last in gazetteer.words("organisation_heads"):
            return "organisation"
        if given and len(words) <= 3 and (last in gazetteer.surnames() or _SURNAME.match(last)):
            return "person"
        if last in gazetteer.words("location_heads"):
            return "location"
        if last in gazetteer.words("other_heads"):
            return None
        if first in gazetteer.words("location_starts") and not given:
            return "location"
        if given or any(_INITIAL.match(word) for word in words[:-1]) or last in ("Jr.", "Sr.", "Jr", "Sr"):
            return "person"
        if any(word in gazetteer.words("organisation_heads") for word in words[1:]) or "&" in words:
            return "organisation"
    elif (
        first in gazetteer.words("other_heads")
        or first in gazetteer.words("organisation_heads")
        or first in gazetteer.words("location_heads")
    ):
        return None
    return _UNLISTED


def _by_context(text: str, name: Name, whole: str) -> Kind:
    words = name.words
    before, after = text[max(0, name.start - 40) : name.start], text[name.end : name.end + 40]
    if _QUOTE_BEFORE.search(before) and _QUOTE_AFTER.match(after):
        return None
    previous, following = _word_before(text, name), _NEXT_WORD.match(after)
    next_word = following[1] if following else ""
    the = bool(_THE_BEFORE.search(before))
    if _AGE_AFTER.match(after) or previous in gazetteer.words("person_nouns"):
        return "person"
    if previous in gazetteer.words("organisation_nouns") or next_word in gazetteer.words("organisation_nouns"):
        return "organisation"
    if _noun_before(before) in gazetteer.words("place_nouns") or next_word in gazetteer.words("place_nouns"):
        return "location"
    if all(_ACRONYM.match(word) for word in words):
        return None if name.headline and len(whole) > 5 else "organisation"
    if len(words) == 1:
        return _single(name, previous, next_word, after, the)
    if words[0] in gazetteer.peoples():
        return "organisation" if the and len(words) > 2 else None
    if _PLACE_AFTER.match(after) and previous in gazetteer.words("place_contexts"):
        return "location"
    if the:
        return "organisation"
    if words[-1] in gazetteer.surnames() or _SURNAME.match(words[-1]) or next_word in gazetteer.words("person_verbs"):
        return "person"
    if previous in ("in", "at", "near"):
        return "location"
    return "person" if len(words) in (2, 3) else "organisation"


def _single(name: Name, previous: str, next_word: str, after: str, the: bool) -> Kind:
    word = name.words[0]
    if len(word) < 2 or (name.starts_sentence and word.lower() in gazetteer.common_words()):
        return None
    if word in gazetteer.surnames() or word in gazetteer.first_names() or _SURNAME.match(word):
        if previous in ("in", "near", "at") and word not in gazetteer.first_names():
            return "location"
        return None if the else "person"
    if the:
        return None
    if _PLACE_AFTER.match(after) and (previous in gazetteer.words("place_contexts") or name.starts_sentence):
        return "location"
    if next_word in gazetteer.words("person_verbs"):
        return "person"
    if previous in ("in", "near", "at", "from", "to"):
        return "location"
    return None if name.starts_sentence or name.headline else "person"


def _word_before(text: str, name: Name) -> str:
    found = _LAST_WORD.search(text, max(0, name.start - 24), name.start)
    return found[1].lower() if found else ""


def _noun_before(before: str) -> str:
    found = _LAST_WORDS.search(before)
    return found[1].lower() if found else ""


@cache
def organisation_words() -> frozenset[str]:
    """Heads of organisations, for those that look for bodies in titles."""
    return gazetteer.words("organisation_heads")
