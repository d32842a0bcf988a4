"""Zones by name: one table for feeds, pages and datelines."""

from datetime import datetime, timedelta

import pytest

from schemas.times.zones import find_zone_offset, list_zone_names

WINTER, SUMMER = datetime(2024, 11, 12, 18, 30), datetime(2024, 7, 16, 18, 30)


@pytest.mark.parametrize(
    ("name", "hours"),
    [("UTC", 0), ("GMT", 0), ("Z", 0), ("CET", 1), ("cest", 2), ("MEZ", 1), ("EDT", -4), ("EST", -5), ("MSK", 3),
     ("мск", 3), ("BST", 1), ("IST", 5.5), ("CST", -6), ("NPT", 5.75), ("AEDT", 11), ("WEST", 1), ("NST", -3.5)],
)  # fmt: skip
def test_names_of_one_zone(name: str, hours: float) -> None:
    assert find_zone_offset(name, WINTER) == find_zone_offset(name, SUMMER) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("name", "winter", "summer"),
    [("ET", -5, -4), ("CT", -6, -5), ("MT", -7, -6), ("PT", -8, -7), ("Europe/Paris", 1, 2), ("Asia/Tehran", 3.5, 3.5),
     ("America/Argentina/Ushuaia", -3, -3), ("Etc/GMT+2", -2, -2)],
)  # fmt: skip
def test_zones_of_places_follow_the_day(name: str, winter: float, summer: float) -> None:
    assert find_zone_offset(name, WINTER) == timedelta(hours=winter)
    assert find_zone_offset(name, SUMMER) == timedelta(hours=summer)


@pytest.mark.parametrize(
    "name", ["", "XYZ", "west", "eat", "art", "Paris", "Europe/Atlantis", "../etc/passwd", "/", "A/\0"]
)
def test_anything_else_is_no_zone(name: str) -> None:
    assert find_zone_offset(name, WINTER) is None


def test_every_listed_name_is_known() -> None:
    names = list_zone_names()
    assert len(names) == len(set(names)) > 80
    assert all(find_zone_offset(name, WINTER) is not None for name in names)
