"""One HTTP exchange: a guarded address, a total time limit, a body of limited size. Nothing here repeats or follows."""

import os
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from urllib.parse import SplitResult, unquote, urlunsplit
from urllib.request import getproxies, proxy_bypass

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError
from urllib3.util.url import parse_url

from connectors.web.addresses import is_public, port, redacted, split
from schemas.errors import Permanent, Retryable

CHUNK = 65_536


@dataclass(frozen=True)
class Limits:
    """What one exchange may take. `total` and `silence` are seconds, `body` bytes after decompression."""

    total: float = 60.0
    silence: float = 20.0
    body: int = 32_000_000


@dataclass(frozen=True)
class Answer:
    """What a server answered: header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Refusal(Exception):
    """The address must not be connected to."""


class Guard:
    """Opens the socket of one exchange to an allowed address only, and shuts it when the time is up."""

    def __init__(self, allowed: Callable[[str], bool], limits: Limits) -> None:
        self.allowed = allowed
        self.limits = limits
        self.expired = False
        self.handles: list[socket.socket] = []
        self.lock = threading.Lock()
        self.timer = threading.Timer(limits.total, self.expire)
        self.timer.daemon = True

    def connect(self, host: str, to_port: int) -> socket.socket:
        """Connects to the first address of the host that answers: the addresses checked are the ones connected to."""
        last: OSError = OSError(f"{host} has no address")
        for *_, address in socket.getaddrinfo(host, to_port, type=socket.SOCK_STREAM):
            if not self.allowed(str(address[0])):
                raise Refusal(f"{host} is at the private address {address[0]}")
            try:
                connection = socket.create_connection((str(address[0]), to_port), min(self.limits.silence, 10))
            except OSError as error:
                last = error
                continue
            self.watch(connection)
            return connection
        raise last

    def watch(self, connection: socket.socket) -> None:
        """Keeps a second handle of the connection: TLS takes the first one over."""
        with self.lock:
            self.handles.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self.expired:
            self.expire()

    def expire(self) -> None:
        """Ends the exchange: whoever reads or writes then sees the connection closed."""
        self.expired = True
        with self.lock, suppress(OSError):
            for handle in self.handles:
                handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends the watch."""
        self.timer.cancel()
        with self.lock:
            while self.handles:
                self.handles.pop().close()


class PlainConnection(HTTPConnection):
    """HTTP over a guarded socket."""

    guard: Guard

    def _new_conn(self) -> socket.socket:
        return self.guard.connect(self._dns_host, self.port)


class TlsConnection(HTTPSConnection):
    """HTTPS over a guarded socket."""

    guard: Guard

    def _new_conn(self) -> socket.socket:
        return self.guard.connect(self._dns_host, self.port)


@cache
def trust() -> ssl.SSLContext:
    """The certificates that this machine trusts; `SSL_CERT_FILE` names others."""
    return ssl.create_default_context()


def exchange(url: str, headers: Mapping[str, str], limits: Limits, allow_private: bool) -> Answer:
    """Sends GET and reads the answer.

    Goes through the proxy of the environment (`http_proxy`, `https_proxy`, `no_proxy`) where there is one; the proxy
    then resolves names and must itself refuse private addresses. Raises `Retryable` where the exchange failed on its
    way, `Permanent` for an address that is refused.
    """
    parts = split(url)
    proxy = proxy_of(parts)
    guard = Guard(lambda address: allow_private or bool(proxy) or is_public(address), limits)
    connection = connected(parts, proxy, guard)
    guard.timer.start()
    try:
        connection.request("GET", target(parts, proxy), headers={**headers, **login(parts)}, preload_content=False)
        response = connection.getresponse()
        body = read(response.read, limits.body)
    except Refusal as error:
        raise Permanent(f"{redacted(url)}: {error}; set `allow_private: true` if that is meant") from error
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise Retryable(f"{redacted(url)}: {told(error, guard)}") from error
    finally:
        guard.close()
        connection.close()
    if body is None:
        raise Retryable(f"{redacted(url)}: longer than {limits.body:,} bytes, after decompression")
    if guard.expired:
        raise Retryable(f"{redacted(url)}: {told(TimeoutError(), guard)}")
    found = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, found, body)


def read(chunk: Callable[[int], bytes], limit: int) -> bytes | None:
    """The whole body, or None where it is longer than the limit."""
    body = bytearray()
    while part := chunk(CHUNK):
        body += part
        if len(body) > limit:
            return None
    return bytes(body)


def connected(parts: SplitResult, proxy: str | None, guard: Guard) -> PlainConnection | TlsConnection:
    """The connection to the server or to its proxy, not open yet."""
    through = split(proxy if "://" in proxy else f"http://{proxy}") if proxy else parts
    host, to_port, silence = str(through.hostname), port(through), guard.limits.silence
    via = parse_url(urlunsplit(through)) if proxy else None
    connection: PlainConnection | TlsConnection
    if parts.scheme == "https":
        connection = TlsConnection(host, to_port, timeout=silence, proxy=via, ssl_context=trust())
        if proxy:
            connection.set_tunnel(str(parts.hostname), port(parts), login(through, "Proxy-Authorization"))
    else:
        connection = PlainConnection(host, to_port, timeout=silence, proxy=via)
    connection.guard = guard
    return connection


def proxy_of(parts: SplitResult) -> str | None:
    """The proxy that the environment names for this address."""
    proxy = getproxies().get(parts.scheme)
    return proxy if proxy and not proxy_bypass(str(parts.hostname)) else None


def target(parts: SplitResult, proxy: str | None) -> str:
    """What stands after GET: the path, and for a proxy of plain HTTP the whole address without credentials."""
    place = parts.netloc.rpartition("@")[2]
    path = parse_url(urlunsplit(("", "", parts.path or "/", parts.query, ""))).request_uri
    return f"http://{place}{path}" if proxy and parts.scheme == "http" else path


def login(parts: SplitResult, header: str = "Authorization") -> dict[str, str]:
    """The header for user and password that stand in the address."""
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {header: f"Basic {b64encode(pair.encode()).decode()}"}


def told(error: Exception, guard: Guard) -> str:
    """What went wrong, for a feed operator."""
    if guard.expired:
        return f"not finished after {guard.limits.total:g} seconds"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return f"silent for {guard.limits.silence:g} seconds"
    if isinstance(error, socket.gaierror):
        return "the host's name has no address"
    if isinstance(error, SSLError | ssl.SSLError):
        return f"no secure connection ({error})"
    if isinstance(error, ConnectionRefusedError):
        return "nothing answers there (connection refused)"
    return f"the answer broke off or is no HTTP ({type(error).__name__}: {error})"
