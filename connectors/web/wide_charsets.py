"""Encodings of Chinese, Japanese and Korean: how well bytes read in each of them."""

import re

WIDE = ("gb18030", "big5hkscs", "euc_jp", "cp932", "cp949")
"""Encodings of two bytes a character, as Python names them."""
BROKEN = 0.02
"""Share of characters that may be broken."""
SAMPLE = 20_000
"""Bytes that are looked at."""
WITHOUT_KANA = 0.9
"""What is left of the score of Japanese without kana, or of Chinese and Korean with kana."""
SPACED, UNSPACED = 0.95, 0.99
"""What is left of the score of Chinese with spaces between words, and of Korean without: all that is usual in Korean is
usual in Chinese too if it is read so."""
_KANA = re.compile(r"[\u3041-\u30fa\u30fc-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_PUNCTUATION = re.compile(r"[\u3000-\u303f\uff01-\uff60\u2013-\u2026\u00b7\u30fb]")
_SPACE = re.compile(rb"[\x80-\xff] [\x80-\xff]")
_INSIDE = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")
"""A character next to a Latin letter: it is rather a letter with an accent, read as half of something else."""
_STANDARDS = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5hkscs": ("big5", 0xA4, 0xC6),
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
    "cp932": ("euc_jp", 0xB0, 0xCF),
}
"""The standard whose first level holds the usual characters, and its first and last leading byte there."""


def score_wide(body: bytes, encoding: str) -> float:
    """Returns the share of usual characters among those that are not ASCII, from 0 to 1, if read in the encoding."""
    text = body[:SAMPLE].decode(encoding, "replace")
    characters = [character for character in text if character > "\x7f"]
    if not characters or characters.count("\ufffd") > 1 + BROKEN * len(characters):
        return 0.0
    inside_words = len(_INSIDE.findall(text))
    share = (sum(is_usual(character, encoding) for character in characters) - inside_words) / len(characters)
    has_kana = sum(bool(_KANA.match(character)) for character in characters) > 0.05 * len(characters)
    if has_kana != (encoding in ("euc_jp", "cp932")):
        share *= WITHOUT_KANA
    if encoding == ("gb18030" if _SPACE.search(body) else "cp949"):
        share *= SPACED if encoding == "gb18030" else UNSPACED
    return share


def is_usual(character: str, encoding: str) -> bool:
    """Whether a character is usual in texts that are written in the encoding."""
    if _PUNCTUATION.match(character):
        return True
    if encoding == "cp949":
        return bool(_HANGUL.match(character))
    if _KANA.match(character):
        return encoding in ("euc_jp", "cp932")
    name, first, last = _STANDARDS[encoding]
    written = character.encode(name, "ignore")
    return len(written) == 2 and first <= written[0] <= last
