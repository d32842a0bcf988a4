"""Fetching, also from hostile servers on this machine: nothing hangs, and each error has a clear message."""

import gzip
import tracemalloc
import zlib
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

import pytest
from werkzeug import Response as ServerResponse

from connectors.web import wire
from connectors.web.client import Request, Response, Web
from connectors.web.hosts import HostLimits
from connectors.web.wire import FetchLimits
from schemas.errors import NewsclaimsError, Permanent, RateLimited, Retryable
from tests.connectors.web_server import WebServer, break_off, drip_headers, serve_raw, speak_ssh

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def make_web(total: float = 5.0, silence: float = 3.0, body: int = 1_000_000) -> Web:
    return Web(FetchLimits(total, silence, body), HostLimits(spacing=0), clock=lambda: NOW)


def get(url: str, **options: object) -> Response:
    return make_web().get(Request(url, allow_private=True, **options))  # type: ignore[arg-type]


def test_body_headers_and_our_name(server: WebServer) -> None:
    response = get(server.serve("/a", "héllo", content_type="text/plain", etag='"1"'))
    assert response.text == "héllo"
    assert response.headers["etag"] == '"1"'
    assert server.seen("/a")[0]["user-agent"].startswith("newsclaims/")


def test_conditional_request_and_304(server: WebServer) -> None:
    server.serve("/a", b"", status=304, cache_control="max-age=600")
    response = get(server.url("/a"), etag='"x"', last_modified="Mon, 02 Mar 2026 11:00:00 GMT")
    assert response.unchanged
    assert response.fresh_for == 600
    asked = server.seen("/a")[0]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"x"', "Mon, 02 Mar 2026 11:00:00 GMT")


def test_an_unrequested_304_is_an_error(server: WebServer) -> None:
    with pytest.raises(Retryable, match="status 304"):
        get(server.serve("/a", b"", status=304))


def assert_ends_in_time(url: str) -> None:
    begun = monotonic()
    with pytest.raises(Retryable, match=r"not finished after 0\.6 seconds"):
        make_web(total=0.6).get(Request(url, allow_private=True, robots=False))
    assert monotonic() - begun < 3


def test_a_slow_body_ends_at_the_total_limit(server: WebServer) -> None:
    server.responders["/a"] = server.respond_slowly(b"x")
    assert_ends_in_time(server.url("/a"))


def test_slow_headers_end_at_the_total_limit() -> None:
    with serve_raw(drip_headers) as url:
        assert_ends_in_time(url)


def test_silence_ends_at_its_limit(server: WebServer) -> None:
    server.responders["/a"] = server.respond_never
    with pytest.raises(Retryable, match=r"no data for 0\.3 seconds"):
        make_web(silence=0.3).get(Request(server.url("/a"), allow_private=True, robots=False))


