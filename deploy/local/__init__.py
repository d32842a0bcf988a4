"""The embedded Kafka and Elasticsearch: `stack` starts and stops them, `status` looks at them."""
