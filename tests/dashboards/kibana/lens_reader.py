"""The request that Lens makes of a chart: buckets in the order of its columns, metrics within the innermost."""

import json
from typing import Any

from dashboards.ask.filters import Index
from dashboards.kibana.index_fields import RUNTIME, index_fields
from tests.dashboards.kibana import kql_reader


def request(chart: dict[str, Any], index: Index) -> dict[str, Any]:
    """What the chart's saved object asks of its index."""
    state = chart["attributes"]["state"]
    ((_, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
    columns = {name: layer["columns"][name] for name in layer["columnOrder"]}
    metrics = {name: metric(column) for name, column in columns.items() if not column["isBucketed"]}
    metrics = {name: asked for name, asked in metrics.items() if asked}
    inner = metrics
    for name, column in reversed([(name, column) for name, column in columns.items() if column["isBucketed"]]):
        inner = {name: bucket(column, metrics) | {"aggs": {**inner, **needed(column, metrics)}}}
    kql = state["query"]["query"]
    types = {name: field.type for name, field in index_fields(index).items()}
    asked = {"size": 0, "track_total_hits": True, "aggs": inner, "runtime_mappings": RUNTIME.get(index, {})}
    return asked | ({"query": kql_reader.query(kql, types)} if kql else {})


def metric(column: dict[str, Any]) -> dict[str, Any] | None:
    """A metric's aggregation; documents are counted anyway."""
    field = column["sourceField"]
    match column["operationType"]:
        case "count":
            return None
        case "unique_count":
            return {"cardinality": {"field": field}}
        case "median":
            return {"percentiles": {"field": field, "percents": [50]}}
        case "last_value":
            by = {column["params"]["sortField"]: {"order": "desc"}}
            return {"top_hits": {"size": 1, "_source": False, "fields": [field], "sort": [by]}}
        case "min" | "max" as operation:
            return {operation: {"field": field}}
    raise AssertionError(f"no such operation: {json.dumps(column)}")


def bucket(column: dict[str, Any], metrics: dict[str, Any]) -> dict[str, Any]:
    """A bucket's aggregation; terms are ordered by the column that they name."""
    if column["operationType"] == "date_histogram":
        return {"auto_date_histogram": {"field": column["sourceField"], "buckets": 50}}
    by = column["params"]["orderBy"]["columnId"]
    order = {by if by in metrics else "_count": column["params"]["orderDirection"]}
    return {"terms": {"field": column["sourceField"], "size": column["params"]["size"], "order": order}}


def needed(column: dict[str, Any], metrics: dict[str, Any]) -> dict[str, Any]:
    """The metric that a bucket is ordered by, which it holds itself."""
    by = column.get("params", {}).get("orderBy", {}).get("columnId")
    return {by: metrics[by]} if by in metrics else {}
