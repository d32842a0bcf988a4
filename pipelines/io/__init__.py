"""The source and the sink of the job: Kafka and Elasticsearch."""
