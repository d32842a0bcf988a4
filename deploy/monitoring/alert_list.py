"""`newsclaims alerts list`: every alert with its threshold and its current value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from elasticsearch import Elasticsearch
from rich.table import Table
from rich.text import Text

from deploy.monitoring.conditions.evaluation import describe_failure, evaluate_conditions, is_firing
from deploy.monitoring.conditions.readings import Reading
from deploy.settings import Settings
from schemas.alerts import ALERTS, Audience, Severity
from schemas.durations import format_duration

TIMEOUT_SECONDS = 60.0
"""Timeout of a request to Elasticsearch."""

MAX_SUBJECTS = 3
"""How many firing subjects of an alert the table names. JSON has all."""

State = Literal["firing", "ok", "unknown"]


@dataclass(frozen=True)
class AlertStatus:
    """The current status of an alert.

    `readings` are those that fire, else the highest one. `error` says why there are none.

    A value above the threshold becomes an alert once it has stayed there for `minutes`.
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


def find_alert_statuses(settings: Settings, now: datetime) -> list[AlertStatus]:
    """Evaluates every alert now, whether a monitor runs or not. The order is that of `schemas.alerts`.

    Some alerts need what a job and a monitor write to `health`: lag is 0 if neither ran recently. Raises `Retryable` if
    Elasticsearch does not answer.
    """
    errors: dict[str, str] = {}

    def keep(alert: str, error: Exception) -> None:
        errors[alert] = describe_failure(error)

    with Elasticsearch(
        **settings.elasticsearch.client_options(), request_timeout=TIMEOUT_SECONDS, max_retries=0
    ) as client:
        found = evaluate_conditions(client, now, keep)
    return [make_status(name, [each for each in found if each.alert == name], errors.get(name)) for name in ALERTS]


def make_status(name: str, found: Sequence[Reading], error: str | None) -> AlertStatus:
    """Makes the status of one alert from its readings."""
    alert, highest = ALERTS[name], max(found, key=lambda reading: reading.value, default=None)
    firing = tuple(reading for reading in found if is_firing(reading))
    return AlertStatus(
        name=name, title=alert.title, number=alert.number, unit=alert.unit, threshold=alert.threshold,
        minutes=alert.minutes, severity=alert.severity, audience=alert.audience,
        state="unknown" if highest is None else "firing" if firing else "ok",
        value=highest.value if highest else None, readings=firing or ((highest,) if highest else ()), error=error,
    )  # fmt: skip


def render(found: Sequence[AlertStatus]) -> Table:
    """Renders the alerts as a table for a terminal."""
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
            format_value(each.value, each.unit),
            format_value(each.threshold, each.unit),
            Text(describe(each)),
        )
    return table


def format_value(value: float | None, unit: str) -> str:
    """Formats a value for its unit, which is Grafana's name of the unit."""
    if value is None:
        return "?"
    if unit == "s":
        return format_duration(value)
    if unit == "percentunit":
        return f"{value:.0%}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def describe(status: AlertStatus) -> str:
    """Returns the error, or the details of the first readings."""
    if status.error:
        return status.error
    first = status.readings[:MAX_SUBJECTS]
    lines = [": ".join(part for part in (reading.subject, reading.detail) if part) for reading in first]
    more = len(status.readings) - MAX_SUBJECTS
    return "\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])
