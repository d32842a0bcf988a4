"""The health of feeds in Elasticsearch, behind the alias `feeds`: for boards and searches, never read back by us."""

import logging
import threading
from typing import Any

from elasticsearch import Elasticsearch, TransportError
from elasticsearch.exceptions import ApiError

from deploy.server_errors import describe_elasticsearch_error
from deploy.settings import Settings
from schemas.codec import document
from schemas.elasticsearch.indices import FEEDS
from schemas.records import FeedHealth, FeedState

_log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two writes."""


class HealthIndex:
    """Writes the latest health of each feed in a thread of its own. Use it as a context manager.

    Polling does not depend on it: while Elasticsearch is away the latest healths wait here, one for each feed.
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

    def note(self, state: FeedState) -> None:
        """Takes the health of a feed to be written soon."""
        with self.lock:
            self.waiting[state.health.feed] = state.health

    def run(self) -> None:
        """Writes every few seconds."""
        while not self.stopped.wait(EVERY):
            self.write()

    def write(self) -> None:
        """Writes what waits; what cannot be written waits on, unless something newer came meanwhile."""
        with self.lock:
            taken, self.waiting = self.waiting, {}
        if not taken:
            return
        actions: list[dict[str, Any]] = []
        for health in taken.values():
            actions += [{"index": {"_index": FEEDS.index(""), "_id": health.feed}}, document(health)]
        try:
            answer = self.client.bulk(operations=actions, require_alias=False)
        except (TransportError, ApiError) as error:
            reason = describe_elasticsearch_error(error)
            _log.warning("The health of %d feeds waits for Elasticsearch: %s", len(taken), reason)
            with self.lock:
                self.waiting = taken | self.waiting
            return
        for item in answer["items"] if answer["errors"] else ():
            if "error" in item["index"]:
                _log.warning("Elasticsearch refuses the health of %s: %s", item["index"]["_id"], item["index"]["error"])
