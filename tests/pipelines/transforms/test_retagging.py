"""Indexed articles get the watches that the job would give them, and only changes are written."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connectors.kit import FoundArticle
from connectors.sources.files import from_fields
from deploy.demo.feed import read_sample_articles
from pipelines.io.elasticsearch.actions import add_fields
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.ledger import INCOMPLETE, decide, make_entry
from pipelines.io.elasticsearch.stored import StoredSet
from pipelines.text.watches.matching import Watchlist
from pipelines.transforms.retagging import retag
from pipelines.transforms.watches import WatchesFile, read_watches_file
from schemas.codec import encode
from schemas.errors import Permanent
from tests.pipelines.messages import message
from tests.pipelines.tagging import BOATS, BOTH, DENIALS, NONE, documents, watched, written

INDEXED_AT = datetime(2024, 11, 5, 8, 1, tzinfo=UTC)
SAMPLE = Path(__file__).parents[3] / "deploy" / "config" / "watches.yaml"


def stored(found: DocumentSet) -> StoredSet:
    """The set as Elasticsearch has it once the sink has written it."""
    families: dict[str, dict[str, Any]] = {"articles": {}, "claims": {}, "figures": {}}
    for document in found.documents:
        families[document.family][document.id] = json.loads(add_fields(document.source, {"indexed_at": INDEXED_AT}))
    return StoredSet(make_entry(found, found.bucket, INDEXED_AT), families)


def watchlist(tmp_path: Path, text: str) -> Watchlist:
    return Watchlist(read_watches_file(written(tmp_path / "list.yaml", text)))


def with_watches(tmp_path: Path, text: str, value: bytes | None = None) -> DocumentSet:
    return documents(WatchesFile(written(tmp_path / "w.yaml", text)), value)


def without_time(found: DocumentSet) -> dict[str, Any]:
    sources = {document.id: json.loads(document.source) for document in found.documents}
    for source in sources.values():
        source.pop("processed_at")
    return sources


def test_mark_of_a_claim_is_left_to_the_sink(tmp_path: Path) -> None:
    there = stored(with_watches(tmp_path, NONE))
    for source in there.documents["claims"].values():
        source["mark"] = "wrong"
    found = retag(there, watchlist(tmp_path, BOTH))
    assert found is not None
    assert all("mark" not in json.loads(document.source) for document in found.documents)
    claims = [document for document in found.documents if document.family == "claims"]
    assert claims
    assert [document.claim_id for document in claims] == [document.id for document in claims]


@pytest.mark.parametrize(("before", "after"), [(NONE, BOTH), (BOTH, NONE), (DENIALS, BOATS)])
def test_set_is_marked_as_the_stream_marks_it_and_keeps_its_times(tmp_path: Path, before: str, after: str) -> None:
    first, then = with_watches(tmp_path, before), with_watches(tmp_path, after)
    found = retag(stored(first), watchlist(tmp_path, after))
    assert found is not None
    assert without_time(found) == without_time(then)
    assert [document.id for document in found.documents] == [document.id for document in first.documents]
    same = ("owner_id", "revision", "rules_version", "content_scope", "content_hash", "bucket")
    assert [getattr(found, name) for name in same] == [getattr(then, name) for name in same]
    assert {document.indexed_at for document in found.documents} == {INDEXED_AT}
    times = ("published_at", "fetched_at", "processed_at", "ingest_mode", "revision")
    for old, new in zip(first.documents, found.documents, strict=True):
        assert [json.loads(old.source)[name] for name in times] == [json.loads(new.source)[name] for name in times]
    assert retag(stored(found), watchlist(tmp_path, after)) is None
    assert decide(make_entry(found, found.bucket, INDEXED_AT), then) == "unchanged"


def test_sample_feed_is_marked_as_the_stream_marks_it(tmp_path: Path) -> None:
    nothing, sample = WatchesFile(written(tmp_path / "w.yaml", NONE)), WatchesFile(SAMPLE)
    several = ("category", "live-")  # addresses of pages with several articles
    pages = [page for page in read_sample_articles() if not any(word in page["url"] for word in several)][::9]
    changed = 0
    for page in pages:
        article = from_fields(page, page["url"], feed="demo")
        assert isinstance(article, FoundArticle)
        value = encode(article.article)
        first, then = documents(nothing, value), documents(sample, value)
        found = retag(stored(first), sample.current())
        changed += found is not None
        assert without_time(found or first) == without_time(then)
    assert 3 <= changed <= len(pages)


def test_only_what_changes_about_the_named_watches_is_written(tmp_path: Path) -> None:
    both = watchlist(tmp_path, BOTH)
    denials = stored(with_watches(tmp_path, DENIALS))
    assert retag(denials, both, ["denials"]) is None
    found = retag(denials, both, ["boats"])
    assert found is not None
    assert watched(found)["articles"] == [["denials", "boats"]]


def test_order_of_watches_is_no_change(tmp_path: Path) -> None:
    turned = BOATS + DENIALS.partition("\n")[2]
    assert with_watches(tmp_path, BOTH).rules_version == with_watches(tmp_path, turned).rules_version
    assert retag(stored(with_watches(tmp_path, BOTH)), watchlist(tmp_path, turned)) is None


@pytest.mark.parametrize("after", [BOATS, NONE])
def test_set_whose_writing_was_interrupted_is_written_again(tmp_path: Path, after: str) -> None:
    whole, half = with_watches(tmp_path, NONE), with_watches(tmp_path, BOATS)
    # The documents are of the backfill, the ledger is of before; perhaps the watch is gone again by now.
    torn = StoredSet(stored(whole).entry, stored(half).documents)
    found = retag(torn, watchlist(tmp_path, after), ["other"])
    assert found is not None
    assert watched(found) == watched(with_watches(tmp_path, after))
    assert decide(torn.entry, found) == "write"
    assert (found.content_hash == INCOMPLETE) == (after == NONE)


def test_documents_that_are_missing_are_no_part_of_the_set(tmp_path: Path) -> None:
    there = stored(with_watches(tmp_path, NONE))
    there.documents["claims"].popitem()
    found = retag(there, watchlist(tmp_path, BOATS))
    assert found is not None
    assert len(found.documents) == sum(map(len, there.documents.values()))


def test_documents_of_another_release_are_named(tmp_path: Path) -> None:
    there = stored(with_watches(tmp_path, NONE, message(2)))
    there.article["entities"] = [{"nom": "x"}]
    with pytest.raises(Permanent, match=f"Article {there.entry.article_id} was indexed by another release"):
        retag(there, watchlist(tmp_path, BOATS))


def test_stored_sets_are_values(tmp_path: Path) -> None:
    there = stored(with_watches(tmp_path, NONE))
    before = msgspec.json.encode(there.documents)
    retag(there, watchlist(tmp_path, BOTH))
    assert msgspec.json.encode(there.documents) == before
