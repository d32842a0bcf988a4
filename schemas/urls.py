"""One address for each article: URLs without parameters that only track the reader."""

from courlan import normalize_url


def canonical_url(url: str) -> str:
    """Returns the URL without tracking parameters, fragment and redundant parts.

    Anything but a web address (`file:`, `urn:`, an empty text) is returned unchanged.
    """
    url = url.strip()
    if not url.lower().startswith(("http://", "https://")):
        return url
    return str(normalize_url(url.partition("#")[0]))
