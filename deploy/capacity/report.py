"""Renders a capacity plan for a terminal, and as JSON values."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from deploy.capacity.figures import CapacityFigures
from deploy.capacity.model import CapacityPlan, ResourceNeed

GIGA = 1e9


def render(plan: CapacityPlan, figures: CapacityFigures) -> RenderableType:
    """Renders what to run it on, what a burst does, and what breaks first."""
    return Group(
        *describe_load(plan), "", make_needs_table(plan), "", make_storage_table(plan), "", *describe(plan, figures)
    )


def describe_load(plan: CapacityPlan) -> Iterator[str]:
    """Yields the load as lines."""
    load = plan.options.load
    yield (
        f"{load.articles_per_day:,.0f} articles a day of {plan.options.message_bytes / 1000:.1f} kB: "
        f"{load.mean:,.2f} a second on average, {load.peak_rate:,.2f} at the busiest moment, "
        f"{load.burst_rate:,.2f} in a burst of {format_seconds(load.burst_seconds)}"
    )


def make_needs_table(plan: CapacityPlan) -> Table:
    """Returns a row for each resource."""
    table = Table("resource", "size", "", "busy at the peak", "breaks at articles a day", box=None, pad_edge=False)
    for need in plan.needs:
        name = f"{need.name} *" if need == plan.first else need.name
        table.add_row(
            name, f"{need.size:g}", need.unit, f"{need.busy_at_peak:.0%}", f"{round_down(need.breaks_at):,.0f}"
        )
    return table


def make_storage_table(plan: CapacityPlan) -> Table:
    """Returns memory and disk of each kind of server."""
    table = Table("", "memory GB", "disk GB", "stored GB", box=None, pad_edge=False)
    stored = {"elasticsearch": plan.index_bytes, "kafka": plan.topic_bytes}
    for name, megabytes in plan.memory_mb.items():
        disk = [f"{plan.disk[name] / GIGA:,.1f}", f"{stored[name] / GIGA:,.1f}"] if name in stored else ["", ""]
        table.add_row(name, f"{megabytes / 1000:,.1f}", *disk)
    return table


def describe(plan: CapacityPlan, figures: CapacityFigures) -> Iterator[str]:
    """Yields the answers as lines."""
    yield f"* breaks first: {describe_need(plan.first)}"
    burst = plan.burst
    if not burst.most_waiting:
        yield "A burst makes nothing wait."
    elif burst.caught_up_seconds is None:
        yield f"A burst makes {burst.most_waiting:,.0f} articles wait, which are not worked off before the night."
    else:
        yield (
            f"A burst makes {burst.most_waiting:,.0f} articles wait, the last of them for "
            f"{format_seconds(burst.longest_wait_seconds)}. {format_seconds(burst.caught_up_seconds)} after it began, "
            "all are caught up."
        )
    if plan.usual_day_waiting is None:
        yield "The mean of a day is more than it takes: the lag grows every day."
    elif plan.usual_day_waiting >= 1:
        yield f"On a usual day {plan.usual_day_waiting:,.0f} articles wait at most."
    if plan.full_after_days is not None:
        yield f"The disk is full after {plan.full_after_days:,.0f} days."
    costs = ", ".join(f"{name} {each:.1f}" for name, each in plan.cpu_ms.items())
    yield f"Processor time of an article in ms: {costs}"
    steps = sorted(plan.step_share.items(), key=lambda step: -step[1])
    yield f"Of a worker's time before it writes: {', '.join(f'{name} {each:.0%}' for name, each in steps)}"
    yield f"Measured at commit {figures.commit} on {figures.date}."
    yield from plan.remarks


def describe_need(need: ResourceNeed) -> str:
    """Returns a resource and when it breaks as text."""
    return f"{need.name}, at {round_down(need.breaks_at):,.0f} articles a day"


def round_down(number: float) -> float:
    """Returns the number with two significant digits: more would promise too much."""
    size = 10.0 ** max(0, len(str(int(number))) - 2)
    return number // size * size


def format_seconds(seconds: float) -> str:
    """Returns a time as people say it."""
    for length, unit in ((3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:,.0f} seconds"


def make_report(plan: CapacityPlan) -> dict[str, Any]:
    """Returns the plan as JSON values."""
    return asdict(plan) | {"breaks_first": plan.first.name, "articles_per_second": plan.rate}
