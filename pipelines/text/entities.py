"""People, organisations, places and nationalities that an article names, with their mentions."""

from pipelines.text import gazetteer
from pipelines.text.entity_assembly import Mention, assemble
from pipelines.text.entity_index import EntityIndex
from pipelines.text.name_kinds import kind_of
from pipelines.text.names import Name, find_names
from schemas.fields import EntityKind
from schemas.text import Entity

__all__ = ["EntityIndex", "find_entities"]

_LATIN_NAMES = frozenset(("en", "und"))


def find_entities(title: str | None, body: str, language: str) -> list[Entity]:
    """The entities of an article in order of their first mention, each under the fullest name that the article gives.

    Mentions are the names alone: without titles, articles and possessive endings. Rules are for English; of texts in other
    languages only listed places and organisations are found.
    """
    return assemble(title or "", _mentions(title or "", language), body, _mentions(body, language))


def _mentions(text: str, language: str) -> list[Mention]:
    found: list[Mention] = []
    english = language.split("-")[0] in _LATIN_NAMES
    for name in find_names(text):
        kind = kind_of(text, name).entity if english else _listed(name)
        if kind is not None:
            found.append(Mention(name.start, name.end, kind, name.words, name.title, name.title_start))
        elif english:
            found += _people_first(text, name)
    return found


def _listed(name: Name) -> EntityKind | None:
    known = gazetteer.known().get(" ".join(name.words))
    return known.kind if known and known.sure and len(" ".join(name.words)) > 3 else None


def _people_first(text: str, name: Name) -> list[Mention]:
    """ "Japanese Punk Techno" names nobody, but a people."""
    first = name.words[0]
    if first in gazetteer.peoples() and len(name.words) > 1:
        return [Mention(name.start, name.start + len(first), "nationality", [first], "", -1)]
    return []
