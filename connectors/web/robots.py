"""robots.txt (RFC 9309): what may be fetched, and how slowly. The rules of each origin are cached for a day.

protego parses and matches. It differs from the RFC in two points. A group whose name is the beginning of our product
token (`User-agent: news`) applies to us if no group has the whole token. And a reserved character such as `:` in a
query does not match its percent-encoded form.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from connectors.web.wire import RawResponse
from schemas.errors import Retryable

CACHED_FOR = timedelta(hours=24)
"""RFC 9309, section 2.4: a copy should not be used for more than a day."""
LONGEST = 512_000
"""Bytes that are parsed. RFC 9309, section 2.5: at least 500 kibibytes."""
MOST_ORIGINS = 5_000
"""Origins kept in memory."""
SLOWEST = 30.0
"""The longest Crawl-delay that is followed, in seconds."""


@dataclass(frozen=True)
class CachedRules:
    """The parsed robots.txt of one origin, and when to fetch it again."""

    rules: Protego
    until: datetime


class Robots:
    """Fetches the robots.txt of each origin with `fetch` and answers for the product token `agent`."""

    def __init__(self, fetch: Callable[[str], RawResponse], agent: str, clock: Callable[[], datetime]) -> None:
        self.fetch = fetch
        self.agent = agent
        self.clock = clock
        self.cache: OrderedDict[str, CachedRules] = OrderedDict()
        self.lock = threading.Lock()

    def allows(self, url: str, origin: str) -> bool:
        """Whether the URL may be fetched. Raises `Retryable` if robots.txt is unreachable: then nothing may be."""
        return self.find_rules(origin).can_fetch(url, self.agent)

    def crawl_delay(self, origin: str) -> float:
        """Returns the seconds between two requests that robots.txt asks for."""
        delay = self.find_rules(origin).crawl_delay(self.agent)
        return min(float(delay), SLOWEST) if delay else 0.0

    def find_rules(self, origin: str) -> Protego:
        """Returns the rules of an origin; fetches them if they are not cached or too old."""
        now = self.clock()
        with self.lock:
            cached = self.cache.get(origin)
        if cached and cached.until > now:
            return cached.rules
        rules = self.fetch_rules(origin)
        with self.lock:
            self.cache[origin] = CachedRules(rules, now + CACHED_FOR)
            while len(self.cache) > MOST_ORIGINS:
                self.cache.popitem(last=False)
        return rules

    def fetch_rules(self, origin: str) -> Protego:
        """Fetches and parses a robots.txt.

        RFC 9309, section 2.3.1: a file that is unavailable (4xx) allows everything, a server that fails (5xx) allows
        nothing for now. A 429 counts as failing.
        """
        response = self.fetch(f"{origin}/robots.txt")
        if response.status == 429 or response.status >= 500:
            raise Retryable(
                f"{origin}/robots.txt returned status {response.status}, so nothing is fetched from there for now"
            )
        text = response.body[:LONGEST].decode("utf-8-sig", "replace") if response.status < 300 else ""
        return Protego.parse(text)
