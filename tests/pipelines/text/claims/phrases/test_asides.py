"""Sources in clauses with "as"."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("text", "claimant", "content"),
    [
        ("As Ada Crane said, the boats were old.", "Ada Crane", "the boats were old"),
        ("As Ada Crane pointed out on Monday, the boats were old.", "Ada Crane", "the boats were old"),
        ("As Ada Crane said, “The boats are old.”", "Ada Crane", "“The boats are old.”"),
        ("The boats, as Ada Crane put it, were old.", "Ada Crane", "The boats ~ were old"),
        ("The boats were old, as the mayor has often noted.", "mayor", "The boats were old"),
        ("As reported by Orbis, the boats were old.", "Orbis", "the boats were old"),
    ],
)
def test_clauses_with_as(text: str, claimant: str, content: str) -> None:
    assert list_said(text) == [(claimant, content)]


@pytest.mark.parametrize(
    "text",
    [
        "The crew works as Ada Crane said.",
        "As Ada Crane left, the boats were old.",
        "As Ada Crane put boats out, it rained.",
        "As painted by Orbis, the boats were old.",
        "As the mayor",
    ],
)
def test_other_clauses_with_as(text: str) -> None:
    assert list_said(text) == []
