"""The Kafka side of the job: the source, and the topics that the sink publishes to."""
