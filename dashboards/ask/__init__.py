"""Queries and filters: defined once, and asked of Elasticsearch without Grafana."""
