"""Panels in Grafana's form: a panel type for each kind of chart, with units, colours and links."""

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
from dashboards.grafana.query_models import (
    build_reference,
    build_target,
    find_column_name,
    find_metric_column,
)

MAX_POINTS: Final = 90
"""Maximum number of bars in a chart over time: more would be too thin to point at."""


def build_panel(board: Board, panel: Panel, number: int, place: GridPos) -> dict[str, Any]:
    """Returns the panel as Grafana's JSON."""
    built = build_chart(board, panel)
    built = (
        built.id(number)
        .title(panel.title)
        .description(f"{panel.description} {panel.clock_sentence}")
        .datasource(build_reference(find_data_source(panel.query)))
        .grid_pos(place)
        .unit(panel.unit)
        .with_target(build_target(panel.query, board))
    )
    plain: dict[str, Any] = json.loads(json.dumps(built.build(), cls=JSONEncoder))
    return plain


def build_chart(board: Board, panel: Panel) -> Any:
    """Returns the SDK's builder for the panel's kind of chart."""
    match panel.chart:
        case Bars() as chart:
            builder: Any = build_bars(board, panel, chart)
        case Lines() as chart:
            builder = build_lines(panel, chart)
        case Points():
            builder = build_points()
        case Number() as chart:
            builder = build_number(panel, chart)
        case Ranking() as chart:
            builder = build_ranking(board, panel, chart)
        case Spread() as chart:
            builder = build_spread(board, panel, chart)
        case Listing() as chart:
            builder = build_table(board, panel, chart)
    return builder


def build_time_series(legend: bool) -> timeseries.Panel:
    """Returns a chart over time with the common settings."""
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


