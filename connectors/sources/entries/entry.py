"""A feed and its entries, whatever the format that they were read from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.identity import digest

SHORTEST_PARTIAL = 600
"""Characters from which a description counts as part of the article's text instead of a teaser."""
CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|read more|continue reading)\W*$", re.IGNORECASE)
TAGS = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class FeedEntry:
    """One entry of a feed.

    `whole` is true if the feed marks the text as the content, not as a description. `dates` are as written.
    """

    id: str
    link: str
    title: str | None
    author: str | None
    body: str
    is_html: bool
    whole: bool
    dates: tuple[str, ...]
    language: str | None = None

    @property
    def version(self) -> str:
        """Changes when title, text or dates change."""
        return digest("version", self.title or "", self.body, *self.dates)[:12]

    @property
    def is_teaser(self) -> bool:
        """Whether the text only leads to the article."""
        text = TAGS.sub(" ", self.body).strip()
        return not self.whole and (len(text) < SHORTEST_PARTIAL or bool(CUT.search(text[-40:])))


@dataclass(frozen=True)
class FeedDocument:
    """A feed.

    `link` is the page that it is the feed of, `ttl` is in seconds, `warning` says what is broken although entries could
    be read, and `repairs` counts what was repaired or left out, by kind in plain words.
    """

    title: str
    language: str | None
    entries: tuple[FeedEntry, ...]
    link: str = ""
    ttl: float = 0.0
    warning: str | None = None
    repairs: Mapping[str, int] = field(default_factory=dict)
    deleted: tuple[tuple[str, str], ...] = ()
    """Ids of entries that the feed says were deleted, each with the time as written."""


def parse_language(found: object) -> str | None:
    """Returns a language code in the form of our records (BCP 47), or None for anything else."""
    code = str(found or "").strip().replace("_", "-")
    head, dash, rest = code.partition("-")
    code = head.lower() + dash + rest
    return code if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) else None
