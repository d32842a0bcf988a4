"""Paragraphs that introduce the quotation in the next one: "And from the council leader:", "From the desk of …"."""

from collections.abc import Sequence

_OPENING_MARKS = "“\"«„‘'"


def join_introductions(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns the sentences, with one that ends with a colon joined to the quotation that begins the next line."""
    joined: list[tuple[int, int]] = []
    for span in spans:
        opens = joined and text[span[0]] in _OPENING_MARKS and text[joined[-1][1] - 1] == ":"
        if opens and "\n" in text[joined[-1][1] : span[0]]:
            joined[-1] = joined[-1][0], span[1]
        else:
            joined.append(span)
    return joined
