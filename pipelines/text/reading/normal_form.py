"""The normal form of a page's text: what is broken is repaired, what cannot be seen goes, the author's signs stay.

Not for pages that are taken as they are: their offsets count in the text as it came.
"""

import re
from dataclasses import dataclass

import ftfy
from ftfy.badness import badness

# Curly quotes and dashes are the author's: quotations are found by them. Full-width signs belong to CJK text.
_REPAIR = ftfy.TextFixerConfig(uncurl_quotes=False, fix_character_width=False, normalization="NFC", explain=False)

# Soft hyphen, zero-width space, word joiner, byte order mark, and marks that turn the reading direction by force. The
# joiners U+200C and U+200D and the plain direction marks stay: Persian, Indic scripts and emoji are spelt with them.
_UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffc")
)
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_SPACES = re.compile(r"[^\S\n]+")
_EDGES = re.compile(r" ?\n ?")
# Signs that a misread encoding leaves: without one of them the text is not worth the repairer's time.
_SUSPECT = re.compile(
    r"[\u0080-\u00a0\u00c2-\u00f5\u0100-\u02ff\u0400-\u045f\ufb00-\ufb06\ufffd\ud800-\udfff\x00-\x08\x0e-\x1f\x7f]|&\w{2,8};|&#"
)


@dataclass(frozen=True)
class Normalised:
    """Text in normal form. `repaired` says that letters were mended which a wrong decoding had broken."""

    text: str
    repaired: bool


def normalise(text: str) -> Normalised:
    """Unicode NFC, entities and ligatures resolved, mojibake mended, unseen signs dropped, one space between words.

    Lines stay lines; white space at their ends goes, lines of white space become empty. Never raises.
    """
    repaired = False
    while _SUSPECT.search(text := _tidy(text)):
        mended = ftfy.fix_text(text, _REPAIR)
        if mended == text:
            break
        repaired |= badness(text) > badness(mended)
        text = mended
    return Normalised(text, repaired)


def _tidy(text: str) -> str:
    """Goes before the repair, as unseen signs hide broken letters from it, and after it, as it brings some out."""
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text).translate(_UNSEEN))
    return _EDGES.sub("\n", text).strip(" ")


def one_line(text: str) -> str:
    """A title or a name in normal form, on one line."""
    return " ".join(normalise(text).text.split())
