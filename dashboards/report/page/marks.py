"""The rows of a chart as Vega-Lite reads them, with the times and ranks that marks stand for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from dashboards.report.rows import Mark
from dashboards.report.times import Slot

GAP: Final = 0.08
"""Share of a slot that is left free between two columns."""


def add_slots(marks: Sequence[Mark], slots: Sequence[Slot], series: Sequence[str]) -> list[dict[str, Any]]:
    """Each mark with `start`, `middle`, `end` (milliseconds since 1970), `label` and `open` of its slot, and the
    `rank` of its series. The page does the same in rows.js."""
    ranks = {name: rank for rank, name in enumerate(series)}
    times = [slot_times(slot) for slot in slots]
    return [
        {**mark, **(times[mark["time"]] if "time" in mark else {}), "rank": ranks.get(str(mark.get("series")), 0)}
        for mark in marks
    ]


def slot_times(slot: Slot) -> dict[str, Any]:
    """A slot as the page has it."""
    start, end = _milliseconds(slot.start), _milliseconds(slot.end)
    return {"start": start, "middle": (start + end) // 2, "end": end - round((end - start) * GAP), "label": slot.label,
            "open": slot.open}  # fmt: skip


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
