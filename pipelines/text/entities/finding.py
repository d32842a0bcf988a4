"""People, organisations, places and nationalities that an article names, with their mentions."""

from collections.abc import Callable, Iterable

from pipelines.text.entities import gazetteer
from pipelines.text.entities.assembly import NameMention, assemble
from pipelines.text.entities.kinds import Kind, judge_names
from pipelines.text.entities.names import Name, find_names
from schemas.fields import EntityKind
from schemas.text import Entity

Tagger = Callable[[str], Iterable[tuple[int, int, EntityKind]]]
"""A model that marks names in a text: start, end and kind of each."""

_ENGLISH = frozenset(("en", "und"))
_SHORTEST_FOREIGN = 4
"""Letters of a listed name in a text that is not English; shorter names are often other words."""

Judged = list[tuple[Name, Kind]]


def find_entities(title: str | None, body: str, language: str, tagger: Tagger | None = None) -> list[Entity]:
    """Returns the entities of an article in order of first mention, each under the fullest name in the article.

    Mentions are the names alone: without titles, articles and possessive endings. The rules are for English. In other
    languages only listed places and organisations are found. A `tagger` adds names that the rules do not find.
    """
    title = title or ""
    in_title, in_body = _judge(title, language), _judge(body, language)
    if language.split("-")[0] in _ENGLISH:
        kinds = _find_sure_kinds([*in_body, *in_title])
        in_title, in_body = _settle(in_title, kinds), _settle(in_body, kinds)
    found_in_title, found_in_body = _make_mentions(in_title), _make_mentions(in_body)
    if tagger:
        found_in_title = _add_tagged(title, found_in_title, tagger)
        found_in_body = _add_tagged(body, found_in_body, tagger)
    return assemble(title, found_in_title, body, found_in_body)


def _judge(text: str, language: str) -> Judged:
    if language.split("-")[0] in _ENGLISH:
        names = find_names(text)
        return list(zip(names, judge_names(text, names), strict=True))
    return [(name, Kind(_find_listed_kind(name), True)) for name in find_names(text)]


def _find_listed_kind(name: Name) -> EntityKind | None:
    whole = " ".join(name.words)
    known = gazetteer.known().get(whole)
    return known.kind if known and known.sure and len(whole) >= _SHORTEST_FOREIGN else None


def _find_sure_kinds(judged: Judged) -> dict[str, EntityKind]:
    """Returns the kinds of the names about which the article leaves no doubt, and of the surnames of its people."""
    votes: dict[str, list[EntityKind]] = {}
    for name, kind in judged:
        if kind.entity and kind.sure:
            votes.setdefault(" ".join(name.words), []).append(kind.entity)
    kinds = {whole: max(given, key=given.count) for whole, given in votes.items()}
    for name, kind in judged:
        # "Clinton" may be a town, but not in an article about a person of that name.
        if kind.entity == "person" and len(name.words) > 1 and not _is_country_or_capital(name.words[-1]):
            kinds[name.words[-1]] = "person"
    return kinds


def _is_country_or_capital(word: str) -> bool:
    known = gazetteer.known().get(word)
    return known is not None and (known.seat or known.name in gazetteer.country_names().values())


def _settle(judged: Judged, kinds: dict[str, EntityKind]) -> Judged:
    """Gives uncertain names the kind of the same name elsewhere in the article."""
    settled: Judged = []
    for name, kind in judged:
        elsewhere = kinds.get(" ".join(name.words))
        if kind.sure and (elsewhere != "person" or kind.entity != "location" or len(name.words) > 1):
            elsewhere = None
        settled.append((name, Kind(elsewhere, True) if elsewhere else kind))
    return settled


def _make_mentions(judged: Judged) -> list[NameMention]:
    found: list[NameMention] = []
    for name, kind in judged:
        if kind.entity:
            found.append(NameMention(name.start, name.end, kind.entity, name.words, name.title, name.title_start))
        elif len(name.words) > 1 and name.words[0] in gazetteer.peoples():
            # "Japanese Punk Techno" is not a name, but "Japanese" is a nationality.
            first = name.words[0]
            found.append(NameMention(name.start, name.start + len(first), "nationality", [first]))
    return found


def _add_tagged(text: str, found: list[NameMention], tagger: Tagger) -> list[NameMention]:
    """Adds the names that the tagger marks outside those of the rules."""
    taken = sorted((mention.start, mention.end) for mention in found)
    for start, end, kind in tagger(text):
        if all(end <= left or right <= start for left, right in taken):
            found.append(NameMention(start, end, kind, text[start:end].split()))
    return sorted(found, key=lambda mention: mention.start)
