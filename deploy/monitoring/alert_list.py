"""`newsclaims alerts list`: every alert with its threshold and the number that it has now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from elasticsearch import Elasticsearch
from rich.table import Table
from rich.text import Text

from deploy.monitoring.conditions.evaluation import conditions, is_firing, reason
from deploy.monitoring.conditions.readings import Reading
from deploy.settings import Settings
from schemas.alerts import ALERTS, Audience, Severity
from schemas.durations import format_duration

TIMEOUT = 60.0
"""Seconds that Elasticsearch may take for one answer."""

SHOWN = 3
"""Firing subjects of an alert that the table names; JSON has all."""

State = Literal["firing", "ok", "unknown"]


@dataclass(frozen=True)
class Standing:
    """An alert and how it stands: `readings` are those that fire, or else the highest; `error` says why there are none.

    A number above the threshold becomes an alert once it has been there for `minutes`.
    """

    name: str
    title: str
    number: str
    unit: str
    threshold: float
    minutes: int
    severity: Severity
    audience: Audience
    state: State
    value: float | None
    readings: tuple[Reading, ...]
    error: str | None = None


def standings(settings: Settings, now: datetime) -> list[Standing]:
    """How every alert stands, computed now, whether a monitor runs or not; in the order of the table of alerts.

    What a job and a monitor write to `health` is read there: lag is unknown, thus 0, where none ran lately. Raises
    `Retryable` where Elasticsearch does not answer.
    """
    errors: dict[str, str] = {}

    def tell(alert: str, error: Exception) -> None:
        errors[alert] = reason(error)

    with Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=TIMEOUT, max_retries=0) as client:
        found = conditions(client, now, tell)
    return [standing(name, [each for each in found if each.alert == name], errors.get(name)) for name in ALERTS]


def standing(name: str, found: Sequence[Reading], error: str | None) -> Standing:
    """How one alert stands, from its readings."""
    alert, highest = ALERTS[name], max(found, key=lambda reading: reading.value, default=None)
    firing = tuple(reading for reading in found if is_firing(reading))
    return Standing(
        name=name, title=alert.title, number=alert.number, unit=alert.unit, threshold=alert.threshold,
        minutes=alert.minutes, severity=alert.severity, audience=alert.audience,
        state="unknown" if highest is None else "firing" if firing else "ok",
        value=highest.value if highest else None, readings=firing or ((highest,) if highest else ()), error=error,
    )  # fmt: skip


def render(found: Sequence[Standing]) -> Table:
    """The alerts as a table for the terminal."""
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for heading in ("alert", "state", "now", "fires above"):
        table.add_column(heading, no_wrap=True)
    table.add_column("about", ratio=1, overflow="fold")
    for each in found:
        red = "bold red" if each.severity == "critical" else "yellow"
        style = {"firing": red, "ok": "green", "unknown": "magenta"}[each.state]
        table.add_row(
            each.name,
            Text(each.state, style=style),
            shown(each.value, each.unit),
            shown(each.threshold, each.unit),
            Text(words(each)),
        )
    return table


def shown(value: float | None, unit: str) -> str:
    """A number as its unit is read; the unit is Grafana's name of it."""
    if value is None:
        return "?"
    if unit == "s":
        return format_duration(value)
    if unit == "percentunit":
        return f"{value:.0%}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def words(each: Standing) -> str:
    """What the number is about, for the first subjects."""
    if each.error:
        return each.error
    lines = [": ".join(part for part in (each.subject, each.detail) if part) for each in each.readings[:SHOWN]]
    more = len(each.readings) - SHOWN
    return "\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])
