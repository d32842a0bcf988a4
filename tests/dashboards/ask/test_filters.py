"""The clauses of filters."""

from dashboards.ask.filters import MOST_TERMS, Filters, any_of


def test_chosen_articles_narrow_every_index_that_has_articles() -> None:
    filters = Filters(articles=("a", "b"), status=("denied",))
    chosen = {"bool": {"should": [{"terms": {"article_id": ["a", "b"]}}]}}
    assert filters.dimension_clauses("articles") == [chosen]
    assert filters.dimension_clauses("claims", ()) == [chosen]
    assert filters.dimension_clauses("figures") == [chosen, {"terms": {"status": ["denied"]}}]
    assert filters.dimension_clauses("health") == []
    assert Filters().dimension_clauses("claims") == []


def test_no_chosen_article_matches_nothing_and_many_are_parted() -> None:
    assert any_of("key", ()) == {"bool": {"should": [{"terms": {"key": []}}]}}
    parts = any_of("key", ("x",) * (MOST_TERMS + 1))["bool"]["should"]
    assert [len(part["terms"]["key"]) for part in parts] == [MOST_TERMS, 1]
