"""robots.txt (RFC 9309): what may be fetched, and how slowly; remembered for a day for each origin."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser

from connectors.web.wire import Answer
from schemas.errors import Retryable

KEPT = timedelta(hours=24)
"""RFC 9309, 2.4: not longer than a day."""
LONGEST = 512_000
"""RFC 9309, 2.5: at least 500 kibibytes are to be read."""
REMEMBERED = 5_000
"""Origins kept in memory."""
SLOWEST = 30.0
"""Seconds between requests that a Crawl-delay can ask for at most."""


@dataclass(frozen=True)
class Rules:
    """What an origin's robots.txt says."""

    parser: RobotFileParser
    until: datetime


class Robots:
    """Reads robots.txt of each origin through `fetch` and answers for our product name."""

    def __init__(self, fetch: Callable[[str], Answer], agent: str, clock: Callable[[], datetime]) -> None:
        self.fetch = fetch
        self.agent = agent
        self.clock = clock
        self.known: OrderedDict[str, Rules] = OrderedDict()
        self.lock = threading.Lock()

    def allows(self, url: str, origin: str) -> bool:
        """Whether the URL may be fetched. Raises `Retryable` where robots.txt cannot be read: then nothing may be."""
        return self.rules(origin).can_fetch(self.agent, url)

    def spacing(self, origin: str) -> float:
        """Seconds between requests that robots.txt asks for."""
        delay = self.rules(origin).crawl_delay(self.agent)
        return min(float(delay), SLOWEST) if delay else 0.0

    def rules(self, origin: str) -> RobotFileParser:
        """The rules of an origin, read when they are not known or too old."""
        now = self.clock()
        with self.lock:
            known = self.known.get(origin)
        if known and known.until > now:
            return known.parser
        parser = self.read(origin)
        with self.lock:
            self.known[origin] = Rules(parser, now + KEPT)
            while len(self.known) > REMEMBERED:
                self.known.popitem(last=False)
        return parser

    def read(self, origin: str) -> RobotFileParser:
        """Fetches and parses. A file that is not there allows all, a server that fails allows nothing for now."""
        answer = self.fetch(f"{origin}/robots.txt")
        if answer.status == 429 or answer.status >= 500:
            raise Retryable(f"{origin}/robots.txt answers {answer.status}, so nothing is fetched there for now")
        parser = RobotFileParser()
        text = answer.body[:LONGEST].decode("utf-8", "replace") if answer.status < 300 else ""
        parser.parse(text.splitlines())
        return parser
