"""Notes of the editors on a text: corrections, links to other articles, credits. They make no claims."""

import re
from collections.abc import Sequence

from pipelines.text.tables import load_table

_NOTE = re.compile(rf"[\s•*-]*(?:{'|'.join(load_table(__package__, 'notes.yaml')['notes'])})\s?:", re.IGNORECASE)


def leave_out_notes(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the sentences without those of paragraphs that are notes: "Correction: An earlier version said …"."""
    kept: list[tuple[int, int]] = []
    end = 0
    for span in spans:
        colon = span[0] >= end and text.find(":", *span) >= 0  # looked for first, because few sentences have one
        if colon and _NOTE.match(text, *span) and _begins_line(text, span[0]):
            line = text.find("\n", span[0])
            end = line if line >= 0 else len(text)
        if span[0] >= end:
            kept.append(span)
    return kept


def _begins_line(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, start) + 1 : start].strip(" \t•-")
