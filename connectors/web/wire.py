"""One HTTP exchange: a checked address, a total time limit, a body of limited size. No retries, no redirects."""

import os
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from urllib.parse import SplitResult, unquote, urlunsplit
from urllib.request import getproxies, proxy_bypass

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError
from urllib3.util import make_headers, parse_url

from connectors.web.addresses import is_public, port_of, redact, split_url
from schemas.errors import Permanent, Retryable

CHUNK = 65_536
CONNECT_SECONDS = 10.0
"""The longest wait for one address of a host to accept the connection."""


@dataclass(frozen=True)
class FetchLimits:
    """Limits of one exchange. `total` and `silence` are seconds, `body` bytes after decompression."""

    total: float = 60.0
    silence: float = 20.0
    body: int = 32_000_000


@dataclass(frozen=True)
class RawResponse:
    """What a server returned. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class AddressRefused(Exception):
    """The host resolves to an address that must not be connected to."""


class ConnectionGuard:
    """Opens the socket of one exchange to an allowed address only, and shuts it down when the time is up."""

    def __init__(self, is_allowed: Callable[[str], bool], limits: FetchLimits) -> None:
        self.is_allowed = is_allowed
        self.limits = limits
        self.expired = False
        self.handles: list[socket.socket] = []
        self.lock = threading.Lock()
        self.timer = threading.Timer(limits.total, self.expire)
        self.timer.daemon = True

    def connect(self, host: str, to_port: int) -> socket.socket:
        """Connects to the first address of the host that accepts.

        It connects to the very address that it has checked, so that a second look-up cannot return another one.
        """
        last: OSError = OSError(f"{host} has no address")
        timeout = min(self.limits.silence, CONNECT_SECONDS)
        for *_, address in socket.getaddrinfo(host, to_port, type=socket.SOCK_STREAM):
            if not self.is_allowed(str(address[0])):
                raise AddressRefused(f"{host} has the private address {address[0]}")
            try:
                connection = socket.create_connection((str(address[0]), to_port), timeout)
            except OSError as error:
                last = error
                continue
            self.watch(connection)
            return connection
        raise last

    def watch(self, connection: socket.socket) -> None:
        """Keeps a second handle of the connection, because TLS takes over the first one."""
        with self.lock:
            self.handles.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self.expired:
            self.expire()

    def expire(self) -> None:
        """Ends the exchange: a thread that reads or writes finds the connection closed."""
        self.expired = True
        with self.lock, suppress(OSError):
            for handle in self.handles:
                handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stops the timer and closes the handles."""
        self.timer.cancel()
        with self.lock:
            while self.handles:
                self.handles.pop().close()


class PlainConnection(HTTPConnection):
    """HTTP over a guarded socket."""

    guard: ConnectionGuard

    def _new_conn(self) -> socket.socket:
        return self.guard.connect(self._dns_host, self.port)


class TlsConnection(HTTPSConnection):
    """HTTPS over a guarded socket."""

    guard: ConnectionGuard

    def _new_conn(self) -> socket.socket:
        return self.guard.connect(self._dns_host, self.port)


@cache
def load_trust() -> ssl.SSLContext:
    """Returns the certificates that this machine trusts; `SSL_CERT_FILE` names others."""
    return ssl.create_default_context()


def exchange(url: str, headers: Mapping[str, str], limits: FetchLimits, allow_private: bool) -> RawResponse:
    """Sends GET and reads the response.

    Uses the proxy of the environment (`http_proxy`, `https_proxy`, `no_proxy`) if there is one; the proxy then
    resolves names and must itself refuse private addresses. Raises `Retryable` if the exchange fails on its way, and
    `Permanent` for an address that is refused.
    """
    parts = split_url(url)
    proxy = find_proxy(parts)
    guard = ConnectionGuard(lambda address: allow_private or bool(proxy) or is_public(address), limits)
    connection = make_connection(parts, proxy, guard)
    guard.timer.start()
    try:
        all_headers = {**headers, **make_auth_header(parts)}
        connection.request("GET", render_target(parts, proxy), headers=all_headers, preload_content=False)
        response = connection.getresponse()
        body = read_body(response.read, limits.body)
    except AddressRefused as error:
        raise Permanent(f"{redact(url)}: {error}; set `allow_private: true` to fetch from it") from error
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise Retryable(f"{redact(url)}: {describe_failure(error, guard)}") from error
    finally:
        guard.close()
        connection.close()
    if body is None:
        raise Retryable(f"{redact(url)}: the response is longer than {limits.body:,} bytes after decompression")
    if guard.expired:
        raise Retryable(f"{redact(url)}: {describe_failure(TimeoutError(), guard)}")
    return RawResponse(response.status, {name.lower(): value for name, value in response.headers.items()}, body)


def read_body(read: Callable[[int], bytes], limit: int) -> bytes | None:
    """Returns the whole body, or None if it is longer than the limit (bytes)."""
    body = bytearray()
    while part := read(CHUNK):
        body += part
        if len(body) > limit:
            return None
    return bytes(body)


def make_connection(parts: SplitResult, proxy: str | None, guard: ConnectionGuard) -> PlainConnection | TlsConnection:
    """Returns the connection to the server or to its proxy, not open yet."""
    through = split_url(proxy if "://" in proxy else f"http://{proxy}") if proxy else parts
    host, to_port, silence = str(through.hostname), port_of(through), guard.limits.silence
    via = parse_url(urlunsplit(through)) if proxy else None
    connection: PlainConnection | TlsConnection
    if parts.scheme == "https":
        connection = TlsConnection(host, to_port, timeout=silence, proxy=via, ssl_context=load_trust())
        if proxy:
            tunnel_headers = make_auth_header(through, to_proxy=True)
            connection.set_tunnel(str(parts.hostname), port_of(parts), tunnel_headers)
    else:
        connection = PlainConnection(host, to_port, timeout=silence, proxy=via)
    connection.guard = guard
    return connection


def find_proxy(parts: SplitResult) -> str | None:
    """Returns the proxy that the environment names for this address, or None."""
    proxy = getproxies().get(parts.scheme)
    return proxy if proxy and not proxy_bypass(str(parts.hostname)) else None


def render_target(parts: SplitResult, proxy: str | None) -> str:
    """Returns the request target: the path, or for a proxy of plain HTTP the whole address without credentials."""
    place = parts.netloc.rpartition("@")[2]
    path = parse_url(urlunsplit(("", "", parts.path or "/", parts.query, ""))).request_uri
    return f"http://{place}{path}" if proxy and parts.scheme == "http" else path


def make_auth_header(parts: SplitResult, to_proxy: bool = False) -> dict[str, str]:
    """Returns the header for basic authentication if the address contains a user, else no header."""
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    # urllib3 encodes the pair as Latin-1; servers expect UTF-8 (RFC 7617).
    credentials = pair.encode().decode("latin-1")
    found = make_headers(proxy_basic_auth=credentials) if to_proxy else make_headers(basic_auth=credentials)
    return {name.title(): value for name, value in found.items()}


def describe_failure(error: Exception, guard: ConnectionGuard) -> str:
    """Says what went wrong, for a feed operator."""
    if guard.expired:
        return f"not finished after {guard.limits.total:g} seconds"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return f"no data for {guard.limits.silence:g} seconds"
    if isinstance(error, socket.gaierror):
        return "the host name cannot be resolved"
    if isinstance(error, SSLError | ssl.SSLError):
        return f"no secure connection ({error})"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    return f"the response broke off or is not HTTP ({type(error).__name__}: {error})"
