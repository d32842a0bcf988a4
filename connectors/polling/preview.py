"""`newsclaims feeds preview`: what a feed would bring, without publishing it."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rich.table import Table

from connectors.feeds.configuration import Feed, FeedConfig, read_feeds
from connectors.kit import Batch, FoundArticle, RefusedItem
from connectors.kit.registry import load_connector_type
from connectors.polling.poller import make_context, open_connector
from connectors.web.client import Web, utc_now
from schemas.errors import Permanent

PreviewItem = FoundArticle | RefusedItem | str | tuple[str, int]
"""An article, a refused item, a warning, or a kind of repair and how often it was needed."""


def find_feed(target: str, file: Path, allow_private: bool) -> Feed:
    """Returns the feed of this name, or for an address a feed with the connector `syndication`."""
    if "://" in target:
        settings = load_connector_type("syndication").settings_type
        return Feed("preview", FeedConfig(url=target), 900.0, settings(allow_private=allow_private))
    feeds, problems = read_feeds(file)
    for feed in feeds:
        if feed.name == target:
            return feed
    hint = f"; {problems[0]}" if problems else ""
    raise Permanent(f"{file} has no valid feed {target}: see `newsclaims feeds list`{hint}")


def preview_feed(feed: Feed, limit: int, web: Web | None = None) -> Iterator[PreviewItem]:
    """Yields up to `limit` articles of the feed's beginning, its refused items, warnings and repairs.

    Delivers nothing.
    """
    context = make_context(feed, web or Web(), utc_now, threading.Event())
    repairs: Mapping[str, int] = {}
    with open_connector(feed, context) as connector:
        for batch in connector.read({}):
            yield from list_items(batch)[:limit]
            limit -= len(batch.articles)
            repairs = batch.repairs or {}
            if limit <= 0:
                break
    yield from repairs.items()


def list_items(batch: Batch) -> list[PreviewItem]:
    """Returns the batch's warning, its articles from the newest on, and its refused items."""
    warning: list[PreviewItem] = [batch.warning] if batch.warning else []
    return [*warning, *reversed(batch.articles), *batch.refused]


def render_preview(items: Iterable[PreviewItem]) -> Table:
    """Returns the preview as a table."""
    table = Table("published", "scope", "characters", "title", "address", box=None, pad_edge=False)
    repairs: list[str] = []
    for item in items:
        if isinstance(item, str):
            table.add_row("", "warning", "", item)
        elif isinstance(item, tuple):
            repairs.append(f"in the feed: {item[1]:,} × {item[0]}")
        elif isinstance(item, RefusedItem):
            table.add_row("", "refused", "", item.why)
        else:
            article = item.article
            date = f"{article.published_at:%Y-%m-%d %H:%M}" if article.published_at else "no date"
            size = f"{len(article.body):,}"
            table.add_row(date, article.content_scope, size, article.title or article.body[:60], article.url)
    table.caption, table.caption_justify = "\n".join(repairs), "left"
    return table
