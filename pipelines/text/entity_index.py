"""Finding an article's entity by place or by name."""

import bisect
from collections.abc import Iterable

from schemas.fields import Field
from schemas.text import Entity


class EntityIndex:
    """The entities of one article, by their mentions and by every name that the article or the lists give them."""

    def __init__(self, entities: Iterable[Entity], body: str = "", title: str = "") -> None:
        """`body` and `title` are the texts that mentions are offsets in; with them short names are looked up, too."""
        self._spans: dict[Field, list[tuple[int, int, Entity]]] = {"body": [], "title": []}
        self._names: dict[str, Entity] = {}
        for entity in entities:
            self._spans["body"] += [(start, end, entity) for start, end in entity.mentions]
            self._spans["title"] += [(start, end, entity) for start, end in entity.title_mentions]
            mentioned = [body[start:end] for start, end in entity.mentions] + [
                title[s:e] for s, e in entity.title_mentions
            ]
            last = [entity.name.split()[-1]] if entity.kind == "person" else []
            for name in (entity.name, *mentioned, *last):
                if name:
                    self._names.setdefault(_key(name), entity)
        for spans in self._spans.values():
            spans.sort(key=lambda span: span[:2])

    def at(self, start: int, end: int, field: Field = "body") -> Entity | None:
        """The entity with a mention that shares characters with `start` to `end`; the longest one of several."""
        spans = self._spans[field]
        first = bisect.bisect_left(spans, start, key=lambda span: span[1])
        best: tuple[int, Entity] | None = None
        for left, right, entity in spans[max(0, first - 1) :]:
            if left >= end:
                break
            if right > start and (best is None or right - left > best[0]):
                best = right - left, entity
        return best[1] if best else None

    def named(self, text: str) -> Entity | None:
        """The entity of this name, surname, short name or acronym, whatever its capitals; "the" is no part of it."""
        return self._names.get(_key(text))

    def before(self, start: int, kind: str = "person", field: Field = "body") -> Entity | None:
        """The entity of a kind mentioned last before `start`: whom "he" or "she" there most often means."""
        spans = self._spans[field]
        for _, right, entity in reversed(spans[: bisect.bisect_right(spans, start, key=lambda span: span[1])]):
            if entity.kind == kind and right <= start:
                return entity
        return None


def _key(name: str) -> str:
    key = name.casefold().replace(".", "").replace("’", "'").strip()
    return key.removeprefix("the ").removesuffix("'s")
