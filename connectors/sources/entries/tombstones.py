"""Entries that an Atom feed says were deleted (RFC 6721), which feedparser does not read."""

import re
from collections.abc import Iterator
from html import unescape

NAMESPACE = re.compile(r"""xmlns:([\w.-]+)\s*=\s*["']http://purl\.org/atompub/tombstones/1\.0["']""")
ATTRIBUTE = re.compile(r"""\s(ref|when)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
MOST = 1_000
"""Deleted entries of one feed that are read."""


def find_deleted(text: str) -> Iterator[tuple[str, str]]:
    """Yields the id of each deleted entry, and when it was deleted, as the feed writes both."""
    prefix = NAMESPACE.search(text)
    if not prefix:
        return
    tags = re.finditer(rf"<{re.escape(prefix[1])}:deleted-entry\b([^<>]*)>", text)
    for _, tag in zip(range(MOST), tags, strict=False):
        given = {name: unescape(double or single).strip() for name, double, single in ATTRIBUTE.findall(tag[1])}
        if given.get("ref"):
            yield given["ref"], given.get("when", "")
