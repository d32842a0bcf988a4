"""Time zones by the names that feeds and news give them: one table for feeds, sitemaps, pages and datelines."""

from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import NamedTuple
from zoneinfo import ZoneInfo

import yaml


class _Zones(NamedTuple):
    fixed: dict[str, int]
    """Minutes from UTC by name."""
    places: dict[str, str]
    """IANA zones by name."""
    capitals_only: frozenset[str]


@cache
def _load_zones() -> _Zones:
    text = resources.files(__package__).joinpath("zones.yaml").read_text(encoding="utf-8")
    table = yaml.safe_load(text)
    return _Zones(table["fixed"], table["places"], frozenset(table["capitals_only"]))


def list_zone_names() -> list[str]:
    """Returns the names that are known, in capitals."""
    zones = _load_zones()
    return [name.upper() for name in (*zones.fixed, *zones.places)]


def find_zone_offset(name: str, local: datetime) -> timedelta | None:
    """Returns the distance from UTC that a zone has at a local time without a zone, or None for an unknown zone.

    `name` is a short name (`CET`, `ET`) or that of the IANA database (`Europe/Paris`).
    """
    zones, short = _load_zones(), name.lower()
    if short in zones.capitals_only and name != name.upper():
        return None
    if short in zones.fixed:
        return timedelta(minutes=zones.fixed[short])
    place = zones.places.get(short) or (name if "/" in name else "")
    return _find_place_offset(place, local) if place else None


def _find_place_offset(place: str, local: datetime) -> timedelta | None:
    try:
        return local.replace(tzinfo=ZoneInfo(place)).utcoffset()
    except (KeyError, ValueError, OSError, OverflowError):  # each of them for some name that it does not know
        return None
