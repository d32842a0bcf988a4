"""Lens charts as saved objects: the columns that a chart counts, and the three kinds of chart that we have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from dashboards.ask.filters import Index
from dashboards.kibana.objects import SavedObject, build_reference, build_saved_object

LAYER: Final = "layer"
"""Name of a chart's only layer."""
RECORDS: Final = "___records___"
"""What Lens calls the field of a column that counts documents."""

LensColumn = dict[str, Any]
Operation = Literal["unique_count", "min", "max", "median"]


def count_column(label: str) -> LensColumn:
    """The number of documents."""
    return _metric(label, "count", RECORDS)


def metric_column(label: str, operation: Operation, source: str) -> LensColumn:
    """A field's values as one; of a date take `moment`."""
    return _metric(label, operation, source)


def date_column(label: str, source: str, operation: Literal["min", "max"]) -> LensColumn:
    """The earliest or latest of a date."""
    return _metric(label, operation, source) | {"dataType": "date"}


def latest_column(label: str, source: str, clock: str) -> LensColumn:
    """The field's value in the newest document.

    With `showArrayValues` Lens asks with `top_hits`; else with `top_metrics`, which not every server has.
    """
    column = _metric(label, "last_value", source) | {"dataType": "string", "scale": "ordinal"}
    return column | {"params": {"sortField": clock, "showArrayValues": True}}


def time_column(label: str, clock: str) -> LensColumn:
    """A bucket for each interval; Lens chooses one that fits."""
    params = {"interval": "auto", "includeEmptyRows": True, "dropPartials": False}
    return _column(label, "date", "date_histogram", "interval", clock, bucketed=True) | {"params": params}


def values_column(label: str, source: str, size: int, by: str, other: bool = False) -> LensColumn:
    """A bucket for each of the first `size` values of a field, by the column `by`; `other` adds one for the rest."""
    params = {
        "size": size,
        "orderBy": {"type": "column", "columnId": by},
        "orderDirection": "desc",
        "otherBucket": other,
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
    """One chart. `columns` are in the order of their buckets, metrics last; `kql` narrows it."""

    name: str
    title: str
    about: str
    index: Index
    columns: Mapping[str, LensColumn]
    visualization: Mapping[str, Any]
    kind: Literal["lnsXY", "lnsMetric", "lnsDatatable"]
    kql: str = ""


def build_chart(drawn: LensChart) -> SavedObject:
    """The chart as a saved object of its own, which dashboards refer to."""
    layer = {"columnOrder": list(drawn.columns), "columns": dict(drawn.columns), "incompleteColumns": {}, "sampling": 1}
    attributes = {
        "title": f"newsclaims: {drawn.title}",
        "description": drawn.about,
        "visualizationType": drawn.kind,
        "state": {
            "adHocDataViews": {},
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
            "filters": [],
            "internalReferences": [],
            "query": {"query": drawn.kql, "language": "kuery"},
            "visualization": dict(drawn.visualization),
        },
    }
    layer_of = build_reference(f"indexpattern-datasource-layer-{LAYER}", "index-pattern", drawn.index)
    return build_saved_object("lens", f"lens-{drawn.name}", attributes, [layer_of])


def show_number(column: str) -> dict[str, Any]:
    """One number."""
    return {"layerId": LAYER, "layerType": "data", "metricAccessor": column}


def show_bars(x: str, y: str, split: str | None = None, *, lying: bool = False, titles: bool = False) -> dict[str, Any]:
    """Bars: standing and stacked by `split`, or lying, for names that are long."""
    series = "bar_horizontal" if lying else "bar_stacked"
    layer = {"layerId": LAYER, "layerType": "data", "seriesType": series, "xAccessor": x, "accessors": [y]}
    if split:
        layer["splitAccessor"] = split
    return {
        "preferredSeriesType": series,
        "layers": [layer],
        "legend": {"isVisible": bool(split), "position": "right", "legendSize": "auto"},
        "valueLabels": "show" if lying else "hide",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": {"x": titles, "yLeft": True, "yRight": True},
        "tickLabelsVisibilitySettings": {"x": True, "yLeft": True, "yRight": True},
        "gridlinesVisibilitySettings": {"x": not lying, "yLeft": True, "yRight": True},
    }


def show_table(columns: Mapping[str, int], sorted_by: str) -> dict[str, Any]:
    """A table: each column with its width in pixels (0: what is left); largest first, by one of them."""
    shown = [{"columnId": name, **({"width": width} if width else {})} for name, width in columns.items()]
    return {
        "layerId": LAYER,
        "layerType": "data",
        "columns": shown,
        "sorting": {"columnId": sorted_by, "direction": "desc"},
        "paging": {"enabled": True, "size": 10},
        "headerRowHeight": "auto",
        "rowHeight": "auto",
    }
