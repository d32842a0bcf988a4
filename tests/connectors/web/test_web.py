"""Fetching from hostile servers, all on 127.0.0.1: nothing hangs, and each ill has its sentence."""

import gzip
import tracemalloc
import zlib
from datetime import UTC, datetime
from time import monotonic

import pytest

from connectors.web import wire
from connectors.web.addresses import is_public, redacted
from connectors.web.charsets import text_of
from connectors.web.client import Request, Response, Web
from connectors.web.freshness import holds_for, retry_after
from connectors.web.hosts import Hosts
from connectors.web.wire import Limits
from schemas.errors import NewsclaimsError, Permanent, RateLimited, Retryable
from tests.connectors.web_server import Handler, Server, drip, drip_headers, endless, silent

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def web(total: float = 5.0, silence: float = 3.0, body: int = 1_000_000) -> Web:
    return Web(Limits(total, silence, body), Hosts(spacing=0), clock=lambda: NOW)


def get(url: str, **options: object) -> Response:
    return web().get(Request(url, allow_private=True, **options))  # type: ignore[arg-type]


def test_body_headers_and_our_name(server: Server) -> None:
    response = get(server.serve("/a", "héllo", content_type="text/plain", etag='"1"'))
    assert response.text == "héllo"
    assert response.headers["etag"] == '"1"'
    assert server.seen("/a")[0]["user-agent"].startswith("newsclaims/")


def test_conditional_request_and_304(server: Server) -> None:
    server.serve("/a", b"", status=304, cache_control="max-age=600")
    response = get(server.url("/a"), etag='"x"', last_modified="Mon, 02 Mar 2026 11:00:00 GMT")
    assert response.unchanged
    assert response.holds_for == 600
    asked = server.seen("/a")[0]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"x"', "Mon, 02 Mar 2026 11:00:00 GMT")


def test_304_that_nobody_asked_for_is_an_error(server: Server) -> None:
    with pytest.raises(Retryable, match="304"):
        get(server.serve("/a", b"", status=304))


@pytest.mark.parametrize("answer", [drip(b"x"), drip_headers])
def test_slow_drip_ends_at_the_total_limit(server: Server, answer: object) -> None:
    server.answers["/a"] = answer  # type: ignore[assignment]
    begun = monotonic()
    with pytest.raises(Retryable, match=r"not finished after 0\.6 seconds"):
        web(total=0.6).get(Request(server.url("/a"), allow_private=True, robots=False))
    assert monotonic() - begun < 3


def test_silence_ends_at_its_limit(server: Server) -> None:
    server.answers["/a"] = silent
    with pytest.raises(Retryable, match=r"silent for 0\.3 seconds"):
        web(silence=0.3).get(Request(server.url("/a"), allow_private=True, robots=False))


