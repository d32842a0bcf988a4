"""One address for each article: URLs without parameters that only track the reader."""

from contextlib import suppress
from urllib.parse import urlsplit

from courlan import normalize_url


def canonical_url(url: str) -> str:
    """Returns the URL without tracking parameters, fragment and redundant parts.

    Anything but a web address (`file:`, `urn:`, an empty text) is returned unchanged.
    """
    url = url.strip()
    if not url.lower().startswith(("http://", "https://")):
        return url
    return str(normalize_url(url.partition("#")[0]))


def parse_host(url: str) -> str:
    """Returns the host of an address, without `www.`, or an empty string if the address has none or is malformed."""
    with suppress(ValueError):
        return (urlsplit(url).hostname or "").removeprefix("www.")
    return ""
