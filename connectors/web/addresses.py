"""Addresses of what is fetched: which may be connected to, and how they are shown without their secrets."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from schemas.errors import Permanent

SECRET = re.compile(r"(?i)([?&;][^=&;]*(?:key|token|secret|pass|pwd|auth|sig)[^=&;]*=)[^&;#]*")
"""A parameter of a query whose name says that its value opens something."""


def redacted(url: str) -> str:
    """The URL as it may be logged: without user, password and the values of secret parameters."""
    head, slashes, rest = url.partition("//")
    place, slash, path = rest.partition("/")
    return SECRET.sub(r"\1…", f"{head}{slashes}{place.rpartition('@')[2]}{slash}{path}")


def split(url: str) -> SplitResult:
    """The parts of a web address. Raises `Permanent` for anything else, `file:` and bad ports included."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\x00-\x20\x7f]", url.strip()):
        raise Permanent(f"{redacted(url)!r} is no web address: it must begin with http:// or https:// and name a host")
    return parts


def origin(url: str) -> str:
    """Scheme, host and port: what robots.txt and credentials belong to."""
    parts = split(url)
    return f"{parts.scheme}://{parts.hostname}:{port(parts)}"


def port(parts: SplitResult) -> int:
    """The port, also where the address leaves it to the scheme."""
    return parts.port or (443 if parts.scheme == "https" else 80)


def without_credentials(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, also where it is written as IPv6 that carries IPv4."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner or found in NAT64:
            return is_public(str(inner or ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: the last four bytes are an IPv4 address, which a gateway connects to."""
