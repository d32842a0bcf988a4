"""The words of a text: where each of them begins and ends."""

import re

from pipelines.text.english.abbreviations import abbreviations_as_words

# The first form is that of most words, the second that of most marks; the others are for joined and shortened words and
# for the rest. White space is read with the token after it: a search would try all forms at it.
_TOKEN = re.compile(
    rf"\s*+([^\W\d]\w*+(?=[\s,])|[^\w\s.'’-]|(?:[A-Z]\.){{2,}}|(?:{abbreviations_as_words()})\.(?=\s|,)"
    r"|\d[\d,.]*[-–]\d(?:[\d,.]*\d)?(?!\w)|\d[\d,.]*\d|\w+(?:[-&.]\w+)*?(?=(?:n['’]t|['’](?:s|re|ve|ll|d|m))\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b"
    r"|\w+(?:[-&]\w+|['’](?=\w)\w+)*|--|\.\.\.|[^\w\s])",
    re.UNICODE,
)


def find_tokens(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Returns the span of each word and punctuation mark of `text[start:end]`."""
    return [match.span(1) for match in _TOKEN.finditer(text, start, end)]
