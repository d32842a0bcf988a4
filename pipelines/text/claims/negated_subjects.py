"""Subjects that say who did not: "no government", "none of the officials", "neither the army nor the navy"."""

import re

# "No Chol-su" is somebody's name.
_NO = r"no(?=\s(?!(?-i:[A-Z][a-z]+-[a-z])))"
_OF = r"(?:\s+of)?(?:\s+(?:the|its|their|these|those))?"
_OPENING = re.compile(
    rf"(?:no\s+one|nobody|none|neither|not\s+(?:one|a\s+single)|{_NO})(?![\w'’-]){_OF}\s*", re.IGNORECASE
)
_BEFORE = re.compile(
    rf"(?<![\w'’-])(?:{_NO}|(?:none|neither|not\s+(?:one|a\s+single)){_OF}"
    r"|neither\s[^.,;:!?\n]{1,60}\snor(?:\s+the)?)\s+$",
    re.IGNORECASE,
)
_REACH = 90
"""Characters before a subject within which its negation begins."""


def bare_subject(text: str, sentence: int, start: int, end: int) -> int | None:
    """Where the bare noun of a negated subject begins; `end` where it has none ("nobody"); None of any other subject.

    The subject is `text[start:end]`, its sentence begins at `sentence`.
    """
    if opening := _OPENING.match(text, start, end):
        return opening.end()
    if not _BEFORE.search(text, max(sentence, start - _REACH), start):
        return None
    return end if text[start:end].lower() == "one" else start
