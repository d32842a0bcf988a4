"""Which language a text is in.

First the script, which alone decides most languages not written in Latin letters; then the frequent words of the
languages that use the script, which decide running text; then, where they leave doubt, letters that a language does not
have and n-gram shares, all added up as logarithms. The n-grams are langdetect's, without its random trials, so the same
text always gets the same answer. Names alone decide nothing.
"""

import functools
import math
import re

import numpy as np
from numpy.typing import NDArray

from pipelines.text.language.evidence import load_frequent_words, load_ngrams, load_words
from pipelines.text.language.known_languages import load_languages, strip_region
from pipelines.text.language.plain_words import list_plain_words, list_words, separate_names
from pipelines.text.language.scripts import LATIN, LETTERS

UNDETERMINED = "und"

_SAMPLE = 1200
"""Characters by which a text is judged, taken from `_PLACES` places: more changes no answer."""
_PLACES = 3

# Weights of the parts, chosen on words, word pairs and sentences of 20 languages.
_NGRAM_WEIGHT = 0.15
"""Small, because the n-grams of a text overlap and so repeat each other's evidence."""
_DECIDED = 30.0
"""Lead, as a natural logarithm, from which frequent words alone decide."""
_HINT_WEIGHT = 4.0
_COMMON_WEIGHT = 2.0
"""Head start of the languages with most news on the web."""
_LEAST_CONFIDENCE = 0.3
"""Below this confidence the answer is `und`: a wrong language does more harm than none."""
_LEAST_WORD_CONFIDENCE = 0.4
"""The same for a single word."""
SURE = 0.8
"""Confidence from which an answer may overrule what the page says."""
_NAMES_CONFIDENCE = 0.95
"""Confidence that the answer for a text needs that is mostly names."""
_SEVERAL_WORDS = 3
"""Words besides names from which SURE is enough for such a text."""
_ENGLISH_WEIGHT = 1.0
"""Further head start of English in a text with names: most headlines on the web are English."""
_LETTER_WEIGHT = 5.0
"""What each letter that a language does not have takes from its score."""
_CHARACTERS_PER_LETTER = 100
"""A language without a profile is recognised if one character in this many is a letter of its own."""

