"""robots.txt: the examples of RFC 9309, wildcards, caching, and what happens if it cannot be read."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.web.client import Request, Web
from connectors.web.hosts import HostLimits
from connectors.web.robots import LONGEST, SLOWEST, Robots
from connectors.web.wire import FetchLimits, RawResponse
from schemas.errors import Permanent, Retryable
from tests.connectors.web_server import WebServer

ORIGIN = "https://pier.example:443"


class Site:
    """A site with a robots.txt, and a clock."""

    def __init__(self, text: str = "", status: int = 200, agent: str = "newsclaims") -> None:
        self.response = RawResponse(status, {}, text.encode())
        self.fetched = 0
        self.now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
        self.robots = Robots(self.fetch, agent, lambda: self.now)

    def fetch(self, url: str) -> RawResponse:
        assert url == f"{ORIGIN}/robots.txt"
        self.fetched += 1
        return self.response

    def allows(self, path: str) -> bool:
        return self.robots.allows(f"https://pier.example{path}", ORIGIN)


def allows(text: str, path: str, agent: str = "newsclaims") -> bool:
    return Site(text, agent=agent).allows(path)


# RFC 9309, section 5.1.
SIMPLE = """\
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("agent", "path", "expected"),
    [("newsclaims", "/pictures/boat.gif", False), ("newsclaims", "/pictures/boat.gif?size=2", True),
     ("newsclaims", "/example/page.html", False), ("newsclaims", "/publications/", True), ("newsclaims", "/", True),
     ("foobot", "/example/page.html", True), ("foobot", "/example/allowed.gif", True),
     ("foobot", "/example/", False), ("foobot", "/publications/", False), ("FooBot", "/", False),
     ("barbot", "/example/page.html", False), ("bazbot", "/example/page.html", False),
     ("barbot", "/example/", True), ("bazbot", "/pictures/boat.gif", True),
     ("quxbot", "/example/page.html", True), ("quxbot", "/pictures/boat.gif", True)],
)  # fmt: skip
def test_simple_example_of_the_rfc(agent: str, path: str, expected: bool) -> None:
    assert allows(SIMPLE, path, agent) is expected


def test_longest_match_of_the_rfc() -> None:
    # RFC 9309, section 5.2.
    text = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n"
    assert allows(text, "/example/page/", "foobot")
    assert not allows(text, "/example/page/disallowed.gif", "foobot")


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [("Allow: /folder\nDisallow: /folder", "/folder/page", True),
     ("Disallow: /folder\nAllow: /folder", "/folder/page", True),
     ("Disallow: /\nAllow: /news/", "/news/1", True), ("Disallow: /\nAllow: /news/", "/sport/1", False),
     ("Allow: /\nDisallow: /private/", "/private/1", False), ("Disallow: /private\nAllow: /", "/private", False),
     ("Allow: /page\nDisallow: /*.htm", "/page.htm", False), ("Allow: /$\nDisallow: /", "/", True),
     ("Allow: /$\nDisallow: /", "/page", False)],
)  # fmt: skip
def test_the_longest_rule_wins_and_allow_wins_a_tie(rules: str, path: str, expected: bool) -> None:
    # RFC 9309, section 2.2.2: the order of the rules does not matter.
    assert allows(f"User-agent: *\n{rules}\n", path) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [("/fish", "/fish.html", True), ("/fish", "/Fish.asp", False), ("/fish", "/catfish", False),
     ("/fish", "/?id=fish", False), ("/fish*", "/fishheads/yummy.html", True), ("/fish*", "/desert/fish", False),
     ("/fish/", "/fish/salmon", True), ("/fish/", "/fish", False), ("/*.php", "/folder/any.php.file.html", True),
     ("/*.php", "/windows.PHP", False), ("/*.php$", "/folder/filename.php", True),
     ("/*.php$", "/filename.php?parameters", False), ("/*.php$", "/filename.php5", False),
     ("/fish*.php", "/fishheads/catfish.php?parameters", True), ("/fish*.php", "/Fish.PHP", False),
     ("/*.pdf$", "/reports/2026.pdf", True), ("/*.pdf$", "/reports/2026.pdf.html", False),
     ("/search*", "/search?q=tides", True), ("/search*", "/research", False), ("/path/file-with-a-%2A.html",
     "/path/file-with-a-*.html", True), ("/path/foo-%24", "/path/foo-$", True), ("/*/private/", "/a/b/private/c", True),
     ("/a$b", "/a$b/c", True), ("*", "/anything", True), ("/tide.html # soon", "/tide.html", True)],
)  # fmt: skip
def test_wildcards(pattern: str, path: str, matches: bool) -> None:
    # RFC 9309, section 2.2.3: `*` matches any characters, `$` the end, `#` begins a comment.
    assert allows(f"User-agent: *\nDisallow: {pattern}\n", path) is not matches


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("/foo/bar?baz=quz", "/foo/bar?baz=quz"),
     ("/foo/bar?baz=http://foo.bar", "/foo/bar?baz=http://foo.bar"),
     ("/foo/bar?baz=http%3A%2F%2Ffoo.bar", "/foo/bar?baz=http%3A%2F%2Ffoo.bar"),
     ("/foo/bar/ツ", "/foo/bar/%E3%83%84"), ("/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84"),
     ("/foo/bar/%E3%83%84", "/foo/bar/ツ"), ("/foo/bar/%62%61%7A", "/foo/bar/baz")],
)  # fmt: skip
def test_percent_encoding(pattern: str, path: str) -> None:
    # RFC 9309, section 2.2.2: both sides are compared after percent-encoding.
    assert not allows(f"User-agent: *\nDisallow: {pattern}\n", path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("User-agent: NEWSCLAIMS\nDisallow: /\n", False), ("user-agent:newsclaims\ndisallow:/\n", False),
     ("User-agent: otherbot\nDisallow: /\n", True), ("User-agent: newsclaims-images\nDisallow: /\n", True),
     ("User-agent: claims\nDisallow: /\n", True), ("User-agent: *\nDisallow: /\nUser-agent: newsclaims\n", True),
     ("Disallow: /\n", True), ("", True), ("User-agent: *\nDisallow:\n", True),
     ("\ufeffUser-agent: *\nDisallow: /", False),
     ("User-agent: *\r\nDisallow: /\r\n", False), ("User-agent: *\rDisallow: /\r", False),
     ("User-agent: *\nSitemap: https://pier.example/map\nDisallow: /\n", False), ("<html>Not found</html>", True)],
)  # fmt: skip
def test_which_group_applies(text: str, expected: bool) -> None:
    # RFC 9309, section 2.2.1: our product token without regard to case, else the group `*`, else everything.
    assert allows(text, "/page") is expected


