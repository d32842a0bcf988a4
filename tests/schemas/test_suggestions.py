"""What is suggested for a name that is unknown."""

import pytest

from schemas.suggestions import find_nearest, hint, suggest

NAMES = ("status", "unit_class", "KAFKA_TLS", "Northgate Wire")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("statuss", "status"),
        ("STATUS", "status"),
        ("Unit Class", "unit_class"),
        ("unit-clas", "unit_class"),
        ("kafka_tsl", "KAFKA_TLS"),
        ("northgate wier", "Northgate Wire"),
        ("zzz", None),
    ],
)
def test_nearest_name_is_found_whatever_the_case(name: str, near: str | None) -> None:
    assert find_nearest(name, NAMES) == near


def test_suggestion_names_the_nearest_or_all_in_their_order() -> None:
    assert suggest("statuss", NAMES) == "did you mean status?"
    assert suggest("zzz", iter(NAMES)) == "there are status, unit_class, KAFKA_TLS, Northgate Wire"


def test_hint_is_empty_without_a_near_name() -> None:
    assert hint("statuss", NAMES) == ": did you mean status?"
    assert hint("zzz", NAMES) == ""
