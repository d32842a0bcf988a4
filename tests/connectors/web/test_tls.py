"""HTTPS: certificates are checked, and time limits hold there too."""

import ssl
from pathlib import Path

import pytest

from connectors.web import wire
from connectors.web.client import Request, Web
from connectors.web.hosts import Hosts
from connectors.web.wire import Limits
from schemas.errors import Retryable
from tests.connectors.web_server import Server, drip


@pytest.fixture
def tls(server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, behind TLS, its certificate trusted."""
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(certificate)
    server.socket = inside.wrap_socket(server.socket, server_side=True)
    trusted = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(wire, "trust", lambda: trusted)
    return server


def get(server: Server, path: str, host: str = "localhost") -> str:
    url = server.url(path, host).replace("http:", "https:")
    return Web(Limits(total=0.8), Hosts(spacing=0)).get(Request(url, allow_private=True, robots=False)).text


def test_a_trusted_server_is_read(tls: Server) -> None:
    tls.serve("/feed", "news")
    assert get(tls, "/feed") == "news"


def test_a_certificate_of_another_host_is_refused(tls: Server) -> None:
    with pytest.raises(Retryable, match="no secure connection"):
        get(tls, "/feed", "127.0.0.1")
    assert tls.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(tls: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "trust", ssl.create_default_context)
    with pytest.raises(Retryable, match="no secure connection"):
        get(tls, "/feed")


def test_a_slow_drip_ends_there_too(tls: Server) -> None:
    tls.answers["/feed"] = drip(b"x")
    with pytest.raises(Retryable, match=r"not finished after 0\.8 seconds"):
        get(tls, "/feed")
