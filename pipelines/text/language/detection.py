"""Which language a text is in.

First the script, which alone settles most languages not written in Latin letters; then n-gram shares and word
frequencies of the languages that use the script, added up as logarithms. That is langdetect's model and its profiles
without its random trials, so the same text always gets the same answer, some forty times faster.
"""

import functools
import re

import numpy as np
from numpy.typing import NDArray

from pipelines.text.language import evidence as language_evidence

UNDETERMINED = "und"

# Texts are judged by this many characters, taken from this many places: more changes no answer.
_SAMPLE = 1200
_PLACES = 3

# Weights of the parts, chosen for words, word pairs and sentences of 20 languages. N-grams of one text overlap and so
# repeat each other's evidence; hence their small weight.
_NGRAM_WEIGHT = 0.15
_WORD_WEIGHT = 1.0
_HINT_WEIGHT = 4.0
# Languages with most news on the web start a little ahead, which decides words that several languages share.
_COMMON = frozenset(
    {"ar", "de", "en", "es", "fa", "fr", "hi", "id", "it", "nl", "pl", "pt", "ru", "sv", "tr", "uk", "vi"}
)
_COMMON_WEIGHT = 1.5
# Below this confidence the answer is `und`: a wrong language does more harm than none.
_LEAST_CONFIDENCE = 0.3

_WORD = re.compile(r"[^\W\d_]+(?:[’'\u0300-\u036f\u0900-\u0dff\u064b-\u0652\u200c][^\W\d_]*)*")
_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|[@#]\w+")

# Scripts by their ranges of letters, and the languages that are written in each (first the one to assume).
_SCRIPTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af", ("ko",)),
    ("kana", "\u3041-\u30ff\uff66-\uff9f", ("ja",)),
    ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ebef", ("zh",)),
    ("cyrillic", "\u0400-\u052f", ("ru", "uk", "bg", "mk")),
    ("arabic", "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc", ("ar", "fa", "ur")),
    ("devanagari", "\u0904-\u0939\u0958-\u0961", ("hi", "mr", "ne")),
    ("greek", "\u0370-\u03ff\u1f00-\u1fff", ("el",)),
    ("hebrew", "\u05d0-\u05f2", ("he",)),
    ("thai", "\u0e01-\u0e4e", ("th",)),
    ("georgian", "\u10a0-\u10ff\u1c90-\u1cbf", ("ka",)),
    ("armenian", "\u0531-\u058a", ("hy",)),
    ("bengali", "\u0980-\u09ff", ("bn",)),
    ("gurmukhi", "\u0a00-\u0a7f", ("pa",)),
    ("gujarati", "\u0a80-\u0aff", ("gu",)),
    ("tamil", "\u0b80-\u0bff", ("ta",)),
    ("telugu", "\u0c00-\u0c7f", ("te",)),
    ("kannada", "\u0c80-\u0cff", ("kn",)),
    ("malayalam", "\u0d00-\u0d7f", ("ml",)),
    ("sinhala", "\u0d80-\u0dff", ("si",)),
    ("lao", "\u0e80-\u0eff", ("lo",)),
    ("burmese", "\u1000-\u109f", ("my",)),
    ("khmer", "\u1780-\u17ff", ("km",)),
    ("ethiopic", "\u1200-\u137f", ("am",)),
)
_SCRIPT_LETTERS = re.compile("|".join(f"(?P<{name}>[{ranges}]+)" for name, ranges, _ in _SCRIPTS))
_SCRIPT_LANGUAGES = {name: languages for name, _, languages in _SCRIPTS}
_LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]+")

# Letters of languages that langdetect has no profile of, and that would else be taken for a neighbour.
_FOREIGN_LETTERS = (
    ("cyrillic", re.compile("[ўЎ]"), "be"),
    ("cyrillic", re.compile("[ђЂћЋ]"), "sr"),
    ("cyrillic", re.compile("[әӘңҢұҰһҺ]"), "kk"),
    ("arabic", re.compile("[ټډړښڼ]"), "ps"),
)