def test_endless_body_ends_at_the_size_limit(server: Server) -> None:
    server.answers["/a"] = endless
    with pytest.raises(Retryable, match="longer than 1,000,000 bytes"):
        get(server.url("/a"))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_compression_bomb_is_never_unpacked(server: Server, coding: str) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1) if coding == "gzip" else zlib.compress(bytes(200_000_000), 1)
    url = server.serve("/bomb", bomb, content_encoding=coding)
    tracemalloc.start()
    with pytest.raises(Retryable, match="after decompression"):
        get(url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_compressed_body_is_read(server: Server) -> None:
    assert get(server.serve("/a", gzip.compress(b"news"), content_encoding="gzip")).body == b"news"


def test_broken_compression_is_told(server: Server) -> None:
    with pytest.raises(Retryable, match="broke off"):
        get(server.serve("/a", b"no gzip", content_encoding="gzip"))


def test_shorter_than_its_length_is_told(server: Server) -> None:
    server.answers["/a"] = lambda handler: handler.reply(200, b"part", {"Content-Length": "400"})
    with pytest.raises(Retryable, match="broke off"):
        get(server.url("/a"))


def test_no_http_at_all_is_told(server: Server) -> None:
    def nonsense(handler: Handler) -> None:
        handler.wfile.write(b"SSH-2.0-OpenSSH\r\n")

    server.answers["/a"] = nonsense
    with pytest.raises(Retryable, match="no HTTP"):
        get(server.url("/a"), robots=False)


def test_nothing_listens(server: Server) -> None:
    with pytest.raises(Retryable, match="connection refused"):
        get("http://127.0.0.1:9/feed", robots=False)


def test_permanent_redirects_are_recorded_until_one_is_temporary(server: Server) -> None:
    server.serve("/old", b"", 301, location="/new")
    server.serve("/new", b"", 308, location="/newer")
    server.serve("/newer", b"", 302, location="/today")
    server.serve("/today", "feed")
    response = get(server.url("/old"))
    assert response.url == server.url("/today")
    assert response.moved_to == server.url("/newer")


def test_temporary_redirect_moves_nothing(server: Server) -> None:
    server.serve("/a", b"", 302, location="/b")
    server.serve("/b", b"", 301, location="/c")
    server.serve("/c", "feed")
    assert get(server.url("/a")).moved_to is None


def test_redirect_circle_and_chain_end(server: Server) -> None:
    server.serve("/a", b"", 302, location="/b")
    server.serve("/b", b"", 302, location="/a")
    with pytest.raises(Retryable, match="in a circle"):
        get(server.url("/a"))
    for number in range(20):
        server.serve(f"/{number}", b"", 302, location=f"/{number + 1}")
    with pytest.raises(Retryable, match="more than 8 times"):
        get(server.url("/0"))


def test_redirect_to_a_file_is_refused(server: Server) -> None:
    server.serve("/a", b"", 302, location="file:///etc/passwd")
    with pytest.raises(Permanent, match="no web address"):
        get(server.url("/a"))


@pytest.mark.parametrize(("value", "wait"), [("120", 120.0), ("Mon, 02 Mar 2026 12:05:00 GMT", 300.0), ("", 0.0)])
def test_429_says_how_long_to_wait(server: Server, value: str, wait: float) -> None:
    with pytest.raises(RateLimited) as caught:
        get(server.serve("/a", b"", 429, retry_after=value))
    assert caught.value.wait == wait


@pytest.mark.parametrize(
    ("status", "kind"), [(500, Retryable), (502, Retryable), (503, Retryable), (404, Permanent), (410, Permanent),
                         (401, Permanent), (403, Permanent), (418, Permanent), (408, Retryable)],
)  # fmt: skip
def test_statuses_by_what_must_be_done(server: Server, status: int, kind: type[NewsclaimsError]) -> None:
    with pytest.raises(kind, match=str(status)):
        get(server.serve("/a", b"", status))


def test_robots_are_obeyed_asked_once_and_can_be_left_out(server: Server) -> None:
    server.serve("/robots.txt", "User-agent: *\nDisallow: /private\nUser-agent: newsclaims\nDisallow: /feed\n")
    server.serve("/feed", "x")
    server.serve("/private", "y")
    ours = web()
    with pytest.raises(Permanent, match=r"robots\.txt"):
        ours.get(Request(server.url("/feed"), allow_private=True))
    assert ours.get(Request(server.url("/private"), allow_private=True)).text == "y"
    assert ours.get(Request(server.url("/feed"), allow_private=True, robots=False)).text == "x"
    assert len(server.seen("/robots.txt")) == 1


def test_robots_that_fail_stop_us_for_now(server: Server) -> None:
    server.serve("/robots.txt", b"", 503)
    server.serve("/feed", "x")
    with pytest.raises(Retryable, match=r"robots\.txt answers 503"):
        get(server.url("/feed"))
    assert server.seen("/feed") == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_refused_before_anything_is_sent(server: Server, host: str) -> None:
    server.serve("/a", "secret")
    with pytest.raises(Permanent, match="private address"):
        web().get(Request(server.url("/a", host), robots=False))
    assert server.requests == []


def test_a_name_that_resolves_to_a_private_address_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(wire.socket, "getaddrinfo", resolve)
    with pytest.raises(Permanent, match=r"news\.example is at the private address 127\.0\.0\.1"):
        web().get(Request(server.url("/a", "news.example"), robots=False))
    assert server.requests == []


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("10.1.2.3", False), ("169.254.169.254", False), ("100.64.0.1", False), ("::1", False),
     ("fe80::1%eth0", False), ("fd00::1", False), ("0.0.0.0", False), ("::ffff:10.0.0.1", False), ("224.0.0.1", False),
     ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False), ("2606:2800:220:1::1", True), ("64:ff9b::808:808", True)],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_credentials_are_sent_to_their_origin_only_and_never_shown(server: Server) -> None:
    other = server.url("/there", "localhost")
    server.answers["/a"] = lambda handler: handler.reply(302, b"", {"Location": other})
    server.serve("/there", b"", 500)
    url = f"http://me:hush@127.0.0.1:{server.server_port}/a?api_key=hush2&page=1"
    with pytest.raises(Retryable) as caught:
        get(url, headers={"X-Token": "hush3"})
    first, second = server.seen("/a?api_key=hush2&page=1")[0], server.seen("/there")[0]
    assert first["authorization"].startswith("Basic ")
    assert first["x-token"] == "hush3"
    assert "authorization" not in second
    assert "x-token" not in second
    assert "hush" not in str(caught.value)
    assert "hush3" not in repr(Request(url, headers={"X-Token": "hush3"}))


