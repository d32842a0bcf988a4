"""The Kafka side of the job: the source, and the publishing of the sink."""
