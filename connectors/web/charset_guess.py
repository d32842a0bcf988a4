"""Which encoding bytes are in, if nothing says so: the one whose letters some language has."""

import re
from collections import Counter
from dataclasses import dataclass

from connectors.web.letter_pairs import list_pairs, score_pairs
from connectors.web.wide_charsets import WIDE, score_wide

_WEST = (
    "French", "German", "Spanish", "Portuguese", "Italian", "Dutch", "Swedish", "Danish", "Norwegian_Bokmal", "Finnish",
    "Catalan", "Icelandic", "Galician", "Irish",
)  # fmt: skip
_CENTRE = ("Polish", "Czech", "Slovak", "Hungarian", "Romanian", "Croatian", "Slovenian")
_BALTIC = ("Lithuanian", "Latvian", "Estonian")
_CYRILLIC = ("Russian", "Ukrainian", "Bulgarian", "Belarusian", "Serbian", "Macedonian")

CANDIDATES: dict[str, tuple[str, ...]] = {
    "cp1252": _WEST,
    "iso8859-15": _WEST,
    "cp1250": _CENTRE,
    "iso8859-2": _CENTRE,
    "cp1251": _CYRILLIC,
    "cp1254": ("Turkish",),
    "cp1257": _BALTIC,
    "cp1253": ("Greek",),
    "cp1255": ("Hebrew",),
    "cp1256": ("Arabic", "Persian"),
    "cp1258": ("Vietnamese",),
    "iso8859-4": _BALTIC,
    "iso8859-13": _BALTIC,
    "iso8859-7": ("Greek",),
    "iso8859-6": ("Arabic",),
    "koi8-r": ("Russian", "Bulgarian"),
    "koi8-u": ("Ukrainian", "Belarusian"),
    "iso8859-5": _CYRILLIC,
    "cp866": ("Russian", "Ukrainian", "Belarusian"),
}
"""Encodings of one byte a character, and the languages that are written in them; the more usual ones come first. The
encodings of old Macs are left out: no feed is written in them, and MacCyrillic is nearly windows-1251."""
UNUSUAL = 5.0
"""How much an encoding other than windows-1252 loses from the start: one letter is not evidence enough."""
SAMPLE = 6_000
"""Bytes that are not ASCII, with their neighbours, that are looked at."""
CLEAR = 8.0
"""How much more likely than any other reading a text must be to be certain: about three thousand times."""
LEAST_LIKELY = -7.5
"""A mean score below which no language fits."""
LEAST_WIDE, CERTAINLY_WIDE, SURELY_WIDE = 0.5, 0.8, 0.95
"""Shares of usual characters of East Asia: enough if no alphabet fits, certain, and enough in any case."""
SHORT_WIDE = 20
"""Bytes of a text that has too few of them to be certain."""
CLEAR_SHARE = 0.02
"""How far ahead of the next encoding that share must be to be certain."""
_RUNS = re.compile(rb"[\x00-\x7f]?[\x80-\xff]+[\x00-\x7f]?")


@dataclass(frozen=True)
class EncodingGuess:
    """The encoding of bytes, as Python names it, and whether the evidence is clear."""

    encoding: str
    is_certain: bool


@dataclass(frozen=True)
class _Reading:
    encoding: str
    text: str
    likelihood: float
    mean: float


def guess_encoding(body: bytes) -> EncodingGuess:
    """Returns the encoding of bytes that are not UTF-8."""
    sample = _sample(body)
    readings = sorted((_read(sample, name) for name in CANDIDATES), key=lambda reading: -reading.likelihood)
    best = readings[0]
    (share, wide), (next_share, _) = sorted(((score_wide(body, name), name) for name in WIDE), reverse=True)[:2]
    if share > (LEAST_WIDE if best.mean < LEAST_LIKELY else SURELY_WIDE):
        is_clear = share - next_share > CLEAR_SHARE and len(sample) > SHORT_WIDE
        return EncodingGuess(wide, is_clear and share > CERTAINLY_WIDE)
    others = [reading for reading in readings if reading.text != best.text]
    is_clear = not others or best.likelihood - others[0].likelihood >= CLEAR
    return EncodingGuess(best.encoding, is_clear and best.mean >= LEAST_LIKELY)


def _read(sample: bytes, encoding: str) -> _Reading:
    text = sample.decode(encoding, "replace")
    counts = Counter(list_pairs(text))
    total = score_pairs(counts, CANDIDATES[encoding])
    return _Reading(encoding, text, total - (UNUSUAL if encoding != "cp1252" else 0.0), total / max(1, counts.total()))


def is_likely(body: bytes, encoding: str) -> bool:
    """Whether bytes can be in the encoding that is declared: their letters fit, or nothing else certainly fits."""
    if encoding in CANDIDATES:
        fits = _read(_sample(body), encoding).mean >= LEAST_LIKELY
    elif encoding in WIDE:
        fits = score_wide(body, encoding) >= LEAST_WIDE
    else:
        return True
    return fits or not guess_encoding(body).is_certain


def _sample(body: bytes) -> bytes:
    return b" ".join(_RUNS.findall(body))[:SAMPLE]
