"""HTTPS: certificates are checked, and time limits apply too."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.web import wire
from connectors.web.client import Request, Web
from connectors.web.hosts import HostLimits
from connectors.web.wire import FetchLimits
from schemas.errors import Retryable
from tests.connectors.web_server import WebServer


@pytest.fixture
def tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A web server with TLS whose certificate is trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    trusted = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(wire, "load_trust", lambda: trusted)
    with WebServer(ssl_context=context) as found:
        yield found


def get(server: WebServer, path: str, host: str = "localhost") -> str:
    request = Request(server.url(path, host), allow_private=True, robots=False)
    return Web(FetchLimits(total=0.8), HostLimits(spacing=0)).get(request).text


def test_a_trusted_server_is_read(tls: WebServer) -> None:
    tls.serve("/feed", "news")
    assert get(tls, "/feed") == "news"


def test_a_certificate_of_another_host_is_refused(tls: WebServer) -> None:
    with pytest.raises(Retryable, match="no secure connection"):
        get(tls, "/feed", "127.0.0.1")
    assert tls.requests == []


def test_an_untrusted_certificate_is_refused(tls: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "load_trust", ssl.create_default_context)
    with pytest.raises(Retryable, match="no secure connection"):
        get(tls, "/feed")


def test_a_slow_drip_ends_at_the_time_limit(tls: WebServer) -> None:
    tls.responders["/feed"] = tls.respond_slowly(b"x")
    with pytest.raises(Retryable, match=r"not finished after 0\.8 seconds"):
        get(tls, "/feed")
