"""Index names and templates."""

from schemas.elasticsearch.indices import FAMILIES, template


def test_names_carry_family_generation_and_bucket() -> None:
    assert FAMILIES["claims"].index("2024.10") == "claims-g1-2024.10"
    assert FAMILIES["ledger"].index("2024.10") == "ledger-g1"


def test_template_brings_mapping_alias_and_settings() -> None:
    given = {"number_of_shards": "2", "number_of_replicas": "1", "refresh_interval": "5s"}
    made = template(FAMILIES["claims"], given)
    assert made["index_patterns"] == ["claims-g1-*"]
    assert made["template"]["aliases"] == {"claims": {}}
    assert made["template"]["settings"]["index"] == {**given, "mapping": {"total_fields": {"limit": "300"}}}
    assert made["template"]["mappings"]["dynamic"] == "strict"
    assert made["_meta"]["settings"] == {**given, "mapping.total_fields.limit": "300"}
