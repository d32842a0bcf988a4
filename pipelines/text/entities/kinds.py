"""What a name names: a person, an organisation, a place, a nationality, or nothing of these.

Titles, lists and nouns next to the name decide first; the rest is left to the model of the package `classifier`.
"""

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pipelines.text.entities import gazetteer
from pipelines.text.entities.classifier.model import KINDS, Scores, load_model
from pipelines.text.entities.classifier.parts import find_definition, find_noun_kind, list_parts
from pipelines.text.entities.gazetteer import words as list_words
from pipelines.text.entities.names import Name
from schemas.fields import EntityKind


@dataclass(frozen=True, slots=True)
class Kind:
    """What a name names."""

    entity: EntityKind | None
    """None for what is not indexed."""
    sure: bool
    """Whether the same name elsewhere in the article may be judged by this one."""


_PERSON = Kind("person", True)
_NATIONALITY = Kind("nationality", True)
_NEITHER = Kind(None, True)
_UNSURE_OF = {entity: Kind(entity, False) for entity in KINDS}
_SURE_OF = {entity: Kind(entity, True) for entity in KINDS}

_BY_NOUN: dict[str | None, Kind] = {entity or "none": kind for entity, kind in _SURE_OF.items()}

_LEAST_LEAD = 1.0
"""By how much the logarithm of the likeliest kind leads where the model is sure."""
_PLACE_AFTER = re.compile(r"\s?,\s(?:the\s)?([A-Z][\w.]+(?:\s[A-Z][a-z]+)?)")
_ACCORDING = re.compile(r"\b(?:[Aa]ccording\sto|[Tt]old|[Aa]sked|[Tt]hanked|[Aa]ccused|[Mm]arried)\s$")
_WORD_REACH = 40
"""Characters before a name in which the words right before it are looked for."""
_MODEL = re.compile(r"[A-Z]+-?\d|\d+[KMBT]$|.*\d.*[a-z]|.*\.(?:com|org|net)$|.*-(?:based|class|style|era)$")
_NOUN_BEFORE = re.compile(r"([A-Za-z-]+),?\s(?:(of|called|named)\s(?:the\s)?)?(?:[\"“‘]\s?)?$")
_BETWEEN_NOUN_AND_NAME = frozenset(("of", "the", "called", "named"))
_WORDS_KEPT = 20_000
_MARKS = string.punctuation + "“”‘’«»"
_NEXT_WORD = re.compile(r"\s?([a-z][a-z-]*)")
_WORD_BEFORE = re.compile(r"([A-Za-z-]+)\s(?:the\s)?(?:[\"“‘]\s?)?$")

_ORGANISATION_HEADS = list_words("organisation_heads")
_OTHER_NAMES = list_words("other_names")
_DIRECTIONS = list_words("directions")
_PERSON_VERBS = list_words("person_verbs")
_PERSON_COLUMN = KINDS.index("person")
_PLACE_CONTEXTS = list_words("place_contexts")


def judge_names(text: str, names: Sequence[Name]) -> list[Kind]:
    """Returns what each name of a text names. Mentions of the same words are judged together."""
    kinds = [_judge_by_lists(text, name) or _judge_by_nouns(text, name) for name in names]
    open_names = [name for name, kind in zip(names, kinds, strict=True) if kind is None]
    learned = iter(_judge_by_model(text, open_names))
    return [kind or next(learned) for kind in kinds]


def _judge_by_lists(text: str, name: Name) -> Kind | None:
    if name.title and not (len(name.words) > 1 and name.words[-1] in _ORGANISATION_HEADS):
        return _PERSON
    whole = " ".join(name.words)
    if whole in gazetteer.peoples():
        return _NATIONALITY
    if whole in _OTHER_NAMES or _is_adjective(name.words):
        return _NEITHER
    known = gazetteer.find_known(whole)
    if known is None or not (known.sure or _is_placed(text, name)):
        return None
    is_common = known.sure and name.starts_sentence and whole.lower() in gazetteer.common_words()
    return _UNSURE_OF[None] if is_common else _SURE_OF[known.kind]


