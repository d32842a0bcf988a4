"""One takedown covers all addresses of a page, and no other page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.elasticsearch.takedowns import list_takedown_ids, name_page, page_takedown_id

PAGE = "https://harbour-post.example/2024/quay"


@pytest.mark.parametrize(
    "url",
    [
        "http://harbour-post.example/2024/quay",
        "https://www.harbour-post.example/2024/quay/",
        "HTTPS://Harbour-Post.example:443/2024/quay",
        "https://harbour-post.example/2024/quay#update-7",
        "https://harbour-post.example/2024/quay?utm_source=feed",
        "https://harbour-post.example/2024/quay/amp/",
        "https://harbour-post.example/amp/2024/quay",
        "https://amp.harbour-post.example/2024/quay",
        "https://harbour-post.example/2024/quay.amp",
        "https://harbour-post.example/2024/quay?amp=1",
        "https://harbour-post.example/2024/quay?outputType=amp",
        "  https://harbour-post.example/2024/quay ",
    ],
)
def test_addresses_of_one_page_have_one_takedown(url: str) -> None:
    assert page_takedown_id(url) == page_takedown_id(PAGE)


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour-post.example/2024/quay2",
        "https://harbour-post.example/2024/quay?page=2",
        "https://other.example/2024/quay",
        "https://sport.harbour-post.example/2024/quay",
        "https://harbour-post.example:8443/2024/quay",
        "https://harbour-post.example/2024/champ",
        "https://harbour-post.example/2024",
        "urn:harbour-post:2024:quay",
    ],
)
def test_other_pages_have_others(url: str) -> None:
    assert page_takedown_id(url) != page_takedown_id(PAGE)


def test_host_that_is_named_amp_stays_a_host() -> None:
    assert name_page("https://amp.example/") == "amp.example"


@given(st.text())
def test_name_of_any_text_is_that_of_its_own_name(url: str) -> None:
    assert name_page(name_page(url)) == name_page(url)


def test_ids_of_an_article_are_its_own_and_those_of_its_pages_each_once() -> None:
    ids = list_takedown_ids(("a", None, "", "a"), (PAGE, "", None, PAGE + "#1"))
    assert ids == ("a", page_takedown_id(PAGE))
