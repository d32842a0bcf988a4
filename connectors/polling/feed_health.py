"""The health of feeds in Elasticsearch, under the alias `feeds`, for boards and searches. Polling never reads it."""

import logging
import threading
from typing import Any

from elasticsearch import Elasticsearch, TransportError
from elasticsearch.exceptions import ApiError

from deploy.server_errors import describe_elasticsearch_error
from deploy.settings import Settings
from schemas.codec import make_document
from schemas.elasticsearch.indices import FEEDS
from schemas.operations.records import FeedHealth, FeedState

logger = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two writes."""


class HealthIndex:
    """Writes the latest health of each feed in a thread of its own. Use it as a context manager.

    Polling does not depend on it: while Elasticsearch is unreachable, the latest health of each feed is kept here.
    """

    def __init__(self, settings: Settings) -> None:
        self.client = Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=20, max_retries=0)
        self.waiting: dict[str, FeedHealth] = {}
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run, name="feed-health")

    def __enter__(self) -> "HealthIndex":
        self.thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.stopped.set()
        self.thread.join()
        self.write()
        self.client.close()

    def add(self, state: FeedState) -> None:
        """Notes the health of a feed for the next write."""
        with self.lock:
            self.waiting[state.health.feed] = state.health

    def run(self) -> None:
        """Writes every few seconds until stopped."""
        while not self.stopped.wait(EVERY):
            self.write()

    def write(self) -> None:
        """Writes what is waiting. If that fails it is written next time, unless there is a newer health by then."""
        with self.lock:
            taken, self.waiting = self.waiting, {}
        if not taken:
            return
        actions: list[dict[str, Any]] = []
        for health in taken.values():
            actions += [{"index": {"_index": FEEDS.index(""), "_id": health.feed}}, make_document(health)]
        try:
            response = self.client.bulk(operations=actions, require_alias=False)
        except (TransportError, ApiError) as error:
            reason = describe_elasticsearch_error(error)
            logger.warning("The health of %d feeds is not stored yet: %s", len(taken), reason)
            with self.lock:
                self.waiting = taken | self.waiting
            return
        for item in response["items"] if response["errors"] else ():
            if "error" in item["index"]:
                found = item["index"]
                logger.warning("Elasticsearch refused the health of %s: %s", found["_id"], found["error"])
