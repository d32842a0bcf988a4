"""Sources after a fixed phrase."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("text", "claimant", "content"),
    [
        ("According to Orbis, nine boats sank.", "Orbis", "nine boats sank"),
        ("Nine boats sank, according to Orbis.", "Orbis", "Nine boats sank"),
        ("The bridge, according to engineers, was closed.", "engineers", "The bridge ~ was closed"),
        ("Nine old boats, according to Orbis.", "Orbis", "Nine old boats"),
        ("Nine men, according to the mayor, Ada Crane, were killed.", "Ada Crane", "Nine men ~ were killed"),
        ("Nine men, according to Ada Crane, the mayor, were killed.", "Ada Crane", "Nine men ~ were killed"),
        ("Nine men, according to Ada Crane, who lives here, were killed.", "Ada Crane", "Nine men ~ were killed"),
        ("The boats — nine, according to Orbis — were old.", "Orbis", "The boats — nine"),
        ("Many old boats (according to Orbis) were lost.", "Orbis", "Many old boats"),
        ("In the words of the mayor, the town is old.", "mayor", "the town is old"),
        ("The fleet lost nine boats, per the harbour office.", "harbour office", "The fleet lost nine boats"),
        ("The fleet lost nine boats, as per Orbis.", "Orbis", "The fleet lost nine boats"),
        ("According to Orbis.", None, ""),
        ("The crew acts according to its rules.", None, ""),
        ("The fleet lost nine boats per day.", None, ""),
        ("The fleet lost, per day, nine boats.", None, ""),
    ],
)
def test_phrases_before_sources(text: str, claimant: str | None, content: str) -> None:
    assert list_said(text) == ([(claimant, content)] if claimant else [])
