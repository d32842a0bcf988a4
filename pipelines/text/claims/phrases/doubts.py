"""What says that something is not verified: "The claim could not be confirmed", "Orbis could not verify the figure"."""

import re

from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.tagging import Sentence
from pipelines.text.tables import load_words

_TABLE = "doubts.yaml"
_MOST = 8
"""Attributions before a doubt that it may be about."""


def _alternatives(row: str) -> str:
    return "|".join(sorted(load_words(__package__, _TABLE, row)))


_VERIFY = rf"(?:{_alternatives('verify')})"
_MODIFIERS = rf"(?:(?:{_alternatives('modifiers')})\s+)*"
_NOUNS = _alternatives("said_nouns")
_BACK = (
    rf"(?:{_alternatives('back_words')}|(?:any\s+)?such\s+\w+"
    rf"|(?:{_alternatives('back_determiners')}|(?:the\s+)?[\w-]+['’]s)\s+(?:[\w-]+\s+){{0,3}}?(?:{_NOUNS}))"
)
_BACKGROUND = load_words(__package__, _TABLE, "background")
_SIGNS = ("verif", "onfirm", "orrobor", "uthentic", "ubstantiat")
"""Most texts and sentences have none of these, and are not searched any further."""
_DOUBT = re.compile(
    rf"\b(?:(?:{_alternatives('helpers')})(?:\s+not|n['’]t)|cannot)\s+{_MODIFIERS}(?:able\s+to\s+{_MODIFIERS})?{_VERIFY}\b"
    rf"|\b(?:unable|impossible|possible|yet)\s+to\s+{_MODIFIERS}{_VERIFY}\b"
    rf"|\bno\s+(?:independent|official)\s+(?:confirmation|verification|corroboration)\b"
    rf"|\b(?:neither|none)\b[^.;]{{0,60}}?\b(?:could|can|has|have)\s+{_MODIFIERS}{_VERIFY}\b"
    r"|\b(?:declined|refused)\s+to\s+confirm\s+or\s+deny\b"
    r"|\bneither\s+confirm(?:ed|s)?\s+nor\s+den(?:y|ied|ies)\b"
    r"|\bremain(?:s|ed)?\s+(?:unverified|unconfirmed)\b",
    re.IGNORECASE,
)
_BACK_AT_START = re.compile(rf"\W*{_BACK}\b", re.IGNORECASE)
_BACK_AFTER = re.compile(rf"\s+(?:of\s+)?(?!that\b){_BACK}\b(?!\s+that\b)", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:neither|none|both|these|those|either|them|all)\b", re.IGNORECASE)
_COMMENT = re.compile(
    rf"\s*[,–—-]\s+(?:an?\s+(?:[\w-]+\s+){{0,2}}?(?:{_NOUNS})|{_alternatives('comment_openings')})\b", re.IGNORECASE
)
"""Where the comment of the writer begins: ", a figure that …", ", though …"."""


def may_doubt(text: str) -> bool:
    """Whether a text, or a sentence, can say that something is not verified."""
    lower = text.lower()
    return any(sign in lower for sign in _SIGNS)


def apply_doubt(text: str, number: int, sentence: Sentence, local: list[Attribution], found: list[Attribution]) -> None:
    """Makes unconfirmed what a sentence says is not verified, and takes its own attribution out of `local`.

    `number` and `local` are those of the sentence, `found` are the attributions before it.
    """
    if not may_doubt(text[sentence.start : sentence.end]):
        return
    doubt = _DOUBT.search(text, sentence.start, sentence.end)
    if doubt is None or sentence.lower[0] in _BACKGROUND or any(_says(text, one, doubt.start()) for one in local):
        return
    refers_back = _BACK_AFTER.match(text, doubt.end()) or _BACK_AT_START.match(text, sentence.start)
    if refers_back:
        local[:] = [one for one in local if not (one.cue and one.cue[0] < doubt.end() and one.cue[1] > doubt.start())]
    doubted = [one for one in local if _ends_before(text, one, doubt.start())]
    if not doubted and refers_back:
        reach = 2 if _SEVERAL.search(text, sentence.start, doubt.end()) else 1
        doubted = [one for one in found[-_MOST:] if number - reach <= one.sentence < number]
    for one in doubted:
        one.doubted = True


def _says(text: str, one: Attribution, doubt: int) -> bool:
    """Whether somebody says so, and not the text: "Ana Rask said she could not confirm the report"."""
    said = one.cue is not None and one.cue[1] <= doubt
    return said and any(start <= doubt < end and not _COMMENT.search(text, start, doubt) for start, end in one.content)


def _ends_before(text: str, one: Attribution, doubt: int) -> bool:
    """Whether something is said before the doubt; what the writer adds is cut off."""
    start, end = one.content[-1]
    if one.cue is None or one.cue[0] >= doubt or start >= doubt:
        return False
    if end <= doubt:
        return True
    comments = [match.start() for match in _COMMENT.finditer(text, start, doubt)]
    if comments and comments[-1] > start:
        one.content[-1] = start, comments[-1]
    return bool(comments)
