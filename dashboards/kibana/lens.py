"""Builds Lens charts as saved objects: their columns, and the three kinds of visualization that we use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from dashboards.ask.filters import Index
from dashboards.kibana.objects import SavedObject, build_reference, build_saved_object

LAYER: Final = "layer"
"""Name of the only layer of a chart."""
RECORDS: Final = "___records___"
"""Lens's field name for a column that counts documents."""

LensColumn = dict[str, Any]
Operation = Literal["unique_count", "min", "max", "median"]


def count_column(label: str) -> LensColumn:
    """Returns a column with the number of documents."""
    return _metric(label, "count", RECORDS)


def metric_column(label: str, operation: Operation, source: str) -> LensColumn:
    """Returns a column that aggregates a field; for dates use `date_column`."""
    return _metric(label, operation, source)


def date_column(label: str, source: str, operation: Literal["min", "max"]) -> LensColumn:
    """Returns a column with the earliest or latest value of a date."""
    return _metric(label, operation, source) | {"dataType": "date"}


def latest_column(label: str, source: str, clock: str) -> LensColumn:
    """Returns a column with the field's value in the newest document.

    With `showArrayValues` Lens uses `top_hits`; without it `top_metrics`, which not every server has.
    """
    column = _metric(label, "last_value", source) | {"dataType": "string", "scale": "ordinal"}
    return column | {"params": {"sortField": clock, "showArrayValues": True}}


def time_column(label: str, clock: str) -> LensColumn:
    """Returns a bucket column for intervals of time; Lens chooses their width."""
    params = {"interval": "auto", "includeEmptyRows": True, "dropPartials": False}
    return _column(label, "date", "date_histogram", "interval", clock, bucketed=True) | {"params": params}


def values_column(label: str, source: str, size: int, by: str) -> LensColumn:
    """Returns a bucket column for the first `size` values of a field, ordered by the column `by`, descending."""
    params = {
        "size": size,
        "orderBy": {"type": "column", "columnId": by},
        "orderDirection": "desc",
        "otherBucket": False,
        "missingBucket": False,
        "parentFormat": {"id": "terms"},
        "include": [],
        "exclude": [],
        "includeIsRegex": False,
        "excludeIsRegex": False,
    }
    return _column(label, "string", "terms", "ordinal", source, bucketed=True) | {"params": params}


def _metric(label: str, operation: str, source: str) -> LensColumn:
    return _column(label, "number", operation, "ratio", source, bucketed=False) | {"params": {"emptyAsNull": True}}


def _column(label: str, kind: str, operation: str, scale: str, source: str, *, bucketed: bool) -> LensColumn:
    return {
        "label": label,
        "customLabel": True,
        "dataType": kind,
        "operationType": operation,
        "scale": scale,
        "sourceField": source,
        "isBucketed": bucketed,
    }


@dataclass(frozen=True, kw_only=True)
class LensChart:
    """One chart. `columns` has the buckets from outer to inner, then the metrics; `kql` filters the documents."""

    name: str
    title: str
    about: str
    index: Index
    columns: Mapping[str, LensColumn]
    visualization: Mapping[str, Any]
    kind: Literal["lnsXY", "lnsMetric", "lnsDatatable"]
    kql: str = ""


def build_chart(chart: LensChart) -> SavedObject:
    """Returns the chart as a saved object of its own, to which dashboards refer."""
    layer = {"columnOrder": list(chart.columns), "columns": dict(chart.columns), "incompleteColumns": {}, "sampling": 1}
    attributes = {
        "title": f"newsclaims: {chart.title}",
        "description": chart.about,
        "visualizationType": chart.kind,
        "state": {
            "adHocDataViews": {},
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
            "filters": [],
            "internalReferences": [],
            "query": {"query": chart.kql, "language": "kuery"},
            "visualization": dict(chart.visualization),
        },
    }
    layer_of = build_reference(f"indexpattern-datasource-layer-{LAYER}", "index-pattern", chart.index)
    return build_saved_object("lens", f"lens-{chart.name}", attributes, [layer_of])


def show_number(column: str) -> dict[str, Any]:
    """Returns the visualization of one number."""
    return {"layerId": LAYER, "layerType": "data", "metricAccessor": column}


def show_bars(x: str, y: str, split: str | None = None, *, horizontal: bool = False) -> dict[str, Any]:
    """Returns bars: vertical and stacked by `split`, or horizontal for long names."""
    series = "bar_horizontal" if horizontal else "bar_stacked"
    layer = {"layerId": LAYER, "layerType": "data", "seriesType": series, "xAccessor": x, "accessors": [y]}
    if split:
        layer["splitAccessor"] = split
    return {
        "preferredSeriesType": series,
        "layers": [layer],
        "legend": {"isVisible": bool(split), "position": "right", "legendSize": "auto"},
        "valueLabels": "show" if horizontal else "hide",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": True, "yRight": True},
        "tickLabelsVisibilitySettings": {"x": True, "yLeft": True, "yRight": True},
        "gridlinesVisibilitySettings": {"x": not horizontal, "yLeft": True, "yRight": True},
    }


def show_table(columns: Mapping[str, int], sorted_by: str) -> dict[str, Any]:
    """Returns a table. Columns have a width in pixels, or 0 for the remaining width; rows are sorted descending."""
    widths = [{"columnId": name, **({"width": width} if width else {})} for name, width in columns.items()]
    return {
        "layerId": LAYER,
        "layerType": "data",
        "columns": widths,
        "sorting": {"columnId": sorted_by, "direction": "desc"},
        "paging": {"enabled": True, "size": 10},
        "headerRowHeight": "auto",
        "rowHeight": "auto",
    }
