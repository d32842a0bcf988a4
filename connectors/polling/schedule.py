"""When a feed is polled next: pure functions, in seconds."""

from random import Random

DAY = 86_400.0
JITTER = 0.1
"""Share by which polls are spread, so that feeds of one interval do not all come at once."""


def after_success(interval: float, asked: float, random: Random) -> float:
    """The wait after a poll that worked: the interval, or what the source asks for (TTL, Cache-Control) if longer.

    What a source asks for counts up to four intervals: its operator may be careless, ours has chosen the interval.
    """
    return max(interval, min(asked, 4 * interval, DAY)) * (1 + JITTER * random.random())


def after_failure(interval: float, failures: int, asked: float, random: Random) -> float:
    """The wait after so many failures in a row: doubled each time up to a day, spread, never shorter than asked for.

    A feed is never given up: it is asked at least once in about a day.
    """
    grown = min(interval * 2.0 ** min(failures - 1, 20), DAY)
    return max(min(asked, DAY), grown * (0.75 + random.random() / 4))
