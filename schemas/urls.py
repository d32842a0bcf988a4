"""One article, one address: URLs without what only tracks the reader."""

from courlan import normalize_url


def canonical_url(url: str) -> str:
    """The URL without tracking parameters, fragment and needless parts; empty stays empty.

    What is not a web address (`file:`, `urn:`) is returned as it is.
    """
    url = url.strip()
    if not url.lower().startswith(("http://", "https://")):
        return url
    return str(normalize_url(url.partition("#")[0]))
