"""Saved searches: those in `dashboards.kibana.searches`, and the list of newest claims on the dashboard."""

from typing import Any, Final

from dashboards.ask.filters import MARKABLE
from dashboards.kibana.data_views import VIEWS
from dashboards.kibana.objects import (
    Reference,
    SavedObject,
    build_marked_filter,
    build_reference,
    build_saved_object,
    pack_json,
    refer_to_marked_filter,
)
from dashboards.kibana.searches import CLAIM, SEARCHES, Search

LATEST: Final = "search-claims-latest"
SOURCE: Final = "kibanaSavedObjectMeta.searchSourceJSON.index"
"""The name by which a search refers to its data view."""

SINCE: Final = {"from": "now-5y", "to": "now"}
"""The time range that our objects open with.

The sample feed is some years old; Discover's default of fifteen minutes would show none of it.
"""

ROW_HEIGHT: Final = 3
"""Lines of text in a row: sentences rarely fit on one."""


def build_saved_searches() -> list[SavedObject]:
    """Returns all saved searches."""
    return [build_latest(), *(build_saved_search(search) for search in SEARCHES)]


def build_latest() -> SavedObject:
    """Returns the search for every claim, newest first."""
    search = Search(name="claims-latest", question="Newest claims", index="claims", kql="", query={}, columns=CLAIM)
    return build_saved_object("search", LATEST, _build_attributes(search), _list_references(search))


def build_saved_search(search: Search) -> SavedObject:
    """Returns one search of the table."""
    return build_saved_object("search", f"search-{search.name}", _build_attributes(search), _list_references(search))


def _leaves_marked_out(search: Search) -> bool:
    return search.index in MARKABLE and not search.shows_marked


def _list_references(search: Search) -> list[Reference]:
    view = build_reference(SOURCE, "index-pattern", search.index)
    return [view, refer_to_marked_filter(search.index)] if _leaves_marked_out(search) else [view]


def _build_attributes(search: Search) -> dict[str, Any]:
    source = {
        "query": {"query": search.kql, "language": "kuery"},
        "filter": [build_marked_filter()] if _leaves_marked_out(search) else [],
        "highlightAll": True,
        "version": True,
        "indexRefName": SOURCE,
    }
    attributes = {
        "title": f"newsclaims: {search.question}",
        "description": search.note,
        "columns": list(search.columns),
        "sort": [[VIEWS[search.index].clock, "asc" if search.oldest_first else "desc"]],
        "grid": {},
        "rowHeight": ROW_HEIGHT,
        "hideChart": False,
        "isTextBasedQuery": False,
        "timeRestore": True,
        "timeRange": dict(SINCE),
        "kibanaSavedObjectMeta": {"searchSourceJSON": pack_json(source)},
    }
    return attributes | ({"breakdownField": "status"} if search.index in ("claims", "figures") else {})
