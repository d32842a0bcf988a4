"""What differs between an object of ours and the one that Kibana has: what we wrote and is not there as we wrote it.

What Kibana adds of its own, such as times and defaults, is no difference.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from dashboards.kibana.objects import SavedObject

PACKED: Final = frozenset({"fieldAttrs", "fieldFormatMap", "runtimeFieldMap"})
"""Attributes that hold JSON as text; those whose name ends in JSON do too."""
COUNTED: Final = "count"
"""How often a field was used: Kibana counts on."""


def find_differences(ours: SavedObject, theirs: SavedObject) -> list[str]:
    """Names of the attributes that differ, in order, as `attributes.columns`."""
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
    """Whether all of ours is in theirs: of an object every key of ours, of a list every item in its place."""
    match ours, theirs:
        case dict(), dict():
            return all(name == COUNTED or contains(theirs.get(name), value) for name, value in ours.items())
        case list(), list():
            return len(ours) == len(theirs) and all(map(contains, theirs, ours))
    return bool(theirs == ours)


def _find_targets(found: SavedObject) -> set[tuple[str, str]]:
    """What an object refers to, by the references' names; ids differ where Kibana gave a copy its own."""
    return {(each["name"], each["type"]) for each in found.get("references", ())}
