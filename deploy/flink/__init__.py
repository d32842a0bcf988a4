"""A Flink cluster for the job: its pinned jars, its settings, and how its processes are started."""
