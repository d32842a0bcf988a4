"""Builds Vega-Lite charts of panels with altair, one method for each kind of chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import altair as alt

from dashboards.ask.times import to_milliseconds
from dashboards.boards.colours import SERIES
from dashboards.boards.panels import Bars, Lines, Number, Points, Ranking, Spread
from dashboards.report.gathering import PanelAnswer
from dashboards.report.page.looks import WHOLE_POWER, axis_labels, tooltip_format

ROWS: Final = "rows"
"""Name of the data set in every chart."""
ZOOM: Final = "wheel![event.ctrlKey || event.metaKey]"
"""The wheel alone scrolls the page. A pinch on a touchpad is reported as the wheel with Ctrl."""
OPEN_OPACITY: Final = 0.45
"""Opacity of bars and points whose interval is incomplete."""
TIME_LABELS: Final = (
    "utcFormat(datum.value, utchours(datum.value) || utcminutes(datum.value) ? '%H:%M' : "
    "utcdate(datum.value) != 1 ? '%-d %b' : utcmonth(datum.value) ? '%b' : '%Y')"
)
"""Labels of the time axis: the largest unit that changes at each tick."""
LOG_GRID: Final[dict[str, Any]] = {"gridOpacity": {"condition": {"test": WHOLE_POWER, "value": 1}, "value": 0.35}}
"""Grid of a logarithmic scale, with emphasis on powers of ten."""
MARGIN: Final = 0.015
"""Share of the time axis left free at both ends, so that points are not clipped."""
STEP: Final = 25
"""Height in pixels of each series in charts with a row for each series."""


@dataclass(frozen=True)
class ChartFrame:
    """The size of a chart in pixels.

    Without a size the chart takes the width of its panel, and the page draws the legend. A picture has a size and a
    legend of its own.
    """

    width: int | None = None
    height: int | None = None


def build_specification(answer: PanelAnswer, colours: Mapping[str, str], frame: ChartFrame) -> dict[str, Any]:
    """Returns the chart as a Vega-Lite specification, without rows and theme. Raises `TypeError` for tables."""
    builder = ChartBuilder(answer, colours, frame)
    match answer.panel.chart:
        case Bars():
            chart = builder.draw_bars()
        case Lines() as lines:
            chart = builder.draw_lines(lines)
        case Points():
            chart = builder.draw_points()
        case Ranking():
            chart = builder.draw_ranking()
        case Spread():
            chart = builder.draw_spread()
        case Number():
            chart = builder.draw_sparkline()
        case other:
            raise TypeError(f"{type(other).__name__} is not a chart")
    specification: dict[str, Any] = chart.properties(width=frame.width or "container", height=builder.height).to_dict(
        validate=False
    )
    specification.pop("config", None)
    return specification


@dataclass(frozen=True)
class ChartBuilder:
    """Builds one chart from parts that all kinds share.

    Rows have the columns described in `dashboards.report.rows`, and `start`, `end`, `middle`, `label` and `open` of
    their slot.
    """

    answer: PanelAnswer
    colours: Mapping[str, str]
    frame: ChartFrame

    @property
    def height(self) -> int:
        """Height in pixels. The page adjusts it when a selection changes the number of series that have a row."""
        panel = self.answer.panel
        if isinstance(panel.chart, Number):
            return 34
        if isinstance(panel.chart, Ranking | Spread):
            return STEP * len(self.colours)
        return self.frame.height or max(150, panel.height * 30 - 20)

    @property
    def series_title(self) -> str:
        """What the series are, such as "claimant"."""
        chart = self.answer.panel.chart
        return (chart.by if isinstance(chart, Bars | Lines | Points | Ranking | Spread) else "") or "what"

    @property
    def value_title(self) -> str:
        """What the numbers are, such as "claims"."""
        measures = self.answer.panel.query.measures
        return measures[0].label if len(measures) == 1 else "value"

    @property
    def chart(self) -> Any:
        """An empty chart of the rows."""
        return alt.Chart(alt.NamedData(ROWS))

    def time_axis(self, field: str, *, visible: bool = True) -> alt.X:
        """Returns the time axis. It covers the whole time range, whatever is selected."""
        slots = self.answer.slots
        ends = [to_milliseconds(slots[0].start), to_milliseconds(slots[-1].end)]
        margin = int((ends[1] - ends[0]) * MARGIN) if isinstance(self.answer.panel.chart, Points) else 0
        first, last = alt.ExprRef(str(ends[0] - margin)), alt.ExprRef(str(ends[1] + margin))
        axis = alt.Axis(title=None, grid=False, labelOverlap=True, tickCount=alt.ExprRef("max(3, width / 90)"),
                        labelExpr=TIME_LABELS) if visible else None  # fmt: skip
        return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domainMin=first, domainMax=last, nice=False), axis=axis)

    def value_axis(self, field: str = "value", *, log: bool = False, **channel: Any) -> alt.Y:
        """Returns the axis of numbers, in the panel's unit."""
        counts = not any(measure.field for measure in self.answer.panel.query.measures)
        labels = axis_labels(self.answer.panel.unit, powers=log, whole=counts)
        grid = LOG_GRID if log else {}
        axis = alt.Axis(title=None, labelExpr=labels, tickCount=5, domain=False, ticks=False, **grid)
        return alt.Y(f"{field}:Q", scale=alt.Scale(type="log" if log else "linear", nice=True), axis=axis, **channel)

    @property
    def colour(self) -> alt.Color:
        """The colour of each series; a picture also gets a legend, largest series first."""
        if not self.frame.width:
            return alt.Color("colour:N", scale=None)
        legend = (
            alt.Legend(title=None, orient="bottom", columns=3, labelLimit=230, columnPadding=40, symbolOpacity=1)
            if len(self.colours) > 1
            else None
        )
        scale = alt.Scale(domain=list(self.colours), range=list(self.colours.values()))
        return alt.Color("series:N", scale=scale, legend=legend)

    @property
    def opacity(self) -> Any:
        """Incomplete intervals are lighter."""
        return alt.condition("datum.open", alt.value(OPEN_OPACITY), alt.value(1))

    def build_tooltips(self, *numbers: alt.Tooltip) -> list[alt.Tooltip]:
        """Returns the lines of a mark's tooltip: time, series and numbers."""
        named = [alt.Tooltip("series:N", title=self.series_title)] if len(self.colours) > 1 else []
        return [alt.Tooltip("label:N", title="when"), *named, *(numbers or [self.build_tooltip("value")])]

    def build_tooltip(self, field: str, title: str | None = None) -> alt.Tooltip:
        """Returns a tooltip line with a number."""
        unit = self.answer.panel.unit
        return alt.Tooltip(f"{field}:Q", title=title or self.value_title, format=tooltip_format(unit))

    def add_zoom(self, chart: Any, encodings: Sequence[Literal["x", "y"]]) -> Any:
        """Lets the reader drag to move, zoom with Ctrl and the wheel, and double-click to reset."""
        if self.frame.width:
            return chart
        return chart.add_params(alt.selection_interval(bind="scales", encodings=encodings, zoom=ZOOM))

    def draw_bars(self) -> Any:
        """Draws stacked columns, each from the start to the end of its slot."""
        chart = self.chart.mark_bar(orient="vertical")
        return self.add_zoom(
            chart.encode(
                x=self.time_axis("start"), x2="end:T", y=self.value_axis(stack="zero"), color=self.colour,
                detail="series:N", order="rank:Q", opacity=self.opacity, tooltip=self.build_tooltips(),
            ),
            ["x"],
        )  # fmt: skip

    def draw_lines(self, lines: Lines) -> Any:
        """Draws lines through the middle of the slots, with a point at each for the pointer to hit."""
        common = {"y": self.value_axis(log=lines.log), "color": self.colour, "detail": "series:N"}
        line = self.chart.mark_line(strokeWidth=2, strokeJoin="round")
        if lines.area:
            line = self.chart.mark_area(fillOpacity=0.3)
        points = self.chart.mark_circle(size=36)
        points = points.encode(**common, opacity=self.opacity, tooltip=self.build_tooltips())
        return alt.layer(
            line.encode(**common, x=self.time_axis("middle")), self.add_zoom(points.encode(x="middle:T"), ["x"])
        )

    def draw_points(self) -> Any:
        """Draws the highest value of each slot as a point, and a line from its lowest to its highest bound."""
        bounds = self.chart.mark_rule(strokeWidth=3, opacity=0.4, strokeCap="round")
        dots = self.chart.mark_circle(size=75, opacity=0.9)
        tooltips = self.build_tooltips(
            self.build_tooltip("value", "highest value"),
            self.build_tooltip("low", "lowest bound"),
            self.build_tooltip("high", "highest bound"),
        )
        low = self.value_axis("low", log=True)
        return alt.layer(
            bounds.encode(x=self.time_axis("middle"), y=low, y2="high:Q", color=self.colour, tooltip=tooltips),
            self.add_zoom(
                dots.encode(x="middle:T", y="value:Q", color=self.colour, tooltip=tooltips),
                ["x", "y"],
            ),
        )

    @property
    def series_axis(self) -> alt.Y:
        """A row for each series, largest first."""
        axis = alt.Axis(title=None, ticks=False, domain=False, labelLimit=150, labelPadding=6)
        return alt.Y("series:N", sort=alt.EncodingSortField("value", op="max", order="descending"), axis=axis)

    def draw_ranking(self) -> Any:
        """Draws horizontal bars with their number at the end."""
        common = {"y": self.series_axis, "x": alt.X("value:Q", axis=None, scale=alt.Scale(nice=False))}
        tooltips = self.build_tooltips()[1:] if len(self.colours) > 1 else [self.build_tooltip("value")]
        bars = self.chart.mark_bar(cornerRadius=2, height=14).encode(**common, color=self.colour, tooltip=tooltips)
        numbers = self.chart.mark_text(align="left", dx=5).encode(**common, text=alt.Text("value:Q", format=","))
        return alt.layer(bars, numbers)

    def draw_spread(self) -> Any:
        """Draws a bar from the lowest to the highest bound, and a point at the highest value."""
        labels = axis_labels(self.answer.panel.unit, powers=True)
        axis = alt.Axis(title=None, labelExpr=labels, domain=False, ticks=False, **LOG_GRID)
        scale = alt.Scale(type="log", nice=True)
        common = {"y": self.series_axis, "color": self.colour}
        tooltips = [
            alt.Tooltip("series:N", title=self.series_title),
            self.build_tooltip("low", "lowest bound"),
            self.build_tooltip("value", "highest value"),
            self.build_tooltip("high", "highest bound"),
        ]
        bar = self.chart.mark_bar(height=7, opacity=0.4, cornerRadius=3)
        dot = self.chart.mark_circle(size=75, opacity=1)
        return alt.layer(
            bar.encode(**common, x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", tooltip=tooltips),
            dot.encode(**common, x=alt.X("value:Q", scale=scale, axis=axis), tooltip=tooltips),
        )

    def draw_sparkline(self) -> Any:
        """Draws the course of a number over time, small."""
        chart = self.chart.mark_area(fillOpacity=0.35, color=SERIES[0])
        tooltips = [alt.Tooltip("label:N", title="when"), self.build_tooltip("value")]
        x, y = self.time_axis("middle", visible=False), alt.Y("value:Q", axis=None)
        return chart.encode(x=x, y=y, tooltip=tooltips)
