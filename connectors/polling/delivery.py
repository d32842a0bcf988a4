"""Delivery of batches from many threads through one publisher."""

import logging
import threading

from connectors.kit import Batch
from connectors.publisher import ArticlePublisher, publish_all
from connectors.web.addresses import redact

logger = logging.getLogger(__name__)


class BatchDelivery:
    """Delivers batches. It may be called from many threads."""

    def __init__(self, publisher: ArticlePublisher) -> None:
        self.publisher = publisher
        self.lock = threading.Lock()

    def __call__(self, batch: Batch) -> int:
        """Publishes a batch, waits for all its acknowledgements and returns the number of refused items.

        Raises `Retryable` if an acknowledgement is missing.
        """
        with self.lock:
            try:
                refused = publish_all(self.publisher, [*batch.articles, *batch.refused], log_refusal)
            finally:
                # Each thread waits for its own messages, so that messages of several threads share requests.
                ours = [*self.publisher.unacknowledged]
                self.publisher.unacknowledged.clear()
        for place, future in ours:
            self.publisher.confirm(place, future)
        return refused


def log_refusal(place: str, why: str) -> None:
    """Logs an item that is not published."""
    logger.info("%s: %s", redact(place), why)
