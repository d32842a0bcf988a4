"""Finds where an object in Kibana differs from ours. What Kibana adds, such as times and defaults, does not count."""

import json
from collections.abc import Iterator
from typing import Any, Final

from dashboards.kibana.objects import SavedObject

PACKED: Final = frozenset({"fieldAttrs", "fieldFormatMap", "runtimeFieldMap"})
"""Attributes that hold JSON as text, in addition to those whose name ends in JSON."""
COUNTER: Final = "count"
"""The number of times a field was used, which Kibana increments."""


def find_differences(ours: SavedObject, theirs: SavedObject) -> list[str]:
    """Returns the names of the attributes that differ, in order, such as `attributes.columns`."""
    found = [f"attributes.{name}" for name in _find_different(ours["attributes"], theirs.get("attributes", {}))]
    if _find_targets(ours) - _find_targets(theirs):
        found.append("references")
    return found


def _find_different(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    for name, value in ours.items():
        if not contains(_unpack(name, theirs.get(name)), _unpack(name, value)):
            yield name


def _unpack(name: str, value: Any) -> Any:
    if isinstance(value, str) and (name in PACKED or name.endswith("JSON")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    if isinstance(value, dict):
        return {inner: _unpack(inner, each) for inner, each in value.items()}
    return value


def contains(theirs: Any, ours: Any) -> bool:
    """Returns whether `theirs` has everything in `ours`: every key of an object, every element of a list in order."""
    match ours, theirs:
        case dict(), dict():
            return all(name == COUNTER or contains(theirs.get(name), value) for name, value in ours.items())
        case list(), list():
            return len(ours) == len(theirs) and all(map(contains, theirs, ours))
    return bool(theirs == ours)


def _find_targets(each: SavedObject) -> set[tuple[str, str]]:
    """Returns an object's references by name and type; ids differ if Kibana gave a copy a new one."""
    return {(reference["name"], reference["type"]) for reference in each.get("references", ())}
