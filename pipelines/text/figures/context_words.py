"""The word lists of the figure grammar: tables/context.yaml."""

from typing import Final

from pipelines.text.tables import load_table


def _load() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in load_table(__package__, "context.yaml").items()}


WORDS: Final = _load()
"""Each list of the table by its name."""
