"""Lists of pages: what sitemaps and page lists have in common."""

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, TypeVar

from msgspec import Meta

from connectors.kit import (
    ArticleLine,
    Batch,
    Connector,
    Context,
    Cursor,
    FoundArticle,
    HttpSettings,
    RefusedItem,
    Seen,
    batched,
    make_page_request,
)
from connectors.kit.seen import MOST
from schemas.errors import Gone, NewsclaimsError, Permanent
from schemas.identity import digest
from schemas.urls import canonical_url

PAGES_PER_BATCH = 10
"""Articles in a batch if each takes a request of its own."""
GONE = "|gone "
"""What a mark has before the day on which the page was first gone."""
TRIES = 5
"""Polls in which a page is requested before it is given up."""


class PageSettings(HttpSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How pages are chosen and fetched."""

    match: Annotated[str, Meta(description="Regular expression that an article's address must contain.")] = ""
    most: Annotated[
        int, Meta(description="Pages fetched in one poll at most; the next poll fetches the rest.", ge=1)
    ] = 200


@dataclass(frozen=True)
class PageLink:
    """A page to fetch. `mark` changes when the list says that the page has changed."""

    url: str
    mark: str = ""
    title: str | None = None
    publisher: str | None = None
    language: str | None = None
    published_at: datetime | None = None

    @property
    def key(self) -> str:
        """Identifies the page."""
        return digest("page", self.url)


@dataclass(frozen=True)
class PageLinks:
    """The pages that a list names now. `repairs` counts what was left out of the list, by kind in plain words."""

    links: list[PageLink]
    wait: float = 0.0
    moved_to: str | None = None
    warning: str | None = None
    repairs: Mapping[str, int] = field(default_factory=dict)


P = TypeVar("P", bound=PageSettings)


class PageConnector(Connector[P]):
    """Fetches the pages that are new or have changed since the cursor. Raises `Permanent` for an invalid `match`."""

    def __init__(self, context: Context, settings: P) -> None:
        super().__init__(context, settings)
        try:
            self.pattern = re.compile(settings.match)
        except re.error as error:
            raise Permanent(f"match: {settings.match!r} is not a valid regular expression: {error}") from error

    @abstractmethod
    def find_links(self) -> PageLinks:
        """Returns the pages that the list names now, the newest first."""

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """Polls once; fetches the oldest pages first."""
        listed = self.find_links()
        links = list({link.key: link for link in listed.links[:MOST]}.values())
        seen, present = Seen(cursor.get("seen", {})), {link.key for link in links}
        fresh = [link for link in links if seen.is_new(link.key, link.mark) and not self.is_gone_today(link, seen)]
        chosen = fresh[: self.settings.most][::-1]
        for start in range(0, len(chosen), PAGES_PER_BATCH):
            if self.context.cancelled.is_set():
                return
            items = [self.fetch_page(link, seen) for link in chosen[start : start + PAGES_PER_BATCH]]
            yield batched(items, {**cursor, "seen": seen.select_kept(present)})
        last: Cursor = {"seen": seen.select_kept(present)}
        yield Batch(
            (), last, wait=listed.wait, moved_to=listed.moved_to, warning=listed.warning, repairs=listed.repairs
        )

    def fetch_page(self, link: PageLink, seen: Seen) -> FoundArticle | RefusedItem:
        """Fetches a page as an article. If that fails, later polls try again a few times."""
        place = f"{self.context.feed}: {link.url}"
        try:
            response = self.context.web.get(make_page_request(link.url, self.context.url, self.settings))
        except Gone as error:
            return self.read_gone(link, seen, place, str(error))
        except NewsclaimsError as error:
            tried = seen.marks.get(link.key, "").partition("|")[2]
            tries = int(tried if tried.isdigit() else 0) + 1
            given_up = isinstance(error, Permanent) or tries >= TRIES
            seen.add(link.key, link.mark if given_up else f"{link.mark}|{tries}")
            return RefusedItem(place, str(error))
        seen.add(link.key, link.mark)
        decoded = response.decoded
        line = ArticleLine(
            html=decoded.text, url=link.url, title=link.title, publisher=link.publisher, language=link.language,
            published_at=link.published_at, extra=decoded.remarks,
        )  # fmt: skip
        return self.article(line, place)

    def read_gone(self, link: PageLink, seen: Seen, place: str, why: str) -> FoundArticle | RefusedItem:
        """Returns the retraction of a page that was delivered, if it is gone on a second day; until then, refuses it.

        Servers say that a page is gone by mistake, too.
        """
        known, today = seen.marks.get(link.key), f"{self.context.clock():%Y-%m-%d}"
        if known is not None and GONE not in known:
            seen.add(link.key, f"{link.mark}{GONE}{today}")
            return RefusedItem(place, f"{why}; it is retracted if it is gone tomorrow, too")
        seen.add(link.key, link.mark)
        if known is None:
            return RefusedItem(place, why)
        return self.article(ArticleLine(url=link.url, retraction="gone"), place)

    def is_gone_today(self, link: PageLink, seen: Seen) -> bool:
        """Whether the page was found to be gone today: it is requested again tomorrow."""
        return seen.marks.get(link.key, "").endswith(f"{GONE}{self.context.clock():%Y-%m-%d}")


def clean_url(url: str) -> str:
    """Returns the address without tracking parameters, or an empty string if it is not a web address."""
    try:
        found = canonical_url(url)
    except ValueError:
        return ""
    return found if found.startswith(("http://", "https://")) else ""
