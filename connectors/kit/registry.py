"""Which connectors there are: ours, and those of installed packages (entry points `newsclaims.connectors`)."""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from connectors.kit import Connector
from schemas.errors import Permanent
from schemas.suggestions import suggest

GROUP = "newsclaims.connectors"

OURS = {
    "syndication": "connectors.sources.syndication:Syndication",
    "sitemap": "connectors.sources.sitemap:Sitemap",
    "page_list": "connectors.sources.page_list:PageList",
    "folder": "connectors.sources.folder:Folder",
    "warc": "connectors.sources.warc:Warc",
    "push": "connectors.sources.push:Push",
    "kafka_topic": "connectors.sources.kafka_topic:KafkaTopic",
}
"""Name and place of each connector that comes with this package; a module is imported when it is first asked for."""


@cache
def places() -> dict[str, EntryPoint]:
    """All connectors by name, not imported yet; nobody can take the place of one of ours."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    return found | {name: EntryPoint(name, place, GROUP) for name, place in OURS.items()}


@cache
def connector_type(name: str) -> type[Connector[Any]]:
    """The connector of this name. Raises `Permanent`, with the nearest name, where there is none."""
    known = places()
    if name not in known:
        raise Permanent(f"{name!r} is not a connector: {suggest(name, sorted(known))}")
    point = known[name]
    try:
        found = getattr(import_module(point.module), point.attr)
    except (ImportError, AttributeError) as error:
        raise Permanent(f"The connector {name} ({point.value}) cannot be loaded: {error}") from error
    if not (isinstance(found, type) and issubclass(found, Connector)):
        raise Permanent(
            f"{point.value} is no connector: it must be a class that inherits connectors.kit.connector.Connector"
        )
    return found
