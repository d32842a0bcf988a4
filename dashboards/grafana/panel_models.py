"""Panels as Grafana's: each kind of chart by the panel type that draws it, with units, colours and links."""

import json
import re
from typing import Any, Final

from grafana_foundation_sdk.builders import bargauge, common, stat, table, timeseries
from grafana_foundation_sdk.builders import dashboard as sdk
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import (
    BarAlignment,
    BarGaugeDisplayMode,
    BigValueColorMode,
    BigValueGraphMode,
    BigValueTextMode,
    GraphDrawStyle,
    LegendDisplayMode,
    LegendPlacement,
    ScaleDistribution,
    SortOrder,
    StackingMode,
    TooltipDisplayMode,
    VisibilityMode,
    VizOrientation,
)
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    GridPos,
    MatcherConfig,
    Threshold,
    ThresholdsMode,
)

from dashboards.ask.query import LabelledQueries, Query, Terms, find_data_source
from dashboards.boards import colours
from dashboards.boards.panels import (
    Bars,
    Board,
    DataLink,
    Lines,
    Listing,
    Number,
    Panel,
    Points,
    Ranking,
    Spread,
    TableColumn,
)
from dashboards.grafana.links import build_board_url, build_column_links
from dashboards.grafana.query_models import build_reference, build_target, find_column_name, find_metric_column

MAX_POINTS: Final = 90
"""Bars that a chart over time may have at most: more are too thin to point at."""


def build_panel(board: Board, shown: Panel, number: int, place: GridPos) -> dict[str, Any]:
    """The panel as Grafana's JSON."""
    built = build_chart(board, shown)
    built = (
        built.id(number)
        .title(shown.title)
        .description(f"{shown.description} {shown.clock_sentence}")
        .datasource(build_reference(find_data_source(shown.query)))
        .grid_pos(place)
        .unit(shown.unit)
        .with_target(build_target(shown.query))
    )
    plain: dict[str, Any] = json.loads(json.dumps(built.build(), cls=JSONEncoder))
    return plain


def build_chart(board: Board, shown: Panel) -> Any:
    """The builder of the panel type for its kind of chart."""
    match shown.chart:
        case Bars():
            return build_bars(board, shown, shown.chart)
        case Lines():
            return build_lines(shown, shown.chart)
        case Points():
            return build_points(shown)
        case Number():
            return build_number(shown, shown.chart)
        case Ranking():
            return build_ranking(board, shown, shown.chart)
        case Spread():
            return build_spread(board, shown, shown.chart)
        case Listing():
            return build_table(board, shown, shown.chart)


def build_time_series(shown: Panel, legend: bool) -> timeseries.Panel:
    """What all charts over time have in common."""
    return (
        timeseries.Panel()
        .max_data_points(MAX_POINTS)
        .color_scheme(sdk.FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC))
        .axis_soft_min(0)
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING))
        .legend(
            common.VizLegendOptions()
            .display_mode(LegendDisplayMode.LIST)
            .placement(LegendPlacement.BOTTOM)
            .show_legend(legend)
        )
    )


def build_bars(board: Board, shown: Panel, chart: Bars) -> timeseries.Panel:
    """Stacked columns."""
    built = (
        build_time_series(shown, legend=bool(chart.by))
        .draw_style(GraphDrawStyle.BARS)
        .fill_opacity(85)
        .line_width(0)
        .bar_width_factor(0.95)
        .bar_alignment(BarAlignment.CENTER)
        .stacking(common.StackingConfig().mode(StackingMode.NORMAL).group("A"))
    )
    if chart.colours == "status":
        built = add_status_colours(built)
    if not chart.by:
        built = built.override_by_regexp(".*", [DynamicConfigValue("displayName", shown.title)])
    return add_link(built, board, shown)


def build_lines(shown: Panel, chart: Lines) -> timeseries.Panel:
    """Lines, on a logarithmic scale where what is compared differs by powers of ten."""
    several = bool(chart.by) or len(shown.query.measures) > 1
    built = (
        build_time_series(shown, legend=several)
        .draw_style(GraphDrawStyle.LINE)
        .line_width(2)
        .fill_opacity(20 if chart.area else 0)
        .show_points(VisibilityMode.AUTO)
        # A process writes its samples every ten seconds; a gap is one only after some are missing.
        .span_nulls(300_000)
    )
    if chart.log:
        built = built.scale_distribution(common.ScaleDistributionConfig().type(ScaleDistribution.LOG).log(10))
    if not several:
        built = built.override_by_regexp(".*", [DynamicConfigValue("displayName", shown.title)])
    for metric in shown.query.measures if not chart.by and several else ():
        built = built.override_by_name(
            name_series(shown.query, metric.label), [DynamicConfigValue("displayName", metric.label)]
        )
    return built