def _judge_by_nouns(text: str, name: Name) -> Kind | None:
    """A quoted title, "Zenit 5", "Quorr is a firm", "the village Quorr", "Quorr airport"."""
    if name.quoted:
        return _NEITHER
    if len(name.words) > 1 and any(map(_MODEL.match, name.words)):
        return _NEITHER
    kind = find_definition(text, name.end)
    if kind is None:
        kind = _find_kind_before(text, name.start)
    if kind is None:
        after = _NEXT_WORD.match(text, name.end)
        kind = find_noun_kind(after[1]) if after else None
        kind = None if kind == "person" else kind
    return _BY_NOUN.get(kind)


def _find_kind_before(text: str, start: int) -> EntityKind | str | None:
    """ "The village of Quorr" is Quorr, "the leader of Quorr" is not."""
    first = max(0, start - _WORD_REACH)
    last = text[first:start].rsplit(None, 1)
    if not last or not _may_say_kind(last[-1]):
        return None  # most names: saves the search
    before = _NOUN_BEFORE.search(text, first, start)
    kind = find_noun_kind(before[1].lower()) if before else None
    return kind if before and (before[2] != "of" or kind == "location") else None


@lru_cache(_WORDS_KEPT)
def _may_say_kind(word: str) -> bool:
    """Whether a word before a name may be a noun that says what it is, or a small word between noun and name."""
    bare = word.strip(_MARKS).lower()
    return not bare or bare in _BETWEEN_NOUN_AND_NAME or find_noun_kind(bare) is not None


def _is_adjective(words: list[str]) -> bool:
    """ "Central American", "East Asian"; "the North" alone, too."""
    last = words[-1]
    is_last = len(words) == 1 or (len(words) == 2 and (last in gazetteer.peoples() or last in _OTHER_NAMES))
    return is_last and words[0] in _DIRECTIONS


def _is_placed(text: str, name: Name) -> bool:
    """Whether a word next to the name shows that it is a place: "in Reading", "Paris, Texas"."""
    first = max(0, name.start - _WORD_REACH)
    if _ACCORDING.search(text, first, name.start):
        return False
    after = _PLACE_AFTER.match(text, name.end)
    if after and after[1] in gazetteer.known():
        return True
    before = _WORD_BEFORE.search(text, first, name.start)
    return before is not None and before[1].lower() in _PLACE_CONTEXTS


def _judge_by_model(text: str, names: list[Name]) -> list[Kind]:
    if not names:
        return []  # most titles: saves the arithmetic
    scores = load_model().score(list_parts(text, names))
    for at, name in enumerate(names):
        if _follows_article(text, name):
            scores[at, _PERSON_COLUMN] = scores[at].min()
    scores = _add_same_names(names, scores)
    best = scores.argmax(axis=1)
    ranked = np.sort(scores, axis=1)
    leads = ranked[:, -1] - ranked[:, -2] > _LEAST_LEAD
    judged = zip(names, best.tolist(), leads.tolist(), strict=True)
    return [
        _UNSURE_OF["organisation"] if not number and _ends_like_body(name) else
        (_SURE_OF if lead else _UNSURE_OF)[KINDS[number]]
        for name, number, lead in judged
    ]  # fmt: skip


def _follows_article(text: str, name: Name) -> bool:
    """ "The Quorr said", which nobody says of a person; "the Quorr family" is of one."""
    if text[max(0, name.start - 4) : name.start].lower() != "the ":
        return False
    following = _NEXT_WORD.match(text, name.end)
    return following is None or following[1] in _PERSON_VERBS


def _ends_like_body(name: Name) -> bool:
    """ "Quorr Energy", which the model may take for nothing."""
    return len(name.words) > 1 and not name.headline and name.words[-1] in _ORGANISATION_HEADS


def _add_same_names(names: list[Name], scores: Scores) -> Scores:
    """Adds to the scores of each name those of the same words elsewhere, less for each the more there are."""
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        groups.setdefault(" ".join(name.words), []).append(at)
    together = scores.copy()
    for group in groups.values():
        if len(group) > 1:
            others = scores[group].sum(axis=0) - scores[group]
            together[group] += others / np.sqrt(len(group))
    return together
