"""The types of record fields: each says how it is written to JSON and how Elasticsearch maps it.

A field's Elasticsearch mapping follows from its Python type (`str` is a keyword, `float` a double, a `Struct` an
object); the annotations here are for the other cases. `schemas.elasticsearch.mapping` reads them. The descriptions are
part of the JSON Schemas and of Kibana's data views.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, UnsetType


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of all records. Every field is written, also at its default: a search for `quote : none` must find it."""


LONGEST_KEYWORD = 8191
"""Characters of a keyword that are indexed: Lucene takes 32,766 bytes of one term, and a character has up to four. A
longer value stays in the document and is not searchable, where without this limit it would cost the whole document."""


def describe(text: str) -> Meta:
    """Describes a field, for its JSON Schema and for Kibana."""
    return Meta(description=text)


def _mapped(**mapping: Any) -> Meta:
    return Meta(extra={"mapping": mapping})


_KEYWORD = {"keyword": {"type": "keyword", "ignore_above": 1024}}

FullText = Annotated[str, _mapped(type="text")]
"""Long text: searched by word, never sorted or counted by."""

Text = Annotated[str, _mapped(type="text", fields=_KEYWORD)]
"""Short text: searched by word, and whole under `.keyword`."""

ClaimantName = Annotated[str, _mapped(type="keyword", ignore_above=LONGEST_KEYWORD, fields={"name": {"type": "text"}})]
"""A claimant's name in a record that keeps nothing else of the claimant: whole under the field's name, by word under
`.name`, so that a search for `claimant.name : Rutte` means the same in figures as in claims."""

Stored = _mapped(type="object", enabled=False)
"""Marks a field that is kept in the document but not indexed."""

Unsearchable = _mapped(type="keyword", index=False, doc_values=False)
"""Marks keywords that are kept in the document and can be neither searched nor counted."""

SearchedOnly = _mapped(type="keyword", doc_values=False)
"""Marks keywords that are searched and never counted or sorted by."""

LARGEST_LONG = 2**63 - 1
"""The largest whole number that Elasticsearch and the ledger take."""
LARGEST_INTEGER = 2**31 - 1
"""The largest whole number of a field that is mapped as `integer`."""

Count = Annotated[int, Meta(ge=0, le=LARGEST_LONG)]
"""A whole number that is not negative, such as a number of words or an offset in Kafka."""

Tallied = Annotated[int, Meta(ge=0, le=LARGEST_LONG, extra={"mapping": {"type": "long", "index": False}})]
"""A number that often changes, and is counted and sorted by more than searched: a search looks at each document."""

Revision = Annotated[int, Meta(ge=1, le=LARGEST_LONG)]
"""The revision of an article: the time of its fetch in milliseconds."""

Position = Annotated[int, Meta(ge=0, le=LARGEST_INTEGER, extra={"mapping": {"type": "integer"}})]
"""An offset in characters (Unicode code points) into the text that the record names, or a place in a list."""

Timestamp = Annotated[datetime, Meta(tz=True)]
"""A moment with its zone, RFC 3339 in JSON; written in UTC."""

Language = Annotated[str, Meta(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*|und)$")]
"""A BCP 47 code, or `und` if the text is too short to decide."""

Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$")]
"""An ISO 3166-1 alpha-2 code."""

Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code."""

Id = Annotated[str, Meta(min_length=1, max_length=512)]

Share = Annotated[float, Meta(ge=0, le=1)]

Field = Literal["title", "body"]
"""Which text of the article an offset counts in."""

IngestMode = Literal["live", "replay", "backfill"]
Retraction = Literal["gone", "feed"]
ContentScope = Literal["full", "partial", "teaser"]
ContentType = Literal["text/plain", "text/html"]
PublishedSource = Literal["feed", "page", "text", "fetched"]
ArticleKind = Literal["article", "digest_item", "forum", "press_release"]
EntityKind = Literal["person", "organisation", "location", "nationality"]
ClaimantKind = Literal["person", "office", "organisation", "outlet", "government", "group"]
Status = Literal["asserted", "confirmed", "denied", "unconfirmed", "planned", "predicted", "demanded", "opinion"]
MarkKind = Literal["wrong", "duplicate"]
AnalystMark = Annotated[
    MarkKind | UnsetType,
    describe(
        "An analyst's mark on the claim: `wrong` or `duplicate`; missing without one. Set by the sink. Boards, reports "
        "and exports leave marked documents out."
    ),
]
MarkedChoice = Literal["out", "also", "only"]
"""What to do with claims that an analyst marked, and their figures: leave them out, take them, or take only these."""
Quote = Literal["none", "partial", "direct"]
FigureKind = Literal["count", "money", "percent", "fraction", "multiplier", "duration", "age", "measure"]
Modifier = Literal["exact", "approx", "at_least", "more_than", "at_most", "less_than", "range", "vague"]
Change = Literal["additional", "total", "up", "down"]
Granularity = Literal["instant", "day", "week", "month", "season", "quarter", "year", "decade", "span"]
