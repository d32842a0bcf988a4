"""The time until a feed is polled again: pure functions, in seconds."""

from random import Random

from schemas.durations import DAY

JITTER = 0.1
"""Random share added to a wait, so that feeds with the same interval are not all polled at the same time."""
MOST_INTERVALS = 4
"""Intervals that a source may ask for: its operator may be careless, ours has chosen the interval."""


def wait_after_success(interval: float, requested: float, random: Random) -> float:
    """Returns the wait after a successful poll.

    It is the interval, or what the source asks for (TTL, Cache-Control) if that is longer, up to `MOST_INTERVALS`.
    """
    return max(interval, min(requested, MOST_INTERVALS * interval, DAY)) * (1 + JITTER * random.random())


def wait_after_failure(interval: float, failures: int, requested: float, random: Random) -> float:
    """Returns the wait after `failures` failures in a row.

    It doubles each time up to a day, with random jitter, and is never shorter than the source asks for. A feed is
    never given up: it is polled about once a day at least.
    """
    grown = min(interval * 2.0 ** min(failures - 1, 20), DAY)
    return max(min(requested, DAY), grown * (0.75 + random.random() / 4))
