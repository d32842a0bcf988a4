"""Web addresses: parsing, hiding their secrets, and which IP addresses are public."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from schemas.errors import Permanent

SECRET = re.compile(r"(?i)([?&;][^=&;]*(?:key|token|secret|pass|pwd|auth|sig)[^=&;]*=)[^&;#]*")
"""A query parameter whose name says that its value is a secret."""


def redact(url: str) -> str:
    """Returns the URL as it may be logged: without user, password and the values of secret parameters."""
    head, slashes, rest = url.partition("//")
    place, slash, path = rest.partition("/")
    return SECRET.sub(r"\1…", f"{head}{slashes}{place.rpartition('@')[2]}{slash}{path}")


def split_url(url: str) -> SplitResult:
    """Returns the parts of an http or https address. Raises `Permanent` for anything else, including bad ports."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\x00-\x20\x7f]", url.strip()):
        raise Permanent(
            f"{redact(url)!r} is not a web address: it must begin with http:// or https:// and contain a host name"
        )
    return parts


def origin_of(url: str) -> str:
    """Returns scheme, host and port: the scope of a robots.txt and of credentials."""
    parts = split_url(url)
    return f"{parts.scheme}://{parts.hostname}:{port_of(parts)}"


def port_of(parts: SplitResult) -> int:
    """Returns the port, or the scheme's default port if the address has none."""
    return parts.port or (443 if parts.scheme == "https" else 80)


def strip_credentials(url: str) -> str:
    """Returns the address without user and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from the Internet. An IPv6 address that embeds an IPv4 one is judged by it."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner or found in NAT64:
            return is_public(str(inner or ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: the last four bytes are an IPv4 address, and a gateway connects to it."""
