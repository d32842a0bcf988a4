"""A step of a push: what happens to one object in Grafana, and how it is reported."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any, Final, Literal

import msgspec

from dashboards.grafana.push.server import GrafanaRefusal

Outcome = Literal["created", "updated", "unchanged", "refused"]
Kind = Literal["folder", "data source", "board", "alert rule"]
WIDTH: Final = 60
"""Characters of a value that are reported."""
MOST: Final = 12
"""Differences that are reported for one object."""
PROVISIONED: Final = "it comes from Grafana's provisioning files"


@dataclass(frozen=True)
class PushStep:
    """One object and what happens to it. `differences` are lines of the form "path: Grafana's value → our value"."""

    kind: Kind
    name: str
    outcome: Outcome
    why: str = ""
    differences: tuple[str, ...] = ()
    action: Callable[[], object] | None = field(default=None, repr=False, compare=False)

    def run(self) -> "PushStep":
        """Performs the action and returns the step with its final outcome."""
        if self.action is None:
            return self
        try:
            self.action()
        except GrafanaRefusal as error:
            return replace(self, outcome="refused", why=str(error), action=None)
        return replace(self, action=None)

    @property
    def line(self) -> str:
        """The step in one line."""
        return f"{self.outcome:<10} {self.kind:<12} {self.name}" + (f": {self.why}" if self.why else "")


def plan_provisioned(kind: Kind, name: str, differences: tuple[str, ...]) -> PushStep:
    """Returns the step for an object that only Grafana's provisioning files may change."""
    if differences:
        return PushStep(kind, name, "refused", PROVISIONED, differences)
    return PushStep(kind, name, "unchanged")


def plan_update(
    kind: Kind,
    name: str,
    differences: tuple[str, ...],
    change: str,
    force: bool,
    action: Callable[[], object],
) -> PushStep:
    """Returns the step for an object that differs. Only `force` overwrites a manual `change`."""
    if change and not force:
        return PushStep(kind, name, "refused", f"{change}; --force overwrites this change", differences)
    return PushStep(kind, name, "updated", f"overwritten: {change}" if change else "", differences, action)


class StepReport(msgspec.Struct, frozen=True):
    """A step as JSON."""

    kind: str
    name: str
    outcome: Outcome
    why: str
    differences: tuple[str, ...]


def report_steps(steps: Iterable[PushStep]) -> list[StepReport]:
    """Returns the steps for `--json`."""
    return [StepReport(step.kind, step.name, step.outcome, step.why, step.differences) for step in steps]


def find_differences(theirs: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Yields a line for each place where two JSON values differ: the path, Grafana's value and ours."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in [*theirs, *(key for key in ours if key not in theirs)]:
            yield from find_differences(theirs.get(key), ours.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for place, (their, our) in enumerate(zip(theirs, ours, strict=True)):
            yield from find_differences(their, our, f"{path}[{name_element(our, place)}]")
    elif theirs != ours:
        yield f"{path}: {' → '.join(map(shorten, trim_common_start(theirs, ours)))}"


def trim_common_start(theirs: Any, ours: Any) -> tuple[Any, Any]:
    """Returns both values; two long texts with the same start are cut shortly before their first difference."""
    if not (isinstance(theirs, str) and isinstance(ours, str)) or max(len(theirs), len(ours)) <= WIDTH:
        return theirs, ours
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(theirs, ours, strict=False)))
    start = max(0, common - WIDTH // 4)
    return (f"…{theirs[start:]}", f"…{ours[start:]}") if start else (theirs, ours)


def name_element(value: Any, place: int) -> str:
    """Returns the title or name of a list element, or its position."""
    name = (value.get("title") or value.get("name") or value.get("refId")) if isinstance(value, dict) else None
    return str(name or place)


def shorten(value: Any) -> str:
    """Returns a value in at most `WIDTH` characters."""
    if isinstance(value, list):
        return f"{len(value)} entries"
    text = "nothing" if value is None else msgspec.json.encode(value).decode()
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"


def limit_differences(lines: Iterable[str]) -> tuple[str, ...]:
    """Returns the first differences, and the number of the remaining ones."""
    found = list(lines)
    more = [f"and {len(found) - MOST} more"] if len(found) > MOST else []
    return (*found[:MOST], *more)
