"""Whether this process has to stop: set by its signal handler, read by the source and by a waiting sink.

The source claims no more records and lets the bundle finish (a drain). A sink that waits for Elasticsearch gives up, so
that the bundle fails and nothing is committed.
"""

import threading

stop_requested = threading.Event()
