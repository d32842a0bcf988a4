"""Renders stories for the terminal: which texts were printed most often, and where."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from dashboards.ask.asking import explain_errors
from deploy.settings import Settings
from schemas.errors import Permanent
from schemas.fields import Record

MOST_ARTICLES = 500
"""Articles of one story that are shown."""


class StoryLine(Record, frozen=True, kw_only=True):
    """One article of a story, or its first one with the size of the whole story."""

    story_id: str
    article_id: str
    published_at: datetime
    publisher: str
    title: str
    url: str
    articles: int = 1
    publishers: int = 1


def find_stories(settings: Settings, since: datetime | None, limit: int) -> list[StoryLine]:
    """Returns the stories of at least two articles, those with the most first. Raises what `explain_errors` raises."""
    query: dict[str, Any] = {"range": {"published_at": {"gte": since.isoformat()}}} if since else {"match_all": {}}
    first = {"top_hits": {"size": 1, "sort": [{"published_at": "asc"}, {"article_id": "asc"}], "_source": list(FIELDS)}}
    found = _search(
        settings, size=0, query=query,
        aggs={"stories": {"terms": {"field": "story_id", "size": limit, "min_doc_count": 2},
                          "aggs": {"first": first, "publishers": {"cardinality": {"field": "publisher"}}}}},
    )  # fmt: skip
    return [
        _read(
            bucket["first"]["hits"]["hits"][0]["_source"],
            articles=bucket["doc_count"],
            publishers=bucket["publishers"]["value"],
        )
        for bucket in found["aggregations"]["stories"]["buckets"]
    ]


def read_story(settings: Settings, story_id: str) -> list[StoryLine]:
    """Returns the articles of a story, the earliest first. Raises `Permanent` if no article has this story."""
    found = _search(
        settings, size=MOST_ARTICLES, query={"term": {"story_id": story_id}}, source=list(FIELDS),
        sort=[{"published_at": "asc"}, {"article_id": "asc"}],
    )["hits"]["hits"]  # fmt: skip
    if not found:
        raise Permanent(f"no article has the story_id {story_id!r}: copy it from `newsclaims stories list`")
    return [_read(hit["_source"]) for hit in found]


FIELDS = ("story_id", "article_id", "published_at", "publisher", "title", "url")


def _search(settings: Settings, **request: Any) -> Any:
    with Elasticsearch(**settings.elasticsearch.client_options()) as client, explain_errors("articles"):
        return client.options(request_timeout=30, max_retries=0).search(index="articles", **request)


def _read(source: dict[str, Any], articles: int = 1, publishers: int = 1) -> StoryLine:
    moment = datetime.fromisoformat(source["published_at"])
    return StoryLine(**{**source, "published_at": moment}, articles=articles, publishers=publishers)


def render_stories(found: Sequence[StoryLine]) -> RenderableType:
    """Returns a table of stories, or a sentence if there is none."""
    if not found:
        return Text("No story has more than one article.", style="yellow")
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, justify in (("articles", "right"), ("outlets", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for name, ratio in (("first published", 2), ("by", 2), ("title", 6), ("story_id", 3)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for line in found:
        table.add_row(
            f"{line.articles:,}", f"{line.publishers:,}", f"{line.published_at:%Y-%m-%d %H:%M}",
            Text(line.publisher), Text(line.title), Text(line.story_id),
        )  # fmt: skip
    return table


def render_story(found: Sequence[StoryLine]) -> RenderableType:
    """Returns a table of the articles of one story."""
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for name, ratio in (("published", 2), ("by", 2), ("title", 5), ("address", 5)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for line in found:
        table.add_row(f"{line.published_at:%Y-%m-%d %H:%M}", Text(line.publisher), Text(line.title), Text(line.url))
    return table
