"""Whether this process was asked to stop: set by its signal handler, read by the source and by a waiting sink.

The source stops claiming records and lets the bundle finish (a drain); a sink that waits for Elasticsearch gives up, so
that the bundle fails and nothing is committed.
"""

import threading

stop_requested = threading.Event()
