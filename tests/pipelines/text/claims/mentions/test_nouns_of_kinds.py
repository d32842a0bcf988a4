"""Which nouns can be said of a person, a body or several people."""

from types import SimpleNamespace

import pytest

from pipelines.text.claims.mentions.referents import Referent


@pytest.mark.parametrize(
    ("slot", "noun", "expected"),
    [
        ("person", "minister", True),
        ("body", "minister", False),
        ("several", "minister", False),
        ("several", "officials", True),
        ("person", "officials", False),
        ("body", "ministry", True),
        ("person", "ministry", False),
        ("body", "newspaper", True),
        ("person", "newspaper", False),
        ("person", "harbour", True),
        ("body", "harbour", True),
    ],
)
def test_a_noun_fits_a_kind(slot: str, noun: str, expected: bool) -> None:
    referent = SimpleNamespace(slot=slot)
    assert Referent.can_be(referent, noun) is expected  # type: ignore[arg-type]
