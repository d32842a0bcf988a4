"""Checks saved objects without a server: that references have targets, and that field types fit their use.

Fields come from the mappings of the records, so that a renamed field is found here and not by an analyst who looks at
an empty chart.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from dashboards.kibana.content import build_ndjson, read_committed
from dashboards.kibana.index_fields import AGGREGATED, NUMBERS, IndexField, index_fields
from dashboards.kibana.kql import parse_comparisons
from dashboards.kibana.lens import RECORDS
from dashboards.kibana.objects import SavedObject
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent
from schemas.suggestions import hint

ALLOWED_TYPES: Final = {
    "terms": AGGREGATED,
    "unique_count": AGGREGATED,
    "last_value": AGGREGATED,
    "date_histogram": frozenset({"date"}),
    "min": NUMBERS | {"date"},
    "max": NUMBERS | {"date"},
    "median": NUMBERS,
    "sort": AGGREGATED,
    "control": frozenset({"keyword"}),
    "time field": frozenset({"date"}),
    "range": NUMBERS | {"date"},
    "number": NUMBERS,
    "url": frozenset({"keyword"}),
    "color": frozenset({"keyword"}),
    "bytes": NUMBERS,
    "percent": NUMBERS,
    "date": frozenset({"date"}),
}
"""The field types that an operation or a format accepts."""


class SavedObjectIndex:
    """Saved objects by kind and id, with the index of each data view."""

    def __init__(self, objects: Sequence[SavedObject]) -> None:
        self.by_id = {(each["type"], each["id"]): each for each in objects}

    def find_target(self, found: SavedObject, name: str) -> SavedObject:
        """Returns the object to which another refers by this name. Raises `Permanent` if it does not exist."""
        for each in found["references"]:
            if each["name"] == name:
                if there := self.by_id.get((each["type"], each["id"])):
                    return there
                raise Permanent(f"refers to the {each['type']} {each['id']}, which does not exist")
        raise Permanent(f"uses the reference {name}, which it does not define")

    def find_index(self, found: SavedObject, name: str) -> str:
        """Returns the index of the data view to which an object refers. Raises `Permanent` if it is unknown."""
        index = str(self.find_target(found, name)["attributes"]["title"])
        if index not in FAMILIES:
            raise Permanent(f"is about {index}, which is not an index of newsclaims")
        return index


def check_file() -> Iterator[str]:
    """Yields a sentence if the file in the package differs from what the definitions generate."""
    if read_committed() != build_ndjson():
        yield "dashboards/generated/kibana/newsclaims.ndjson is stale: run `python -m dashboards.build`"


def check_objects(objects: Sequence[SavedObject]) -> list[str]:
    """Returns a sentence for each problem, which names the object and the field."""
    known = SavedObjectIndex(objects)
    found: list[str] = []
    for each in objects:
        name = f"{each['type']} {each['id']}"
        try:
            for reference in each["references"]:
                known.find_target(each, reference["name"])
            found += [f"{name}: {problem}" for problem in CHECKS[each["type"]](each, known)]
        except Permanent as error:
            found.append(f"{name} {error}")
    return list(dict.fromkeys(found))


def _check_data_view(found: SavedObject, _: SavedObjectIndex) -> Iterator[str]:
    attributes = found["attributes"]
    if attributes["title"] not in FAMILIES:
        yield f"unknown index {attributes['title']}"
        return
    index = attributes["title"]
    yield from check_field(index, attributes["timeFieldName"], "time field")
    for name, format in json.loads(attributes["fieldFormatMap"]).items():
        yield from check_field(index, name, format["id"])
    for name in json.loads(attributes["fieldAttrs"]):
        yield from check_field(index, name)


def _check_saved_search(found: SavedObject, known: SavedObjectIndex) -> Iterator[str]:
    attributes = found["attributes"]
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    index = known.find_index(found, source["indexRefName"])
    for column in [*attributes["columns"], *filter(None, [attributes.get("breakdownField")])]:
        yield from check_field(index, column)
    for name, _ in attributes["sort"]:
        yield from check_field(index, name, "sort")
    yield from check_search(index, source["query"]["query"])


def _check_lens(found: SavedObject, known: SavedObjectIndex) -> Iterator[str]:
    state = found["attributes"]["state"]
    for layer, content in state["datasourceStates"]["formBased"]["layers"].items():
        index = known.find_index(found, f"indexpattern-datasource-layer-{layer}")
        yield from check_search(index, state["query"]["query"])
        for column in content["columns"].values():
            yield from _check_column(index, column, content["columns"])


def _check_column(index: str, column: dict[str, Any], columns: dict[str, Any]) -> Iterator[str]:
    if column["sourceField"] != RECORDS:
        yield from check_field(index, column["sourceField"], column["operationType"])
    ordered_by = column.get("params", {}).get("orderBy", {}).get("columnId")
    if ordered_by and ordered_by not in columns:
        yield f"is ordered by the column {ordered_by}, which does not exist"
    if by := column.get("params", {}).get("sortField"):
        yield from check_field(index, by, "time field")


def _check_dashboard(found: SavedObject, known: SavedObjectIndex) -> Iterator[str]:
    indices = set()
    for panel in json.loads(found["attributes"]["panelsJSON"]):
        target = known.find_target(found, f"{panel['panelIndex']}:{panel['panelRefName']}")
        indices |= {known.find_index(target, each["name"]) for each in target["references"]}
    for name, control in json.loads(found["attributes"]["controlGroupInput"]["panelsJSON"]).items():
        own = known.find_index(found, f"controlGroup_{name}:optionsListDataView")
        for index in sorted(indices | {own}):  # a control filters every panel: one without its field would be empty
            yield from check_field(index, control["explicitInput"]["fieldName"], "control")


CHECKS: Final[dict[str, Callable[[SavedObject, SavedObjectIndex], Iterator[str]]]] = {
    "index-pattern": _check_data_view,
    "search": _check_saved_search,
    "lens": _check_lens,
    "dashboard": _check_dashboard,
}


def check_field(index: str, name: str, operation: str | None = None) -> Iterator[str]:
    """Yields a sentence if the index lacks the field, or if the operation does not accept its type."""
    fields = index_fields(index)
    if name not in fields:
        yield f"{index} has no field {name}{hint(name, fields)}"
    elif operation and fields[name].type not in ALLOWED_TYPES[operation]:
        yield f"{name} of {index} is a {fields[name].type}, which {operation} does not accept"


def check_search(index: str, kql: str) -> Iterator[str]:
    """Yields the problems of a search. Raises `Permanent` if it cannot be parsed."""
    for each in parse_comparisons(kql):
        if wrong := list(check_field(index, each.field, None if each.operator == ":" else "range")):
            yield from wrong
            continue
        field = index_fields(index)[each.field]
        yield from (
            f"{field.name} of {index} is never {value}" for value in each.values if not is_possible(field, value)
        )


def is_possible(field: IndexField, value: str) -> bool:
    """Returns whether the field can have the value, given in KQL."""
    if value == "*":
        return True
    if field.type in NUMBERS or field.type == "double_range":
        return value.removeprefix("-").replace(".", "", 1).isdigit()
    if field.type == "boolean":
        return value in ("true", "false")
    return not field.choices or "*" in value or value.strip('"') in field.choices
