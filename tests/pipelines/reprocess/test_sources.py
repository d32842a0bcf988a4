"""Archives and other files as sources, and what of them is read."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.warc import read_pages
from deploy.settings import Settings
from pipelines.archive.store import ArchiveFile, ArchiveStore, pack
from pipelines.commands.reprocess import read_articles
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.reprocess.rules import RulesSettings, open_rules
from pipelines.reprocess.run import Reprocessing, ReprocessOrder, list_sources
from pipelines.reprocess.sources import OPEN_END, ArchiveSource, ArticleSource, RawMessage, make_record
from schemas.elasticsearch.buckets import Buckets
from schemas.elasticsearch.generations import list_families
from schemas.elasticsearch.indices import FAMILIES, template
from schemas.records import GenerationState
from tests.pipelines.messages import article, message


def select(record: bytes, source: str = "raw-articles/0", **order: Any) -> bool:
    run = Reprocessing(Settings.load({}), ReprocessOrder(**order), lambda *_: ())
    return run.select(RawMessage(source, 1, make_record(record))) is not None


def test_archive_is_read_from_the_line_after_the_last_batch(tmp_path: Path) -> None:
    store = ArchiveStore.open(str(tmp_path))
    for number in range(2):
        file = ArchiveFile(0, number * 3, number * 3 + 2, date(2026, 11, 28))
        store.write(file, pack(message(number * 3 + each) + b"\n" for each in range(3)))
    source = ArchiveSource(store)
    bounds = source.find_bounds()
    assert list(bounds.values()) == [(0, OPEN_END)] * 2
    everything = list(source.read(bounds))
    assert [json.loads(each.record.value or b"")["url"][-1] for each in everything] == list("012345")
    second = list(bounds)[1]
    rest = list(source.read({second: (2, OPEN_END)}))
    assert [(each.source, each.next) for each in rest] == [(second, 3)]
    assert rest[0].record == everything[-1].record


def test_articles_of_files_are_read_with_their_feed(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(json.dumps({"text": "One"}).encode() + b"\n" + message(1) + b"\n{}\n")
    source = ArticleSource("files", lambda: read_articles(str(tmp_path), "harbour-post"))
    found = [json.loads(each.record.value or b"") for each in source.read({"files": (0, OPEN_END)})]
    assert [each["feed"] for each in found] == ["harbour-post", "harbour-post"]
    assert found[1]["article_id"] == article(1).article_id
    assert len(list(source.read({"files": (1, OPEN_END)}))) == 1


def test_web_archive_is_read_as_articles_of_a_feed(tmp_path: Path) -> None:
    page = b"<html><body><p>The mayor said that 12 boats were ready.</p></body></html>"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://harbour-post.example/1\r\n"
        "WARC-Date: 2024-11-05T08:00:00Z\r\nWARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    file = tmp_path / "a.warc"
    file.write_bytes(head.encode() + http + b"\r\n\r\n")
    (found,) = read_articles(str(tmp_path), "harbour-post")
    assert (found.feed, found.url, found.revision) == (
        "harbour-post", "https://harbour-post.example/1", 1730793600000,
    )  # fmt: skip
    assert len(list(read_pages(file, "harbour-post"))) == 1


def test_feed_and_for_files_the_time_of_the_fetch_select() -> None:
    fetched = article(1).fetched_at
    assert select(message(1))
    assert not select(b"not an article")
    assert select(message(1), feed="harbour-post")
    assert not select(message(1), feed="another")
    assert select(message(1), "file", since=fetched)
    assert not select(message(1), "file", until=fetched)
    assert select(message(1), until=fetched)  # of the topic, the times of messages count


def test_archived_message_has_one_place_always() -> None:
    assert make_record(message(1)) == make_record(message(1))
    assert make_record(message(1)).offset != make_record(message(2)).offset


def test_sources_are_absolute_so_that_a_run_from_elsewhere_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert list_sources(()) == ("topic",)
    assert list_sources(("topic", "a.jsonl", "s3://news/a")) == ("topic", str(tmp_path / "a.jsonl"), "s3://news/a")


@pytest.mark.parametrize("workers", [1, 2])
def test_rules_give_the_documents_of_the_job_in_order(tmp_path: Path, workers: int) -> None:
    import msgspec

    settings = RulesSettings(
        str(tmp_path / "memory"), str(tmp_path / "watches.yaml"), str(tmp_path / "kept"), msgspec.to_builtins(Buckets())
    )
    batches = [[make_record(message(2 * number + each)) for each in range(2)] for number in range(5)]
    with open_rules(settings, workers) as apply:
        found = [made for batch in apply(batches) for made in batch]
    owners = [element.owner_id for made in found for element in made if isinstance(element, DocumentSet)]
    assert owners == [article(number).article_id for number in range(10)]


def test_families_of_a_state_and_only_the_live_one_has_the_alias() -> None:
    state = GenerationState(state="building", live=2, written=(2, 3))
    found = {(family.name, family.generation): family for family in list_families(state)}
    assert len(found) == len(FAMILIES) + 4
    assert ("claims", 1) not in found
    assert ("health", 1) in found
    live, following = found["claims", 2], found["claims", 3]
    assert (live.index("2024"), following.index("2024")) == ("claims-g2-2024", "claims-g3-2024")
    assert (live.template, following.pattern) == ("newsclaims-claims-g2", "claims-g3-*")
    assert template(live)["template"]["aliases"] == {"claims": {}}
    assert template(following)["template"]["aliases"] == {}
