"""Ids follow from content, and from nothing else."""

import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas
from schemas import identity
from schemas.records import RawArticle

EXAMPLE = Path(schemas.__file__).parent / "examples/raw-article/good-full.json"
ARTICLE = msgspec.convert(json.loads(EXAMPLE.read_bytes()), RawArticle)


def test_article_id_is_the_urls_where_there_is_one() -> None:
    url = "https://northgatewire.example/1"
    assert identity.article_id(url, "one text") == identity.article_id(url, "another")
    assert identity.article_id("", "one text") != identity.article_id("", "another")


def test_re_posted_text_without_url_has_the_same_id() -> None:
    assert identity.article_id("", "The  Harbour\nis closed") == identity.article_id("", "the harbour is closed ")


def test_digest_item_keeps_its_id_when_it_moves_on_its_page() -> None:
    assert identity.item_id("page", None, "Harbour closed") == identity.item_id("page", None, "HARBOUR  closed")
    assert identity.item_id("page", None, "Harbour closed") != identity.item_id("other", None, "Harbour closed")
    assert identity.item_id("page", "https://x.example/1", "a") == identity.article_id("https://x.example/1", "")


@given(st.lists(st.text(), min_size=2, max_size=4), st.lists(st.text(), min_size=2, max_size=4))
def test_parts_are_not_run_together(one: list[str], other: list[str]) -> None:
    assert (identity.digest(*one) == identity.digest(*other)) == ("\x1f".join(one) == "\x1f".join(other))
    assert len(identity.digest(*one)) == 24


@pytest.mark.parametrize(
    "change",
    [{"title": "Another"}, {"body": "Another"}, {"author": None}, {"content_scope": "teaser"}, {"published_at": None}],
)
def test_content_hash_changes_with_what_a_reader_sees(change: dict[str, object]) -> None:
    assert identity.content_hash(msgspec.structs.replace(ARTICLE, **change)) != identity.content_hash(ARTICLE)


def test_content_hash_does_not_change_with_the_fetch() -> None:
    again = msgspec.structs.replace(ARTICLE, fetched_at=datetime(2025, 1, 1, tzinfo=UTC), revision=ARTICLE.revision + 1)
    assert identity.content_hash(again) == ARTICLE.content_hash


def test_revision_is_the_fetch_in_milliseconds() -> None:
    assert identity.revision_of(datetime(2024, 10, 28, 16, tzinfo=UTC)) == 1730131200000
