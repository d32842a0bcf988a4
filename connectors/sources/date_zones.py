"""The zone at the end of a date: taken off the text, in the forms in which feeds write it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.times.zones import find_zone_offset

CLOCK = r"(?:\d{1,2}[:.h]\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?[AP]M)?|T\d{4,6}(?:[.,]\d+)?|\d\d?\s?[AP]M)"
"""A time of day. Only after it can there be a zone: `-12` at the end of `2024-11-12` is none."""
OFFSET = re.compile(
    rf"(?P<clock>{CLOCK})\s?(?P<base>[A-Z]{{1,5}})?\s?(?P<sign>[+-])(?P<hours>\d{{1,2}}):?(?P<minutes>\d\d)?(?::00)?(?!\d)"
)
NAME = re.compile(
    rf"(?P<clock>{CLOCK})\s?(?P<name>[A-Za-z]+(?:/[A-Za-z_]+(?:[+-]\d+)?)+|(?![AP]M\b)[^\W\d_]{{1,5}}\b\.?)(?=$|\s\d{{4}}$)"
)
REMARK = re.compile(r"\s*[(\[](?P<name>[^()\[\]]*)[)\]]$")
"""A remark at the end: `(CET)`, `(Central European Time)`, `[Europe/Paris]`."""
FARTHEST = timedelta(hours=15)
"""No zone is farther from UTC."""


@dataclass(frozen=True)
class ZonedText:
    """A date without its zone; the zone is an offset or a name. `unknown` is text in its place that is not a zone."""

    text: str
    offset: timedelta | None = None
    name: str = ""
    unknown: str = ""

    def to_utc(self, local: datetime) -> datetime | None:
        """Returns the local time in UTC, without a zone; None if the zone is unknown. No zone counts as UTC."""
        if self.unknown:
            return None
        offset = self.offset
        if offset is None:
            offset = find_zone_offset(self.name, local) if self.name else timedelta()
        return None if offset is None else local - offset


def split_zone(text: str) -> ZonedText:
    """Takes the zone off a date: an offset, a name, or both, of which the offset counts."""
    remark = REMARK.search(text)
    if remark:
        text = text[: remark.start()]
    if found := OFFSET.search(text):
        rest = text[: found.end("clock")] + text[found.end() :]
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if offset > FARTHEST or int(found["minutes"] or 0) > 59:
            return ZonedText(rest, unknown=text[found.end("clock") : found.end()].strip())
        return ZonedText(rest, offset if found["sign"] == "+" else -offset)
    if found := NAME.search(text):
        name = found["name"].rstrip(".")
        rest = text[: found.end("clock")] + text[found.end() :]
        if is_zone(name):
            return ZonedText(rest, name=name)
        if name.isupper() or "/" in name:
            return ZonedText(rest, unknown=name)
    return ZonedText(text, name=remark["name"]) if remark and is_zone(remark["name"]) else ZonedText(text)


def is_zone(name: str) -> bool:
    """Whether the name is that of a zone that is known."""
    return find_zone_offset(name, datetime(2024, 1, 1)) is not None
