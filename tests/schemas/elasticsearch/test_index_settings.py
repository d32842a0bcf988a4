"""indices.yaml: what it says, what it leaves to the defaults, and its mistakes."""

from pathlib import Path

import pytest

from schemas.elasticsearch.buckets import ARTICLES, Buckets
from schemas.elasticsearch.index_settings import load_index_settings, make_defaults, read_index_settings
from schemas.elasticsearch.indices import DEFAULT_SETTINGS, FAMILIES
from schemas.errors import Permanent

SAMPLE = Path(__file__).parents[3] / "deploy/config/indices.yaml"


def write(folder: Path, text: str) -> Path:
    file = folder / "indices.yaml"
    file.write_text(text)
    return file


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    found = load_index_settings(tmp_path / "indices.yaml")
    assert found == make_defaults()
    assert found["claims"].make_index_settings() == DEFAULT_SETTINGS
    assert found["claims"].buckets == ARTICLES
    assert found.keys() == FAMILIES.keys()


def test_file_that_is_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match=r"does not exist: copy deploy/config/indices\.yaml"):
        load_index_settings(tmp_path / "indices.yaml", must_exist=True)


def test_sample_has_the_defaults() -> None:
    assert load_index_settings(SAMPLE, must_exist=True) == make_defaults()


def test_replicas_follow_the_number_of_data_nodes_unless_they_are_set(tmp_path: Path) -> None:
    found = load_index_settings(write(tmp_path, "indices: {claims: {replicas: 2}}"))
    assert [found["claims"].make_index_settings(nodes)["number_of_replicas"] for nodes in (1, 3)] == ["2", "2"]
    assert [found["figures"].make_index_settings(nodes)["number_of_replicas"] for nodes in (1, 3)] == ["0", "1"]


def test_family_has_precedence_over_all(tmp_path: Path) -> None:
    text = "indices:\n  all: {shards: 2, refresh_interval: 5s}\n  ledger: {refresh_interval: 30s}\n"
    found = load_index_settings(write(tmp_path, text))
    assert (found["claims"].shards, found["claims"].refresh_interval) == (2, "5s")
    assert (found["ledger"].shards, found["ledger"].refresh_interval) == (2, "30s")


def test_claims_and_figures_are_in_the_bucket_of_their_article(tmp_path: Path) -> None:
    text = "indices: {articles: {bucket: quarter, year_after_months: never}, health: {bucket: year}}"
    found = load_index_settings(write(tmp_path, text))
    assert found["articles"].buckets == found["claims"].buckets == found["figures"].buckets == Buckets("quarter")
    assert found["health"].buckets == Buckets("year")
    assert found["dead-letters"].buckets == Buckets("month")


def test_articles_are_kept_for_ever_unless_a_limit_is_set(tmp_path: Path) -> None:
    default = {name: each.retention_days for name, each in make_defaults().items() if each.retention_days}
    assert default == {"dead-letters": 90, "health": 400}
    text = "indices: {all: {retention_days: 30}, claims: {retention_days: never}}"
    found = {name: each.retention_days for name, each in load_index_settings(write(tmp_path, text)).items()}
    assert [found[name] for name in ("articles", "claims", "figures", "health", "ledger")] == [30, None, 30, 30, None]


@pytest.mark.parametrize(
    ("text", "line", "field", "what"),
    [
        ("indices:\n  claim:\n    shards: 2", 2, "indices.claim", "no such family of indices; did you mean claims"),
        ("indices:\n  claims:\n    shard: 2", 3, "indices.claims.shard", "did you mean shards"),
        ("indices:\n  claims:\n    shards: 0", 3, "indices.claims.shards", "Expected `int` >= 1"),
        ("indices:\n  claims:\n    replicas: some", 3, "indices.claims.replicas", "Invalid enum value 'some'"),
        ("indices:\n  claims:\n    refresh_interval: soon", 3, "indices.claims.refresh_interval",
         "'soon' is not an interval"),
        ("indices:\n  claims:\n    refresh_interval: 5", 3, "indices.claims.refresh_interval",
         "'5' is not an interval"),
        ("indices:\n  articles:\n    bucket: week", 3, "indices.articles.bucket", "Invalid enum value 'week'"),
        ("indices:\n  claims:\n    bucket: year", 3, "indices.claims.bucket", "set it for articles"),
        ("indices:\n  ledger:\n    bucket: year", 3, "indices.ledger.bucket", "has a single index"),
        ("indices:\n  health:\n    year_after_months: 2", 3, "indices.health.year_after_months", "set it for articles"),
        ("indices:\n  ledger:\n    retention_days: 9", 3, "indices.ledger.retention_days", "is never dropped"),
        ("indices:\n  claims:\n    retention_days: 0", 3, "indices.claims.retention_days", "Expected `int` >= 1"),
        ("indices:\n  claims: 3", 2, "indices.claims", "must be a mapping"),
        ("indices:\n  all:\n    shards: 1\n    shards: 2", 4, "indices.all.shards", "is repeated"),
        ("indexes: {}", 1, "indexes", "did you mean indices"),
        ("[", 1, "the file", "not YAML"),
    ],
)  # fmt: skip
def test_mistake_has_its_line_field_and_remedy(tmp_path: Path, text: str, line: int, field: str, what: str) -> None:
    file = write(tmp_path, text)
    problem = read_index_settings(file)[1][0]
    assert (problem.line, problem.field) == (line, field)
    assert what in problem.what
    with pytest.raises(Permanent, match=f"^{file}, line {line}"):
        load_index_settings(file)


def test_every_interval_of_elasticsearch_is_taken(tmp_path: Path) -> None:
    for interval in ("-1", "500ms", "30s", "5m"):
        text = f"indices: {{all: {{refresh_interval: {interval}}}}}"
        assert load_index_settings(write(tmp_path, text))["claims"].refresh_interval == interval
