"""Puts articles into stories, in memory: for the articles that a worker has just written, and for regrouping.

An article joins the story whose original, its first article, it shares most with. Stories are never joined through a
third article: a page that quotes two reports belongs to one of them, and the reports stay apart.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.stories.comparison import count_likeness
from pipelines.stories.fingerprints import Fingerprint

WINDOW = timedelta(days=14)
"""How far apart copies of one text are published. What comes later is a new story."""
SHARED_KEYS = 2
"""Keys that a candidate shares."""
COMMON_SHARE = 0.005
"""A key is common if more than this share of the originals in memory have it, and more than `LEAST_COMMON` of them."""
LEAST_COMMON = 5
MOST_CANDIDATES = 8
"""Candidates that are compared, those with the most shared keys first."""


@dataclass(frozen=True, slots=True)
class Story:
    """The story of an article. `duplicate_of` is its first article, None for that article itself."""

    story_id: str
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Original:
    """The first article of a story, which gives the story its id."""

    article_id: str
    published_at: datetime
    fingerprint: Fingerprint


def choose_story(published_at: datetime, fingerprint: Fingerprint, found: Iterable[Original]) -> Original | None:
    """Returns the original that an article shares most with; None if it is a copy of none.

    Of originals with equal shares, the earliest counts.
    """
    best: tuple[int, float, str] | None = None
    chosen: Original | None = None
    for original in found:
        shared = count_likeness(fingerprint, original.fingerprint)
        if not shared or abs(published_at - original.published_at) > WINDOW:
            continue
        rank = (-shared, original.published_at.timestamp(), original.article_id)
        if best is None or rank < best:
            best, chosen = rank, original
    return chosen


class StoryIndex:
    """Originals by their keys: at most `capacity` of them, the newest, or all without one."""

    def __init__(self, capacity: int | None = None) -> None:
        self.capacity = capacity
        self._originals: OrderedDict[str, tuple[Original, tuple[str, ...]]] = OrderedDict()
        self._by_key: dict[str, list[str]] = {}

    def add(self, original: Original, keys: tuple[str, ...]) -> None:
        """Adds an original, in place of an earlier revision, and drops the oldest above the capacity."""
        self._remove(original.article_id)
        self._originals[original.article_id] = (original, keys)
        for key in keys:
            self._by_key.setdefault(key, []).append(original.article_id)
        while self.capacity is not None and len(self._originals) > self.capacity:
            self._remove(next(iter(self._originals)))

    def forget(self, before: datetime) -> None:
        """Drops originals published before then. They must have been added in the order of publication."""
        while self._originals:
            original, _ = next(iter(self._originals.values()))
            if original.published_at >= before:
                return
            self._remove(original.article_id)

    def find(self, keys: Iterable[str]) -> list[Original]:
        """Returns the candidates with these keys, those with the most first."""
        shared = Counter(id for key in keys for id in self._by_key.get(key, ()))
        ranked = sorted((-count, id) for id, count in shared.items() if count >= SHARED_KEYS)
        return [self._originals[id][0] for _, id in ranked[:MOST_CANDIDATES]]

    def is_common(self, key: str) -> bool:
        """Returns whether many originals have a key."""
        return len(self._by_key.get(key, ())) > max(LEAST_COMMON, COMMON_SHARE * len(self._originals))

    def _remove(self, article_id: str) -> None:
        _, keys = self._originals.pop(article_id, (None, ()))
        for key in keys:
            owners = self._by_key[key]
            owners.remove(article_id)
            if not owners:
                del self._by_key[key]
