"""Saved objects as Kibana imports them: their frame, their references, and the versions that they are written for."""

import json
from typing import Any, Final, Literal

Kind = Literal["index-pattern", "search", "lens", "dashboard"]
SavedObject = dict[str, Any]
Reference = dict[str, str]

OLDEST: Final = "8.8"
"""The oldest Kibana that takes these objects: since then an object says its version in `typeMigrationVersion`."""
VERSIONS: Final[dict[Kind, str]] = {"index-pattern": "8.0.0", "search": "8.0.0", "lens": "8.6.0", "dashboard": "8.7.0"}
"""The version of each kind's attributes. Kibana migrates an import from here to its own version, so these are the
oldest that have what we write, and none is newer than `OLDEST`, which would refuse it."""

PREFIX: Final = "newsclaims-"
"""Every id begins with it: an import overwrites nothing else."""


def build_saved_object(kind: Kind, name: str, attributes: dict[str, Any], references: list[Reference]) -> SavedObject:
    """One object, with our id for it."""
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
    """A reference to another of our objects, under the name that the attributes call it by."""
    return {"name": name, "type": kind, "id": PREFIX + target}


def pack_json(value: Any) -> str:
    """A value as JSON text, which is how attributes hold what Kibana's browser side reads."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
