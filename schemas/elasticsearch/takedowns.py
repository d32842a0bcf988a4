"""Takedowns: their record, and the ids under which a page is looked up among those that were taken down.

One page has many addresses: with and without `www.`, by http and https, its AMP page, with a fragment. A takedown of
one of them covers all, so it is stored under an id that these addresses share.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import field

from schemas.fields import Count, Id, Record, Stored, Timestamp, describe
from schemas.identity import digest
from schemas.records import SCHEMA_VERSION
from schemas.urls import canonical_url

_WEB = ("http", "https")
_AMP_SUFFIX = re.compile(r"\.amp(?=\.html?$|$)")
_AMP_PARAMETERS = frozenset({"amp", "amp=", "amp=1", "amp=true", "outputtype=amp"})


class Takedown(Record, frozen=True, kw_only=True):
    """A page or article that must not come back: nothing of it is written, published or read. Behind `takedowns`.

    A takedown has one document for each id that an article is looked up by (`list_takedown_ids`). The
    first has the record of what was removed; it holds no text of the article.
    """

    schema_version: Annotated[Literal[1], describe("Version of the record; a new optional field keeps it.")] = (
        SCHEMA_VERSION
    )
    takedown_id: Annotated[Id, describe("Id of the page, or of an article.")]
    is_first: Annotated[bool, describe("Whether this document has the record of the takedown.")] = True
    url: Annotated[str, describe("What was asked for: the address of the page, or the id of an article.")]
    article_ids: Annotated[tuple[str, ...], describe("Ids of the articles that it covers, as far as known.")] = ()
    reason: Annotated[str | None, describe("Why, in the words of the person who asked for it.")] = None
    by: Annotated[str | None, describe("Who asked for it.")] = None
    at: Annotated[Timestamp, describe("When it was asked for.")]
    updated_at: Annotated[Timestamp, describe("When it was carried out last.")]
    removed: Annotated[dict[str, Count], Stored, describe("What was removed, counted by place.")] = field(
        default_factory=dict
    )
    lifted_at: Annotated[
        Timestamp | None, describe("When the page was allowed again; null while the takedown is in force.")
    ] = None
    lifted_by: Annotated[str | None, describe("Who allowed it again.")] = None


def name_page(url: str) -> str:
    """Returns what all addresses of one page share: host, path and query, without what only tells variants apart.

    Left out are the scheme, `www.` and `amp.` before the host, the fragment, tracking parameters, a slash at the end,
    and the part of path or query that asks for the AMP page. Anything but a web address is returned as it is.
    """
    with suppress(ValueError):
        parts = urlsplit(canonical_url(url))
        if parts.scheme in _WEB and parts.hostname:
            port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
            return _name_host(parts.hostname) + port + _name_path(parts.path) + _name_query(parts.query)
    return url.strip()


def _name_host(host: str) -> str:
    host = host.removeprefix("www.")
    bare = host.removeprefix("amp.")
    return bare if "." in bare else host


def _name_path(path: str) -> str:
    segments = [segment for segment in path.split("/") if segment]
    if segments and segments[0] == "amp":
        segments = segments[1:]
    if segments and segments[-1] == "amp":
        segments = segments[:-1]
    return _AMP_SUFFIX.sub("", "/".join(["", *segments]))


def _name_query(query: str) -> str:
    kept = [each for each in query.split("&") if each and each.lower() not in _AMP_PARAMETERS]
    return "?" + "&".join(kept) if kept else ""


def page_takedown_id(url: str) -> str:
    """Returns the id of the takedown of a page, the same for all its addresses."""
    return digest("page", name_page(url))


def list_takedown_ids(ids: Iterable[str | None], urls: Iterable[str | None]) -> tuple[str, ...]:
    """Returns the ids of all takedowns that cover an article: its own ids and those of its pages, each once."""
    found = [*(id for id in ids if id), *(page_takedown_id(url) for url in dict.fromkeys(urls) if url)]
    return tuple(dict.fromkeys(found))