_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|[@#]\w+")
_NOT_PROSE_SIGNS = ("://", "www.", "@", "#")
"""Looked for first, because that is far faster: each match of the expression above has one of these."""
_LETTERS = re.compile("|".join(f"(?P<{name}>[{ranges}]+)" for name, ranges in LETTERS.items()))
_NOT_LATIN = re.compile(f"[{''.join(LETTERS.values())}]+")
_LATIN = re.compile(f"[{LATIN}]+")


def detect(text: str, hint: str | None = None) -> tuple[str, float]:
    """Returns the language of `text` as ISO 639-1 code, or `und`, with a confidence from 0 to 1.

    `hint` is the language that the feed or page declares; it decides close cases only. Long texts are sampled.
    """
    sample = _take_sample(text)
    if any(sign in sample for sign in _NOT_PROSE_SIGNS):
        sample = _NOT_PROSE.sub(" ", sample)
    script, share = _find_script(sample)
    if script is None:
        return UNDETERMINED, 0.0
    languages = load_languages()
    candidates = languages.by_script.get(script)
    if candidates is not None and len(candidates) == 1:
        return candidates[0], share
    for row in languages.by_letters:
        if script == row.script and len(row.letters.findall(sample)) * _CHARACTERS_PER_LETTER >= len(sample):
            return row.language, share
    return _compare_languages(sample, script, strip_region(hint or ""))


def _take_sample(text: str) -> str:
    if len(text) <= _SAMPLE:
        return text
    length = _SAMPLE // _PLACES
    step = (len(text) - length) // (_PLACES - 1)
    return " ".join(text[place * step : place * step + length] for place in range(_PLACES))


def _find_script(sample: str) -> tuple[str | None, float]:
    """Returns the script of most of the sample, with its share of all letters."""
    others = "" if sample.isascii() else "".join(_NOT_LATIN.findall(sample))
    if not others:
        return ("latin", 1.0) if _LATIN.search(sample) else (None, 0.0)
    counts: dict[str, int] = {}
    for found in _LETTERS.finditer(others):
        name = found.lastgroup or ""
        counts[name] = counts.get(name, 0) + found.end() - found.start()
    latin = sum(map(len, _LATIN.findall(sample)))
    if latin:
        # A syllable or word sign counts for several letters: "BTS, 방탄소년단" is Korean.
        counts["latin"] = latin // 2 if counts.keys() & {"han", "kana", "hangul"} else latin
    # Japanese and Korean are written with Han characters too.
    if counts.get("kana", 0) * 10 >= counts.get("han", 0) and counts.get("kana"):
        counts["kana"] += counts.pop("han", 0)
    if counts.get("hangul") and counts.get("han"):
        counts["hangul"] += counts.pop("han")
    script = max(counts, key=lambda name: counts[name])
    return script, counts[script] / sum(counts.values())


def _compare_languages(sample: str, script: str, hint: str) -> tuple[str, float]:
    """Returns the likeliest of the languages that use the script, with its share of the likelihood of all."""
    scores = _score_before(script, hint) + load_words().sum_up(list_plain_words(sample))
    needed = _LEAST_CONFIDENCE
    if not _is_decided(scores):
        scores, needed = _score_carefully(sample, script, hint)
    best = int(scores.argmax())
    if math.isinf(scores[best]):
        return UNDETERMINED, 0.0
    confidence = float(1 / np.exp(scores - scores[best]).sum())
    return (load_languages().compared[best] if confidence >= needed else UNDETERMINED), confidence


def _is_decided(scores: NDArray[np.float64]) -> bool:
    """Whether the words alone put one language so far ahead that no n-grams have to be counted."""
    second, first = np.partition(scores, -2)[-2:]
    return bool(first - second >= _DECIDED)


def _score_carefully(sample: str, script: str, hint: str) -> tuple[NDArray[np.float64], float]:
    """Returns the scores by letters, words and n-grams, and the confidence that the answer needs."""
    known = load_words()
    words, frequent, names = separate_names(sample, load_frequent_words())
    spelt = words
    if script != "latin":  # each language spells names in its own way
        spelt, frequent, names = list_words(sample), [], 0
    scores = _score_before(script, hint) + _score_letters(sample) + known.sum_up([*words, *frequent])
    scores[load_languages().compared.index("en")] += _ENGLISH_WEIGHT * (names > 0)
    needed = _choose_threshold(len(spelt), names)
    if not spelt and not frequent:
        return np.full(len(scores), -np.inf), needed
    return scores + _NGRAM_WEIGHT * _sum_up_ngrams(spelt, script), needed


def _choose_threshold(words: int, names: int) -> float:
    """Returns the confidence that the answer needs for a text of so many words besides names."""
    if names and names >= words:
        return SURE if words >= _SEVERAL_WORDS else _NAMES_CONFIDENCE
    return _LEAST_CONFIDENCE if words > 1 else _LEAST_WORD_CONFIDENCE


def _score_letters(sample: str) -> NDArray[np.float64]:
    """Returns what the letters of the sample say against each language."""
    languages = load_languages()
    scores = np.zeros(len(languages.compared))
    for language, letters in languages.foreign_letters.items():
        scores[languages.compared.index(language)] -= _LETTER_WEIGHT * len(letters.findall(sample))
    for language, letters in languages.own_letters.items():
        if not letters.search(sample):
            scores[languages.compared.index(language)] = -np.inf
    return scores


def _sum_up_ngrams(words: list[str], script: str) -> NDArray[np.float32]:
    """Returns what the n-grams add to each language; a language without a profile is as likely as the likeliest."""
    ngrams = load_ngrams()
    total = ngrams.sum_up(_list_ngrams(f" {' '.join(words)} "))
    total[~ngrams.covered] = total[np.isfinite(_score_before(script, "")) & ngrams.covered].max()
    return total


def _list_ngrams(text: str) -> list[str]:
    """Returns all runs of one to three characters, as langdetect counts them."""
    length = len(text)
    grams = [text[i : i + 3] for i in range(length - 2)]
    grams += [text[i : i + 2] for i in range(length - 1)]
    grams += text
    return grams


@functools.lru_cache(maxsize=256)
def _score_before(script: str, hint: str) -> NDArray[np.float64]:
    """Returns what each language scores before the text is read; minus infinity if it is not written in the script."""
    languages = load_languages()
    scores = np.full(len(languages.compared), -np.inf)
    for column, language in enumerate(languages.compared):
        if language in languages.by_script[script]:
            scores[column] = _COMMON_WEIGHT * (language in languages.common) + _HINT_WEIGHT * (language == hint)
    return scores
