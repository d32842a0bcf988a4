"""Polite fetching over HTTP: one `Web` per process, shared by all its connectors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import NoReturn
from urllib.parse import urljoin

from connectors.web.addresses import origin_of, redact, split_url
from connectors.web.charsets import DecodedText, decode_body
from connectors.web.freshness import find_freshness, parse_retry_after
from connectors.web.hosts import HostLimits
from connectors.web.packing import unpack
from connectors.web.robots import Robots
from connectors.web.wire import FetchLimits, RawResponse, exchange
from schemas.errors import Gone, Permanent, RateLimited, Retryable

PRODUCT = "newsclaims"
AGENT = f"{PRODUCT}/0.1 (reads news feeds)"
GONE = (410, 451)
"""Statuses of a page that was taken away on purpose: gone, or for legal reasons."""
REDIRECTS = (301, 302, 303, 307, 308)
LASTING = (301, 308)
MOST_REDIRECTS = 8
MOST_ROBOTS_REDIRECTS = 5
"""RFC 9309, section 2.3.1.2: at least five redirects of a robots.txt are followed."""
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"


@dataclass(frozen=True)
class Request:
    """What to fetch. `headers` may hold credentials: they are sent to this origin only and never logged."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    allow_private: bool = False
    robots: bool = True


@dataclass(frozen=True)
class Response:
    """A response with status 200, or with 304 (then `unchanged` is true and the body empty).

    A body that is a gzip file is decompressed.

    `url` is the address after all redirects, `moved_to` the one to use from now on (after permanent redirects), and
    `fresh_for` the seconds for which the server says that the response stays valid.
    """

    url: str
    body: bytes
    headers: Mapping[str, str]
    unchanged: bool = False
    moved_to: str | None = None
    fresh_for: float = 0.0

    @property
    def text(self) -> str:
        """The body as text; a wrong declaration of its encoding is corrected."""
        return self.decoded.text

    @property
    def decoded(self) -> DecodedText:
        """The body as text, with its encoding."""
        return decode_body(self.body, self.headers.get("content-type", ""))


def utc_now() -> datetime:
    """Returns the current time in UTC."""
    return datetime.now(UTC)


class Web:
    """Fetches with conditional requests, robots.txt, spacing for each host, redirects and limits."""

    def __init__(
        self,
        limits: FetchLimits | None = None,
        hosts: HostLimits | None = None,
        agent: str = AGENT,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.limits = limits or FetchLimits()
        self.hosts = hosts or HostLimits()
        self.agent = agent
        self.clock = clock
        self.robots = {
            private: Robots(partial(self.fetch_robots_txt, allow_private=private), PRODUCT, clock)
            for private in (False, True)
        }

    def get(self, request: Request) -> Response:
        """Fetches one address.

        Raises `RateLimited` with the seconds to wait, `Retryable` for what may pass by itself, and `Permanent` for
        what needs an operator (gone, forbidden, refused by robots.txt, a private address). Messages show the address
        without its credentials.
        """
        url, moved_to, lasting, seen = request.url, None, True, set[str]()
        while True:
            split_url(url)
            if url in seen or len(seen) > MOST_REDIRECTS:
                what = "in a circle" if url in seen else f"more than {MOST_REDIRECTS} times"
                raise Retryable(f"{redact(request.url)} redirects {what}")
            seen.add(url)
            response = self.send(request, url)
            if response.status not in REDIRECTS or "location" not in response.headers:
                return self.interpret(request, url, response, moved_to)
            lasting = lasting and response.status in LASTING
            url = self.resolve_redirect(url, response.headers["location"])
            moved_to = url if lasting else moved_to

    def resolve_redirect(self, url: str, location: str) -> str:
        """Returns the address that a redirect leads to."""
        try:
            return urljoin(url, location.strip())
        except ValueError as error:
            raise Retryable(f"{redact(url)} redirects to something that is not an address") from error

    def send(self, request: Request, url: str) -> RawResponse:
        """Sends one request as soon as robots.txt and the limits of the host allow it."""
        origin, spacing = origin_of(url), 0.0
        if request.robots:
            robots = self.robots[request.allow_private]
            if not robots.allows(url, origin):
                raise Permanent(f"{redact(url)}: the site's robots.txt disallows it")
            spacing = robots.crawl_delay(origin)
        headers = {"User-Agent": self.agent, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
        if origin == origin_of(request.url):
            headers |= request.headers
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        with self.hosts.take_turn(str(split_url(url).hostname), spacing):
            return exchange(url, headers, self.limits, request.allow_private)

    def fetch_robots_txt(self, url: str, allow_private: bool) -> RawResponse:
        """Fetches a robots.txt; after too many redirects it counts as unavailable."""
        for _ in range(MOST_ROBOTS_REDIRECTS + 1):
            with self.hosts.take_turn(str(split_url(url).hostname)):
                response = exchange(url, {"User-Agent": self.agent}, self.limits, allow_private)
            if response.status not in REDIRECTS or "location" not in response.headers:
                return response
            url = self.resolve_redirect(url, response.headers["location"])
        return RawResponse(404, {}, b"")

    def interpret(self, request: Request, url: str, response: RawResponse, moved_to: str | None) -> Response:
        """Returns the response if it succeeded; raises the error that its status means if not."""
        unchanged = response.status == 304 and bool(request.etag or request.last_modified)
        if response.status != 200 and not unchanged:
            raise_for_status(response, redact(url))
        body = b"" if unchanged else unpack(response.body, redact(url))
        fresh_for = find_freshness(response.headers, self.clock())
        return Response(url, body, response.headers, unchanged, moved_to, fresh_for)


def raise_for_status(response: RawResponse, shown: str) -> NoReturn:
    """Raises the error that a status other than success means; `shown` is the address as it may be logged."""
    status, headers = response.status, response.headers
    wait = parse_retry_after(headers.get("retry-after"))
    if status == 429 or (status == 503 and wait is not None):
        raise RateLimited(f"{shown} returned status {status} and asks for a pause", wait or 0.0)
    if status in (401, 403):
        raise Permanent(
            f"{shown} returned status {status}: it needs credentials (set `headers`) or does not admit this client"
        )
    if status in GONE:
        raise Gone(f"{shown} returned status {status}: the page was taken away on purpose")
    if status == 404:
        raise Permanent(f"{shown} returned status {status}: there is nothing at this address (any more)")
    if 400 <= status < 500 and status not in (408, 425):
        raise Permanent(f"{shown} returned status {status}")
    raise Retryable(f"{shown} returned status {status}")
