"""What a push does with one thing, and how that is told."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any, Final, Literal

import msgspec

from dashboards.grafana.push.server import Refused

Outcome = Literal["created", "updated", "unchanged", "refused"]
Kind = Literal["folder", "data source", "board", "alert rule"]
WIDTH: Final = 60
"""Characters of a value that are told."""
MOST: Final = 12
"""Differences that are told of one thing."""


@dataclass(frozen=True)
class Step:
    """One thing and what becomes of it. `differences` are lines; what Grafana has stands before the arrow."""

    kind: Kind
    name: str
    outcome: Outcome
    why: str = ""
    differences: tuple[str, ...] = ()
    act: Callable[[], object] | None = field(default=None, repr=False, compare=False)

    def done(self) -> "Step":
        """Does it, and gives what became of it."""
        if self.act is None:
            return self
        try:
            self.act()
        except Refused as error:
            return replace(self, outcome="refused", why=str(error), act=None)
        return replace(self, act=None)

    @property
    def line(self) -> str:
        """The step in one line."""
        return f"{self.outcome:<10} {self.kind:<12} {self.name}" + (f": {self.why}" if self.why else "")


class Told(msgspec.Struct, frozen=True):
    """A step for programs."""

    kind: str
    name: str
    outcome: Outcome
    why: str
    differences: tuple[str, ...]


def told(steps: Iterable[Step]) -> list[Told]:
    """The steps for programs."""
    return [Told(step.kind, step.name, step.outcome, step.why, step.differences) for step in steps]


def differences(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Lines that say where two values of JSON differ: the path, what is there, and what would be."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in [*theirs, *(key for key in ours if key not in theirs)]:
            yield from differences(theirs.get(key), ours.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for place, (their, our) in enumerate(zip(theirs, ours, strict=True)):
            yield from differences(their, our, f"{path}[{label(our, place)}]")
    elif theirs != ours:
        yield f"{path}: {' → '.join(map(short, from_difference(theirs, ours)))}"


def from_difference(theirs: Any, ours: Any) -> tuple[Any, Any]:
    """The values; of long texts that begin alike, what follows from shortly before they part."""
    if not (isinstance(theirs, str) and isinstance(ours, str)) or max(len(theirs), len(ours)) <= WIDTH:
        return theirs, ours
    begin = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(theirs, ours, strict=False)))
    alike = max(0, begin - WIDTH // 4)
    return (f"…{theirs[alike:]}", f"…{ours[alike:]}") if alike else (theirs, ours)


def label(value: Any, place: int) -> str:
    """How an element of a list is called: by its title or name where it has one."""
    named = (value.get("title") or value.get("name") or value.get("refId")) if isinstance(value, dict) else None
    return str(named or place)


def short(value: Any) -> str:
    """A value in few characters."""
    if isinstance(value, list):
        return f"{len(value)} entries"
    text = "nothing" if value is None else msgspec.json.encode(value).decode()
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"


def first(lines: Iterable[str]) -> tuple[str, ...]:
    """The first differences, and how many more there are."""
    found = list(lines)
    more = [f"and {len(found) - MOST} more"] if len(found) > MOST else []
    return (*found[:MOST], *more)
