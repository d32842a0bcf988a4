"""What follows from the records for Elasticsearch: mappings, indices, templates."""
