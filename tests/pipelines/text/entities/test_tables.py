"""Every list, expression and limit of the entities changes the entities of some text in tables.yaml."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.text.entities.finding import find_entities
from schemas.text import Entity

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "tables.yaml").read_text(encoding="utf-8"))


def describe(entity: Entity, text: str) -> str:
    """Returns an entity as the cases have it: name | kind | role | organisation | country | mentions."""
    mentions = ",".join(text[start:end] for start, end in entity.mentions)
    cells = (entity.name, entity.kind, entity.role, entity.organisation, entity.country, mentions)
    return " | ".join(cell or "" for cell in cells)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_text_has_these_entities(case: dict[str, Any]) -> None:
    found = find_entities(None, case["text"], "en")
    assert [describe(entity, case["text"]) for entity in found] == case["entities"]
