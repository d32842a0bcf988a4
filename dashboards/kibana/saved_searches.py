"""Saved searches: those of `dashboards.kibana.searches`, and the list of newest claims that the dashboard shows."""

from typing import Any, Final

from dashboards.ask.filters import Index
from dashboards.kibana.data_views import VIEWS
from dashboards.kibana.objects import SavedObject, build_reference, build_saved_object, pack_json
from dashboards.kibana.searches import CLAIM, SEARCHES, Search

LATEST: Final = "search-claims-latest"
SOURCE: Final = "kibanaSavedObjectMeta.searchSourceJSON.index"
"""The name that a search's attributes call its data view by."""

SINCE: Final = {"from": "now-5y", "to": "now"}
"""The time that is set when one of our objects is opened: the sample feed is some years old, and Discover's usual
fifteen minutes show nothing of it."""

LINES: Final = 3
"""Lines of a row: sentences are longer than one."""


def build_saved_searches() -> list[SavedObject]:
    """All saved searches."""
    return [build_latest(), *(build_saved_search(search) for search in SEARCHES)]


def build_latest() -> SavedObject:
    """Every claim, newest first."""
    attributes = _build_attributes("Newest claims", "", "claims", "", CLAIM, "desc")
    return build_saved_object("search", LATEST, attributes, [build_reference(SOURCE, "index-pattern", "claims")])


def build_saved_search(search: Search) -> SavedObject:
    """One search of the table."""
    order = "asc" if search.oldest_first else "desc"
    attributes = _build_attributes(search.question, search.note, search.index, search.kql, search.columns, order)
    name = f"search-{search.name}"
    return build_saved_object("search", name, attributes, [build_reference(SOURCE, "index-pattern", search.index)])


def _build_attributes(
    title: str, note: str, index: Index, kql: str, columns: tuple[str, ...], order: str
) -> dict[str, Any]:
    source = {
        "query": {"query": kql, "language": "kuery"},
        "filter": [],
        "highlightAll": True,
        "version": True,
        "indexRefName": SOURCE,
    }
    attributes = {
        "title": f"newsclaims: {title}",
        "description": note,
        "columns": list(columns),
        "sort": [[VIEWS[index].clock, order]],
        "grid": {},
        "rowHeight": LINES,
        "hideChart": False,
        "isTextBasedQuery": False,
        "timeRestore": True,
        "timeRange": dict(SINCE),
        "kibanaSavedObjectMeta": {"searchSourceJSON": pack_json(source)},
    }
    return attributes | ({"breakdownField": "status"} if index in ("claims", "figures") else {})
