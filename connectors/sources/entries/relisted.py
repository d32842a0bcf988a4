"""Entries that a feed lists twice."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from connectors.sources.entries.addresses import cut_fragment, find_fragment, resolve_link
from connectors.sources.entries.entry import TAGS, FeedEntry
from schemas.identity import plain

ALIKE = 0.5
"""Share of the shorter text's words from which two texts are versions of one."""


@dataclass(frozen=True)
class ListedEntry:
    """An entry with where it leads.

    `url` is empty without a link. `place` is what entries of the same page share: its address, or their text if they
    have no link. `guid` is empty if it only repeats the link.
    """

    entry: FeedEntry
    url: str
    place: str
    guid: str
    title: str

    @property
    def is_part(self) -> bool:
        """Whether the link leads to a place on a page rather than to a page."""
        return "#" in self.url and self.url != self.place


def locate_entry(entry: FeedEntry, base: str) -> ListedEntry:
    """Finds where an entry leads."""
    url = resolve_link(entry.link, base)
    page = cut_fragment(url)
    return ListedEntry(entry, url, page or plain(entry.body or entry.title or ""), find_guid(entry, url, base),
                       plain(entry.title or ""))  # fmt: skip


def cut_common_fragments(listed: list[ListedEntry]) -> list[ListedEntry]:
    """Returns the entries without fragments that are one word after several pages: these only say `from the feed`."""
    pages: dict[str, set[str]] = defaultdict(set)
    for one in listed:
        pages[find_fragment(one.url)].add(one.place)
    common = {part for part, places in pages.items() if len(places) > 1 and not re.search(r"[\d!/]", part)} - {""}
    return [replace(one, url=one.place) if find_fragment(one.url) in common else one for one in listed]


def find_guid(entry: FeedEntry, url: str, base: str) -> str:
    """Returns what identifies the entry in addition to its link.

    Nothing if the id is the link, or the link with a number that counts its corrections, as in `…/storm#2`.
    """
    guid = entry.id
    if not guid.startswith(("http://", "https://")):
        return guid
    same = resolve_link(guid, base)
    is_count = cut_fragment(same) == cut_fragment(url) and guid.partition("#")[2].isdigit()
    return "" if same == url or is_count else guid


def drop_relisted(listed: Iterable[ListedEntry]) -> list[ListedEntry]:
    """Returns the entries without those that are listed before: feeds list the newest first."""
    kept: dict[tuple[str, str], list[ListedEntry]] = {}
    result: list[ListedEntry] = []
    for one in listed:
        same = kept.setdefault((one.url or one.place, one.title), [])
        if not any(is_relisted(one, other) for other in same):
            same.append(one)
            result.append(one)
    return result


def is_relisted(one: ListedEntry, other: ListedEntry) -> bool:
    """Whether two entries with the same link and title are one article, listed twice.

    Without a title, the texts must be the same. With ids and texts that differ, they are posts of one headline.
    """
    texts = [plain(TAGS.sub(" ", each.entry.body)) for each in (one, other)]
    if texts[0] == texts[1]:
        return bool(one.url) or one.guid == other.guid or not (one.guid and other.guid)
    if not one.title:
        return False
    return one.guid == other.guid or not (one.guid and other.guid) or are_alike(*texts)


def are_alike(one: str, other: str) -> bool:
    """Whether two texts have most of their words in common."""
    words, others = set(one.split()), set(other.split())
    return len(words & others) >= ALIKE * max(1, min(len(words), len(others)))
