"""How fast something grows: the records per second of a status."""

from collections import deque


class RateMeter:
    """Measures how much a count grows per second, over the last `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._history: deque[tuple[float, float]] = deque()

    def measure(self, now: float, count: float) -> float:
        """Takes the count of this moment, in seconds. Returns its growth per second; 0 the first time."""
        self._history.append((now, count))
        while len(self._history) > 2 and now - self._history[0][0] > self._seconds:
            self._history.popleft()
        then, before = self._history[0]
        return (count - before) / (now - then) if now > then else 0.0
