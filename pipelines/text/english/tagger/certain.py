"""Words whose class is certain, so that nothing about them is learned: punctuation marks, digits, quotations."""

from functools import cache

from pipelines.text.english import word_classes
from pipelines.text.english.word_classes import NUMBER, QUOTATION
from pipelines.text.tables import load_table

_PACKAGE = "pipelines.text.english"

QUOTED_PART = "“"
"""The word of a quotation that is a part of its sentence: a crew that “saw nothing” left."""
QUOTED_STATEMENT = "“.”"
"""The word of a quotation that ends with a mark of its own: “They left!” she said."""
QUOTED_PAUSE = "“,”"
"""The word of a quotation that ends with a comma: “They left,” she said."""


@cache
def certain_classes() -> dict[str, str]:
    """Returns the classes of punctuation marks and of the word of a quotation."""
    marks = load_table(_PACKAGE, "phrases.yaml")["punctuation"]
    classes = {mark: getattr(word_classes, name.upper()) for name, row in marks.items() for mark in row.split()}
    return classes | dict.fromkeys((QUOTED_PART, QUOTED_STATEMENT, QUOTED_PAUSE), QUOTATION)


def find_certain_class(word: str) -> str | None:
    """Returns the class of a word that is certain; None for a word that the tagger decides."""
    if word.isalpha():
        return None
    return certain_classes().get(word) or (NUMBER if word[0].isdigit() else None)
