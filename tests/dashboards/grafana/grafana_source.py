"""What Grafana's Elasticsearch data source sends for a panel: the request it makes of a target of a generated board.

Follows the query builder of Grafana 9.4 (public/app/plugins/datasource/elasticsearch/QueryBuilder.ts), whose requests
were compared with these on a real server.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dashboards
from dashboards.ask.answers import TimeSpan

BOARDS = Path(dashboards.__file__).parent / "generated" / "grafana" / "boards"
VARIABLE = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(\w+)")
FIRST = {"unit_class": "military_personnel", "dispute": "North Korean troops in Russia"}
"""What a selector without All is at when its board opens."""
ESCAPED = re.compile(r"([!*+\-=<>\s&|()\[\]{}^~?:\\/\"])")


def boards() -> dict[str, dict[str, Any]]:
    """The generated boards by uid."""
    return {path.stem: json.loads(path.read_bytes()) for path in sorted(BOARDS.glob("*.json"))}


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every panel with queries, with its board's uid."""
    for uid, board in boards().items():
        for panel in board["panels"]:
            if panel["type"] != "row":
                yield uid, panel


def chosen(board: Mapping[str, Any], **values: list[str] | str) -> dict[str, list[str] | str]:
    """Returns the values of the board's variables: initial ones, or those given. A list is several values."""
    found: dict[str, list[str] | str] = {}
    for variable in board["templating"]["list"]:
        current = variable.get("current", {}).get("value")
        if variable["type"] == "query" and not variable["includeAll"]:
            # Grafana takes the first that its query brings: with the demo's data these.
            found[variable["name"]] = FIRST[variable["name"].removeprefix("one_")]
        else:
            found[variable["name"]] = variable["allValue"] if current in ("$__all", ["$__all"]) else current
    return {**found, **values}


def interpolated(text: str, values: Mapping[str, list[str] | str]) -> str:
    """The text with its variables put in, in Grafana's format `lucene` unless the text names another."""

    def put(match: re.Match[str]) -> str:
        name, form = match[1] or match[3], match[2]
        if name not in values:
            return match[0]
        value = values[name]
        if isinstance(value, list):
            return "(" + " OR ".join(f'"{escaped(each)}"' for each in value) + ")"
        # The value for all values is inserted unescaped.
        return value if form == "raw" or value == "* OR *:*" else escaped(value)

    return VARIABLE.sub(put, text)


def escaped(value: str) -> str:
    """The value with what Lucene reads as syntax escaped."""
    return ESCAPED.sub(r"\\\1", value)


def find_index(target: Mapping[str, Any]) -> str:
    """Returns the alias that a target's data source reads."""
    return str(target["datasource"]["uid"].removeprefix("newsclaims-").rpartition("-")[0])


def search(
    target: Mapping[str, Any], span: TimeSpan, values: Mapping[str, list[str] | str], every: str
) -> dict[str, Any]:
    """The body of the search; `every` is what Grafana computes for an interval `auto`."""
    times = {
        "gte": int(span.grafana_bounds["__from"]),
        "lte": int(span.grafana_bounds["__to"]),
        "format": "epoch_millis",
    }
    known = {**span.grafana_bounds, **values}
    text = {"query_string": {"analyze_wildcard": True, "query": interpolated(target["query"], known)}}
    body: dict[str, Any] = {
        "size": 0,
        "query": {"bool": {"filter": [{"range": {target["timeField"]: times}}, text]}},
    }
    first = target["metrics"][0]
    if first["type"] == "raw_data":
        body["size"] = int(first["settings"]["size"])
        body["sort"] = [{target["timeField"]: {"order": "desc", "unmapped_type": "boolean"}}, {"_doc": "desc"}]
        return body
    node = body
    for bucket in target["bucketAggs"]:
        made = aggregation(bucket, target, times, known, every)
        node.setdefault("aggs", {})[bucket["id"]] = made
        node = made
    for metric in target["metrics"]:
        if metric["type"] != "count":
            node.setdefault("aggs", {})[metric["id"]] = {metric["type"]: {"field": metric["field"]}}
    return body


def aggregation(
    bucket: Mapping[str, Any],
    target: Mapping[str, Any],
    times: Mapping[str, Any],
    values: Mapping[str, list[str] | str],
    every: str,
) -> dict[str, Any]:
    """One bucket aggregation."""
    settings = bucket["settings"]
    if bucket["type"] == "terms":
        made: dict[str, Any] = {
            "terms": {
                "field": bucket["field"],
                "size": int(settings["size"]),
                "order": {settings["orderBy"]: settings["order"]},
                "min_doc_count": int(settings["min_doc_count"]),
            }
        }
        ordering = [metric for metric in target["metrics"] if metric["id"] == settings["orderBy"]]
        if ordering:
            made["aggs"] = {ordering[0]["id"]: {ordering[0]["type"]: {"field": ordering[0]["field"]}}}
        return made
    if bucket["type"] == "filters":
        return {
            "filters": {
                "filters": {
                    each["label"]: {"query_string": {"query": interpolated(each["query"], values)}}
                    for each in settings["filters"]
                }
            }
        }
    assert bucket["type"] == "date_histogram", bucket["type"]
    return {
        "date_histogram": {
            "field": bucket["field"],
            "fixed_interval": every if settings["interval"] == "auto" else settings["interval"],
            "min_doc_count": int(settings["min_doc_count"]),
            "extended_bounds": {"min": times["gte"], "max": times["lte"]},
            "format": "epoch_millis",
        }
    }


def found(target: Mapping[str, Any], answer: Mapping[str, Any]) -> int:
    """How many documents the answer shows, or counts in its buckets."""
    if not target["bucketAggs"]:
        return len(answer["hits"]["hits"])
    first = answer["aggregations"][target["bucketAggs"][0]["id"]]["buckets"]
    return sum(bucket["doc_count"] for bucket in (first.values() if isinstance(first, dict) else first))