def build_bars(board: Board, panel: Panel, chart: Bars) -> timeseries.Panel:
    """Returns stacked columns."""
    built = (
        build_time_series(legend=bool(chart.by))
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
        built = built.override_by_regexp(".*", [DynamicConfigValue("displayName", panel.title)])
    return add_link(built, board, panel)


def build_lines(panel: Panel, chart: Lines) -> timeseries.Panel:
    """Returns lines, on a logarithmic scale if the chart asks for it."""
    several = bool(chart.by) or len(panel.query.measures) > 1
    built = (
        build_time_series(legend=several)
        .draw_style(GraphDrawStyle.LINE)
        .line_width(2)
        .fill_opacity(20 if chart.area else 0)
        .show_points(VisibilityMode.AUTO)
        # Processes write a sample every ten seconds; only several missing samples are a gap.
        .span_nulls(300_000)
    )
    if chart.log:
        built = built.scale_distribution(common.ScaleDistributionConfig().type(ScaleDistribution.LOG).log(10))
    if not several:
        built = built.override_by_regexp(".*", [DynamicConfigValue("displayName", panel.title)])
    for measure in panel.query.measures if not chart.by and several else ():
        built = built.override_by_name(
            name_series(panel.query, measure.label), [DynamicConfigValue("displayName", measure.label)]
        )
    return built


def name_series(query: Query, label: str) -> str:
    """Returns the data source's name for the series of a measure without terms."""
    measure = next(each for each in query.measures if each.label == label)
    column = find_metric_column(query, measure)
    return column if measure.kind == "count" or column.endswith(measure.field) else f"{column} {measure.field}"


def build_points() -> timeseries.Panel:
    """Returns large points for values and small ones for their bounds, on a logarithmic scale."""
    scale = common.ScaleDistributionConfig().type(ScaleDistribution.LOG).log(10)
    bound = [
        DynamicConfigValue("custom.pointSize", 4),
        DynamicConfigValue("custom.hideFrom", {"legend": True, "tooltip": False, "viz": False}),
        DynamicConfigValue("color", {"mode": "fixed", "fixedColor": "text"}),
    ]
    return (
        build_time_series(legend=True)
        .draw_style(GraphDrawStyle.POINTS)
        .show_points(VisibilityMode.ALWAYS)
        .point_size(9)
        .scale_distribution(scale)
        .override_by_regexp("/ (low|high)$/", bound)
        .transformations(
            [
                rename_series(r"(.*)\|Max value", "$1"),
                rename_series(r"(.*)\|Min low", "$1 low"),
                rename_series(r"(.*)\|Max high", "$1 high"),
            ]
        )
    )


def rename_series(pattern: str, replacement: str) -> DataTransformerConfig:
    """Returns a transformation that renames series by a regular expression."""
    return DataTransformerConfig("renameByRegex", options={"regex": pattern, "renamePattern": replacement})


def build_number(panel: Panel, chart: Number) -> stat.Panel:
    """Returns one number, with a sparkline if the chart asks for it."""
    named = bool(chart.words) and isinstance(panel.query.by[0], Terms)
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
            common.ReduceDataOptions().values(False).calcs([calculation]).fields(select_number_columns(panel.query))
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
    """Returns a matcher for every field."""
    return MatcherConfig(id_val="byRegexp", options="/.*/")


def select_number_columns(query: Query) -> str:
    """Returns the pattern of the columns that hold the number; for series, all of them."""
    if isinstance(query.by[-1], Terms):
        return f"/^{find_metric_column(query, query.measures[0])}$/"
    return ""


def build_ranking(board: Board, panel: Panel, chart: Ranking) -> Any:
    """Returns horizontal bars: gauges if they have the colours of statuses, otherwise a table with bars in it."""
    if chart.colours == "status":
        return build_status_gauges(panel, chart)
    metric = panel.query.measures[0]
    columns = (
        TableColumn(chart.by, chart.by.capitalize()),
        TableColumn(metric.label, metric.label.capitalize(), "short"),
    )
    built = build_table(board, panel, Listing(columns, sort=metric.label.capitalize()))
    bar = [
        DynamicConfigValue("custom.displayMode", "basic"),
        DynamicConfigValue("custom.cellOptions", {"type": "gauge", "mode": "basic"}),
        DynamicConfigValue("min", 0),
        DynamicConfigValue("color", {"mode": "fixed", "fixedColor": "blue"}),
    ]
    return built.override_by_name(metric.label.capitalize(), bar)


def build_status_gauges(panel: Panel, chart: Ranking) -> bargauge.Panel:
    """Returns a gauge for each status. Rows become fields named after their status, so that each gets its colour."""
    names = [
        {"fieldName": find_column_name(panel.query, chart.by), "handlerKey": "field.name"},
        {"fieldName": find_metric_column(panel.query, panel.query.measures[0]), "handlerKey": "field.value"},
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


def build_spread(board: Board, panel: Panel, chart: Spread) -> table.Panel:
    """Returns a table with bounds and highest value, because Grafana cannot draw a bar between two values."""
    columns = (
        TableColumn(
            chart.by, "Claimant", link=DataLink("What this claimant says", "newsclaims-claimant", chart.by, "claimant")
        ),
        TableColumn(chart.low, "Lowest bound", "locale", 125),
        TableColumn(chart.value, "Highest value", "locale", 125),
        TableColumn(chart.high, "Highest bound", "locale", 125),
        TableColumn("figures", "Figures", "short", 90),
    )
    return build_table(board, panel, Listing(columns, sort="Highest bound"))


def build_table(board: Board, panel: Panel, chart: Listing) -> table.Panel:
    """Returns a table with the chart's columns, in its order, with titles, units and links."""
    built = table.Panel().show_header(True).transformations(build_transformations(panel.query, chart))
    if chart.sort:
        built = built.sort_by([common.TableSortByFieldState().display_name(chart.sort).desc(True)])
    for each in chart.columns:
        built = built.override_by_name(each.title, build_column_options(board, each))
    return built


def build_transformations(query: Query, chart: Listing) -> list[DataTransformerConfig]:
    """Returns the transformations from the columns of the answer to those of the table."""
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


def build_column_options(board: Board, column: TableColumn) -> list[DynamicConfigValue]:
    """Returns the display options of a column."""
    values = [DynamicConfigValue("unit", column.unit)]
    if column.width:
        values.append(DynamicConfigValue("custom.width", column.width))
    if column.hidden:
        values.append(DynamicConfigValue("custom.hidden", True))
    if column.link:
        values.append(DynamicConfigValue("links", build_column_links(board, column.link)))
    if column.colours == "status":
        options = {status: {"color": colour, "index": place}
                   for place, (status, colour) in enumerate(colours.STATUS.items())}  # fmt: skip
        values.append(DynamicConfigValue("mappings", [{"type": "value", "options": options}]))
        values.append(DynamicConfigValue("custom.displayMode", "color-text"))
        # Grafana 10 and newer read the option from here.
        values.append(DynamicConfigValue("custom.cellOptions", {"type": "color-text"}))
    return values


def add_status_colours(built: Any) -> Any:
    """Gives each status its colour."""
    for status, colour in colours.STATUS.items():
        built = built.override_by_name(status, [DynamicConfigValue("color", {"mode": "fixed", "fixedColor": colour})])
    return built


def add_link(built: timeseries.Panel, board: Board, panel: Panel) -> timeseries.Panel:
    """Adds the panel's link to every series."""
    if not panel.link:
        return built
    link = {"title": panel.link.title, "url": build_board_url(board, panel.link, "${__series.name:percentencode}")}
    return built.with_override(match_all(), [DynamicConfigValue("links", [link])])
