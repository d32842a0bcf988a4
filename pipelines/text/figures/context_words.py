"""The word lists of the figure grammar: tables/figure_context.yaml."""

from importlib import resources
from typing import Any, Final

import yaml


def _load() -> dict[str, frozenset[str]]:
    text = resources.files("pipelines.text").joinpath("tables/figure_context.yaml").read_text(encoding="utf-8")
    lists: dict[str, Any] = yaml.safe_load(text)
    return {name: frozenset(words.split()) for name, words in lists.items()}


WORDS: Final = _load()
"""Each list of the table by its name."""
