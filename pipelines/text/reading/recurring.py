"""Lines that recur across the pages of one feed: its template, whatever the language or the site.

The memory is bounded: in the number of feeds (the one not seen for longest is dropped first) and in the number of lines
of each feed (rare lines are forgotten first). What was seen long ago counts half, so that a new template is learned in
days. The memory is saved and loaded as bytes; the caller decides where to keep them.
"""

from collections import OrderedDict
from collections.abc import Iterable
from hashlib import blake2b

import msgspec


class FeedLines(msgspec.Struct):
    """What is remembered of one feed: hashes of lines with the number of pages that had them, and of recent pages."""

    pages: int = 0
    counts: dict[int, int] = msgspec.field(default_factory=dict)
    recent: list[int] = msgspec.field(default_factory=list)


class _State(msgspec.Struct):
    version: int
    feeds: list[tuple[str, FeedLines]]


_VERSION = 1
_decoder = msgspec.msgpack.Decoder(_State)


class RecurringLines:
    """Learns the lines of each feed's pages, and knows which of them recur.

    `least_pages` is how many different pages must have a line, `least_share` what share of the feed's pages must.
    """

    def __init__(
        self,
        *,
        feeds: int = 1_000,
        lines_per_feed: int = 2_000,
        recent_pages: int = 200,
        least_pages: int = 4,
        least_share: float = 0.25,
    ) -> None:
        self._limits = (feeds, lines_per_feed, recent_pages)
        self._least_pages, self._least_share = least_pages, least_share
        self._feeds: OrderedDict[str, FeedLines] = OrderedDict()

    def learn(self, feed: str, page: str, lines: Iterable[str]) -> None:
        """Counts the lines of one page, but not if it is among the recent pages: a revision, a redelivery."""
        feeds, lines_per_feed, recent_pages = self._limits
        known = self._feeds.setdefault(feed, FeedLines())
        self._feeds.move_to_end(feed)
        if len(self._feeds) > feeds:
            self._feeds.popitem(last=False)
        key = _hash(page)
        if key in known.recent:
            return
        known.recent = [*known.recent[-(recent_pages - 1) :], key]
        if known.pages >= 2 * recent_pages:
            _fade(known)
        known.pages += 1
        for line in {_hash(line) for line in lines}:
            known.counts[line] = known.counts.get(line, 0) + 1
            if len(known.counts) > 2 * lines_per_feed:
                _forget(known, lines_per_feed)
        if len(known.counts) > lines_per_feed:
            _forget(known, lines_per_feed)

    def recurs(self, feed: str, line: str) -> bool:
        """Whether the line is part of the feed's template, as far as that is known."""
        known = self._feeds.get(feed)
        if known is None:
            return False
        return known.counts.get(_hash(line), 0) >= max(self._least_pages, self._least_share * known.pages)

    def __len__(self) -> int:
        """Returns the number of remembered lines, of all feeds."""
        return sum(len(known.counts) for known in self._feeds.values())

    def save(self) -> bytes:
        """Returns all that was learned, for `load`."""
        return msgspec.msgpack.encode(_State(_VERSION, list(self._feeds.items())))

    def load(self, saved: bytes) -> None:
        """Replaces what is known by what `save` returned. Raises `ValueError` for other bytes."""
        state = _decoder.decode(saved)
        if state.version != _VERSION:
            raise ValueError(f"recurring lines of version {state.version}; this release reads {_VERSION}")
        self._feeds = OrderedDict(state.feeds[-self._limits[0] :])


def _fade(known: FeedLines) -> None:
    """Halves what is known, so that later pages count more."""
    known.pages //= 2
    known.counts = {line: count // 2 for line, count in known.counts.items() if count > 1}


def _forget(known: FeedLines, limit: int) -> None:
    """Keeps half of the limit: the most frequent lines, the newer among equals. Rare lines come back if they recur."""
    newest_first = list(known.counts.items())[::-1]
    newest_first.sort(key=lambda item: item[1], reverse=True)
    known.counts = dict(newest_first[: limit // 2])


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
