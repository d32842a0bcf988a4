"""What a claim says, apart from who says it and in which words: its kind of event, and its id."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from pipelines.text.english.inflection import grammar
from pipelines.text.tables import load_table, load_words
from schemas.identity import digest
from schemas.text import Entity, FigureText

_WORD = re.compile(r"\w++(?:[’']\w++)?+")
_PROSPECTIVE = frozenset(("planned", "predicted", "demanded"))
"""Statuses of what has not happened."""
_WORDS_KEPT = 8
"""Content words by which a claim without figures and parties is known, the first in the alphabet."""
_UNIT_REACH = 24
"""Characters after a figure in which a demonym belongs to its unit: "100,000 heavily armed Ruritanian soldiers"."""
_PERSONNEL = load_words(__package__, "assertions.yaml", "personnel")
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST_STEM = 4


@cache
def _events() -> dict[str, tuple[int, str]]:
    kinds = load_table(__package__, "events.yaml")
    table: dict[str, tuple[int, str]] = {}
    for rank, (kind, words) in enumerate(kinds.items()):
        for word in words.split():
            table.setdefault(word, (rank, kind))
    return table


def event_of(content: str) -> str | None:
    """Returns the kind of event that the words name: the first row of `tables/events.yaml` that has one of them.

    Soldiers that are somewhere are deployed there.
    """
    table = _events()
    ranks = [table[word] for word in _find_words(content) if word in table]
    if ranks:
        return min(ranks)[1]
    # "Selmarian soldiers were in Delport" says in other words that they were deployed there.
    return "deployment" if _presence().search(content) else None


@cache
def _presence() -> re.Pattern[str]:
    """Returns the pattern of soldiers that are at a place: it has a capital."""
    return re.compile(
        rf"\b(?:{'|'.join(sorted(_PERSONNEL))}) (?:are|were|is|was|have been|had been) "
        r"(?:already |now |currently |present )?(?:in|inside|near) (?:the )?(?:[A-Z]|border\b|front\b|region\b|zone\b)"
    )


@lru_cache(maxsize=1)
def _find_words(content: str) -> tuple[str, ...]:
    """Returns the words in lower case. Kept, because the event and the id of a claim are read from the same content."""
    return tuple(_WORD.findall(content.lower()))


def assertion_id(
    content: str, event: str | None, status: str, parties: Sequence[Entity], figures: Sequence[FigureText]
) -> str:
    """Returns the id of what is claimed, from the claim alone: event, whether it happened, whose, unit, figure.

    `parties` are the entities of the content in reading order. The owner is the one that the figure's unit names, or
    else the first. The same claim from two outlets has one id; an offer, a deployment, a loss, a total and an addition
    never share one. A claim without figures and parties is known by its content words. A denial has an id of its own;
    what it denies has the id that the same content has if somebody asserts it.
    """
    prospective = "to come" if status in _PROSPECTIVE and event != "offer" else "done"
    denied = "denied" if status == "denied" else ""
    if figures:
        # "25,000 to 30,000 troops, tripling its force" is about troops: a figure of nothing nameable plays no part.
        telling = [figure for figure in figures if figure.unit_class != "other"] or figures
        amounts = sorted({_amount(figure) for figure in telling})
        return digest("assertion", event or "", prospective, denied, _owner(parties, figures), *amounts)
    if event and parties:
        return digest("assertion", event, prospective, denied, _party(parties[0]), *_objects(content))
    return digest("assertion", denied, *sorted(_content_words(content))[:_WORDS_KEPT], *map(_party, parties))


def _owner(parties: Sequence[Entity], figures: Sequence[FigureText]) -> str:
    """Returns whose soldiers or dead they are: "3,000 Selmarian volunteers" are Selmaria's."""
    first, last = figures[0].end, figures[-1].end + _UNIT_REACH
    for entity in parties:
        mentions = entity.mentions if figures[0].field == "body" else entity.title_mentions
        if entity.kind in ("nationality", "location") and any(first < start <= last for start, _ in mentions):
            near = min(start - figure.end for figure in figures for start, _ in mentions if start > figure.end)
            if near <= _UNIT_REACH:
                return _party(entity)
    return _party(parties[0]) if parties else ""


def _party(entity: Entity) -> str:
    if entity.country and entity.kind in ("location", "nationality"):
        return entity.country
    return _plain(entity.name)


def _amount(figure: FigureText) -> str:
    """Returns what is counted and how many, to two digits: 10,950 and 11,000 are one figure, reported twice."""
    bound = figure.high if figure.high is not None else figure.low
    rounded = float(f"{bound if bound is not None else figure.value:.2g}")
    return f"{figure.unit_class}:{rounded:g}:{figure.change or ''}"


def _objects(content: str) -> Iterable[str]:
    """Returns the kind of thing that moves or is lost, if it is soldiers by any name."""
    return () if _PERSONNEL.isdisjoint(_find_words(content)) else ("military_personnel",)


_EMPTY_ROWS = (
    "determiners", "possessives", "pronouns", "relatives", "prepositions", "subordinators", "conjunctions", "modals",
    "auxiliaries", "adverbs",
)  # fmt: skip


@cache
def _empty_words() -> frozenset[str]:
    table = grammar()
    return frozenset(word for row in _EMPTY_ROWS for word in table[row].split()) | {"to", "that", "s", "t"}


def _content_words(content: str) -> set[str]:
    """Returns the stems of the words that are not grammar."""
    words = {word if word.isascii() else _plain(word) for word in _find_words(content)}
    return {_stem(word) for word in words - _empty_words()}


def _stem(word: str) -> str:
    if not word.endswith(_ENDINGS):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower() or text.lower()
