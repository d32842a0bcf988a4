"""Keys of names: spellings of one name, as different transliterations write it, have one key."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from pipelines.text.tables import load_table, load_words

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": "", "”": "", '"': "", "\u00a0": " ", "‐": "-", "‑": "-"})
_ARTICLE = re.compile(r"(?i)^(?:the|an?)\s+")
_EDGES = " \t\n.,;:!?<>()[]"
_SOUNDS = (
    (re.compile(r"(?:sky|ski|skyj|skij|skiy|skyi|skii|skyy)$"), "sky"),
    (re.compile(r"(?:iy|yy|ii|yi|ij|yj|i|y)$"), "y"),
    (re.compile(r"(?:ei|ey|ej)$"), "ey"),
    (re.compile(r"(?:ai|ay|aj)$"), "ay"),
    (re.compile(r"iu|ju"), "yu"),
    (re.compile(r"ia|ja"), "ya"),
    (re.compile(r"^(?:ye|je)(?=[vlrfg])|(?<=[aeiou])(?:ye|je)(?=v|nk)"), "e"),
    (re.compile(r"ks"), "x"),
    (re.compile(r"kh"), "h"),
    (re.compile(r"tch|tsch"), "ch"),
    (re.compile(r"shch|sch"), "sh"),
)
"""Letters that transliterations from Cyrillic and Arabic write in several ways. They tell no two names apart."""
_SLAVIC = re.compile(r"sk(?:yy|iy|ii|ij|yj|yi)$")
_SYLLABLE = re.compile(r"[A-Za-z]{1,6}")
_KOREAN_LENGTH = 3
NAMES_KEPT = 20_000
"""Names whose keys a worker keeps, each in some hundred bytes: news repeats its names."""


@lru_cache(maxsize=NAMES_KEPT)
def clean(name: str) -> str:
    """Returns the name with straight quotes, without an article before it and punctuation around it."""
    found = " ".join(name.translate(_QUOTES).split()).strip(_EDGES)
    return _ARTICLE.sub("", found) or found


def strip_accents(text: str) -> str:
    """Returns the text without accents; text in other scripts stays as it is."""
    if text.isascii():
        return text
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


@cache
def _given_names() -> dict[str, str]:
    rows = load_table(__package__, "given_names.yaml")
    return {form: usual for usual, forms in rows.items() for form in (usual, *forms.split())}


@lru_cache(maxsize=NAMES_KEPT)
def make_key(name: str) -> str:
    """Returns the key of a person's name: the same for Zelensky and Zelenskyy, for Kim Jong-un and Kim Jong Un."""
    tokens = split_name(name)
    given = _given_names()
    folded = [_fold(given.get(token, token)) for token in tokens]
    if is_korean(tokens):
        return f"{folded[0]} {''.join(folded[1:])}"
    return " ".join(folded)


@lru_cache(maxsize=NAMES_KEPT)
def split_name(name: str) -> tuple[str, ...]:
    """Returns the parts of a person's name; a hyphen separates parts too."""
    return tuple(part for part in re.split(r"[\s-]+", name) if part.strip("."))


def is_korean(tokens: Sequence[str]) -> bool:
    """Whether the parts are a Korean family name and two syllables."""
    return (
        len(tokens) == _KOREAN_LENGTH
        and tokens[0] in load_words(__package__, "words.yaml", "korean_family_names")
        and all(_SYLLABLE.fullmatch(token) for token in tokens[1:])
    )


@lru_cache(maxsize=NAMES_KEPT)
def find_surname(name: str) -> str:
    """Returns the key of the surname: the last part of the name, of a Korean name the first."""
    tokens = split_name(name)
    return make_key(tokens[0] if is_korean(tokens) else tokens[-1]) if tokens else ""


@lru_cache(maxsize=NAMES_KEPT)
def spell(name: str) -> str:
    """Returns the usual spelling of a person's name that no table has. Names with one key mostly get one spelling."""
    tokens = split_name(name)
    if is_korean(tokens):
        return f"{tokens[0]} {tokens[1].capitalize()}-{tokens[2].lower()}"
    words = name.split()
    if len(words) > 1:
        words[0] = _given_names().get(words[0], words[0])
        words[-1] = _SLAVIC.sub("sky", words[-1])
    return " ".join(words)


def _fold(token: str) -> str:
    folded = strip_accents(token).casefold().replace("'", "").strip(".")
    for sound, letters in _SOUNDS:
        folded = sound.sub(letters, folded)
    return folded


def make_slug(text: str) -> str:
    """Returns the text as a part of an id: lower case, with hyphens for all else. Letters of other scripts stay."""
    return re.sub(r"[^\w]+", "-", strip_accents(text).casefold()).strip("-") or "unnamed"
