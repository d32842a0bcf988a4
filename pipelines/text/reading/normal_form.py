"""The normal form of a page's text: broken characters are repaired, invisible ones dropped, the author's kept.

Not for pages that are taken as they are: their offsets count in the text as it came.
"""

import re
from dataclasses import dataclass

import ftfy
from ftfy.badness import badness

from pipelines.text.reading.superscripts import resolve_superscripts

# Curly quotes and dashes are the author's: quotations are found by them. Full-width characters belong to CJK text.
_REPAIR = ftfy.TextFixerConfig(uncurl_quotes=False, fix_character_width=False, normalization="NFC", explain=False)

# Soft hyphen, zero-width space, word joiner, byte order mark, and marks that force the reading direction. The joiners
# U+200C and U+200D and the plain direction marks stay: Persian, Indic scripts and emoji are spelt with them.
_INVISIBLE = "\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufffc"
_LINE_ENDS = r"\r\u2028\u2029\x0b\x0c\x85"
_OTHER_SPACES = r"\t\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""All white space but the space and the line ends."""
_UNTIDY = re.compile(f"[{_INVISIBLE}{_LINE_ENDS}{_OTHER_SPACES}]")
_INVISIBLE_CHARACTER, _LINE_END, _OTHER_SPACE = (
    re.compile(f"[{found}]") for found in (_INVISIBLE, _LINE_ENDS, _OTHER_SPACES)
)
# Characters that a misread encoding leaves: a text without any of them is not worth the repairer's time.
_SUSPECT = re.compile(
    r"[\u0080-\u00a0\u00c2-\u00f5\u0100-\u02ff\u0400-\u045f\ufb00-\ufb06\ufffd\ud800-\udfff\x00-\x08\x0e-\x1f\x7f]"
)
_ENTITY = re.compile(r"&(?:\w{2,8};|#)")


@dataclass(frozen=True)
class Normalised:
    """Text in normal form, and whether characters in it that a wrong decoding had broken were repaired."""

    text: str
    repaired: bool


def normalise(text: str) -> Normalised:
    """Returns the text in Unicode NFC with entities, ligatures and mojibake resolved and single spaces between words.

    Invisible characters are dropped. Lines stay lines: white space at their ends is removed, and lines of white space
    become empty. Marks of notes are dropped, see `superscripts`. Never raises.
    """
    repaired = False
    while _SUSPECT.search(text := _tidy(text)) or _ENTITY.search(text):
        fixed = ftfy.fix_text(text, _REPAIR)
        if fixed == text:
            break
        repaired |= badness(text) > badness(fixed)
        text = fixed
    return Normalised(resolve_superscripts(text), repaired)


def _tidy(text: str) -> str:
    """Drops invisible characters and surplus white space.

    Called before each repair, because invisible characters hide broken ones from it, and after it, because it brings
    some out.
    """
    if _UNTIDY.search(text):
        text = _LINE_END.sub("\n", text.replace("\r\n", "\n"))
        text = _OTHER_SPACE.sub(" ", _INVISIBLE_CHARACTER.sub("", text))
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace(" \n", "\n").replace("\n ", "\n").strip(" ")


def normalise_line(text: str) -> str:
    """Returns a title or a name in normal form, on one line."""
    return " ".join(normalise(text).text.split())
