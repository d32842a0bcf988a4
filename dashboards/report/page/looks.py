"""How the report looks: colours of series, light and dark, and numbers in their units on axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from dashboards.boards.colours import SERIES, STATUS
from dashboards.boards.panels import Bars, Lines, Panel, Points, Ranking, Spread, Unit

Theme = Literal["light", "dark"]
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"


@dataclass(frozen=True)
class NeutralColours:
    """The neutral colours of a theme: what is written on, and with."""

    ground: str
    ink: str
    faint: str
    """Text beside the point: axes, captions."""
    line: str
    """Grids and borders."""


THEMES: Final[dict[Theme, NeutralColours]] = {
    "light": NeutralColours("#ffffff", "#1a2029", "#566070", "#e3e7ec"),
    "dark": NeutralColours("#171c24", "#e8ecf1", "#a3adba", "#2c343f"),
}


def build_configuration(theme: Theme) -> dict[str, Any]:
    """Vega-Lite's configuration for all charts."""
    paper = THEMES[theme]
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 2,
        "mark": {"aria": False},
        "view": {"stroke": None},
        "axis": {
            "domainColor": paper.line, "gridColor": paper.line, "tickColor": paper.line, "labelColor": paper.faint,
            "titleColor": paper.faint, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
            "labelFontWeight": "normal",
        },
        "legend": {"labelColor": paper.ink, "titleColor": paper.faint, "labelFontSize": 12, "symbolType": "circle"},
        "title": {"color": paper.ink, "subtitleColor": paper.faint, "fontSize": 17, "subtitleFontSize": 12,
                  "anchor": "start", "offset": 14, "subtitlePadding": 5},
        "text": {"color": paper.faint, "fontSize": 11},
    }  # fmt: skip


def find_series_label(panel: Panel) -> str | None:
    """What the series of a chart are, where each has a colour that it keeps in every panel; None for other charts."""
    chart = panel.chart
    if isinstance(chart, Bars) and chart.colours == "status":
        return None
    return chart.by if isinstance(chart, Bars | Lines | Points | Spread) else None


def choose_colours(panel: Panel, series: Sequence[str]) -> dict[str, str]:
    """Of each series of a chart that is drawn alone. Statuses have their own, a ranking of others has one for all."""
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
"""Labels of an axis by unit; a count where there is none."""
COUNT_AXIS: Final = "replace(format(datum.value, '.3~s'), 'G', 'B')"
WHOLE_COUNT_AXIS: Final = f"datum.value % 1 ? '' : {COUNT_AXIS}"
"""Of what is counted: there is no half claim."""


WHOLE_POWER: Final = "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 0.001"
"""Whether an axis' value is a power of ten."""


def axis_labels(unit: Unit, *, powers: bool = False, whole: bool = False) -> str:
    """The expression for an axis' labels; on a logarithmic scale with powers of ten alone."""
    words = AXES.get(unit, AXES["s"] if unit == "dtdurations" else WHOLE_COUNT_AXIS if whole else COUNT_AXIS)
    return f"{WHOLE_POWER} ? {words} : ''" if powers else words


def tooltip_format(unit: Unit) -> str:
    """How a number is written in a tooltip."""
    return {"percentunit": ".1%", "bytes": ",.0f", "s": ",.4~r", "dtdurations": ",.4~r"}.get(unit, ",.6~r")
