"""Index names and buckets."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.elasticsearch.indices import FAMILIES, bucket, template

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), "2026.11"),
        (datetime(2024, 11, 1, tzinfo=UTC), "2024.11"),
        (datetime(2024, 10, 31, 23, 59, tzinfo=UTC), "2024"),
        (datetime(2026, 12, 1, tzinfo=UTC), "2026.12"),
        (datetime(2026, 11, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026.10"),
        (datetime(1997, 3, 4, tzinfo=UTC), "1997"),
    ],
)
def test_bucket_is_the_month_for_two_years_and_the_year_before(published: datetime, expected: str) -> None:
    assert bucket(published, NOW) == expected


@given(st.datetimes(datetime(1990, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_bucket_names_the_year_of_publication(published: datetime) -> None:
    assert bucket(published, NOW).startswith(f"{published.year}")


def test_names_carry_family_generation_and_bucket() -> None:
    assert FAMILIES["claims"].index("2024.10") == "claims-g1-2024.10"
    assert FAMILIES["ledger"].index("2024.10") == "ledger-g1"


def test_template_brings_mapping_alias_and_settings() -> None:
    made = template(FAMILIES["claims"], replicas=1, refresh_interval="5s")
    assert made["index_patterns"] == ["claims-g1-*"]
    assert made["template"]["aliases"] == {"claims": {}}
    assert made["template"]["settings"]["index"]["number_of_replicas"] == "1"
    assert made["template"]["settings"]["index"]["refresh_interval"] == "5s"
    assert made["template"]["mappings"]["dynamic"] == "strict"
