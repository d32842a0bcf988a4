"""Queries and filters, defined once and sent to Elasticsearch without Grafana.

`query` defines what a query is, `queries` holds every query of the boards, `filters` the dimensions that all of them
share. `answers` sends a query and reads the response; `asking` turns failures into messages. `options` holds the
command-line options for filters, `times` and `choices` check their values.
"""
