"""Who may do what on Kafka and Elasticsearch: least-privilege roles as files, and `newsclaims roles`."""
