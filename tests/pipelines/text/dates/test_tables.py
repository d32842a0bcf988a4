"""Every list, word and limit of the dates changes the times of some text in tables.yaml."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.text.dates.finding import find_times
from schemas.text import TimeExpression

ANCHOR = datetime(2024, 10, 28, 14, 30, tzinfo=UTC)
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "tables.yaml").read_text(encoding="utf-8"))


def describe(found: TimeExpression) -> str:
    """Returns a time as the cases have it: text | start | end | granularity."""
    start, end = (
        moment.strftime("%Y-%m-%d" if moment.time() == moment.min.time() else "%Y-%m-%dT%H:%M:%S")
        for moment in (found.time.start, found.time.end)
    )
    return f"{found.text} | {start} | {end} | {found.time.granularity}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_sentence_has_these_times(case: dict[str, Any]) -> None:
    assert [describe(found) for found in find_times(case["text"], ANCHOR)] == case["times"]
