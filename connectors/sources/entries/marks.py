"""What a cursor remembers of an entry: its version, where it leads, its title, and the id that its article got."""

from dataclasses import dataclass

from schemas.identity import digest

FIELDS = 5
PLACE, TITLE = 8, 6
"""Hex digits of the digests in a mark: short, because a cursor has up to 20,000 of them."""


@dataclass(frozen=True)
class EntryMark:
    """The mark of an entry.

    `tries` counts the failed attempts to fetch its page, while there are more to come. `is_part` is true if its link
    leads to a place on a page. `article_id` is empty if the id is the one of the address. A mark of an earlier release
    has neither place nor title.
    """

    version: str = ""
    tries: int = 0
    place: str = ""
    title: str = ""
    has_guid: bool = False
    is_part: bool = False
    is_undated: bool = False
    article_id: str = ""

    def encode(self) -> str:
        """Returns the mark as a cursor has it."""
        version = f"{self.version}:{self.tries}" if self.tries else self.version
        flags = "g" * self.has_guid + "p" * self.is_part + "u" * self.is_undated
        return "|".join((version, self.place, self.title, flags, self.article_id))


def decode_mark(text: str) -> EntryMark:
    """Reads a mark, also one of an earlier release: `VERSION` or `VERSION:TRIES`."""
    version, place, title, flags, article_id = (*text.split("|"), *[""] * FIELDS)[:FIELDS]
    version, _, tries = version.partition(":")
    return EntryMark(
        version=version,
        tries=int(tries) if tries.isdigit() else 0,
        place=place,
        title=title,
        has_guid="g" in flags,
        is_part="p" in flags,
        is_undated="u" in flags,
        article_id=article_id,
    )


def mark_place(place: str) -> str:
    """Returns the short digest of a place."""
    return digest("place", place)[:PLACE]


def mark_title(title: str) -> str:
    """Returns the short digest of a title in plain form; nothing if there is none."""
    return digest("title", title)[:TITLE] if title else ""
