"""Which entries of a feed are one article, and which id each has: see docs/decisions/entries.md."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from connectors.kit import Seen
from connectors.sources.entries.addresses import GeneralPages, is_web
from connectors.sources.entries.entry import FeedEntry
from connectors.sources.entries.marks import EntryMark, decode_mark, mark_place, mark_title
from connectors.sources.entries.relisted import ListedEntry, cut_common_fragments, drop_relisted, locate_entry
from schemas import identity


@dataclass(frozen=True)
class IdentifiedEntry:
    """An entry with its key in the memory.

    `known` is what the memory has of it, `mark` what it should have once the entry is delivered. `page` is the address
    of the page that is this article alone, if there is one.
    """

    listed: ListedEntry
    key: str
    known: EntryMark | None
    mark: EntryMark
    page: str

    @property
    def is_wanted(self) -> bool:
        """Whether the entry is new, has changed, or its page is still to be fetched."""
        return self.known is None or self.known.version != self.mark.version or self.known.tries > 0


class EntryIdentifier:
    """Identifies the entries that a feed lists now, by what is remembered of it. Renews the memory's marks."""

    def __init__(self, entries: Iterable[FeedEntry], base: str, general: GeneralPages, seen: Seen) -> None:
        self.listed = drop_relisted(cut_common_fragments([locate_entry(entry, base) for entry in entries]))
        self.keys = make_keys(self.listed, general)
        self.present = set(self.keys)
        self.general = general
        self.marks = seen.marks
        self.counts = Counter(each for one in self.listed for each in list_identifiers(one))
        self.forget_replaced()
        self.remembered: dict[str, list[str]] = defaultdict(list)
        self.ids: set[str] = set()
        for key, text in self.marks.items():
            mark = decode_mark(text)
            if mark.place:
                self.remembered[mark.place].append(key)
            if mark.article_id:
                self.ids.add(mark.article_id)

    def identify(self) -> Iterator[IdentifiedEntry]:
        """Yields the entries in the order of the feed."""
        pairs = list(zip(self.listed, self.keys, strict=True))
        taken = {name_id(one, decode_mark(self.marks[key]).article_id) for one, key in pairs if key in self.marks}
        for one, key in pairs:
            former = key if key in self.marks else self.find_former(one)
            known = decode_mark(self.marks[former]) if former else None
            is_shared = self.is_shared(one, former)
            article_id = self.find_id(one, known, is_shared)
            if former != key and (name_id(one, article_id) in taken or (not known and article_id in self.ids)):
                article_id = identity.entry_id(one.place, "key", key)
            taken.add(name_id(one, article_id))
            mark = EntryMark(
                version=one.entry.version,
                place=mark_place(one.url if one.is_part and article_id else one.place),
                title=mark_title(one.title),
                has_guid=bool(one.guid),
                is_part=one.is_part,
                date_problem=known.date_problem if known else "",
                article_id=article_id,
            )
            if known and former:
                del self.marks[former]
                self.marks[key] = replace(mark, version=known.version, tries=known.tries).encode()
            yield IdentifiedEntry(one, key, known, mark, page=one.url if is_web(one.url) and not is_shared else "")

    def forget_replaced(self) -> None:
        """Forgets entries that an earlier release delivered under one id: only the last delivered was kept there."""
        old: dict[str, list[tuple[bool, int, str]]] = defaultdict(list)
        order = {key: number for number, key in enumerate(self.marks)}
        for one, key in zip(self.listed, self.keys, strict=True):
            if key in order and not decode_mark(self.marks[key]).place:
                old[one.place].append((not one.is_part, order[key], key))
        for replaced in old.values():
            for _, _, key in sorted(replaced)[:-1]:
                del self.marks[key]

    def find_former(self, one: ListedEntry) -> str | None:
        """Returns the key of the entry when it had another guid, or none: the link and title are the same.

        Of an entry without a guid the link is enough, unless it leads to more than one article.
        """
        marks = self.list_marks(one)
        for key, mark in marks:
            can_be_same = not (mark.has_guid and one.guid) or not mark.article_id or mark.version == one.entry.version
            if mark.title == mark_title(one.title) and can_be_same:
                return key
        if self.is_crowded(one) or any(mark.article_id for _, mark in marks):
            return None
        return next((key for key, mark in marks if not (mark.has_guid and one.guid)), None)

    def list_marks(self, one: ListedEntry) -> list[tuple[str, EntryMark]]:
        """Returns what is remembered of the entry's place and not listed now, the latest first."""
        keys = reversed(self.remembered.get(mark_place(one.url if one.is_part else one.place), []))
        return [(key, decode_mark(self.marks[key])) for key in keys if key in self.marks and key not in self.present]

    def is_crowded(self, one: ListedEntry) -> bool:
        """Whether the link leads to more than one article, by what the feed lists now."""
        return one.is_part or self.counts["url", one.url or one.place] > 1 or (
            bool(one.url) and self.general.has(one.place)
        )  # fmt: skip

    def is_shared(self, one: ListedEntry, former: str | None) -> bool:
        """Whether the link leads to more than one article, also by what is remembered."""
        if self.is_crowded(one):
            return True
        return self.is_remembered(one.place, former)

    def is_remembered(self, place: str, former: str | None) -> bool:
        """Whether another entry of a place is remembered. A place on a page is not the page."""
        return any(key != former and key in self.marks for key in self.remembered.get(mark_place(place), ()))

    def find_id(self, one: ListedEntry, known: EntryMark | None, is_shared: bool) -> str:
        """Returns the article's id; empty for the one of its address."""
        if known and (known.article_id or one.url):
            return known.article_id
        if not is_shared:
            return "" if one.url else identity.article_id("", one.entry.body or one.entry.title or "")
        if one.is_part and self.counts["url", one.url] == 1 and not self.is_remembered(one.url, None):
            return identity.article_id(one.url, "")
        for kind, value in (("guid", one.guid), ("title", one.title)):
            if value and self.counts[kind, one.place, value] == 1:
                return identity.entry_id(one.url or one.place, kind, value)
        text = f"{one.guid}\x1f{one.title}\x1f{identity.plain(one.entry.body)}"
        return identity.entry_id(one.url or one.place, "text", text)


def name_id(one: ListedEntry, article_id: str) -> str:
    """Returns the id of an entry, also if it is that of the address."""
    return article_id or identity.article_id(one.url, one.entry.body or one.entry.title or "")


def list_identifiers(one: ListedEntry) -> list[tuple[str, ...]]:
    """Returns what may identify an entry among those of its place, the best first."""
    return [("url", one.url or one.place), ("guid", one.place, one.guid), ("title", one.place, one.title)]


def make_keys(listed: list[ListedEntry], general: GeneralPages) -> list[str]:
    """Returns the key of each entry in the memory: from id and address, and from the text if these identify none."""

    def make_key(one: ListedEntry, needs_text: bool) -> str:
        entry = one.entry
        needs_text = needs_text or not (entry.id or (one.url and (one.is_part or not general.has(one.place))))
        text = f"{entry.title}\x1f{entry.body}" if needs_text else ""
        return identity.digest("entry", entry.id, one.url, text)

    short = [make_key(one, needs_text=False) for one in listed]
    counts = Counter(short)
    return [make_key(one, needs_text=True) if counts[key] > 1 else key for one, key in zip(listed, short, strict=True)]
