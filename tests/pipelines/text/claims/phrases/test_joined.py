"""Two sources with one verb."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("sources", "claimants"),
    [
        ("A fisherman and two divers", ["fisherman", "two divers"]),
        ("Police and witnesses", ["Police", "witnesses"]),
        ("Residents of Galmouth and police", ["Residents of Galmouth", "police"]),
        ("Ann Lee and Bo Kull", ["Ann Lee", "Bo Kull"]),
        ("The mayor of Galmouth and the head of the union", ["mayor of Galmouth", "head of the union"]),
        ("The Ministry of Industry and Trade", ["Ministry of Industry and Trade"]),
        ("It rained, a fisherman and 12 divers", ["fisherman", "12 divers"]),
    ],
)
def test_sources(sources: str, claimants: list[str]) -> None:
    assert list_said(sources + " said that boats sank.") == [(name, "that boats sank") for name in claimants]


@pytest.mark.parametrize(
    "text", ["He met the mayor and police said that boats sank.", "And police said that boats sank."]
)
def test_and_between_clauses(text: str) -> None:
    assert list_said(text) == [("police", "that boats sank")]
