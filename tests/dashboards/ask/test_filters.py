"""The clauses of filters."""

from typing import get_args

from dashboards.ask.filters import MOST_TERMS, Filters, Marked, any_of
from dashboards.ask.queries import CLAIMS_CONFIRMED, CLAIMS_TOTAL, FEEDS_ALL, NEW_CLAIMS_TOTAL

UNMARKED = {"bool": {"must_not": [{"exists": {"field": "mark"}}]}}


def test_chosen_articles_narrow_every_index_that_has_articles() -> None:
    filters = Filters(articles=("a", "b"), status=("denied",))
    chosen = {"bool": {"should": [{"terms": {"article_id": ["a", "b"]}}]}}
    assert filters.dimension_clauses("articles") == [chosen]
    assert filters.dimension_clauses("claims", ()) == [chosen, UNMARKED]
    assert filters.dimension_clauses("figures") == [chosen, UNMARKED, {"terms": {"status": ["denied"]}}]
    assert filters.dimension_clauses("health") == []
    assert Filters(marked="also").dimension_clauses("claims") == []


def test_marked_claims_and_figures_are_left_out_unless_they_are_wanted() -> None:
    for index in ("claims", "figures"):
        assert Filters().dimension_clauses(index) == [UNMARKED]
        assert Filters(marked="only").dimension_clauses(index) == [{"exists": {"field": "mark"}}]
    for choice in get_args(Marked):
        assert Filters(marked=choice).dimension_clauses("assertions") == [{"term": {"marked": choice}}]
    assert Filters(marked="only").dimension_clauses("articles") == []


def test_lucene_text_leaves_marked_claims_to_the_selector() -> None:
    assert CLAIMS_CONFIRMED.lucene({}) == "(status:confirmed)"
    assert CLAIMS_CONFIRMED.lucene({}, "$m") == "(status:confirmed) AND ($m)"
    assert CLAIMS_TOTAL.lucene({}, "$m") == NEW_CLAIMS_TOTAL.lucene({}, "$m") == "($m)"
    assert FEEDS_ALL.lucene({}, "$m") == "*"


def test_copies_count_unless_they_are_left_out() -> None:
    copy = {"exists": {"field": "duplicate_of"}}
    for index in ("articles", "claims", "figures"):
        assert Filters(marked="also").dimension_clauses(index) == []
        assert Filters(marked="also", copies="only").dimension_clauses(index) == [copy]
        assert Filters(marked="also", copies="out").dimension_clauses(index) == [{"bool": {"must_not": [copy]}}]
    assert Filters(copies="out").dimension_clauses("assertions") == Filters().dimension_clauses("assertions")
    assert CLAIMS_TOTAL.lucene({}, "", "$c") == "($c)"
    assert FEEDS_ALL.lucene({}, "", "$c") == NEW_CLAIMS_TOTAL.lucene({}, "", "$c") == "*"


def test_assertions_are_filtered_like_their_first_claims() -> None:
    filters = Filters(claimant=("Harbour Board",), watch=("delta",))
    assert filters.dimension_clauses("assertions") == [
        {"term": {"marked": "out"}}, {"terms": {"watches": ["delta"]}},
        {"terms": {"claimant.name.keyword": ["Harbour Board"]}},
    ]  # fmt: skip


def test_no_chosen_article_matches_nothing_and_many_are_parted() -> None:
    assert any_of("key", ()) == {"bool": {"should": [{"terms": {"key": []}}]}}
    parts = any_of("key", ("x",) * (MOST_TERMS + 1))["bool"]["should"]
    assert [len(part["terms"]["key"]) for part in parts] == [MOST_TERMS, 1]