@pytest.mark.parametrize(
    ("url", "shown"),
    [("https://u:p@a.example/x?token=1&b=2", "https://a.example/x?token=…&b=2"),
     ("https://a.example/x?page=2#top", "https://a.example/x?page=2#top")],
)  # fmt: skip
def test_redacted(url: str, shown: str) -> None:
    assert redacted(url) == shown


def test_proxy_of_the_environment_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url())
    monkeypatch.setenv("https_proxy", server.url())
    server.answers["http://news.example/feed"] = lambda handler: handler.reply(200, b"through")
    assert web().get(Request("http://news.example/feed", robots=False)).body == b"through"
    with pytest.raises(Retryable):
        web().get(Request("https://news.example/feed", robots=False))
    assert server.requests[-1][0] == "news.example:443"


def test_spacing_for_each_host() -> None:
    time = [0.0]

    def wait(condition: object, seconds: float | None) -> None:
        assert seconds
        time[0] += seconds

    hosts = Hosts(spacing=2.0, clock=lambda: time[0], wait=wait)
    begun = []
    for name in ("a", "a", "b", "a"):
        with hosts.turn(name, 5.0 if name == "b" else 0.0):
            begun.append((name, time[0]))
    assert begun == [("a", 0), ("a", 2), ("b", 2), ("a", 4)]
    assert (hosts.free_in("a"), hosts.free_in("b"), hosts.free_in("c")) == (2, 3, 0)


def test_so_many_at_once_for_each_host() -> None:
    class Full(Exception):
        pass

    def wait(condition: object, seconds: float | None) -> None:
        raise Full

    hosts = Hosts(spacing=0, at_once=2, wait=wait)
    with hosts.turn("a"), hosts.turn("a"), hosts.turn("b"), pytest.raises(Full), hosts.turn("a"):
        pass
    with hosts.turn("a"):
        assert hosts.hosts["a"].running == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"cache-control": "public, max-age=300"}, 300), ({"cache-control": "max-age=300", "age": "100"}, 200),
     ({"cache-control": "no-cache, max-age=300"}, 0), ({"cache-control": "max-age=99999999"}, 86_400),
     ({"expires": "Mon, 02 Mar 2026 12:10:00 GMT"}, 600), ({"expires": "0"}, 0), ({}, 0),
     ({"expires": "Mon, 02 Mar 2020 12:10:00 GMT", "date": "Mon, 02 Mar 2020 12:00:00 GMT"}, 600)],
)  # fmt: skip
def test_how_long_an_answer_holds(headers: dict[str, str], seconds: float) -> None:
    assert holds_for(headers, NOW) == seconds


@pytest.mark.parametrize("value", ["soon", "-5", "", None, "Mon, 99 Foo"])
def test_retry_after_that_cannot_be_read(value: str | None) -> None:
    assert retry_after(value, NOW) is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("Zürich".encode(), "text/xml; charset=iso-8859-1"), ("Zürich".encode("latin-1"), "text/xml; charset=iso-8859-1"),
     ("Zürich".encode("latin-1"), "text/xml; charset=utf-8"), ("Zürich".encode("utf-16"), ""),
     (b"\xef\xbb\xbfZ\xc3\xbcrich", ""), ('<?xml version="1.0" encoding="cp1252"?>Zürich'.encode("cp1252"), "x")],
)  # fmt: skip
def test_charsets_are_repaired(body: bytes, content_type: str) -> None:
    assert text_of(body, content_type).endswith("Zürich")


def test_unknown_charset_is_guessed() -> None:
    text = "Правительство подтвердило, что переговоры продолжатся в понедельник. " * 5
    assert text_of(text.encode("windows-1251"), "text/html; charset=x-unknown").startswith("Правительство")
