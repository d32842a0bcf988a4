"""A real Flink cluster of several processes, and the job on it, to be killed."""
