"""How many articles come when: a mean, the shape of a day with its busiest hour, and bursts."""

import math
from dataclasses import dataclass

DAY_SECONDS = 86_400.0
STEP_SECONDS = 60.0
BUSIEST = 15 * 3600.0
"""Second of the day at which most articles come. Only its distance to the quiet hours matters."""


@dataclass(frozen=True)
class ArticleLoad:
    """The load: articles a day, how much busier the busiest moment of a day is than the mean, and a burst.

    `burst` is a factor to the mean as well; the burst lasts `burst_seconds` and comes at the busiest moment.
    """

    articles_per_day: float
    peak: float
    burst: float
    burst_seconds: float

    @property
    def mean(self) -> float:
        """Articles a second over the day."""
        return self.articles_per_day / DAY_SECONDS

    @property
    def peak_rate(self) -> float:
        """Articles a second at the busiest moment of a usual day."""
        return self.mean * self.peak

    @property
    def burst_rate(self) -> float:
        """Articles a second during a burst, at least those of the busiest moment."""
        return self.mean * max(self.burst, self.peak)

    def find_rate(self, second: float, concentration: float) -> float:
        """Returns the articles a second at a second of a usual day; see `find_concentration`."""
        angle = 2 * math.pi * (second - BUSIEST) / DAY_SECONDS
        return self.peak_rate * math.exp(concentration * (math.cos(angle) - 1))

    def list_rates(self, step: float = STEP_SECONDS) -> list[float]:
        """Returns the articles a second in each step of a usual day."""
        concentration = find_concentration(self.peak)
        return [self.find_rate(number * step, concentration) for number in range(round(DAY_SECONDS / step))]


def find_concentration(peak: float) -> float:
    """Returns the concentration k of the day `exp(k·cos t)` whose largest value is `peak` times its mean.

    That is the von Mises distribution: one smooth maximum, no negative rates, and any peak.
    """
    low, high = 0.0, 1.0
    while _find_peak(high) < peak:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _find_peak(middle) < peak else (low, middle)
    return low


def _find_peak(concentration: float) -> float:
    """Returns the largest value of the shape against its mean."""
    count = 2_000
    total = sum(math.exp(concentration * (math.cos(2 * math.pi * each / count) - 1)) for each in range(count))
    return count / total