def test_endless_body_ends_at_the_size_limit(server: WebServer) -> None:
    server.responders["/a"] = server.respond_slowly(b"<!-- more -->" * 5_000, 0)
    with pytest.raises(Retryable, match="longer than 1,000,000 bytes"):
        get(server.url("/a"))


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_compression_bomb_is_never_unpacked(server: WebServer, coding: str) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1) if coding == "gzip" else zlib.compress(bytes(200_000_000), 1)
    url = server.serve("/bomb", bomb, content_encoding=coding)
    tracemalloc.start()
    with pytest.raises(Retryable, match="after decompression"):
        get(url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_compressed_body_is_read(server: WebServer) -> None:
    assert get(server.serve("/a", gzip.compress(b"news"), content_encoding="gzip")).body == b"news"


def test_broken_compression_is_reported(server: WebServer) -> None:
    with pytest.raises(Retryable, match="broke off"):
        get(server.serve("/a", b"no gzip", content_encoding="gzip"))


def test_a_body_shorter_than_its_length_is_reported() -> None:
    with serve_raw(break_off) as url, pytest.raises(Retryable, match="broke off"):
        get(url, robots=False)


def test_a_server_that_does_not_speak_http_is_reported() -> None:
    with serve_raw(speak_ssh) as url, pytest.raises(Retryable, match="is not HTTP"):
        get(url, robots=False)


def test_nothing_listens() -> None:
    with pytest.raises(Retryable, match="connection refused"):
        get("http://127.0.0.1:9/feed", robots=False)


def test_permanent_redirects_are_recorded_until_one_is_temporary(server: WebServer) -> None:
    server.serve("/old", b"", 301, location="/new")
    server.serve("/new", b"", 308, location="/newer")
    server.serve("/newer", b"", 302, location="/today")
    server.serve("/today", "feed")
    response = get(server.url("/old"))
    assert response.url == server.url("/today")
    assert response.moved_to == server.url("/newer")


def test_temporary_redirect_moves_nothing(server: WebServer) -> None:
    server.serve("/a", b"", 302, location="/b")
    server.serve("/b", b"", 301, location="/c")
    server.serve("/c", "feed")
    assert get(server.url("/a")).moved_to is None


def test_redirect_circle_and_chain_end(server: WebServer) -> None:
    server.serve("/a", b"", 302, location="/b")
    server.serve("/b", b"", 302, location="/a")
    with pytest.raises(Retryable, match="in a circle"):
        get(server.url("/a"))
    for number in range(20):
        server.serve(f"/{number}", b"", 302, location=f"/{number + 1}")
    with pytest.raises(Retryable, match="more than 8 times"):
        get(server.url("/0"))


def test_redirect_to_a_file_is_refused(server: WebServer) -> None:
    server.serve("/a", b"", 302, location="file:///etc/passwd")
    with pytest.raises(Permanent, match="is not a web address"):
        get(server.url("/a"))


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_the_time_to_wait(server: WebServer, status: int) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    for value, wait in (("120", 120.0), (date, 300.0)):
        with pytest.raises(RateLimited) as caught:
            get(server.serve("/a", b"", status, retry_after=value))
        assert wait - 30 < caught.value.wait <= wait


def test_429_without_a_time_asks_for_a_pause(server: WebServer) -> None:
    with pytest.raises(RateLimited) as caught:
        get(server.serve("/a", b"", 429))
    assert caught.value.wait == 0


@pytest.mark.parametrize(
    ("status", "kind"), [(500, Retryable), (502, Retryable), (503, Retryable), (404, Permanent), (410, Permanent),
                         (401, Permanent), (403, Permanent), (418, Permanent), (408, Retryable)],
)  # fmt: skip
def test_statuses_are_errors_of_the_right_kind(server: WebServer, status: int, kind: type[NewsclaimsError]) -> None:
    with pytest.raises(kind, match=f"status {status}"):
        get(server.serve("/a", b"", status))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_refused_before_anything_is_sent(server: WebServer, host: str) -> None:
    server.serve("/a", "secret")
    with pytest.raises(Permanent, match="private address"):
        make_web().get(Request(server.url("/a", host), robots=False))
    assert server.requests == []


def test_a_name_that_resolves_to_a_private_address_is_refused(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(_: str, port: int, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(wire.socket, "getaddrinfo", resolve)
    with pytest.raises(Permanent, match=r"news\.example has the private address 127\.0\.0\.1"):
        make_web().get(Request(server.url("/a", "news.example"), robots=False))
    assert server.requests == []


def test_credentials_are_sent_to_their_origin_only_and_never_shown(server: WebServer) -> None:
    server.serve("/a", b"", 302, location=server.url("/there", "localhost"))
    server.serve("/there", b"", 500)
    url = f"http://me:hush@127.0.0.1:{server.port}/a?api_key=hush2&page=1"
    with pytest.raises(Retryable) as caught:
        get(url, headers={"X-Token": "hush3"})
    first, second = server.seen("/a?api_key=hush2&page=1")[0], server.seen("/there")[0]
    assert first["authorization"] == "Basic bWU6aHVzaA=="
    assert first["x-token"] == "hush3"
    assert "authorization" not in second
    assert "x-token" not in second
    assert "hush" not in str(caught.value)
    assert "hush3" not in repr(Request(url, headers={"X-Token": "hush3"}))


def test_proxy_of_the_environment_is_used(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url())
    monkeypatch.setenv("https_proxy", server.url())
    server.responders["http://news.example/feed"] = lambda _: ServerResponse(b"through")
    assert make_web().get(Request("http://news.example/feed", robots=False)).body == b"through"
    with pytest.raises(Retryable):
        make_web().get(Request("https://news.example/feed", robots=False))
    assert server.requests[-1][0] == "news.example:443"


def test_credentials_with_other_characters_are_sent_as_utf8(server: WebServer) -> None:
    server.serve("/a", "x")
    get(f"http://me:%C3%BC%E2%82%AC@127.0.0.1:{server.port}/a")
    assert b64decode(server.seen("/a")[0]["authorization"].removeprefix("Basic ")).decode() == "me:ü€"


def test_credentials_of_the_proxy_are_sent_to_it(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://me:hush@127.0.0.1:{server.port}")
    with pytest.raises(Retryable):
        make_web().get(Request("https://news.example/feed", robots=False))
    assert server.requests[-1][1]["proxy-authorization"] == "Basic bWU6aHVzaA=="
