"""People, organisations, places and nationalities that an article names, with their mentions."""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from pipelines.text.entities import gazetteer
from pipelines.text.entities.assembly import Mention, assemble
from pipelines.text.entities.kinds import Kind, kind_of
from pipelines.text.entities.names import Name, find_names
from schemas.fields import EntityKind
from schemas.text import Entity

Tagger = Callable[[str], Iterable[tuple[int, int, EntityKind]]]
"""A model that marks names in a text: offsets and kinds. A spaCy pipeline becomes one in a line."""

_ENGLISH = frozenset(("en", "und"))
_LIST_GAP = re.compile(r"\s?(?:,\s?)?(?:(?:and|or|&)\s)?")
_SHORTEST_FOREIGN = 4

Judged = list[tuple[Name, Kind]]


def find_entities(title: str | None, body: str, language: str, tagger: Tagger | None = None) -> list[Entity]:
    """The entities of an article in order of their first mention, each under the fullest name that the article gives.

    Mentions are the names alone: without titles, articles and possessive endings. The rules are for English; of a text
    in another language only listed places and organisations are found. A `tagger` adds names that the rules leave open.
    """
    title = title or ""
    in_title, in_body = _judged(title, language), _judged(body, language)
    if language.split("-")[0] in _ENGLISH:
        kinds = _sure_kinds([*in_body, *in_title])
        in_title, in_body = _settled(title, in_title, kinds), _settled(body, in_body, kinds)
    found_in_title, found_in_body = _mentions(in_title), _mentions(in_body)
    if tagger:
        found_in_title = _with_tagged(title, found_in_title, tagger)
        found_in_body = _with_tagged(body, found_in_body, tagger)
    return assemble(title, found_in_title, body, found_in_body)


def _judged(text: str, language: str) -> Judged:
    if language.split("-")[0] in _ENGLISH:
        return [(name, kind_of(text, name)) for name in find_names(text)]
    return [(name, Kind(_listed(name), True, "listed")) for name in find_names(text)]


def _listed(name: Name) -> EntityKind | None:
    whole = " ".join(name.words)
    known = gazetteer.known().get(whole)
    return known.kind if known and known.sure and len(whole) >= _SHORTEST_FOREIGN else None


def _sure_kinds(judged: Judged) -> dict[str, EntityKind]:
    """What the names of the article name where it is plain, and the surnames of the people in it."""
    votes: dict[str, Counter[EntityKind]] = {}
    for name, kind in judged:
        if kind.entity and kind.sure:
            votes.setdefault(" ".join(name.words), Counter())[kind.entity] += 1
    kinds = {whole: counted.most_common(1)[0][0] for whole, counted in votes.items()}
    for name, kind in judged:
        # "Clinton" is a town in some article, but not in one that names a Clinton.
        if kind.entity == "person" and len(name.words) > 1 and not _is_country_or_capital(name.words[-1]):
            kinds[name.words[-1]] = "person"
    return kinds


def _is_country_or_capital(word: str) -> bool:
    known = gazetteer.known().get(word)
    return known is not None and (known.seat or known.name in gazetteer.country_names().values())


def _settled(text: str, judged: Judged, kinds: dict[str, EntityKind]) -> Judged:
    """Names that stand on weak grounds take the kind of the same name elsewhere, or of their neighbours in a list."""
    settled: Judged = []
    for name, kind in judged:
        elsewhere = kinds.get(" ".join(name.words))
        if kind.sure and (elsewhere != "person" or kind.entity != "location" or len(name.words) > 1):
            elsewhere = None
        settled.append((name, Kind(elsewhere, True, "elsewhere") if elsewhere else kind))
    for at in range(1, len(settled)):
        (name, kind), (other, other_kind) = settled[at], settled[at - 1]
        gap = text[other.end : name.start]
        if kind.sure == other_kind.sure or not gap.strip() or not _LIST_GAP.fullmatch(gap):
            continue
        weak = at if not kind.sure else at - 1
        strong = other_kind if weak == at else kind
        if settled[weak][1].entity and strong.entity in ("person", "organisation", "location"):
            settled[weak] = settled[weak][0], Kind(strong.entity, True, "neighbour")
    return settled


def _mentions(judged: Judged) -> list[Mention]:
    found: list[Mention] = []
    for name, kind in judged:
        if kind.entity:
            found.append(Mention(name.start, name.end, kind.entity, name.words, name.title, name.title_start))
        elif len(name.words) > 1 and name.words[0] in gazetteer.peoples():
            # "Japanese Punk Techno" names nobody, but a people.
            first = name.words[0]
            found.append(Mention(name.start, name.start + len(first), "nationality", [first]))
    return found


def _with_tagged(text: str, found: list[Mention], tagger: Tagger) -> list[Mention]:
    """Adds what the tagger marks where the rules found nothing."""
    taken = sorted((mention.start, mention.end) for mention in found)
    for start, end, kind in tagger(text):
        if all(end <= left or right <= start for left, right in taken):
            found.append(Mention(start, end, kind, text[start:end].split()))
    return sorted(found, key=lambda mention: mention.start)
