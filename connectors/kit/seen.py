"""A bounded memory of what was delivered: for each entry its key, and a mark of the version that was seen."""

from collections.abc import Collection, Mapping

KEPT = 2_000
"""Entries remembered in addition to those that the source lists now: a feed may drop one and list it again."""
MOST = 20_000
"""Entries remembered at most: about a megabyte in the state topic."""


class Seen:
    """The memory in the form that a cursor holds: a mapping from key to mark, the most recently seen last."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        self.marks = dict(marks)

    def is_new(self, key: str, mark: str) -> bool:
        """Whether the entry was not seen yet, or not in this version."""
        return self.marks.get(key) != mark

    def add(self, key: str, mark: str) -> None:
        """Remembers an entry."""
        self.marks.pop(key, None)
        self.marks[key] = mark

    def select_kept(self, present: Collection[str]) -> dict[str, str]:
        """Returns the marks to keep in the cursor: those of all entries that the source lists now (`present`), and
        of the `KEPT` most recent others."""
        rest = [key for key in self.marks if key not in present]
        chosen = [*rest[-KEPT:], *(key for key in self.marks if key in present)][-MOST:]
        return {key: self.marks[key] for key in chosen}
