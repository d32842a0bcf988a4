"""Names of indices are read as they are written."""

import pytest

from schemas.elasticsearch.indices import FAMILIES
from schemas.elasticsearch.names import parse_index


@pytest.mark.parametrize("name", FAMILIES)
def test_name_is_read_as_it_is_written(name: str) -> None:
    family = FAMILIES[name]
    found = parse_index(family.index("2024.q4", 12))
    assert found is not None
    assert (found.family, found.generation, found.bucket) == (family, 12, "2024.q4" if family.bucketed else "")
    assert (found.end is not None) == family.bucketed


def test_thinned_index_has_its_step() -> None:
    found = parse_index("health-g1-2026.10-10m")
    assert found is not None
    assert (found.bucket, found.step) == ("2026.10", "10m")


@pytest.mark.parametrize(
    "name",
    ["claims", "claims-2024.10", "claims-g1", "claims-g1-soon", "ledger-g1-2024", "old-claims-g1-2024", "x-g1-2024"],
)
def test_other_names_are_not_ours(name: str) -> None:
    assert parse_index(name) is None
