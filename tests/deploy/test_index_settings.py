"""What of a template and of an index is ours, and what is an operator's."""

import json
from typing import Any

from deploy.index_settings import FIRST_SETTINGS, KeptSetting, compare_settings, flatten, merge_template, unflatten
from schemas.elasticsearch.index_settings import IndexSettings
from schemas.elasticsearch.indices import FAMILIES, template

CLAIMS = FAMILIES["claims"]


def make(**settings: Any) -> dict[str, Any]:
    """Our template with these settings."""
    return template(CLAIMS, IndexSettings(**settings).make_index_settings())


def copy(body: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(body)))


def test_template_that_is_missing_is_ours() -> None:
    merged = merge_template(make(), None)
    assert merged.body == make()
    assert not merged.kept


def test_value_that_we_wrote_last_is_changed() -> None:
    merged = merge_template(make(refresh_interval="5s"), make())
    assert merged.body == make(refresh_interval="5s")
    assert not merged.kept


def test_value_of_an_operator_is_kept_and_stays_theirs() -> None:
    found = copy(make())
    found["template"]["settings"]["index"]["number_of_replicas"] = "2"
    merged = merge_template(make(replicas=1, refresh_interval="5s"), found)
    index = merged.body["template"]["settings"]["index"]
    assert (index["number_of_replicas"], index["refresh_interval"]) == ("2", "5s")
    assert merged.kept == [KeptSetting("number_of_replicas", "2", "1")]
    # What we wrote last is still 0. An operator who goes back to it leaves the setting to us.
    assert merged.body["_meta"]["settings"]["number_of_replicas"] == "0"
    assert merge_template(make(replicas=1), copy(merged.body)).kept == merged.kept
    merged.body["template"]["settings"]["index"]["number_of_replicas"] = "0"
    assert not merge_template(make(replicas=1), merged.body).kept


def test_setting_that_an_operator_has_removed_is_kept_away() -> None:
    found = copy(make())
    del found["template"]["settings"]["index"]["refresh_interval"]
    merged = merge_template(make(), found)
    assert "refresh_interval" not in merged.body["template"]["settings"]["index"]
    assert str(merged.kept[0]) == "refresh_interval is not set, changed by an operator; it would be 1s"


def test_what_an_operator_adds_is_kept() -> None:
    found = copy(make())
    found |= {"composed_of": ["ours@custom"], "version": 7, "priority": 300, "created_date_millis": 1}
    found["template"]["settings"]["index"]["routing"] = {"allocation": {"require": {"disk": "ssd"}}}
    found["template"]["settings"]["index"]["lifecycle"] = {"name": "cold"}
    found["template"]["aliases"]["statements"] = {}
    found["template"]["mappings"]["properties"]["desk"] = {"type": "keyword"}
    found["_meta"]["owner"] = "search team"
    merged = merge_template(make(refresh_interval="5s"), found)
    expected = copy(found)
    del expected["created_date_millis"]  # the server's own, which it does not take back
    expected["template"]["settings"]["index"]["refresh_interval"] = "5s"
    expected["_meta"]["settings"]["refresh_interval"] = "5s"
    assert merged.body == expected
    assert not merged.kept


def test_mapping_and_pattern_of_this_release_are_written() -> None:
    found = copy(make())
    found["index_patterns"] = ["claims-g0-*"]
    del found["template"]["mappings"]["properties"]["claim_id"]
    found["_meta"]["mapping_hash"] = "old"
    assert merge_template(make(), found).body == make()


def test_template_of_a_release_that_recorded_nothing() -> None:
    found = copy(make())
    del found["_meta"]["settings"]
    assert merge_template(make(refresh_interval="5s"), found).body == make(refresh_interval="5s")
    found["template"]["settings"]["index"]["number_of_replicas"] = "1"
    assert [each.name for each in merge_template(make(), found).kept] == ["number_of_replicas"]


def test_first_settings_are_the_defaults() -> None:
    assert make()["_meta"]["settings"] == FIRST_SETTINGS


def test_only_what_is_ours_changes_on_an_index() -> None:
    last = {"number_of_replicas": "0", "refresh_interval": "1s"}
    wanted = {"number_of_replicas": "1", "refresh_interval": "5s"}
    assert compare_settings(wanted, last, last) == (wanted, [])
    changes, kept = compare_settings(wanted, {"number_of_replicas": "2", "refresh_interval": "5s"}, last)
    assert not changes
    assert kept == [KeptSetting("number_of_replicas", "2", "1")]


def test_settings_are_read_in_every_form() -> None:
    flat = {"number_of_shards": "1", "mapping.total_fields.limit": "300", "sort.field": ["a"]}
    nested = {"number_of_shards": 1, "mapping": {"total_fields": {"limit": "300"}}, "sort": {"field": ["a"]}}
    assert flatten({"index": nested}) == flat
    assert flatten({"index.number_of_shards": "1"}) == {"number_of_shards": "1"}
    assert unflatten(flat) == {"index": {**nested, "number_of_shards": "1"}}
