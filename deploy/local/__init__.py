"""The embedded Kafka and Elasticsearch: downloads them, starts and stops them, and reports their status."""