def name_series(query: Query, label: str) -> str:
    """What the data source calls the series of a metric where there are no terms."""
    metric = next(each for each in query.measures if each.label == label)
    words = find_metric_column(query, metric)
    return words if metric.kind == "count" or words.endswith(metric.field) else f"{words} {metric.field}"


def build_points(shown: Panel) -> timeseries.Panel:
    """Large points for values and small ones for the bounds of the words, on a logarithmic scale."""
    mark = common.ScaleDistributionConfig().type(ScaleDistribution.LOG).log(10)
    bound = [
        DynamicConfigValue("custom.pointSize", 4),
        DynamicConfigValue("custom.hideFrom", {"legend": True, "tooltip": False, "viz": False}),
        DynamicConfigValue("color", {"mode": "fixed", "fixedColor": "text"}),
    ]
    return (
        build_time_series(shown, legend=True)
        .draw_style(GraphDrawStyle.POINTS)
        .show_points(VisibilityMode.ALWAYS)
        .point_size(9)
        .scale_distribution(mark)
        .override_by_regexp("/ (low|high)$/", bound)
        .transformations(
            [
                rename_series(r"(.*)\|Max value", "$1"),
                rename_series(r"(.*)\|Min low", "$1 low"),
                rename_series(r"(.*)\|Max high", "$1 high"),
            ]
        )
    )


def rename_series(pattern: str, words: str) -> DataTransformerConfig:
    """Names series anew."""
    return DataTransformerConfig("renameByRegex", options={"regex": pattern, "renamePattern": words})


def build_number(shown: Panel, chart: Number) -> stat.Panel:
    """One number, with the course behind it where there is one."""
    named = bool(chart.words) and isinstance(shown.query.by[0], Terms)
    calculation = {"last": "lastNotNull", "sum": "sum", "max": "max"}[chart.reduce]
    steps = [Threshold(value=None, color="green")] if chart.levels else [Threshold(value=None, color="text")]
    steps += [Threshold(value=value, color=colour) for value, colour in chart.levels]
    built = (
        stat.Panel()
        .graph_mode(BigValueGraphMode.AREA if chart.sparkline else BigValueGraphMode.NONE)
        .color_mode(BigValueColorMode.VALUE)
        .text_mode(BigValueTextMode.VALUE_AND_NAME if named else BigValueTextMode.VALUE)
        .orientation(VizOrientation.AUTO)
        .thresholds(sdk.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
        .color_scheme(sdk.FieldColor().mode(FieldColorModeId.THRESHOLDS))
        .no_value("0" if chart.reduce == "sum" else "no data")
        .max_data_points(MAX_POINTS)
        .reduce_options(
            common.ReduceDataOptions().values(False).calcs([calculation]).fields(select_number_columns(shown.query))
        )
    )
    if chart.words:
        options = {value: {"text": words, "color": colour, "index": place}
                   for place, (value, words, colour) in enumerate(chart.words)}  # fmt: skip
        built = built.with_override(
            match_all(), [DynamicConfigValue("mappings", [{"type": "value", "options": options}])]
        )
    return built


def match_all() -> MatcherConfig:
    """Every field."""
    return MatcherConfig(id_val="byRegexp", options="/.*/")


def select_number_columns(query: Query) -> str:
    """Which columns of a table hold the number; of series every one."""
    if isinstance(query.by[-1], Terms):
        return f"/^{find_metric_column(query, query.measures[0])}$/"
    return ""


def build_ranking(board: Board, shown: Panel, chart: Ranking) -> Any:
    """Horizontal bars, one for each row: with the colours of statuses as gauges, else as a table with bars in it."""
    if chart.colours == "status":
        return build_status_gauges(shown, chart)
    metric = shown.query.measures[0]
    columns = (
        TableColumn(chart.by, chart.by.capitalize()),
        TableColumn(metric.label, metric.label.capitalize(), "short"),
    )
    built = build_table(board, shown, Listing(columns, sort=metric.label.capitalize()))
    bar = [
        DynamicConfigValue("custom.displayMode", "basic"),
        DynamicConfigValue("custom.cellOptions", {"type": "gauge", "mode": "basic"}),
        DynamicConfigValue("min", 0),
        DynamicConfigValue("color", {"mode": "fixed", "fixedColor": "blue"}),
    ]
    return built.override_by_name(metric.label.capitalize(), bar)


def build_status_gauges(shown: Panel, chart: Ranking) -> bargauge.Panel:
    """A gauge for each status: rows become fields named by their status, so that each has its colour."""
    names = [
        {"fieldName": find_column_name(shown.query, chart.by), "handlerKey": "field.name"},
        {"fieldName": find_metric_column(shown.query, shown.query.measures[0]), "handlerKey": "field.value"},
    ]
    built = (
        bargauge.Panel()
        .orientation(VizOrientation.HORIZONTAL)
        .display_mode(BarGaugeDisplayMode.BASIC)
        .show_unfilled(True)
        .min(0)
        .no_value("0")
        .color_scheme(sdk.FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC))
        .reduce_options(common.ReduceDataOptions().values(False).calcs(["lastNotNull"]).fields("/.*/"))
        .transformations([DataTransformerConfig("rowsToFields", options={"mappings": names})])
    )
    coloured: bargauge.Panel = add_status_colours(built)
    return coloured


