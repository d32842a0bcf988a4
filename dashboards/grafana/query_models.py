"""Queries in the form of Grafana's Elasticsearch data source, and the names of their columns in the answer.

Ids of buckets start at 100, those of metrics at 1, so that an order by a metric can refer to its id.
"""

from typing import Any, Final

from grafana_foundation_sdk.builders import elasticsearch as es
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import elasticsearch as es_models
from grafana_foundation_sdk.models.dashboard import DataSourceRef
from grafana_foundation_sdk.models.elasticsearch import TermsOrder

from dashboards.ask.query import (
    Bucket,
    DataSource,
    LabelledQueries,
    Measure,
    Query,
    Terms,
    TimeBuckets,
    find_data_source,
)
from dashboards.boards.panels import Board

COLUMNS: Final = {
    "count": "Count", "cardinality": "Unique Count", "sum": "Sum", "avg": "Average", "min": "Min", "max": "Max",
}  # fmt: skip
"""The data source's name for the column of a measure."""

MARKED_VARIABLE: Final = "${marked:raw}"
"""The board's selector of marked claims: its values are Lucene text."""
COPIES_VARIABLE: Final = "${copies:raw}"
"""The board's selector of copies of a story, likewise."""

METRICS: Final[dict[str, Any]] = {
    "cardinality": es.UniqueCount, "sum": es.Sum, "avg": es.Average, "min": es.Min, "max": es.Max,
}  # fmt: skip


def build_reference(source: DataSource) -> DataSourceRef:
    """Returns a panel's reference to its data source."""
    return DataSourceRef(type_val="elasticsearch", uid=source.uid)


def build_target(query: Query, board: Board | None = None) -> es.Dataquery:
    """Returns the query as a target of a panel, with the board's variables as its dimensions, or of an alert rule."""
    values = {name: build_value(board, name) for name in query.dimensions} if board else {}
    copies = COPIES_VARIABLE if board and board.chooses_copies else ""
    found = (
        es.Dataquery()
        .ref_id("A")
        .query(query.lucene(values, MARKED_VARIABLE, copies))
        .time_field(query.clock)
        .datasource(build_reference(find_data_source(query)))
    )
    if query.alias:
        found = found.alias(query.alias)
    if query.size:
        documents = es.RawData().id("1").settings(es.ElasticsearchRawDataSettings().size(str(query.size)))
        return found.metrics([documents]).bucket_aggs([])
    buckets = [_build_bucket(query, bucket, str(100 + place)) for place, bucket in enumerate(query.by)]
    return found.metrics([_build_metric(each, place) for place, each in enumerate(query.measures)]).bucket_aggs(buckets)


def build_value(board: Board, dimension: str) -> str:
    """Returns a dimension's variable as Lucene text. A selector with one value may have none: then nothing is found."""
    name = board.name_variable(dimension)
    return f'"${name}"' if dimension in board.single else f"${name}"


def _build_metric(measure: Measure, place: int) -> Any:
    if measure.kind == "count":
        return es.Count().id(str(place + 1))
    return METRICS[measure.kind]().id(str(place + 1)).field(measure.field)


def _build_bucket(query: Query, bucket: Bucket, id: str) -> Any:
    match bucket:
        case Terms():
            by = (
                {"count": "_count", "name": "_key"}[bucket.order] if isinstance(bucket.order, str) else bucket.order + 1
            )
            order = TermsOrder.ASC if bucket.order == "name" else TermsOrder.DESC
            settings = es.ElasticsearchTermsSettings().size(str(bucket.size)).order(order).order_by(str(by))
            settings = settings.min_doc_count("1")
            if bucket.missing is not None:
                settings = settings.missing(bucket.missing)
            return es.Terms().id(id).field(bucket.field).settings(settings)
        case LabelledQueries():
            filters: list[Builder[es_models.Filter]] = [
                es.Filter().label(label).query(text) for label, text in bucket.queries
            ]
            return es.Filters().id(id).settings(es.ElasticsearchFiltersSettings().filters(filters))
        case TimeBuckets():
            times = es.ElasticsearchDateHistogramSettings().interval(bucket.every).min_doc_count("0")
            times = times.trim_edges("1" if bucket.trim else "0")
            return es.DateHistogram().id(id).field(query.clock).settings(times)


def find_column_name(query: Query, source: str) -> str:
    """Returns the data source's name for the column of a bucket, measure or field."""
    for bucket in query.by:
        if bucket.label == source:
            match bucket:
                case Terms(field=field):
                    return field
                case LabelledQueries():
                    return "filter"
                case TimeBuckets():
                    return "Time"
    for measure in query.measures:
        if query.by and measure.label == source:
            return find_metric_column(query, measure)
    return source


def find_metric_column(query: Query, measure: Measure) -> str:
    """Returns the column of a measure: its kind, plus the field if the query has several measures of that kind."""
    alike = sum(each.kind == measure.kind for each in query.measures)
    return COLUMNS[measure.kind] + (f" {measure.field}" if alike > 1 and measure.field else "")
