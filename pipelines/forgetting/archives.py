"""What an archive of raw articles has of a page: counts its lines, and writes the files again without them."""

from pipelines.archive.store import ArchiveStore
from pipelines.forgetting.pages import ForgottenPage
from pipelines.io.elasticsearch.takedowns import find_addresses, find_article_ids


def covers_line(page: ForgottenPage, line: bytes) -> bool:
    """Whether a raw article is of this page, by its id or by its address."""
    return page.covers(find_article_ids(line), find_addresses(line))


def count_archived(store: ArchiveStore, page: ForgottenPage) -> int:
    """Returns the number of raw articles of a page in an archive. Raises as the store does."""
    return sum(covers_line(page, line) for file in store.list_files() for line in store.read_lines(file))


def delete_archived(store: ArchiveStore, page: ForgottenPage) -> int:
    """Deletes the raw articles of a page from an archive. Returns their number. Raises as the store does."""
    return sum(store.rewrite(file, lambda line: not covers_line(page, line)) for file in store.list_files())