def build_spread(board: Board, shown: Panel, chart: Spread) -> table.Panel:
    """A table with the bounds, the highest value and their distance: Grafana draws no bars between two values."""
    columns = (
        TableColumn(
            chart.by, "Claimant", link=DataLink("What this claimant says", "newsclaims-claimant", chart.by, "claimant")
        ),
        TableColumn(chart.low, "Lowest bound", "locale", 125),
        TableColumn(chart.value, "Highest value", "locale", 125),
        TableColumn(chart.high, "Highest bound", "locale", 125),
        TableColumn("figures", "Figures", "short", 90),
    )
    return build_table(board, shown, Listing(columns, sort="Highest bound"))


def build_table(board: Board, shown: Panel, chart: Listing) -> table.Panel:
    """A table: columns chosen, ordered, named, with units and links; others are dropped."""
    built = table.Panel().show_header(True).transformations(build_transformations(shown.query, chart))
    if chart.sort:
        built = built.sort_by([common.TableSortByFieldState().display_name(chart.sort).desc(True)])
    for each in chart.columns:
        built = built.override_by_name(each.title, build_column_options(board, each))
    return built


def build_transformations(query: Query, chart: Listing) -> list[DataTransformerConfig]:
    """The transformations that make the table's columns of the answer's."""
    names = {each.source: find_column_name(query, each.source) for each in chart.columns}
    steps: list[DataTransformerConfig] = []
    if chart.compare:
        before, now = chart.compare
        by = next(bucket for bucket in query.by if isinstance(bucket, Terms))
        label = next(bucket for bucket in query.by if isinstance(bucket, LabelledQueries))
        corner = f"{by.field}\\{find_column_name(query, label.label)}"
        names |= {before: before, now: now, by.label: corner, "change": "change"}
        options = {"columnField": find_column_name(query, label.label), "rowField": by.field, "valueField": "Count",
                   "emptyValue": "zero"}  # fmt: skip
        steps.append(DataTransformerConfig("groupingToMatrix", options=options))
        binary = {"left": now, "operator": "-", "right": before}
        steps.append(DataTransformerConfig("calculateField", options={
            "alias": "change", "mode": "binary", "binary": binary, "reduce": {"reducer": "sum"}}))  # fmt: skip
    kept = [names[each.source] for each in chart.columns]
    pattern = "^(" + "|".join(re.escape(name) for name in kept) + ")$"
    steps.append(DataTransformerConfig("filterFieldsByName", options={"include": {"pattern": f"/{pattern}/"}}))
    order = {name: place for place, name in enumerate(kept)}
    renamed = {names[each.source]: each.title for each in chart.columns}
    steps.append(
        DataTransformerConfig("organize", options={"indexByName": order, "renameByName": renamed, "excludeByName": {}})
    )
    return steps


def build_column_options(board: Board, shown: TableColumn) -> list[DynamicConfigValue]:
    """How a column is shown."""
    values = [DynamicConfigValue("unit", shown.unit)]
    if shown.width:
        values.append(DynamicConfigValue("custom.width", shown.width))
    if shown.hidden:
        values.append(DynamicConfigValue("custom.hidden", True))
    if shown.link:
        values.append(DynamicConfigValue("links", build_column_links(board, shown.link)))
    if shown.colours == "status":
        options = {status: {"color": colour, "index": place}
                   for place, (status, colour) in enumerate(colours.STATUS.items())}  # fmt: skip
        values.append(DynamicConfigValue("mappings", [{"type": "value", "options": options}]))
        values.append(DynamicConfigValue("custom.displayMode", "color-text"))
        # Grafana 10 and newer read the same from here.
        values.append(DynamicConfigValue("custom.cellOptions", {"type": "color-text"}))
    return values


def add_status_colours(built: Any) -> Any:
    """Each status in its colour."""
    for status, colour in colours.STATUS.items():
        built = built.override_by_name(status, [DynamicConfigValue("color", {"mode": "fixed", "fixedColor": colour})])
    return built


def add_link(built: timeseries.Panel, board: Board, shown: Panel) -> timeseries.Panel:
    """A click on a series goes further."""
    if not shown.link:
        return built
    link = {"title": shown.link.title, "url": build_board_url(board, shown.link, "${__series.name:percentencode}")}
    return built.with_override(match_all(), [DynamicConfigValue("links", [link])])
