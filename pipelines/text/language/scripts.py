"""Scripts as ranges of characters, written for the inside of brackets in a regular expression: `f"[{HAN}]"`.

The one home of such ranges. Source: the code charts of the Unicode Standard 15 (https://www.unicode.org/charts/).
"""

from typing import Final

LATIN: Final = "A-Za-z\u00aa-\u024f\u1e00-\u1eff"
LATIN_CAPITALS: Final = "A-ZÀ-Þ"
"""Capitals of Latin-1: enough for names and sentence beginnings in western Europe."""
LATIN_SMALL: Final = "a-zß-ÿ"
CYRILLIC_CAPITALS: Final = "А-Я"

HANGUL: Final = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
HANGUL_SYLLABLES: Final = "\uac00-\ud7a3"
KANA: Final = "\u3041-\u30ff"
HALFWIDTH_KANA: Final = "\uff66-\uff9f"
HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
THAI_AND_LAO: Final = "\u0e00-\u0eff"
"""Both blocks, with digits and signs."""
BURMESE: Final = "\u1000-\u109f"
KHMER: Final = "\u1780-\u17ff"

UNSPACED: Final = THAI_AND_LAO + BURMESE + KHMER + KANA + HAN
"""Scripts that put no spaces between words. Korean does put them."""

COMBINING_MARKS: Final = "\u0300-\u036f\u0900-\u0dff\u064b-\u0652\u200c"
"""What `\\w` leaves out although words contain it: accents, Indic vowel signs, Arabic vowel marks, the non-joiner."""

LETTERS: Final = {
    "hangul": HANGUL,
    "kana": KANA + HALFWIDTH_KANA,
    "han": HAN,
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc",
    "devanagari": "\u0904-\u0939\u0958-\u0961",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "hebrew": "\u05d0-\u05f2",
    "thai": "\u0e01-\u0e4e",
    "georgian": "\u10a0-\u10ff\u1c90-\u1cbf",
    "armenian": "\u0531-\u058a",
    "bengali": "\u0980-\u09ff",
    "gurmukhi": "\u0a00-\u0a7f",
    "gujarati": "\u0a80-\u0aff",
    "tamil": "\u0b80-\u0bff",
    "telugu": "\u0c00-\u0c7f",
    "kannada": "\u0c80-\u0cff",
    "malayalam": "\u0d00-\u0d7f",
    "sinhala": "\u0d80-\u0dff",
    "lao": "\u0e80-\u0eff",
    "burmese": BURMESE,
    "khmer": KHMER,
    "ethiopic": "\u1200-\u137f",
}
"""The letters of each script other than Latin; digits and punctuation that several scripts share are left out."""
