"""Data views: one for each alias, with its clock and the labels, descriptions and formats of its fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from dashboards.ask.filters import Clock, Index
from dashboards.boards import colours
from dashboards.kibana.index_fields import NUMBERS, RUNTIME, IndexField, index_fields
from dashboards.kibana.objects import PREFIX, SavedObject, build_saved_object, pack_json

LONGEST_DESCRIPTION: Final = 300
"""Characters that Kibana accepts in the description of a field."""


@dataclass(frozen=True)
class DataView:
    """A data view. `popular` fields come first in Discover's list; `labels` are the column headings of tables."""

    index: Index
    title: str
    clock: Clock
    popular: tuple[str, ...]
    labels: dict[str, str]


VIEWS: Final[dict[Index, DataView]] = {
    view.index: view
    for view in (
        DataView(
            "claims", "Claims", "published_at",
            ("claimant.name", "status", "text", "publisher", "watches", "assertion_id", "event", "unit_classes",
             "mark"),
            {"claimant.name": "Claimant", "claimant.country": "Country",
             "claimant.kind": "Kind of claimant", "text": "Claim", "title": "Article", "assertion_id": "Assertion"},
        ),
        DataView(
            "figures", "Figures", "published_at",
            ("value", "low", "high", "unit", "unit_class", "claimant", "status", "modifier", "watches", "mark"),
            {"claimant": "Claimant", "text": "Figure", "low": "At least",
             "high": "At most", "value": "Value", "modifier": "Means", "title": "Article"},
        ),
        DataView(
            "articles", "Articles", "published_at",
            ("title", "publisher", "kind", "language", "quality", "watches", "claim_count"),
            {"title": "Article", "arrival_hours": "Hours to arrival"},
        ),
        DataView(
            "assertions", "Assertions", "first_seen_at",
            ("claimant.name", "text", "repeats", "publishers", "stories", "last_seen_at", "watches"),
            {"claimant.name": "First claimant", "text": "Claim", "title": "First article", "repeats": "Repeats",
             "publishers": "Publishers", "stories": "Stories", "last_seen_at": "Last said"},
        ),
        DataView("dead-letters", "Dead letters", "failed_at", ("reason", "step", "error", "feed", "attempts"), {}),
        DataView("health", "Health", "at", ("metric", "value", "step", "outcome", "alert", "subject", "detail"), {}),
        DataView("feeds", "Feeds", "polled_at", ("feed", "silent", "failures", "error", "entry_at"), {}),
    )
}  # fmt: skip
CLOCKS: Final[dict[str, str]] = {
    "published_at": "Published", "first_seen_at": "First said",
    "indexed_at": "Indexed", "failed_at": "Failed", "at": "At", "polled_at": "Polled",
}  # fmt: skip

SHARES: Final = frozenset({"removed_share", "language_confidence"})
BYTES: Final = frozenset({"size"})
PLAIN: Final = frozenset({"revision", "schema_version", "partition", "offset"})
"""Numbers that identify something, shown without thousands separators."""
ADDRESSES: Final = frozenset({"url", "canonical_url", "moved_to"})
SEARCHES_BY: Final = {"assertion_id": "claims-of-one-assertion", "article_id": "claims-latest"}
"""Ids that link to claims: a click opens this saved search, filtered by the id."""


def build_data_views() -> list[SavedObject]:
    """Returns all data views."""
    return [build_data_view(view) for view in VIEWS.values()]


def build_data_view(view: DataView) -> SavedObject:
    """Returns a data view as a saved object. Kibana reads its fields from Elasticsearch."""
    fields = index_fields(view.index).values()
    attributes = {
        "title": view.index,
        "name": f"newsclaims: {view.title}",
        "timeFieldName": view.clock,
        "fields": "[]",
        "sourceFilters": "[]",
        "typeMeta": "{}",
        "runtimeFieldMap": pack_json(RUNTIME.get(view.index, {})),
        "fieldAttrs": pack_json(
            {field.name: known for field in fields if (known := dict(_field_attributes(view, field)))}
        ),
        "fieldFormatMap": pack_json({field.name: format for field in fields if (format := build_field_format(field))}),
    }
    return build_saved_object("index-pattern", view.index, attributes, [])


def _field_attributes(view: DataView, field: IndexField) -> Iterator[tuple[str, Any]]:
    if label := view.labels.get(field.name) or CLOCKS.get(field.name):
        yield "customLabel", label
    if text := describe_field(field):
        yield "customDescription", text
    if field.name in view.popular:
        yield "count", len(view.popular) - view.popular.index(field.name)


def describe_field(field: IndexField) -> str:
    """Returns the field's description, and the values that it can have."""
    parts = (field.meaning, f"One of {', '.join(field.choices)}." if field.choices else "")
    return " ".join(part for part in parts if part)


def build_field_format(field: IndexField) -> dict[str, Any] | None:
    """Returns how Kibana formats the field's values, or None for the default of its type."""
    if field.name == "status":
        return _build_color_format(colours.STATUS)
    if field.name in ADDRESSES:
        return {"id": "url", "params": {"type": "a"}}
    if field.name in SEARCHES_BY:
        return _build_link_format(SEARCHES_BY[field.name], field.name)
    if field.type == "date":
        return {"id": "date", "params": {"pattern": "YYYY-MM-DD HH:mm"}}
    if field.type in NUMBERS:
        return _build_number_format(field.name)
    return None


def _build_number_format(name: str) -> dict[str, Any]:
    if name in SHARES:
        return {"id": "percent", "params": {"pattern": "0.[0]%"}}
    if name in BYTES:
        return {"id": "bytes", "params": {"pattern": "0,0.[0]b"}}
    return {"id": "number", "params": {"pattern": "0" if name in PLAIN else "0,0.[00]"}}


def _build_color_format(by_value: dict[str, str]) -> dict[str, Any]:
    rules = [
        {
            "range": "-Infinity:Infinity",
            "regex": f"^{value}$",
            "text": _choose_text_colour(colour),
            "background": colour,
        }
        for value, colour in by_value.items()
    ]
    return {"id": "color", "params": {"fieldType": "string", "colors": rules}}


def _choose_text_colour(background: str) -> str:
    """Returns black or white, whichever has more contrast with the background.

    The contrast is WCAG's relative luminance with a plain gamma of 2.2, without the linear part of sRGB's curve.
    """
    red, green, blue = ((int(background[start : start + 2], 16) / 255) ** 2.2 for start in (1, 3, 5))
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 else "#ffffff"


def _build_link_format(search: str, field: str) -> dict[str, Any]:
    """Returns a link to a saved search in the same space. Kibana replaces the braces with the value."""
    query = f"(query:(language:kuery,query:'{field}:{{{{value}}}}'))"
    link = f"../app/discover#/view/{PREFIX}search-{search}?_g=(time:(from:now-10y,to:now))&_a={query}"
    return {"id": "url", "params": {"type": "a", "urlTemplate": link, "labelTemplate": "{{value}}"}}
