"""The takedowns in force, for programs that publish: they leave out what would be deleted again."""

import logging
import time
from typing import Any

from deploy.settings import Settings
from schemas.elasticsearch.indices import TAKEDOWNS
from schemas.elasticsearch.takedowns import list_takedown_ids
from schemas.records import RawArticle

logger = logging.getLogger(__name__)

REFRESH_SECONDS = 30.0
"""How long a list is used before it is read again."""
TIMEOUT_SECONDS = 5.0


class TakedownList:
    """Knows what was taken down. Reads the list when it is first asked, and again every half a minute.

    If Elasticsearch does not answer, the last list counts: the job deletes what was taken down in any case.
    """

    def __init__(self, settings: Settings, clock: Any = time.monotonic) -> None:
        self.settings = settings
        self.clock = clock
        self.ids: frozenset[str] = frozenset()
        self.read_at: float | None = None
        self.is_unreadable = False

    def covers(self, article: RawArticle) -> bool:
        """Whether the article must not be published."""
        now = self.clock()
        if self.read_at is None or now - self.read_at >= REFRESH_SECONDS:
            self.read_at = now
            self.ids = self.read()
        return bool(self.ids) and not self.ids.isdisjoint(list_takedown_ids((article.article_id,), (article.url,)))

    def read(self) -> frozenset[str]:
        """Returns the ids of all takedowns in force, or the last ones if they cannot be read."""
        # Imported here: the client takes half a second to load.
        from elasticsearch import ApiError, Elasticsearch, TransportError
        from elasticsearch.helpers import scan

        options = self.settings.elasticsearch.client_options()
        query = {"query": {"bool": {"must_not": {"exists": {"field": "lifted_at"}}}}, "_source": False}
        try:
            with Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0) as client:
                found = frozenset(hit["_id"] for hit in scan(client, index=TAKEDOWNS.name, query=query))
        except (ApiError, TransportError) as error:
            if not self.is_unreadable:
                logger.warning("The takedowns cannot be read; the job applies them. Elasticsearch: %s", error)
            self.is_unreadable = True
            return self.ids
        self.is_unreadable = False
        return found
