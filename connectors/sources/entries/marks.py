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
    leads to a place on a page, `date_problem` is a small letter for why its date cannot be used. `article_id` is empty
    if the id is the one of the address. A mark of an earlier release has neither place nor title.
    """

    version: str = ""
    tries: int = 0
    place: str = ""
    title: str = ""
    has_guid: bool = False
    is_part: bool = False
    date_problem: str = ""
    article_id: str = ""

    def encode(self) -> str:
        """Returns the mark as a cursor has it."""
        version = f"{self.version}:{self.tries}" if self.tries else self.version
        flags = "G" * self.has_guid + "P" * self.is_part + self.date_problem
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
        has_guid="G" in flags,
        is_part="P" in flags,
        date_problem="".join(filter(str.islower, flags)),
        article_id=article_id,
    )


def mark_place(place: str) -> str:
    """Returns the short digest of a place."""
    return digest("place", place)[:PLACE]


def mark_title(title: str) -> str:
    """Returns the short digest of a title in plain form; nothing if there is none."""
    return digest("title", title)[:TITLE] if title else ""