def test_groups_with_the_same_name_are_combined() -> None:
    text = (
        "User-agent: newsclaims\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n\nUser-agent: NewsClaims\nDisallow: /c\n"
    )
    assert [allows(text, path) for path in ("/a", "/b", "/c")] == [False, True, False]


def test_robots_txt_itself_is_always_allowed() -> None:
    assert allows("User-agent: *\nDisallow: /\n", "/robots.txt")


@pytest.mark.parametrize(("status", "expected"), [(404, True), (403, True), (401, True), (410, True), (302, True)])
def test_an_unavailable_file_allows_everything(status: int, expected: bool) -> None:
    # RFC 9309, section 2.3.1.3.
    assert Site("User-agent: *\nDisallow: /\n", status).allows("/page") is expected


@pytest.mark.parametrize("status", [500, 503, 599, 429])
def test_a_failing_server_allows_nothing_for_now(status: int) -> None:
    # RFC 9309, section 2.3.1.4.
    site = Site("", status)
    with pytest.raises(Retryable, match=f"robots.txt returned status {status}"):
        site.allows("/page")
    site.response = RawResponse(200, {}, b"")
    assert site.allows("/page")


def test_the_rules_are_cached_for_a_day() -> None:
    site = Site("User-agent: *\nDisallow: /a\n")
    assert not site.allows("/a")
    site.response = RawResponse(200, {}, b"")
    site.now += timedelta(hours=23)
    assert not site.allows("/a")
    site.now += timedelta(hours=2)
    assert site.allows("/a")
    assert site.fetched == 2


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.web.robots.MOST_ORIGINS", 2)
    site = Site()
    site.robots.fetch = lambda _: site.response
    for number in range(5):
        site.robots.allows("https://pier.example/", f"https://pier{number}.example:443")
    assert len(site.robots.cache) == 2


def test_the_beginning_of_a_huge_file_is_read() -> None:
    comment = "# " + "x" * LONGEST + "\n"
    assert not allows(f"User-agent: *\nDisallow: /\n{comment}", "/page")
    assert allows(f"{comment}User-agent: *\nDisallow: /\n", "/page")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("User-agent: *\nCrawl-delay: 2.5\n", 2.5), ("User-agent: *\nCrawl-delay: 900\n", SLOWEST),
     ("User-agent: *\nCrawl-delay: soon\n", 0), ("User-agent: newsclaims\nCrawl-delay: 4\n", 4), ("", 0),
     ("User-agent: other\nCrawl-delay: 4\n", 0)],
)  # fmt: skip
def test_crawl_delay(text: str, seconds: float) -> None:
    assert Site(text).robots.crawl_delay(ORIGIN) == seconds


def make_web() -> Web:
    return Web(FetchLimits(5, 3), HostLimits(spacing=0))


def test_disallowed_pages_are_not_fetched(server: WebServer) -> None:
    server.serve("/robots.txt", "User-agent: *\nDisallow: /private\nUser-agent: newsclaims\nDisallow: /feed\n")
    server.serve("/feed", "x")
    server.serve("/private", "y")
    web = make_web()
    with pytest.raises(Permanent, match=r"robots\.txt disallows"):
        web.get(Request(server.url("/feed"), allow_private=True))
    assert web.get(Request(server.url("/private"), allow_private=True)).text == "y"
    assert web.get(Request(server.url("/feed"), allow_private=True, robots=False)).text == "x"
    assert len(server.seen("/robots.txt")) == 1


@pytest.mark.parametrize(("redirects", "is_allowed"), [(5, False), (6, True)])
def test_five_redirects_of_a_robots_txt_are_followed(server: WebServer, redirects: int, is_allowed: bool) -> None:
    # RFC 9309, section 2.3.1.2.
    server.serve("/robots.txt", b"", 302, location="/1")
    for number in range(1, redirects):
        server.serve(f"/{number}", b"", 302, location=f"/{number + 1}")
    server.serve(f"/{redirects}", "User-agent: *\nDisallow: /feed\n")
    server.serve("/feed", "x")
    request = Request(server.url("/feed"), allow_private=True)
    if is_allowed:
        assert make_web().get(request).text == "x"
    else:
        with pytest.raises(Permanent, match=r"robots\.txt"):
            make_web().get(request)


def test_a_failing_robots_txt_stops_us(server: WebServer) -> None:
    server.serve("/robots.txt", b"", 503)
    server.serve("/feed", "x")
    with pytest.raises(Retryable, match=r"robots\.txt returned status 503"):
        make_web().get(Request(server.url("/feed"), allow_private=True))
    assert server.seen("/feed") == []
