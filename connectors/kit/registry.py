"""The known connectors: those of this package and of installed packages (entry points `newsclaims.connectors`)."""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from connectors.kit import Connector
from schemas.errors import Permanent
from schemas.suggestions import suggest

GROUP = "newsclaims.connectors"

BUILT_IN = {
    "syndication": "connectors.sources.syndication:Syndication",
    "sitemap": "connectors.sources.sitemap:Sitemap",
    "page_list": "connectors.sources.page_list:PageList",
    "folder": "connectors.sources.folder:Folder",
    "warc": "connectors.sources.warc:Warc",
    "push": "connectors.sources.push:Push",
    "kafka_topic": "connectors.sources.kafka_topic:KafkaTopic",
}
"""Name and class of each connector of this package; a module is imported when its connector is first used."""


@cache
def find_connectors() -> dict[str, EntryPoint]:
    """Returns all connectors by name, without importing them. A built-in connector cannot be replaced."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    return found | {name: EntryPoint(name, place, GROUP) for name, place in BUILT_IN.items()}


@cache
def load_connector_type(name: str) -> type[Connector[Any]]:
    """Returns the class of a connector. Raises `Permanent` if the name is unknown or the class cannot be loaded."""
    known = find_connectors()
    if name not in known:
        raise Permanent(f"unknown connector {name!r}: {suggest(name, sorted(known))}")
    point = known[name]
    try:
        found = getattr(import_module(point.module), point.attr)
    except (ImportError, AttributeError) as error:
        raise Permanent(f"the connector {name} ({point.value}) cannot be loaded: {error}") from error
    if not (isinstance(found, type) and issubclass(found, Connector)):
        raise Permanent(f"the connector {name} ({point.value}) must be a class that inherits connectors.kit.Connector")
    return found
