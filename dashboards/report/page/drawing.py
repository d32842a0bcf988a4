"""Makes Vega-Lite charts of panels, one function for each kind, with altair."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import altair as alt

from dashboards.boards.colours import SERIES
from dashboards.boards.panels import Bars, Lines, Number, Points, Ranking, Spread
from dashboards.report.gathering import Answered
from dashboards.report.page.looks import WHOLE_POWER, axis_labels, tooltip_format

ROWS: Final = "rows"
"""Name of the data in every chart."""
ZOOM: Final = "wheel![event.ctrlKey || event.metaKey]"
"""A wheel alone scrolls the page; pinching on a pad is a wheel with Ctrl."""
OPEN: Final = 0.45
"""Opacity of what may still grow."""
TIMES: Final = (
    "utcFormat(datum.value, utchours(datum.value) || utcminutes(datum.value) ? '%H:%M' : "
    "utcdate(datum.value) != 1 ? '%-d %b' : utcmonth(datum.value) ? '%b' : '%Y')"
)
"""Labels of the time axis: what is new at each of them."""
POWERS: Final[dict[str, Any]] = {"gridOpacity": {"condition": {"test": WHOLE_POWER, "value": 1}, "value": 0.35}}
"""The grid of a logarithmic scale: powers of ten stand out."""
ROOM: Final = 0.015
"""Share of the time axis that is left free at both ends, so that no point is cut."""
STEP: Final = 25
"""Pixels of a line in charts with a line for each series."""


@dataclass(frozen=True)
class Frame:
    """Where a chart is drawn: in the page it takes the width of its panel and the page has the legend; in a picture it
    has these pixels and a legend of its own."""

    width: int | None = None
    height: int | None = None


def specification(answered: Answered, colours: Mapping[str, str], frame: Frame) -> dict[str, Any]:
    """The chart as Vega-Lite has it, without rows and theme. Raises `TypeError` for tables."""
    drawing = Drawing(answered, colours, frame)
    match answered.panel.chart:
        case Bars():
            chart = drawing.bars()
        case Lines() as lines:
            chart = drawing.lines(lines)
        case Points():
            chart = drawing.points()
        case Ranking():
            chart = drawing.ranking()
        case Spread():
            chart = drawing.spread()
        case Number():
            chart = drawing.sparkline()
        case other:
            raise TypeError(f"{type(other).__name__} is no chart")
    found: dict[str, Any] = chart.properties(width=frame.width or "container", height=drawing.height()).to_dict(
        validate=False
    )
    found.pop("config", None)
    return found


@dataclass(frozen=True)
class Drawing:
    """The parts that charts are made of. Rows have what `dashboards.report.rows` says, and of their slot `start`,
    `end`, `middle`, `label` and `open`."""

    answered: Answered
    colours: Mapping[str, str]
    frame: Frame

    def height(self) -> Any:
        """Pixels. Where each series has a line of its own they are for the whole; the page changes them."""
        panel = self.answered.panel
        if isinstance(panel.chart, Number):
            return 34
        if isinstance(panel.chart, Ranking | Spread):
            return STEP * len(self.colours)
        return self.frame.height or max(150, panel.height * 30 - 20)

    @property
    def series_title(self) -> str:
        """What the series are."""
        chart = self.answered.panel.chart
        return (chart.by if isinstance(chart, Bars | Lines | Points | Ranking | Spread) else "") or "what"

    @property
    def value_title(self) -> str:
        """What the numbers are."""
        metrics = self.answered.panel.query.metrics
        return metrics[0].label if len(metrics) == 1 else "value"

    def base(self) -> Any:
        """A chart of the rows."""
        return alt.Chart(alt.NamedData(ROWS))

    def time(self, field: str, *, shown: bool = True) -> alt.X:
        """The time axis, over all that was asked for, whatever is selected."""
        slots = self.answered.slots
        ends = [_milliseconds(slots[0].start), _milliseconds(slots[-1].end)]
        room = int((ends[1] - ends[0]) * ROOM) if isinstance(self.answered.panel.chart, Points) else 0
        first, last = alt.ExprRef(str(ends[0] - room)), alt.ExprRef(str(ends[1] + room))
        axis = alt.Axis(title=None, grid=False, labelOverlap=True, tickCount=alt.ExprRef("max(3, width / 90)"),
                        labelExpr=TIMES) if shown else None  # fmt: skip
        return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domainMin=first, domainMax=last, nice=False), axis=axis)

    def amount(self, field: str = "value", *, log: bool = False, **channel: Any) -> alt.Y:
        """The axis of numbers, in the panel's unit."""
        counted = not any(metric.field for metric in self.answered.panel.query.metrics)
        labels = axis_labels(self.answered.panel.unit, powers=log, whole=counted)
        axis = alt.Axis(title=None, labelExpr=labels, tickCount=5, domain=False, ticks=False, **(POWERS if log else {}))
        return alt.Y(f"{field}:Q", scale=alt.Scale(type="log" if log else "linear", nice=True), axis=axis, **channel)

    def colour(self) -> alt.Color:
        """Each series in its colour, in the legend with the largest first."""
        if not self.frame.width:
            return alt.Color("colour:N", scale=None)
        legend = (
            alt.Legend(title=None, orient="bottom", columns=3, labelLimit=230, columnPadding=40, symbolOpacity=1)
            if len(self.colours) > 1
            else None
        )
        scale = alt.Scale(domain=list(self.colours), range=list(self.colours.values()))
        return alt.Color("series:N", scale=scale, legend=legend)

    def opacity(self) -> Any:
        """What is not over is lighter."""
        return alt.condition("datum.open", alt.value(OPEN), alt.value(1))

    def hints(self, *more: alt.Tooltip) -> list[alt.Tooltip]:
        """What is told about a mark."""
        named = [alt.Tooltip("series:N", title=self.series_title)] if len(self.colours) > 1 else []
        return [alt.Tooltip("label:N", title="when"), *named, *(more or [self.hint("value")])]

    def hint(self, field: str, title: str | None = None) -> alt.Tooltip:
        """A number in a tooltip."""
        unit = self.answered.panel.unit
        return alt.Tooltip(f"{field}:Q", title=title or self.value_title, format=tooltip_format(unit))

    def zoomed(self, chart: Any, encodings: Sequence[Literal["x", "y"]]) -> Any:
        """Dragging moves, a wheel with Ctrl zooms, a double click goes back."""
        if self.frame.width:
            return chart
        return chart.add_params(alt.selection_interval(bind="scales", encodings=encodings, zoom=ZOOM))

    def bars(self) -> Any:
        """Columns from the beginning to the end of their slot, stacked; one that is not over is lighter."""
        chart = self.base().mark_bar(orient="vertical")
        return self.zoomed(
            chart.encode(
                x=self.time("start"), x2="end:T", y=self.amount(stack="zero"), color=self.colour(), detail="series:N",
                order="rank:Q", opacity=self.opacity(), tooltip=self.hints(),
            ),
            ["x"],
        )  # fmt: skip

    def lines(self, lines: Lines) -> Any:
        """Lines through the middle of the slots, with a point at each for the pointer to find."""
        over = {"y": self.amount(log=lines.log), "color": self.colour(), "detail": "series:N"}
        line = self.base().mark_line(strokeWidth=2, strokeJoin="round")
        if lines.area:
            line = self.base().mark_area(fillOpacity=0.3)
        points = self.base().mark_circle(size=36).encode(**over, opacity=self.opacity(), tooltip=self.hints())
        return alt.layer(
            line.encode(**over, x=self.time("middle")), self.zoomed(points.encode(x="middle:T"), ["x"])
        )  # fmt: skip

    def points(self) -> Any:
        """The highest value of a slot as a point, and what the words allow as a line from the lowest to the highest."""
        bounds = self.base().mark_rule(strokeWidth=3, opacity=0.4, strokeCap="round")
        dots = self.base().mark_circle(size=75, opacity=0.9)
        told = self.hints(self.hint("value", "highest value"), self.hint("low", "lowest bound"),
                          self.hint("high", "highest bound"))  # fmt: skip
        return alt.layer(
            bounds.encode(
                x=self.time("middle"), y=self.amount("low", log=True), y2="high:Q", color=self.colour(), tooltip=told
            ),
            self.zoomed(dots.encode(x="middle:T", y="value:Q", color=self.colour(), tooltip=told), ["x", "y"]),
        )

    def rows_of(self) -> alt.Y:
        """A line for each series."""
        axis = alt.Axis(title=None, ticks=False, domain=False, labelLimit=150, labelPadding=6)
        return alt.Y("series:N", sort=alt.EncodingSortField("value", op="max", order="descending"), axis=axis)

    def ranking(self) -> Any:
        """Horizontal bars with their number at the end."""
        over = {"y": self.rows_of(), "x": alt.X("value:Q", axis=None, scale=alt.Scale(nice=False))}
        told = self.hints()[1:] if len(self.colours) > 1 else [self.hint("value")]
        bars = self.base().mark_bar(cornerRadius=2, height=14).encode(**over, color=self.colour(), tooltip=told)
        words = self.base().mark_text(align="left", dx=5).encode(**over, text=alt.Text("value:Q", format=","))
        return alt.layer(bars, words)

    def spread(self) -> Any:
        """A bar from the lowest to the highest bound, ends marked, and a point at the highest value."""
        axis = alt.Axis(
            title=None,
            labelExpr=axis_labels(self.answered.panel.unit, powers=True),
            domain=False,
            ticks=False,
            **POWERS,
        )
        scale = alt.Scale(type="log", nice=True)
        over = {"y": self.rows_of(), "color": self.colour()}
        told = [alt.Tooltip("series:N", title=self.series_title), self.hint("low", "lowest bound"),
                self.hint("value", "highest value"), self.hint("high", "highest bound")]  # fmt: skip
        bar = self.base().mark_bar(height=7, opacity=0.4, cornerRadius=3)
        dot = self.base().mark_circle(size=75, opacity=1)
        return alt.layer(
            bar.encode(**over, x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", tooltip=told),
            dot.encode(**over, x=alt.X("value:Q", scale=scale, axis=axis), tooltip=told),
        )

    def sparkline(self) -> Any:
        """How a number came about over time, small."""
        chart = self.base().mark_area(fillOpacity=0.35, color=SERIES[0])
        told = [alt.Tooltip("label:N", title="when"), self.hint("value")]
        return chart.encode(x=self.time("middle", shown=False), y=alt.Y("value:Q", axis=None), tooltip=told)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
