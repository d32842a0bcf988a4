"""The step that gives claimants and entities their names, and the stored decisions about names that it uses."""

import time
from collections.abc import Callable, Iterator

from elasticsearch import Elasticsearch

from pipelines.grouping.claimants.aliases import NO_ALIASES, Aliases
from pipelines.grouping.claimants.entities import name_article
from pipelines.grouping.stored_aliases import load_aliases
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.transforms.parcel import Parcel

CHECK_SECONDS = 30.0
"""How often a running job reads the decisions again: one small search for each worker."""


class NameClaimants:
    """Gives each claimant, entity and party its id and usual name. Without a client, by rules and tables alone."""

    def __init__(
        self, client: Callable[[], Elasticsearch] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.client = client
        self.clock = clock
        self.aliases = NO_ALIASES
        self.checked: float | None = None
        self.connection: Elasticsearch | None = None

    def __call__(self, parcel: Parcel) -> Iterator[Parcel]:
        """Yields the parcel with all of them named. Raises as `BulkSender.search` if the decisions cannot be read."""
        aliases = self.current()
        yield parcel.with_articles([name_article(article, aliases) for article in parcel.articles])

    def current(self) -> Aliases:
        """Returns the decisions, read again after `CHECK_SECONDS`. Waits for Elasticsearch as the sink does."""
        now = self.clock()
        if self.client and (self.checked is None or now - self.checked >= CHECK_SECONDS):
            self.connection = self.connection or self.client()
            self.aliases = load_aliases(BulkSender(self.connection))
            self.checked = now
        return self.aliases

    def close(self) -> None:
        """Closes the connection."""
        if self.connection:
            self.connection.close()
