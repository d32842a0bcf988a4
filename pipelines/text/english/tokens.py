"""The words of a text: where each of them begins and ends."""

import re

from pipelines.text.english.abbreviations import abbreviations_before_names

# The first form is that of most words; the others are for joined and shortened words and for characters that are not.
_TOKEN = re.compile(
    rf"[^\W\d]\w*+(?=[\s,])|(?:[A-Z]\.){{2,}}|(?:{abbreviations_before_names()})\.(?=\s|,)"
    r"|\d[\d,.]*[-–]\d(?:[\d,.]*\d)?(?!\w)|\d[\d,.]*\d|\w+(?:[-&.]\w+)*?(?=(?:n['’]t|['’](?:s|re|ve|ll|d|m))\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b"
    r"|\w+(?:[-&]\w+|['’](?=\w)\w+)*|--|\.\.\.|[^\w\s]",
    re.UNICODE,
)


def find_tokens(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Returns the span of each word and punctuation mark of `text[start:end]`."""
    return [match.span() for match in _TOKEN.finditer(text, start, end)]
