"""The appearance of the report: light and dark themes, colours of series, and formats of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from dashboards.boards.colours import SERIES, STATUS
from dashboards.boards.panels import Bars, Lines, Panel, Points, Ranking, Spread, Unit

Theme = Literal["light", "dark"]
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"


@dataclass(frozen=True)
class NeutralColours:
    """The neutral colours of a theme: background and text."""

    background: str
    text: str
    faint: str
    """Secondary text: axes, captions."""
    line: str
    """Grids and borders."""


THEMES: Final[dict[Theme, NeutralColours]] = {
    "light": NeutralColours("#ffffff", "#1a2029", "#566070", "#e3e7ec"),
    "dark": NeutralColours("#171c24", "#e8ecf1", "#a3adba", "#2c343f"),
}


def build_configuration(theme: Theme) -> dict[str, Any]:
    """Returns Vega-Lite's configuration for all charts."""
    neutral = THEMES[theme]
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 2,
        "mark": {"aria": False},
        "view": {"stroke": None},
        "axis": {
            "domainColor": neutral.line, "gridColor": neutral.line, "tickColor": neutral.line,
            "labelColor": neutral.faint, "titleColor": neutral.faint, "labelFontSize": 11,
            "titleFontSize": 11, "titleFontWeight": "normal",
            "labelFontWeight": "normal",
        },
        "legend": {"labelColor": neutral.text, "titleColor": neutral.faint, "labelFontSize": 12,
                   "symbolType": "circle"},
        "title": {"color": neutral.text, "subtitleColor": neutral.faint, "fontSize": 17, "subtitleFontSize": 12,
                  "anchor": "start", "offset": 14, "subtitlePadding": 5},
        "text": {"color": neutral.faint, "fontSize": 11},
    }  # fmt: skip


def find_series_label(panel: Panel) -> str | None:
    """Returns what the series of a chart are, if they keep their colours across panels; None for other charts."""
    chart = panel.chart
    if isinstance(chart, Bars) and chart.colours == "status":
        return None
    return chart.by if isinstance(chart, Bars | Lines | Points | Spread) else None


def choose_colours(panel: Panel, series: Sequence[str]) -> dict[str, str]:
    """Returns the colour of each series of a single chart. Statuses have their own; other rankings use one colour."""
    chart = panel.chart
    if isinstance(chart, Bars | Ranking) and chart.colours == "status":
        return {name: STATUS.get(name, SERIES[0]) for name in series}
    if isinstance(chart, Ranking):
        return dict.fromkeys(series, SERIES[0])
    return {name: SERIES[place % len(SERIES)] for place, name in enumerate(series)}


AXES: Final[dict[Unit, str]] = {
    "s": "datum.value >= 3600 && datum.value % 3600 == 0 ? format(datum.value / 3600, ',') + ' h' : "
         "datum.value >= 60 && datum.value % 60 == 0 ? format(datum.value / 60, ',') + ' min' : "
         "datum.value >= 1 ? format(datum.value, ',~') + ' s' : format(datum.value, '.3~s') + 's'",
    "bytes": "format(datum.value, '.3~s') + 'B'",
    "percentunit": "format(datum.value, '.0%')",
}  # fmt: skip
"""Label expressions of an axis by unit; other units use those of counts."""
COUNT_AXIS: Final = "replace(format(datum.value, '.3~s'), 'G', 'B')"
WHOLE_COUNT_AXIS: Final = f"datum.value % 1 ? '' : {COUNT_AXIS}"
"""Label expression for counts, which are whole numbers."""


WHOLE_POWER: Final = "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 0.001"
"""Expression: whether an axis value is a power of ten."""


def axis_labels(unit: Unit, *, powers: bool = False, whole: bool = False) -> str:
    """Returns the expression for axis labels; a logarithmic scale labels only powers of ten."""
    words = AXES.get(unit, AXES["s"] if unit == "dtdurations" else WHOLE_COUNT_AXIS if whole else COUNT_AXIS)
    return f"{WHOLE_POWER} ? {words} : ''" if powers else words


def tooltip_format(unit: Unit) -> str:
    """Returns the number format for tooltips."""
    return {"percentunit": ".1%", "bytes": ",.0f", "s": ",.4~r", "dtdurations": ",.4~r"}.get(unit, ",.6~r")
