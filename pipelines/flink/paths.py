"""Files of the job on a worker's host, relative to the folder in which each worker runs.

The pipeline contains these names, and no path of the machine that submits it.
"""

WORKER_FOLDER = "flink-worker"
"""The folder in the data directory of a host."""
MEMORY = "recurring-lines.bin"
"""The recurring lines of each feed, learned on this host."""
WATCHES = "watches.yaml"
"""A link to the file of the watches on this host."""
WATCHES_KEPT = "watches-kept.json"
"""The last valid watches."""
