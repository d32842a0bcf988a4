"""Memory of what was delivered, bounded: for each entry its key and a mark of the version that was seen."""

from collections.abc import Collection, Mapping

KEPT = 2_000
"""Entries remembered beside those that the source shows now: a feed may drop one and show it again."""
MOST = 20_000
"""Entries remembered at most: about a megabyte in the state topic."""


class Seen:
    """The memory as it stands in a cursor: a mapping from key to mark, the latest seen last."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        self.marks = dict(kept)

    def is_new(self, key: str, mark: str) -> bool:
        """Whether the entry was not seen yet, or not in this version."""
        return self.marks.get(key) != mark

    def add(self, key: str, mark: str) -> None:
        """Remembers an entry."""
        self.marks.pop(key, None)
        self.marks[key] = mark

    def kept(self, present: Collection[str]) -> dict[str, str]:
        """What goes into the cursor: what the source shows now, and the latest of the rest."""
        rest = [key for key in self.marks if key not in present]
        chosen = [*rest[-KEPT:], *(key for key in self.marks if key in present)][-MOST:]
        return {key: self.marks[key] for key in chosen}
