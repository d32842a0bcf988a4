"""The steps of the job, from a Kafka message to the documents of its articles."""
