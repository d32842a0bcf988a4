"""Fetching over HTTP, politely: one `Web` for a process, shared by all its connectors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urljoin

from connectors.web.addresses import origin, redacted, split
from connectors.web.charsets import text_of
from connectors.web.freshness import holds_for, retry_after
from connectors.web.hosts import Hosts
from connectors.web.robots import Robots
from connectors.web.wire import Answer, Limits, exchange
from schemas.errors import Permanent, RateLimited, Retryable

PRODUCT = "newsclaims"
AGENT = f"{PRODUCT}/0.1 (reads news feeds)"
REDIRECTS = (301, 302, 303, 307, 308)
LASTING = (301, 308)
MOST_REDIRECTS = 8
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"


@dataclass(frozen=True)
class Request:
    """What is fetched. `headers` may hold credentials, which go to this origin only and are never shown."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    allow_private: bool = False
    robots: bool = True


@dataclass(frozen=True)
class Response:
    """What came back with 200, or with 304 (then `unchanged` is true and the body empty).

    `url` is where it was found in the end, `moved_to` the address that is to be asked from now on (after permanent
    redirects), `holds_for` the seconds for which the server says that nothing changes.
    """

    url: str
    body: bytes
    headers: Mapping[str, str]
    unchanged: bool = False
    moved_to: str | None = None
    holds_for: float = 0.0

    @property
    def text(self) -> str:
        """The body as text, its encoding repaired."""
        return text_of(self.body, self.headers.get("content-type", ""))


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Web:
    """Fetches with conditional requests, robots.txt, spacing for each host, redirects and limits."""

    def __init__(
        self,
        limits: Limits | None = None,
        hosts: Hosts | None = None,
        agent: str = AGENT,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.limits = limits or Limits()
        self.hosts = hosts or Hosts()
        self.agent = agent
        self.clock = clock
        self.robots = {
            private: Robots(partial(self.follow_plainly, allow_private=private), PRODUCT, clock)
            for private in (False, True)
        }

    def get(self, request: Request) -> Response:
        """Fetches one address.

        Raises `RateLimited` with the seconds to wait, `Retryable` for what may pass by itself, and `Permanent` for
        what somebody must look at (gone, forbidden, refused by robots.txt, a private address). Messages name the
        address without its credentials.
        """
        url, moved_to, lasting, seen = request.url, None, True, set[str]()
        while True:
            split(url)
            if url in seen or len(seen) > MOST_REDIRECTS:
                what = "in a circle" if url in seen else f"more than {MOST_REDIRECTS} times"
                raise Retryable(f"{redacted(request.url)} redirects {what}")
            seen.add(url)
            answer = self.ask(request, url)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return self.judge(request, url, answer, moved_to)
            lasting = lasting and answer.status in LASTING
            url = self.next_url(url, answer.headers["location"])
            moved_to = url if lasting else moved_to

    def next_url(self, url: str, location: str) -> str:
        """Where a redirect leads."""
        try:
            return urljoin(url, location.strip())
        except ValueError as error:
            raise Retryable(f"{redacted(url)} redirects to what is no address") from error

    def ask(self, request: Request, url: str) -> Answer:
        """One request, once robots.txt and the host's turn allow it."""
        place, spacing = origin(url), 0.0
        if request.robots:
            robots = self.robots[request.allow_private]
            if not robots.allows(url, place):
                raise Permanent(f"{redacted(url)}: robots.txt of the site does not allow it")
            spacing = robots.spacing(place)
        headers = {"User-Agent": self.agent, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
        if place == origin(request.url):
            headers |= request.headers
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        with self.hosts.turn(str(split(url).hostname), spacing):
            return exchange(url, headers, self.limits, request.allow_private)

    def follow_plainly(self, url: str, allow_private: bool) -> Answer:
        """Fetches robots.txt, with the few redirects that RFC 9309 wants followed."""
        for _ in range(6):
            with self.hosts.turn(str(split(url).hostname)):
                answer = exchange(url, {"User-Agent": self.agent}, self.limits, allow_private)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return answer
            url = self.next_url(url, answer.headers["location"])
        return Answer(404, {}, b"")

    def judge(self, request: Request, url: str, answer: Answer, moved_to: str | None) -> Response:
        """The answer as a response, or as the error that it is."""
        moment = self.clock()
        status, shown = answer.status, redacted(url)
        if status == 304 and (request.etag or request.last_modified):
            return Response(url, b"", answer.headers, True, moved_to, holds_for(answer.headers, moment))
        if status == 200:
            return Response(url, answer.body, answer.headers, False, moved_to, holds_for(answer.headers, moment))
        wait = retry_after(answer.headers.get("retry-after"), moment)
        if status == 429 or (status == 503 and wait is not None):
            raise RateLimited(f"{shown} answers {status} and asks for a pause", wait or 0.0)
        if status in (401, 403):
            raise Permanent(f"{shown} answers {status}: it wants credentials, or does not want us; see `headers`")
        if status in (404, 410):
            raise Permanent(f"{shown} answers {status}: nothing is there (any more)")
        if 400 <= status < 500 and status not in (408, 425):
            raise Permanent(f"{shown} answers {status}")
        raise Retryable(f"{shown} answers {status}")
