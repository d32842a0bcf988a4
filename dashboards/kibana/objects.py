"""Saved objects in the form that Kibana imports: envelope, references, and the versions they are written for."""

import json
from typing import Any, Final, Literal

Kind = Literal["index-pattern", "search", "lens", "dashboard"]
SavedObject = dict[str, Any]
Reference = dict[str, str]

OLDEST: Final = "8.8"
"""The oldest Kibana that imports these objects: the first that reads `typeMigrationVersion`."""
VERSIONS: Final[dict[Kind, str]] = {"index-pattern": "8.0.0", "search": "8.0.0", "lens": "8.6.0", "dashboard": "8.7.0"}
"""The version of each kind's attributes.

Kibana migrates imported objects from this version to its own. These are the oldest versions with every attribute that
we write; `OLDEST` would refuse a newer one.
"""

PREFIX: Final = "newsclaims-"
"""Every id begins with this prefix, so that an import overwrites nothing else."""


def build_saved_object(kind: Kind, name: str, attributes: dict[str, Any], references: list[Reference]) -> SavedObject:
    """Returns a saved object with our id."""
    return {
        "id": PREFIX + name,
        "type": kind,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": "8.8.0",
        "typeMigrationVersion": VERSIONS[kind],
        "managed": False,
    }


def build_reference(name: str, kind: Kind, target: str) -> Reference:
    """Returns a reference to another of our objects, under the name that the attributes use."""
    return {"name": name, "type": kind, "id": PREFIX + target}


def pack_json(value: Any) -> str:
    """Returns a value as compact JSON text, the form in which attributes hold data for Kibana's browser side."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_MARKED_INDEX: Final = "kibanaSavedObjectMeta.searchSourceJSON.filter[0].meta.index"
"""The name by which the first filter of an object refers to its data view."""


def build_marked_filter() -> dict[str, Any]:
    """Returns the filter that leaves out what an analyst marked, as the first filter of an object.

    A reader switches it off with a click.
    """
    return {
        "$state": {"store": "appState"},
        "meta": {
            "alias": "without marked claims",
            "disabled": False,
            "negate": True,
            "type": "exists",
            "key": "mark",
            "value": "exists",
            "indexRefName": _MARKED_INDEX,
        },
        "query": {"exists": {"field": "mark"}},
    }


def refer_to_marked_filter(view: str) -> Reference:
    """Returns the reference of that filter to its data view."""
    return build_reference(_MARKED_INDEX, "index-pattern", view)
