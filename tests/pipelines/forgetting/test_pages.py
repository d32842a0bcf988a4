"""What belongs to a page that is forgotten."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.archive.store import ArchiveFile, ArchiveStore, pack
from pipelines.forgetting import topics
from pipelines.forgetting.archives import count_archived, delete_archived
from pipelines.forgetting.indices import covers_letter
from pipelines.forgetting.pages import find_page
from pipelines.forgetting.topics import covers_message
from pipelines.io.kafka.publishing import KEY_HEADER
from schemas.elasticsearch.takedowns import page_takedown_id
from schemas.errors import Permanent
from schemas.identity import article_id
from schemas.urls import canonical_url

PAGE = "https://www.harbour-post.example/quay?id=7"
ID = "e953c38c7362049aa26ffdfb"


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "http://harbour-post.example/quay?id=7",
        "https://amp.harbour-post.example/quay?id=7",
        "https://harbour-post.example/amp/quay?id=7",
    ],
)
def test_articles_of_all_addresses_of_the_page_are_covered_by_address_and_by_id(url: str) -> None:
    page = find_page(PAGE)
    assert page.covers_article({"article_id": "other", "url": url})
    assert page.covers_article({"article_id": article_id(canonical_url(url), "")})
    assert any(url.startswith(address) for address in page.addresses)


def test_other_articles_are_not_covered() -> None:
    page = find_page(PAGE)
    for url in ("https://harbour-post.example/quay?id=70", "https://harbour-post.example/quay", "", None):
        assert not page.covers_article({"article_id": "other", "parent_id": None, "url": url, "canonical_url": url})


def test_item_of_a_page_goes_with_it_and_keeps_its_own_address_elsewhere() -> None:
    page = find_page("https://harbour-post.example/live")
    entry = {"article_id": "entry", "parent_id": None, "url": "https://harbour-post.example/live#3"}
    item = {"article_id": "item", "parent_id": "entry", "url": "https://harbour-post.example/story"}
    grown = page.add_articles([entry])
    assert not page.covers_article(item)
    assert grown.covers_article(item)
    assert "item" not in grown.add_articles([item]).ids


def test_article_without_an_address_is_named_by_its_id() -> None:
    page = find_page(ID)
    assert (page.first_id, page.ids, page.addresses) == (ID, {ID}, ())


@pytest.mark.parametrize("text", ["", "harbour-post.example/quay", "ftp://a.example/b", "https://", "E953", ID + "0"])
def test_what_is_neither_address_nor_id_is_refused(text: str) -> None:
    with pytest.raises(Permanent, match="neither a web address"):
        find_page(text)


def message(value: bytes | None, key: bytes | None = b"k") -> Any:
    """A message as kafka-python gives it."""
    return SimpleNamespace(value=value, key=key, partition=3, headers=[])


def test_messages_are_found_by_key_and_by_address() -> None:
    page = find_page(PAGE)
    own = article_id(canonical_url(PAGE), "").encode()
    assert covers_message(page, message(b'{"body": "x", "url": "%s"}' % PAGE.encode()))
    assert covers_message(page, message(b"broken", key=own))
    assert not covers_message(page, message(b'{"url": "https://harbour-post.example/"}'))


def test_dead_letter_is_found_by_the_key_of_its_original() -> None:
    page = find_page(ID)
    letter = message(b"broken", key=b"letter id")
    letter.headers = [(KEY_HEADER, ID.encode())]
    assert covers_message(page, letter)
    assert covers_letter(page, {"key": ID, "original": None})
    assert not covers_letter(page, {"key": None, "original": "e30="})


def test_message_that_is_deleted_already_is_not_deleted_again() -> None:
    found = topics.FoundMessages("raw-articles")
    for key in (b"a", b"b", b"a", None):
        found.add(message(b"{}", key))
    assert (found.partitions, found.counts) == ({b"a": 3, b"b": 3}, {b"a": 2, b"b": 1})
    found.drop(b"a")
    found.drop(None)
    assert (found.partitions, found.counts) == ({b"b": 3}, {b"b": 1})


def test_id_of_the_takedown_is_that_of_the_page() -> None:
    assert find_page(PAGE).first_id == page_takedown_id("http://harbour-post.example/quay?id=7#x")


def test_lines_of_an_archive_are_found_by_id_and_by_address(tmp_path: Path) -> None:
    store = ArchiveStore.open(str(tmp_path))
    own = b'{"article_id":"%s","url":""}\n' % ID.encode()
    same = b'{"article_id":"%s","url":"http://harbour-post.example/quay?id=7#a"}\n' % (b"0" * 24)
    other = b'{"article_id":"%s","url":"https://harbour-post.example/"}\n' % (b"1" * 24)
    file = ArchiveFile(0, 0, 2, date(2026, 3, 2))
    store.write(file, pack([own, same, other]))
    page = replace(find_page(PAGE), ids=find_page(PAGE).ids | {ID})
    assert count_archived(store, page) == 2
    assert delete_archived(store, page) == 2
    assert list(store.read_lines(file)) == [other]
