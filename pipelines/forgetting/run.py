"""Forgets pages: stores the takedown first, so that a running job writes nothing more, and deletes afterwards.

The sink looks at the takedowns before and after it writes. What it had written before its second look is found and
deleted here; what it writes later, it deletes itself.
"""

from collections import Counter
from dataclasses import dataclass, field

from elasticsearch import Elasticsearch

from deploy.settings import Settings
from pipelines.archive.store import ArchiveStore
from pipelines.connections import open_elasticsearch
from pipelines.forgetting.archives import count_archived, delete_archived
from pipelines.forgetting.indices import StoredPage, count_again, delete_stored, find_stored
from pipelines.forgetting.pages import ForgottenPage, find_page
from pipelines.forgetting.store import lift_takedown, list_takedowns, store_takedown
from pipelines.forgetting.topics import (
    ACTION,
    DEAD_LETTERS,
    RAW_ARTICLES,
    FoundMessages,
    delete_messages,
    find_messages,
)
from schemas.elasticsearch.takedowns import Takedown
from schemas.errors import Permanent, Retryable

ROUNDS = 20
"""How often to look again for what a running job wrote in the meantime."""
MESSAGES = {RAW_ARTICLES: "raw_article_messages", DEAD_LETTERS: "dead_letter_messages"}
"""Name in the record of what is removed from a topic."""


@dataclass(frozen=True)
class ForgetOrder:
    """Why, at whose request, whether only to count, and the archive to clean: a folder or an S3 address."""

    reason: str | None = None
    by: str | None = None
    dry_run: bool = False
    archive: str | None = None


@dataclass
class ForgetResult:
    """What was removed of a page, or would be, by place."""

    url: str
    removed: dict[str, int] = field(default_factory=dict)
    dry_run: bool = False

    def describe(self) -> str:
        """Returns the counts in words."""
        if not self.removed:
            stored = "nothing of it is stored"
            return stored if self.dry_run else f"{stored}; it is recorded, and will not be taken in"
        counts = ", ".join(f"{number:,} {place.replace('_', ' ')}" for place, number in self.removed.items())
        return f"{'would remove' if self.dry_run else 'removed'} {counts}"


def forget(settings: Settings, url: str, order: ForgetOrder) -> ForgetResult:
    """Removes everything that is stored of a page, and stores its takedown.

    Safe to repeat, and to run during a job. Raises `Permanent` for something that is not an address, and `Retryable`
    if a server does not answer, or if a job keeps writing the page: it does not know of takedowns then.
    """
    page = find_page(url)
    archive = ArchiveStore.open(order.archive) if order.archive else None
    with open_elasticsearch(settings, ACTION) as client:
        stored = find_stored(client, page)
        page = page.add_articles(stored.articles)
        if order.dry_run:
            found = [find_messages(settings, page, topic) for topic in MESSAGES]
            counts = stored.count() + count_messages(found)
            counts += Counter(archived_articles=count_archived(archive, page) if archive else 0)
            return ForgetResult(url, dict(counts), dry_run=True)
        store_takedown(client, page, order.reason, order.by, {})
        page, removed = delete_everywhere(settings, client, page)
        removed += Counter(archived_articles=delete_archived(archive, page) if archive else 0)
        store_takedown(client, page, order.reason, order.by, removed)
    return ForgetResult(url, dict(removed))


def delete_everywhere(
    settings: Settings, client: Elasticsearch, page: ForgottenPage
) -> tuple[ForgottenPage, Counter[str]]:
    """Deletes what is stored of a page until nothing is left. Returns the page with all its ids, and the counts."""
    removed: Counter[str] = Counter()
    found = [find_messages(settings, page, topic) for topic in MESSAGES]
    removed += count_messages(found)
    for _ in range(ROUNDS):
        stored = find_stored(client, page)
        if not stored.count() and not any(messages.counts for messages in found):
            return page, removed
        grown = page.add_articles(stored.articles)
        if grown != page:
            store_takedown(client, grown, None, None, {})
            page = grown
        # Before the documents: without them nobody would know which claims the topic has.
        delete_messages(settings, found, stored.claim_ids)
        removed += Counter({"claim_messages": len(stored.claim_ids)}) + delete_documents(client, stored)
        found = []
    raise Retryable(
        "A job keeps writing the page: it may be of a release that does not know takedowns. Stop it and run this again"
    )


def delete_documents(client: Elasticsearch, stored: StoredPage) -> Counter[str]:
    """Deletes documents and returns how many, by place. The ledger goes last: it names the claims of an article."""
    # Assertions are counted again instead: if one was missing meanwhile, a pass would take its other claims for none.
    assertions = stored.hits["assertions"]
    places = sorted(stored.hits.keys() - {"assertions"}, key=lambda place: place == "ledger")
    removed = +Counter({place: delete_stored(client, stored.hits[place]) for place in places})
    count_again(client, {hit["_source"]["assertion_id"] for hit in assertions})
    return removed + Counter({"assertions": len(assertions)})


def count_messages(found: list[FoundMessages]) -> Counter[str]:
    """Returns the number of messages to delete, by place."""
    return +Counter({MESSAGES[messages.topic]: messages.counts.total() for messages in found})


def show_takedowns(settings: Settings) -> list[Takedown]:
    """Returns the newest takedowns, also those that were lifted. Raises as `handle_elasticsearch_errors` does."""
    with open_elasticsearch(settings, "read takedowns") as client:
        return list_takedowns(client)


def undo(settings: Settings, url: str, by: str | None) -> Takedown:
    """Allows a page again. Raises `Permanent` if it was not taken down."""
    page = find_page(url)
    with open_elasticsearch(settings, "lift the takedown") as client:
        lifted = lift_takedown(client, page, by)
    if lifted is None:
        raise Permanent(f"{url} is not taken down: `newsclaims takedowns list` shows what is")
    return lifted
