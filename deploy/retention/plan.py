"""Decides which indices are dropped, and says why each of the others is kept. Needs no server."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from deploy.retention.stored import StoredIndex, is_of_articles

Limits = Mapping[str, int | None]
"""Days after the end of a bucket for which each family is kept; None: without limit."""

Action = Literal["drop", "keep", "lifecycle"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens to an index, and why. `lifecycle`: the server's index lifecycle management drops it."""

    index: str
    family: str
    bucket: str
    documents: int
    size: int
    action: Action
    reason: str


def judge_all(
    found: Sequence[StoredIndex],
    limits: Limits,
    now: datetime,
    find_newest: Callable[[str], datetime | None],
    count_marked: Callable[[str], int],
) -> list[Verdict]:
    """Returns a verdict for each index, in the same order.

    `find_newest` returns the latest time of publication in an index, `count_marked` the number of claims in an index
    that analysts marked. They are called only for what is beyond its limit. A bucket with marked claims is kept whole:
    its articles, claims and figures.
    """
    verdicts = [judge(each, limits.get(each.family), now) for each in found]
    pairs = [
        (each, keep_newer(each, verdict, limits[each.family], now, find_newest))
        for each, verdict in zip(found, verdicts, strict=True)
    ]
    marked = find_marked(pairs, count_marked)
    return [keep_marked(each, verdict, marked) for each, verdict in pairs]


def judge(found: StoredIndex, days: int | None, now: datetime) -> Verdict:
    """Returns the verdict by the age of the bucket and the settings alone."""
    if found.policy:
        return make_verdict(found, "lifecycle", f"the lifecycle policy {found.policy} of the server manages it")
    if days is None:
        return make_verdict(found, "keep", "no limit is set")
    until = found.end + timedelta(days=days)
    if now < until:
        return make_verdict(found, "keep", f"until {until:%Y-%m-%d}: {days} days after its period")
    return make_verdict(found, "drop", f"its period ended {found.end:%Y-%m-%d}, more than {days} days ago")


def keep_newer(
    found: StoredIndex,
    verdict: Verdict,
    days: int | None,
    now: datetime,
    find_newest: Callable[[str], datetime | None],
) -> Verdict:
    """Keeps an index that has an article which was published after its period, as a later revision says."""
    if verdict.action != "drop" or days is None or not is_of_articles(found):
        return verdict
    newest = find_newest(found.index)
    if newest is None or newest + timedelta(days=days) <= now:
        return verdict
    return replace(verdict, action="keep", reason=f"something in it was published {newest:%Y-%m-%d}")


def find_marked(
    pairs: Iterable[tuple[StoredIndex, Verdict]], count_marked: Callable[[str], int]
) -> dict[tuple[int, str], int]:
    """Returns the number of marked claims by generation and bucket, of those buckets that lose an index.

    The claims may be kept by their own limit. Then nothing that is marked is lost, and the bucket does not count.
    """
    counts = {
        (each.generation, each.bucket): count_marked(each.index)
        for each, verdict in pairs
        if each.family == "claims" and verdict.action == "drop"
    }
    return {key: count for key, count in counts.items() if count}


def keep_marked(found: StoredIndex, verdict: Verdict, marked: Mapping[tuple[int, str], int]) -> Verdict:
    """Keeps what is made from articles in a bucket that has marked claims."""
    count = marked.get((found.generation, found.bucket), 0) if is_of_articles(found) else 0
    if verdict.action != "drop" or not count:
        return verdict
    reason = f"{count:,} of its claims are marked by analysts; --export-marked writes them to a file first"
    return replace(verdict, action="keep", reason=reason)


def make_verdict(found: StoredIndex, action: Action, reason: str) -> Verdict:
    """Returns a verdict on an index."""
    return Verdict(found.index, found.family, found.bucket, found.documents, found.size, action, reason)
