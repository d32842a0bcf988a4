"""Elasticsearch mappings, indices and index templates, which follow from the records."""
