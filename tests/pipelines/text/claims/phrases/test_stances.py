"""Colons after how somebody says something."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("text", "claimant", "content"),
    [
        ("The treasurer was adamant: fares would rise.", "treasurer", "fares would rise"),
        ("The treasurer was quite clear: fares would rise.", "treasurer", "fares would rise"),
        ("The captain put it bluntly: the boats were gone.", "captain", "the boats were gone"),
        ("The captain put it more bluntly: “The boats are gone.”", "captain", "“The boats are gone.”"),
        ("Ada Crane was delighted: “We won.”", "Ada Crane", "“We won.”"),
        ("She was delighted: “We won.”", "She", "“We won.”"),
        ("The captain was delighted: “We won.”", "captain", "“We won.”"),
        ("From the captain: “We won.”", "captain", "“We won.”"),
    ],
)
def test_colons_before_what_is_said(text: str, claimant: str, content: str) -> None:
    assert list_said(text) == [(claimant, content)]


@pytest.mark.parametrize(
    "text",
    [
        "The treasurer was old: fares would rise.",
        "It was written on walls: “We won.”",
        "The wall was red: “We won.”",
        "Adamant: fares would rise.",
        "The treasurer was adamant:",
    ],
)
def test_colons_before_other_things(text: str) -> None:
    assert list_said(text) == []
