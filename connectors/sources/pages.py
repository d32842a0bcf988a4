"""Pages that a list names: what sitemaps and page lists have in common."""

import re
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, TypeVar

from msgspec import Meta

from connectors.kit import Batch, Connector, Context, Cursor, batched
from connectors.kit.article_line import ArticleLine, Found, Refused
from connectors.kit.seen import MOST, Seen
from connectors.sources.syndication import PAGES, TRIES, HttpSettings, page_request
from schemas.errors import NewsclaimsError, Permanent
from schemas.identity import digest
from schemas.urls import canonical_url


class PageSettings(HttpSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How pages are chosen and fetched."""

    match: Annotated[str, Meta(description="Regular expression that an article's address must contain.")] = ""
    most: Annotated[int, Meta(description="Pages fetched in one poll at most; the rest comes in the next.", ge=1)] = 200


@dataclass(frozen=True)
class Link:
    """A page to fetch. `mark` changes where the list says that the page did."""

    url: str
    mark: str = ""
    title: str | None = None
    publisher: str | None = None
    language: str | None = None
    published_at: datetime | None = None

    @property
    def key(self) -> str:
        """What tells the page from others."""
        return digest("page", self.url)


@dataclass(frozen=True)
class Links:
    """What a list names now. `more` goes into the cursor once all of it is read."""

    links: list[Link]
    more: Cursor = field(default_factory=dict)
    wait: float = 0.0
    moved_to: str | None = None
    warning: str | None = None


P = TypeVar("P", bound=PageSettings)


class PageConnector(Connector[P]):
    """Fetches the pages that are new, or changed, since the cursor. Raises `Permanent` for a `match` that is none."""

    def __init__(self, context: Context, settings: P) -> None:
        super().__init__(context, settings)
        try:
            self.wanted = re.compile(settings.match)
        except re.error as error:
            raise Permanent(f"match: {settings.match!r} is no regular expression: {error}") from error

    @abstractmethod
    def links(self, cursor: Cursor) -> Links:
        """What the list names now."""

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """One poll: oldest first where the list has the newest on top."""
        listed = self.links(cursor)
        links = list({link.key: link for link in listed.links[:MOST]}.values())
        seen, present = Seen(cursor.get("seen", {})), {link.key for link in links}
        wanted = [link for link in links if is_wanted(link, seen)]
        chosen = wanted[: self.settings.most][::-1]
        for start in range(0, len(chosen), PAGES):
            if self.context.cancelled.is_set():
                return
            found = [self.page(link, seen) for link in chosen[start : start + PAGES]]
            yield batched(found, {**cursor, "seen": seen.kept(present)})
        last: Cursor = {"seen": seen.kept(present)}
        if not any(is_wanted(link, seen) for link in links):
            last |= listed.more
        yield Batch((), last, wait=listed.wait, moved_to=listed.moved_to, warning=listed.warning)

    def page(self, link: Link, seen: Seen) -> Found | Refused:
        """The page as an article; one that cannot be fetched is tried in later polls, a few times."""
        place = f"{self.context.feed}: {link.url}"
        try:
            response = self.context.web.get(page_request(link.url, self.context.url, self.settings))
        except NewsclaimsError as error:
            tries = int(seen.marks.get(link.key, "").partition("|")[2] or 0) + 1
            gone = isinstance(error, Permanent) or tries >= TRIES
            seen.add(link.key, link.mark if gone else f"{link.mark}|{tries}")
            return Refused(place, str(error))
        seen.add(link.key, link.mark)
        line = ArticleLine(
            html=response.text, url=link.url, title=link.title, publisher=link.publisher, language=link.language,
            published_at=link.published_at,
        )  # fmt: skip
        return self.article(line, place)


def is_wanted(link: Link, seen: Seen) -> bool:
    """Whether the page is new, changed or to be tried again."""
    known = seen.marks.get(link.key)
    return known is None or known != link.mark


def cleaned(url: str) -> str:
    """The address without tracking parameters, empty where it is none."""
    try:
        found = canonical_url(url)
    except ValueError:
        return ""
    return found if found.startswith(("http://", "https://")) else ""
