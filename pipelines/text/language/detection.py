"""Which language a text is in.

First the script, which alone decides most languages not written in Latin letters; then n-gram shares and word
frequencies of the languages that use the script, added up as logarithms. That is langdetect's model and its profiles
without its random trials, so the same text always gets the same answer, some forty times faster.
"""

import functools
import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.text.language.evidence import load_evidence
from pipelines.text.language.scripts import COMBINING_MARKS, LATIN, LETTERS
from pipelines.text.tables import load_table

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
_COMMON_WEIGHT = 1.5
"""Head start of the languages with most news on the web."""
_LEAST_CONFIDENCE = 0.3
"""Below this confidence the answer is `und`: a wrong language does more harm than none."""
_CHARACTERS_PER_LETTER = 100
"""A language without a profile is recognised if one character in this many is a letter of its own."""

_WORD = re.compile(rf"[^\W\d_]++(?:[’'{COMBINING_MARKS}][^\W\d_]*+)*+")
_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|[@#]\w+")
_NOT_PROSE_SIGNS = ("://", "www.", "@", "#")
"""Looked for first, because that is far faster: each match of the expression above has one of these."""
_LETTERS = re.compile("|".join(f"(?P<{name}>[{ranges}]+)" for name, ranges in LETTERS.items()))
_NOT_LATIN = re.compile(f"[{''.join(LETTERS.values())}]+")
_LATIN = re.compile(f"[{LATIN}]+")


class _DistinctLetters(NamedTuple):
    """Letters by which a language without a profile is recognised."""

    script: str
    letters: re.Pattern[str]
    language: str


class _Languages(NamedTuple):
    """The table of languages."""

    by_script: dict[str, list[str]]
    by_letters: tuple[_DistinctLetters, ...]
    common: frozenset[str]


@functools.cache
def _load_languages() -> _Languages:
    table = load_table(__package__, "languages.yaml")
    by_letters = (
        _DistinctLetters(row["script"], re.compile(f"[{row['letters']}]"), row["language"]) for row in table["letters"]
    )
    return _Languages(table["scripts"], tuple(by_letters), frozenset(table["common"]))


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
    languages = _load_languages()
    candidates = languages.by_script.get(script)
    if candidates is not None and len(candidates) == 1:
        return candidates[0], share
    for row in languages.by_letters:
        if script == row.script and len(row.letters.findall(sample)) * _CHARACTERS_PER_LETTER >= len(sample):
            return row.language, share
    return _compare_languages(sample, script, (hint or "").split("-")[0].lower())


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
    evidence = load_evidence()
    words = _WORD.findall(sample.lower())
    scores = _prior_scores(script, hint) + evidence.words.sum_up(words)
    if not _is_decided(scores):
        scores += _NGRAM_WEIGHT * evidence.ngrams.sum_up(_list_ngrams(" " + " ".join(words) + " "))
    best = int(scores.argmax())
    confidence = float(1 / np.exp(scores - scores[best]).sum())
    if confidence < _LEAST_CONFIDENCE:
        return UNDETERMINED, confidence
    return evidence.languages[best], confidence


def _is_decided(scores: NDArray[np.float64]) -> bool:
    """Whether the words alone put one language so far ahead that no n-grams have to be counted."""
    second, first = np.partition(scores, -2)[-2:]
    return bool(first - second >= _DECIDED)


def _list_ngrams(text: str) -> list[str]:
    """Returns all runs of one to three characters, as langdetect counts them."""
    length = len(text)
    grams = [text[i : i + 3] for i in range(length - 2)]
    grams += [text[i : i + 2] for i in range(length - 1)]
    grams += text
    return grams


@functools.lru_cache(maxsize=256)
def _prior_scores(script: str, hint: str) -> NDArray[np.float64]:
    """Returns what each language scores before the text is read; minus infinity if it is not written in the script."""
    languages = load_evidence().languages
    by_script, _, common = _load_languages()
    own = by_script.get(script)
    elsewhere = {language for others in by_script.values() for language in others}
    prior = np.zeros(len(languages))
    for column, language in enumerate(languages):
        if (language not in own) if own else (language in elsewhere):
            prior[column] = -np.inf
        prior[column] += _COMMON_WEIGHT * (language in common) + _HINT_WEIGHT * (language == hint)
    return prior
