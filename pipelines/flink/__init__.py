"""`newsclaims run --runner flink`: submits the job to a Flink cluster, watches it, stops and restores it."""
