"""Which language a text is in.

First the script, which alone decides most languages not written in Latin letters; then the frequent words of the
languages that use the script, which decide running text; then, where they leave doubt, letters that a language does not
have and n-gram shares, all added up as logarithms. The n-grams are langdetect's, without its random trials, so the same
text always gets the same answer. Names alone decide nothing.
"""

import functools
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.text.english.tagger.model import load_tagger
from pipelines.text.language.evidence import load_frequent_words, load_ngrams, load_words
from pipelines.text.language.known_languages import find_known_code, load_languages
from pipelines.text.language.plain_words import list_plain_words, list_words, separate_names
from pipelines.text.language.sampling import find_script, take_sample
from pipelines.text.language.spelling import is_spelt_in, is_spelt_in_latin, score_letters

UNDETERMINED = "und"

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
_LEXICON_WEIGHT = 3.5
"""What each word of the English lexicon adds to the score of English in such a text."""
_SHORTEST_WORD = 3
"""Letters of a word that is looked for in the lexicon."""
_CHARACTERS_PER_LETTER = 100
"""A language without a profile is recognised if one character in this many is a letter of its own."""


class Answer(NamedTuple):
    """What the letters and words of a text say about its language."""

    language: str
    """ISO 639 code, or `und`."""
    confidence: float
    """From 0 to 1."""
    script: str | None
    """The script of most of the text; None if it has no letters."""


def detect(text: str, hint: str | None = None) -> tuple[str, float]:
    """Returns the language of `text` as ISO 639-1 code, or `und`, with a confidence from 0 to 1.

    `hint` is the language that the feed or page declares; it decides close cases only. Long texts are sampled.
    """
    answer = judge(text, hint)
    return answer.language, answer.confidence


def judge(text: str, hint: str | None = None) -> Answer:
    """Returns the language of `text`, as `detect` does, with the script that it is written in."""
    sample = take_sample(text)
    script, share = find_script(sample)
    if script is None:
        return Answer(UNDETERMINED, 0.0, None)
    languages = load_languages()
    for row in languages.by_letters[script]:
        if len(row.letters.findall(sample)) * _CHARACTERS_PER_LETTER >= len(sample):
            return Answer(row.language, share, script)
    candidates = languages.by_script[script]
    if len(candidates) == 1:
        return Answer(candidates[0], share, script)
    return Answer(*_compare_languages(sample, script, find_known_code(hint or "")), script)


def _compare_languages(sample: str, script: str, hint: str) -> tuple[str, float]:
    """Returns the likeliest of the languages that use the script, with its share of the likelihood of all."""
    scores = _score_before(script, hint) + load_words().sum_up(list_plain_words(sample))
    needed, is_decided = _LEAST_CONFIDENCE, _is_decided(scores)
    if not is_decided:
        scores, needed = _score_carefully(sample, script, hint)
    best = int(scores.argmax())
    if math.isinf(scores[best]):
        return UNDETERMINED, 0.0
    confidence = float(1 / np.exp(scores - scores[best]).sum())
    is_answer = confidence >= needed and (
        is_spelt_in(best, sample) if script != "latin" else is_decided or is_spelt_in_latin(best, sample)
    )
    return (load_languages().compared[best] if is_answer else UNDETERMINED), confidence


def _is_decided(scores: NDArray[np.float64]) -> bool:
    """Whether the words alone put one language so far ahead that no n-grams have to be counted."""
    second, first = np.partition(scores, -2)[-2:]
    return bool(first - second >= _DECIDED)


def _score_carefully(sample: str, script: str, hint: str) -> tuple[NDArray[np.float64], float]:
    """Returns the scores by letters, words and n-grams, and the confidence that the answer needs."""
    words, frequent, names = separate_names(sample, load_frequent_words())
    spelt = words
    scores = _score_before(script, hint)
    if script != "latin":  # each language spells names in its own way
        spelt, frequent, names = list_words(sample), [], 0
        scores = scores + score_letters(sample.lower(), script, hint)
    scores = scores + load_words().sum_up([*words, *frequent])
    if names:
        scores[load_languages().compared.index("en")] += _ENGLISH_WEIGHT + _score_english_words(words)
    needed = _choose_threshold(len(spelt), names)
    if not spelt and not frequent:
        return np.full(len(scores), -np.inf), needed
    return scores + _NGRAM_WEIGHT * _sum_up_ngrams(spelt, script), needed


def _score_english_words(words: list[str]) -> float:
    """Returns what words besides names say for English if the tagger's lexicon has them and the list does not."""
    known, lexicon, english = load_words(), load_tagger().lexicon, load_languages().compared.index("en")
    return _LEXICON_WEIGHT * sum(
        word in lexicon and not known.table[known.rows.get(word, 0), english]
        for word in set(words)
        if len(word) >= _SHORTEST_WORD
    )


def _choose_threshold(words: int, names: int) -> float:
    """Returns the confidence that the answer needs for a text of so many words besides names."""
    if names and names >= words:
        return SURE if words >= _SEVERAL_WORDS else _NAMES_CONFIDENCE
    return _LEAST_CONFIDENCE if words > 1 else _LEAST_WORD_CONFIDENCE


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
