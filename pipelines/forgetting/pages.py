"""The page that is to be forgotten, and what belongs to it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from urllib.parse import urlsplit

from schemas.elasticsearch.takedowns import list_takedown_ids, name_page, page_takedown_id
from schemas.errors import Permanent
from schemas.identity import article_id
from schemas.urls import canonical_url

_ID = re.compile(r"[0-9a-f]{24}")
_HOSTS = ("", "www.", "amp.")


@dataclass(frozen=True)
class ForgottenPage:
    """A page, or an article without an address. `ids` are those of its takedown: see `list_takedown_ids`.

    `addresses` are beginnings of the addresses that the page may be stored under.
    """

    url: str
    ids: frozenset[str]
    addresses: tuple[str, ...] = ()

    @property
    def first_id(self) -> str:
        """The id of the takedown's first document."""
        return self.url if not self.addresses else page_takedown_id(self.url)

    def covers(self, ids: Iterable[str | None], urls: Iterable[str | None]) -> bool:
        """Whether something with these ids and addresses belongs to the page."""
        return not self.ids.isdisjoint(list_takedown_ids(ids, urls))

    def covers_article(self, source: Mapping[str, Any]) -> bool:
        """Whether a stored article belongs to the page: by its id, its page, or one of its addresses."""
        own = (source.get("article_id"), source.get("parent_id"))
        return self.covers(own, (source.get("url"), source.get("canonical_url")))

    def add_articles(self, sources: Iterable[Mapping[str, Any]]) -> "ForgottenPage":
        """Returns the page with the ids of stored articles that belong to it.

        An item of a page is deleted with it. Its own id is left out if the item has an address of its own: elsewhere
        it is an article in its own right.
        """
        found = set(self.ids)
        for source in sources:
            at_home = self.covers((), (source.get("url"),)) or source["article_id"] in self.ids
            found |= {id for id in (source.get("parent_id"), source["article_id"] if at_home else None) if id}
        return replace(self, ids=frozenset(found))


def find_page(url: str) -> ForgottenPage:
    """Returns the page of an address, or the article of an id.

    Raises `Permanent` for anything else: it could not be told from other articles.
    """
    url = url.strip()
    if _ID.fullmatch(url):
        return ForgottenPage(url, frozenset({url}))
    name = name_page(url)
    if not url.lower().startswith(("http://", "https://")) or name == url:
        raise Permanent(f"{url!r} is neither a web address (https://…) nor the id of an article (24 hex digits)")
    addresses = list_addresses(name)
    known = {article_id(canonical_url(address), "") for address in (url, *addresses)}
    return ForgottenPage(url, frozenset({page_takedown_id(url), *known}), addresses)


def list_addresses(name: str) -> tuple[str, ...]:
    """Returns the addresses that share this name: by http and https, with and without `www.`, as an AMP page."""
    parts = urlsplit(f"//{name}")
    query = f"?{parts.query}" if parts.query else ""
    paths = dict.fromkeys([f"{parts.path or '/'}{query}", f"/amp{parts.path}{query}"])
    hosts = [f"{prefix}{parts.netloc}" for prefix in _HOSTS]
    return tuple(f"{scheme}://{host}{path}" for scheme, host, path in product(("https", "http"), hosts, paths))