def detect(text: str, hint: str | None = None) -> tuple[str, float]:
    """The language of `text` as ISO 639-1 code, or `und`, with a confidence from 0 to 1.

    `hint` is what the feed or page says; it decides close cases only. Long texts are sampled.
    """
    sample = _NOT_PROSE.sub(" ", _sample(text))
    script, share = _script(sample)
    if script is None:
        return UNDETERMINED, 0.0
    candidates = _SCRIPT_LANGUAGES.get(script)
    if candidates is not None and len(candidates) == 1:
        return candidates[0], share
    for of_script, letters, language in _FOREIGN_LETTERS:
        if script == of_script and len(letters.findall(sample)) * 100 >= len(sample):
            return language, share
    return _among(sample, script, (hint or "").split("-")[0].lower())


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE:
        return text
    length = _SAMPLE // _PLACES
    step = (len(text) - length) // (_PLACES - 1)
    return " ".join(text[place * step : place * step + length] for place in range(_PLACES))


def _script(sample: str) -> tuple[str | None, float]:
    """The script of most of the sample, with its share of all letters. Kana anywhere makes Han characters Japanese."""
    counts: dict[str, int] = {}
    if not sample.isascii():
        for found in _SCRIPT_LETTERS.finditer(sample):
            name = found.lastgroup or ""
            counts[name] = counts.get(name, 0) + found.end() - found.start()
    latin = sum(map(len, _LATIN.findall(sample)))
    if latin:
        # A syllable or word sign counts for several letters: "BTS, 방탄소년단" is Korean.
        counts["latin"] = latin // 2 if counts.keys() & {"han", "kana", "hangul"} else latin
    if counts.get("kana", 0) * 10 >= counts.get("han", 0) and counts.get("kana"):
        counts["kana"] += counts.pop("han", 0)
    if counts.get("hangul") and counts.get("han"):
        counts["hangul"] += counts.pop("han")
    if not counts:
        return None, 0.0
    script = max(counts, key=lambda name: counts[name])
    return script, counts[script] / sum(counts.values())


def _among(sample: str, script: str, hint: str) -> tuple[str, float]:
    evidence = language_evidence.load()
    words = _WORD.findall(sample.lower())
    row = evidence.ngrams.get
    rows = [row(gram, 0) for gram in _grams(" " + " ".join(words) + " ")]
    scores = _prior(script, hint).copy()
    scores += _NGRAM_WEIGHT * evidence.ngram_logs[rows].sum(axis=0)
    for word in words:
        for column, gain in evidence.words.get(word, ()):
            scores[column] += _WORD_WEIGHT * gain
    best = int(scores.argmax())
    confidence = float(1 / np.exp(scores - scores[best]).sum())
    if confidence < _LEAST_CONFIDENCE:
        return UNDETERMINED, confidence
    return evidence.languages[best], confidence


def _grams(text: str) -> list[str]:
    """All runs of one to three characters, as langdetect counts them."""
    length = len(text)
    grams = [text[i : i + 3] for i in range(length - 2)]
    grams += [text[i : i + 2] for i in range(length - 1)]
    grams += text
    return grams


@functools.lru_cache(maxsize=256)
def _prior(script: str, hint: str) -> NDArray[np.float64]:
    languages = language_evidence.load().languages
    own = _SCRIPT_LANGUAGES.get(script)
    elsewhere = {language for others in _SCRIPT_LANGUAGES.values() for language in others}
    prior = np.zeros(len(languages))
    for column, language in enumerate(languages):
        if (language not in own) if own else (language in elsewhere):
            prior[column] = -np.inf
        prior[column] += _COMMON_WEIGHT * (language in _COMMON) + _HINT_WEIGHT * (language == hint)
    return prior
