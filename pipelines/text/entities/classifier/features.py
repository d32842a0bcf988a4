"""What of a part counts: its word, its endings, its shape, and the lists that hold it."""

import re

from pipelines.text.entities import gazetteer
from pipelines.text.entities.classifier.clusters import clusters
from pipelines.text.entities.classifier.parts import WORDS, find_noun_kind, list_word_parts
from pipelines.text.entities.gazetteer import words as list_words

_PLURAL = 3
"""Letters of a word, above which its last "s" may make a plural."""
_LONGEST_SHAPE = 8
_ENDED = 4
"""Letters of a neighbour, above which its ending counts."""
_LISTS_OF_NAMES = {
    name: list_words(name)
    for name in (
        "organisation_heads", "location_heads", "organisation_starts", "location_starts", "other_heads", "other_starts",
        "body_acronyms", "directions", "titles", "title_parts", "bodies", "other_names", "owners",
    )
}  # fmt: skip
_LISTS_OF_NEIGHBOURS = {name: list_words(name) for name in ("person_verbs", "place_contexts")}
_WIDTHS = (0x3F, 0x1FF, 0xFFFFFFFF)
"""Bits of a cluster's number that count together: 64 wide clusters, 512 narrower ones, all of them."""
_PLACES_OF_NAMES = "SFLMH"
_PLACES_OF_NEIGHBOURS = "<>"
_CAPITALS = re.compile("[A-Z]+")
_SMALL = re.compile("[a-z]+")
_DIGITS = re.compile("[0-9]+")


def list_features(part: str) -> list[str]:
    """Returns the features of a part. Each has a weight of its own for each kind."""
    if part[0] == WORDS:
        return [feature for one in list_word_parts(part[1:]) for feature in list_features(one)]
    if part[0] in _PLACES_OF_NAMES:
        return [part[0] + feature for feature in _describe_word(part[1:])]
    if part[0] in _PLACES_OF_NEIGHBOURS:
        place = part[:2] if part[1:2] == part[0] else part[0]  # "<<" is the word before the last
        return [place + feature for feature in _describe_neighbour(part.removeprefix(place))]
    return [part]


def _describe_word(word: str) -> list[str]:
    lower = word.lower()
    features = [f"w{word}", f"-{lower[-1:]}", f"-{lower[-2:]}", f"-{lower[-3:]}", f"-{lower[-4:]}", f"{lower[:3]}-"]
    features.append(f"^{min(len(word), 6)}" if word.isupper() else f"^{_draw_shape(word)}")
    singular = word[:-1] if len(word) > _PLURAL and word.endswith("s") else word
    features.extend(f"l{name}" for name, listed in _LISTS_OF_NAMES.items() if word in listed or singular in listed)
    others = {
        "given": word in gazetteer.first_names(),
        "family": word in gazetteer.surnames(),
        "common": lower in gazetteer.common_words(),
        "people": word in gazetteer.peoples(),
        "calendar": word in gazetteer.calendar_words(),
    }
    features.extend(f"l{name}" for name, holds in others.items() if holds)
    cluster = clusters().get(word)
    if cluster is not None:
        features.extend(f"c{number}:{cluster & bits}" for number, bits in enumerate(_WIDTHS))
    known = gazetteer.known().get(word)
    if known:
        features.append(f"k{known.kind}{known.sure:d}{known.seat:d}")
    return features


def _describe_neighbour(word: str) -> list[str]:
    lower = word.lower()
    features = [f"w{_DIGITS.sub('9', lower)}"]
    if len(word) > _ENDED:
        features.append(f"-{lower[-2:]}")
    features.extend(f"l{name}" for name, listed in _LISTS_OF_NEIGHBOURS.items() if lower in listed)
    kind = find_noun_kind(lower)
    if kind:
        features.append(f"n{kind}")
    if word[:1].isupper():
        features.append("^")
        known = gazetteer.known().get(word)
        if known:
            features.append(f"k{known.kind}{known.sure:d}")
    return features


def _draw_shape(word: str) -> str:
    """Returns "Xx" for "Quorr", "Xx-Xx" for "Quorr-Deen"."""
    return _DIGITS.sub("9", _CAPITALS.sub("X", _SMALL.sub("x", word)))[:_LONGEST_SHAPE]
