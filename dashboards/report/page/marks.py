"""The rows of a chart for Vega-Lite, with the times and ranks of their marks."""

from collections.abc import Sequence
from typing import Any, Final

from dashboards.ask.times import to_milliseconds
from dashboards.report.rows import Mark
from dashboards.report.times import Slot

GAP: Final = 0.08
"""Gap between two columns, as a share of a slot."""


def add_slots(marks: Sequence[Mark], slots: Sequence[Slot], series: Sequence[str]) -> list[dict[str, Any]]:
    """Adds the slot and rank to each mark.

    They are `start`, `middle`, `end` (milliseconds since 1970), `label` and `open` of its slot, and the `rank` of its
    series. The page does the same in rows.js.
    """
    ranks = {name: rank for rank, name in enumerate(series)}
    times = [slot_times(slot) for slot in slots]
    return [
        {**mark, **(times[mark["time"]] if "time" in mark else {}), "rank": ranks.get(str(mark.get("series")), 0)}
        for mark in marks
    ]


def slot_times(slot: Slot) -> dict[str, Any]:
    """Returns a slot in the form of the page's data."""
    start, end = to_milliseconds(slot.start), to_milliseconds(slot.end)
    return {"start": start, "middle": (start + end) // 2, "end": end - round((end - start) * GAP), "label": slot.label,
            "open": slot.open}  # fmt: skip
