"""Renders watches for the terminal: what they look for, how many claims match, and why an article matches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from elasticsearch import Elasticsearch
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dashboards.ask.asking import explain_errors
from dashboards.ask.filters import HAS_MARK
from dashboards.ask.query_clauses import none_of
from dashboards.terminal.article_view import STATUS_STYLES
from deploy.settings import Settings
from schemas.fields import Record
from schemas.matches import Hit, Match, WatchedArticle, WatchedPage, WatchedPart
from schemas.watches import LISTS, ListName, Watch

RECENT_DAYS = 30
NAMES = 1000
"""Maximum number of watches that are counted."""
SHOWN = 20
"""Maximum number of claims and figures shown for an article."""


class WatchSummary(Record, frozen=True, kw_only=True):
    """A watch in `watches list`. Counts are of claims, and None if Elasticsearch could not be read."""

    watch: Watch
    recent: int | None = None
    """Published in the last `RECENT_DAYS` days."""
    claims: int | None = None


def count_claims(settings: Settings, now: datetime) -> dict[str, tuple[int, int]]:
    """Returns the number of claims of each watch, in the last `RECENT_DAYS` days and in total.

    Raises what `explain_errors` raises.
    """
    since = (now - timedelta(days=RECENT_DAYS)).isoformat()
    with Elasticsearch(**settings.elasticsearch.client_options()) as client, explain_errors("claims"):
        answer = client.options(request_timeout=10, max_retries=0).search(
            index="claims", size=0, query=none_of(HAS_MARK),
            aggs={"watches": {"terms": {"field": "watches", "size": NAMES},
                              "aggs": {"recent": {"filter": {"range": {"published_at": {"gte": since}}}}}}},
        )  # fmt: skip
    found = answer.get("aggregations", {}).get("watches", {}).get("buckets", ())
    return {bucket["key"]: (bucket["recent"]["doc_count"], bucket["doc_count"]) for bucket in found}


def summarize_watches(watches: Iterable[Watch], counted: Mapping[str, tuple[int, int]] | None) -> list[WatchSummary]:
    """Returns the watches with their counts, or without if `counted` is None."""
    if counted is None:
        return [WatchSummary(watch=watch) for watch in watches]
    return [
        WatchSummary(watch=watch, recent=recent, claims=claims)
        for watch in watches
        for recent, claims in [counted.get(watch.name, (0, 0))]
    ]


def find_removed(watches: Iterable[Watch], counted: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """Returns names of removed watches that claims still have, with the number of claims."""
    known = {watch.name for watch in watches}
    return {name: claims for name, (_, claims) in counted.items() if name not in known}


def render_watches(found: Sequence[WatchSummary]) -> RenderableType:
    """Returns a table of the watches, or a sentence if the list is empty."""
    if not found:
        return Text("No watches.", style="yellow")
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    table.add_column("watch", ratio=4, overflow="fold")
    table.add_column("looks for", ratio=12, overflow="fold")
    table.add_column(f"claims in {RECENT_DAYS} days", ratio=3, justify="right")
    table.add_column("in total", ratio=2, justify="right")
    for line in found:
        name = Text.assemble((line.watch.name, "bold"), "\n", (line.watch.title, "dim"))
        table.add_row(
            name, describe_watch(line.watch), *("?" if n is None else f"{n:,}" for n in (line.recent, line.claims))
        )
    return table


def describe_watch(watch: Watch) -> Text:
    """Returns what a watch looks for, with a line for each of its lists."""
    given = [(name.replace("_", " "), ", ".join(getattr(watch, name))) for name in LISTS if getattr(watch, name)]
    return Text("\n").join(Text.assemble((f"{name} ", "dim"), entries) for name, entries in given)


def render_watched_page(page: WatchedPage) -> RenderableType:
    """Returns what watches match in each article of a page, and what the other watches are missing."""
    if not page.articles:
        return Text(f"{page.id}: no article on the page", style="yellow")
    return Group(*(part for article in page.articles for part in render_watched_article(article)))


def render_watched_article(article: WatchedArticle) -> Iterator[RenderableType]:
    """Yields one article: its watches and why they match, its watched claims and figures, the other watches."""
    yield Text.assemble((article.title or "no title", "bold"), f"  {article.language}")
    for match in article.matches:
        claims, figures = (
            sum(any(found.watch == match.watch for found in part.matches) for part in parts)
            for parts in (article.claims, article.figures)
        )
        amount = f"  {claims} of {article.claim_count} claims, {figures} of {article.figure_count} figures: "
        yield Text.assemble(("  ✓ ", "green"), (match.watch, "bold green"), amount, describe_match(match))
    for name, lists in article.missing.items():
        together = "together in one claim or figure" if len(lists) > 1 else ""
        lacking = " and ".join(each.replace("_", " ") for each in lists)
        yield Text.assemble(("  ✗ ", "red"), (name, "red"), f"  none of its {lacking} {together}".rstrip(), style="dim")
    if article.claims or article.figures:
        yield build_parts_table([*article.claims, *article.figures])
    names = ", ".join(article.entities) or "none"
    yield Text(f"  names: {names}\n", style="dim")


def describe_match(match: Match, *lists: ListName) -> Text:
    """Returns the hits of a match, only those in `lists` if any are given."""
    hits = [hit for hit in match.hits if not lists or hit.list in lists]
    return Text(", ").join(
        Text.assemble(hit.found, (f" ({hit.list.replace('_', ' ')}{describe_entry(hit)})", "dim")) for hit in hits
    )


def describe_entry(hit: Hit) -> str:
    """Returns the entry of the watch, if it differs from the text that was found."""
    return "" if hit.found == hit.wanted else f" {hit.wanted}"


def build_parts_table(parts: Sequence[WatchedPart]) -> RenderableType:
    """Returns a table of watched claims and figures, with the watches of each and what they found in it."""
    table = Table(box=None, padding=(0, 2), show_header=True, header_style="dim", expand=True)
    for heading, ratio in (("claim or figure", 6), ("status, class", 3), ("watches", 6)):
        table.add_column(heading, overflow="fold", ratio=ratio)
    for part in parts[:SHOWN]:
        kind = Text(part.status, style=STATUS_STYLES[part.status]) if part.status else Text(part.unit_class or "")
        own = [
            Text(" ").join((Text(m.watch, "bold"), describe_match(m, "words", "unit_classes"))) for m in part.matches
        ]
        table.add_row(part.text, kind, Text("\n").join(own))
    if len(parts) > SHOWN:
        table.add_row(Text(f"and {len(parts) - SHOWN} more; --json has all", style="dim"), "", "")
    return table
