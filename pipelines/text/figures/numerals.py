"""Numbers as news writes them: digits with any usual separators, words, vague plurals, fractions, ratios."""

from dataclasses import replace

from pipelines.text.figures.digits import digits_at
from pipelines.text.figures.fractions import part_at
from pipelines.text.figures.number_words import STARTERS, Numeral
from pipelines.text.figures.spelled import vague_at, words_at
from pipelines.text.figures.tokens import Tokens


def read_numeral(tokens: Tokens, first: int, *, english: bool = True) -> Numeral | None:
    """The longest number that starts at the token, or none."""
    word = tokens.words[first]
    if word[0].isdecimal():
        count = digits_at(tokens, first, english)
        return _with_ratio(tokens, count) if english else count
    if not english or word not in STARTERS:
        return None
    found = part_at(tokens, first) or vague_at(tokens, first) or _with_ratio(tokens, words_at(tokens, first))
    if found and found.form == "words" and tokens.word(first - 1) == "minus":
        return replace(found, first=first - 1, low=-found.low, high=-found.high)
    return found


def _with_ratio(tokens: Tokens, count: Numeral | None) -> Numeral | None:
    """Turns "one" of "one in five" and "three" of "three out of four" into the whole ratio."""
    if count is None or not 0 < count.low < 100 or count.low % 1:
        return count
    index = count.last
    if tokens.word(index) == "in":
        index += 2 if tokens.word(index + 1) == "every" else 1
    elif tokens.word(index) == "out" and tokens.word(index + 1) == "of":
        index += 3 if tokens.word(index + 2) == "every" else 2
    else:
        return count
    whole = _plain_at(tokens, index)
    if whole is None or not count.low < whole.low or (whole.plain and 1000 < whole.low < 2100):
        return count
    share = count.low / whole.low
    return Numeral(count.first, whole.last, share, share, "part")


def _plain_at(tokens: Tokens, index: int) -> Numeral | None:
    """The number in digits or words at the token, or none."""
    word = tokens.word(index)
    if word[:1].isdecimal():
        return digits_at(tokens, index, english=True)
    return words_at(tokens, index) if word in STARTERS else None
