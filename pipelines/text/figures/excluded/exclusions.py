"""Excludes numbers that are not figures: years, dates, times, scores, labels, names, ordinals, addresses, phones."""

from typing import Final

from pipelines.text.figures.counted.nouns import is_plural, is_stop, leads_to_head
from pipelines.text.figures.digits import read_digits
from pipelines.text.figures.drafts import Draft
from pipelines.text.figures.excluded.names import is_after_model, is_in_name
from pipelines.text.figures.excluded.phones import is_phone
from pipelines.text.figures.number_words import SCALES, SMALL, TENS, WORDS
from pipelines.text.figures.tokens import Tokens

_MONTHS: Final = WORDS["months"]
_LABELS: Final = WORDS["labels"]
_OF_YEARS: Final = WORDS["plurals_of_years"]
_NAMED: Final = WORDS["named"]
_YEAR_CUES: Final = WORDS["year_cues"]
_STREETS: Final = WORDS["streets"]
_RANKS: Final = WORDS["ranks"]
_CLOCK: Final = WORDS["clock"]
_HYPHENS: Final = frozenset("-–—")
_WORDS_BEFORE_HYPHEN: Final = WORDS["before_hyphen"]
_SCREENS: Final = WORDS["screens"]
_LONGEST_PLAIN: Final = 12
"""Most digits of a number without separators; more are a key or an account number."""
_POINTERS: Final = WORDS["pointers"]
_SHORT_LABELS: Final = WORDS["short_labels"]
_CENTURIES: Final = WORDS["centuries"]
_YEAR_WORDS: Final = frozenset((*TENS, *(word for word, value in SMALL.items() if value >= 10)))
_ORDERED: Final = WORDS["ordered"]
_BETWEEN_LABELS: Final = frozenset(("and", "or", "to", ",", "-", "–"))
_ORDINALS: Final = WORDS["ordinal_endings"]
_DEGREES: Final = WORDS["degrees"]
_RANGE_WORDS: Final = frozenset(("or", "to"))
_AGE_CUES: Final = WORDS["age_cues"]
_ERAS: Final = WORDS["eras"]
_COUNTED_YEAR_CUES: Final = WORDS["counted_year_cues"]
_LEAST_IN_ROW: Final = 3
_LIST: Final = 20
"""Tokens back to the label of a list of numbers: "articles 7, 8 and 9"."""
_GREATEST_POINTED: Final = 12
"""The greatest number in words that points at what is known: "the twelve"."""
_FIRST_YEAR: Final = 1000
_LAST_YEAR: Final = 2199
"""Four bare digits from the first to the last may be a year."""
_DAYS: Final = 31


def is_excluded(tokens: Tokens, draft: Draft) -> bool:
    """Whether the number neither counts nor measures anything."""
    if tokens.word(draft.last) == "ago" and _is_stamp(tokens, draft):
        return True
    if draft.kind == "age":
        return False
    if draft.numeral.form == "words":
        return _is_word_of_speech(tokens, draft)
    return draft.numeral.form == "digits" and _are_digits_excluded(tokens, draft)


def _is_stamp(tokens: Tokens, draft: Draft) -> bool:
    """Whether "ago" ends the date of a post ("20m ago", "2 weeks ago" alone) or of what follows ("Two days ago, …").

    "The mill closed five years ago" gives a length of time.
    """
    end = tokens.word(draft.last + 1)
    opens = end == "," and is_stop(tokens, draft.first - 1)
    return draft.unit is None or draft.numeral.last == draft.last or end[:1] in ("", "\n") or opens


def _are_digits_excluded(tokens: Tokens, draft: Draft) -> bool:
    if _is_glued(tokens, draft):
        return True
    if draft.unit is None and (
        _is_torn(tokens, draft.numeral.first)
        or _is_clock_or_score(tokens, draft)
        or _is_date(tokens, draft)
        or _is_year(tokens, draft)
        or _is_number_of(tokens, draft)
    ):
        return True
    return _is_label(tokens, draft)


def _is_word_of_speech(tokens: Tokens, draft: Draft) -> bool:
    """Whether "one" is a determiner or pronoun, or the number is part of a name ("Channel Four", "Kick Six")."""
    numeral = draft.numeral
    if draft.unit is None and (_is_spoken_year(tokens, numeral.first, numeral.last) or _is_bare_zero(tokens, draft)):
        return True
    if numeral.low == 1 and numeral.last == numeral.first + 1:
        return not _is_one_of_two(tokens, numeral.last) and (draft.unit is None or _is_one_day(tokens, draft))
    return (
        _is_compounded(tokens, draft)
        or _is_pointed_at(tokens, draft)
        or is_in_name(tokens, draft)
        or _is_after_label_word(tokens, draft)
        or _is_loose(tokens, draft)
    )


def _is_loose(tokens: Tokens, draft: Draft) -> bool:
    """ "A house or two": a few, nobody knows how many."""
    first, last = draft.numeral.first, draft.numeral.last
    if tokens.words[first] != "two" or tokens.word(first - 1) != "or" or draft.unit or is_plural(tokens.word(last)):
        return False
    return not is_stop(tokens, first - 2) and tokens.words[first - 2] not in SMALL


def _is_bare_zero(tokens: Tokens, draft: Draft) -> bool:
    return draft.numeral.low == 0 and draft.noun is None and not _counts(tokens, draft.numeral.last)


def _is_compounded(tokens: Tokens, draft: Draft) -> bool:
    """Whether a hyphen joins the number to another word: "mid-twenties", "six-speed"."""
    first, last = draft.numeral.first, draft.numeral.last
    if tokens.word(first - 1) in _HYPHENS and tokens.is_glued(first) and tokens.is_glued(first - 1):
        return True
    return tokens.word(last) == "-" and tokens.is_glued(last + 1) and draft.unit is None and not draft.noun


def is_only_pointed_at(tokens: Tokens, draft: Draft) -> bool:
    """ "The two spoke": a small number in words without a noun, for those who were named before."""
    if draft.unit or draft.noun or draft.kind != "count" or draft.numeral.form != "words":
        return False
    is_small = draft.high <= _GREATEST_POINTED and tokens.word(draft.last) != "of"
    return is_small and draft.first == draft.numeral.first and tokens.word(draft.first - 1) in _POINTERS


def _is_pointed_at(tokens: Tokens, draft: Draft) -> bool:
    """ "the top ten", "the two": nothing new is counted."""
    numeral = draft.numeral
    if draft.unit or draft.noun or not is_stop(tokens, numeral.last) or _goes_on(tokens, numeral.last):
        return False
    before = tokens.word(numeral.first - 1)
    is_small = numeral.low <= _GREATEST_POINTED and tokens.word(numeral.last) != "of"
    return before in _RANKS or (before in _POINTERS and is_small)


def _goes_on(tokens: Tokens, index: int) -> bool:
    """Whether more of the number or of its noun follows: "the last five or six years", "the six most powerful men"."""
    if tokens.word(index) in _RANGE_WORDS:
        return tokens.word(index + 1) in SMALL
    return tokens.word(index) in _DEGREES and leads_to_head(tokens, index)


def _is_after_label_word(tokens: Tokens, draft: Draft) -> bool:
    """ "day three", "pages four and five": the number of a place in an order."""
    index = draft.numeral.first - 1
    if draft.unit or _counts(tokens, draft.numeral.last):
        return False
    while tokens.word(index) in _BETWEEN_LABELS and tokens.word(index - 1) in SMALL:
        index -= 2
    word = tokens.word(index)
    return word in _ORDERED or (word[-1:] == "s" and word[:-1] in _ORDERED)


def _is_spoken_year(tokens: Tokens, first: int, last: int) -> bool:
    """ "nineteen eighty-four", "twenty twenty-four": both halves."""
    before, after = tokens.word(first - 1), tokens.word(last)
    return (tokens.words[last - 1] in _CENTURIES and after in _YEAR_WORDS) or (
        before in _CENTURIES and tokens.words[first] in _YEAR_WORDS
    )


def _is_one_of_two(tokens: Tokens, index: int) -> bool:
    """ "one to two years", "one or two"."""
    return tokens.word(index) in ("to", "or") and (tokens.word(index + 1) in SMALL or _digit(tokens, index + 1))


def _is_one_day(tokens: Tokens, draft: Draft) -> bool:
    """ "one day", "one night": once, or some time; "a one-day strike" lasts."""
    return (
        draft.kind == "duration"
        and draft.unit is not None
        and draft.unit.name in ("day", "night")
        and tokens.word(draft.numeral.last) != "-"
    )


def _is_glued(tokens: Tokens, draft: Draft) -> bool:
    """Part of a word, a code or a link: MI6, F-16, 3rd, 1990s, 5G, #4, v2.1."""
    first, last = draft.numeral.first, draft.numeral.last
    if draft.first == first and tokens.is_glued(first):
        before = tokens.words[first - 1]
        if before[-1].isalnum() or before in "#_@&\\=*":
            return True
        letters = tokens.is_glued(first - 1) and tokens.words[first - 2][-1].isalpha()
        if letters and before in "/.":
            return True
        if letters and before in "-–" and tokens.words[first - 2] not in _WORDS_BEFORE_HYPHEN:
            return not _scales_number(tokens, first - 2)
    if draft.unit is not None or not tokens.is_glued(last):
        return False
    after = tokens.words[last]
    if after[0].isalnum() or after in "_@":
        return True
    return after == "-" and tokens.is_glued(last + 1) and tokens.word(last + 1) in _ORDINALS


def _is_torn(tokens: Tokens, first: int) -> bool:
    """Whether a space got into a name before its number: "COVID -19 tests"."""
    if tokens.words[first] != "-" or tokens.is_glued(first) or not is_plural(tokens.word(first + 2)):
        return False
    return tokens.written(first - 1).isupper() and len(tokens.words[first - 1]) > 1


def _scales_number(tokens: Tokens, index: int) -> bool:
    """Whether the word belongs to the first number of a range: "5k-10k", "5 million-6 million"."""
    return tokens.words[index] in SCALES or (tokens.is_glued(index) and _digit(tokens, index - 1))


def _is_clock_or_score(tokens: Tokens, draft: Draft) -> bool:
    """ "9:30", "2-1", "24/7", "1/2/2020", "9 a.m."."""
    first, last = draft.numeral.first, draft.numeral.last
    if tokens.word(first - 1) in _HYPHENS and tokens.word(first - 3) in _AGE_CUES:
        return False
    for sign in (":", "-", "–", "/"):
        if (
            tokens.word(last) == sign
            and tokens.is_glued(last)
            and tokens.is_glued(last + 1)
            and _digit(tokens, last + 1)
        ):
            return not _is_span(tokens, first, sign, last + 1)
        if (
            tokens.word(first - 1) == sign
            and tokens.is_glued(first)
            and tokens.is_glued(first - 1)
            and _digit(tokens, first - 2)
        ):
            return not _is_span(tokens, first - 2, sign, first)
    return tokens.word(last) in _CLOCK or tokens.word(last).startswith("o'")


def _digit(tokens: Tokens, index: int) -> bool:
    return tokens.word(index)[:1].isdecimal()


def _is_span(tokens: Tokens, left: int, sign: str, right: int) -> bool:
    """Whether "A-B" is a range of what follows: smaller to larger, and something counted after it."""
    if sign not in "-–" or tokens.word(right + 1) in ("-", "–", ":") or tokens.word(left - 1) in ("-", "–", ":"):
        return False
    if tokens.is_capitalised(left - 1) and not tokens.opens_sentence(left - 1) and tokens.word(left - 1) not in _MONTHS:
        return False  # the number of a model: "a Boeing 737-800"
    low, high = read_digits(tokens.words[left]), read_digits(tokens.words[right])
    if low is None or high is None or low >= high or len(tokens.words[right]) > _LONGEST_PLAIN:
        return False
    if tokens.words[left].startswith("0") and tokens.words[left].isdecimal():
        return False
    after = tokens.word(right + 1)
    return after in ("%", "°") or "," in tokens.words[right] or (after.isalpha() and not is_stop(tokens, right + 1))


def _is_date(tokens: Tokens, draft: Draft) -> bool:
    """A day or a year next to the name of a month."""
    numeral = draft.numeral
    if not numeral.plain:
        return False
    before, after = numeral.first - 1, numeral.last
    if tokens.word(before) == ".":
        before -= 1
    if tokens.word(before) in _MONTHS and tokens.is_capitalised(before):
        return (numeral.low <= _DAYS and not _counts(tokens, after)) or _FIRST_YEAR <= numeral.low <= _LAST_YEAR
    if tokens.word(after) == "of" and tokens.word(after + 1) in _MONTHS:
        after += 1
    return numeral.low <= _DAYS and tokens.word(after) in _MONTHS and tokens.is_capitalised(after)


def _counts(tokens: Tokens, index: int) -> bool:
    return is_plural(tokens.word(index)) and not is_stop(tokens, index) and not tokens.is_capitalised(index)


def _is_year(tokens: Tokens, draft: Draft) -> bool:
    numeral = draft.numeral
    if not numeral.plain or len(tokens.written(numeral.first)) != 4 or not _FIRST_YEAR <= numeral.low <= _LAST_YEAR:
        return False
    before, after = tokens.word(numeral.first - 1), tokens.word(numeral.last)
    counted = _counts(tokens, numeral.last) and after not in _OF_YEARS
    if after in ("to", "-", "–", "and") and _digit(tokens, numeral.last + 1):
        counted = _counts(tokens, numeral.last + 2) or (read_digits(tokens.words[numeral.last + 1]) or 0) > _LAST_YEAR
    if _is_recent_year(tokens, numeral.first) and (
        _is_recent_year(tokens, numeral.last + 1) or _is_recent_year(tokens, numeral.first - 2)
    ):
        return True
    if before == "," and _digit(tokens, numeral.first - 2) and tokens.word(numeral.first - 3) in _MONTHS:
        return True
    if after in _ERAS:
        return True
    if before in _YEAR_CUES:
        return not counted or (before in _COUNTED_YEAR_CUES and numeral.low >= 1900)
    return 1900 <= numeral.low <= 2099 and not counted


def _is_recent_year(tokens: Tokens, index: int) -> bool:
    word = tokens.word(index)
    return len(word) == 4 and word[:2] in ("19", "20") and word.isdecimal()


def _is_number_of(tokens: Tokens, draft: Draft) -> bool:
    """Phone numbers and codes: leading zeros, runs of digit groups; addresses: "10 Harbour Street"."""
    numeral = draft.numeral
    written = tokens.written(numeral.first)
    if numeral.plain and ((len(written) > 1 and written[0] == "0") or len(written) > _LONGEST_PLAIN):
        return True
    if _is_marker(tokens, numeral.first, numeral.last) or is_phone(tokens, numeral.first):
        return True
    if tokens.word(numeral.first - 1) == "+" and tokens.is_glued(numeral.first):
        return len(written) > 3 or _digit(tokens, numeral.last)
    if numeral.plain and _is_in_row(tokens, numeral.first):
        return True
    return (
        numeral.plain
        and any(
            tokens.word(index) in _STREETS and tokens.is_capitalised(index)
            for index in (numeral.last + 1, numeral.last + 2)
        )
        and tokens.is_capitalised(numeral.last)
    )


def _is_in_row(tokens: Tokens, index: int) -> bool:
    """Whether the number is in a row of numbers, as in a table: "Rask 14 11 6 15"."""
    start = end = index
    while index - start < _LEAST_IN_ROW and _digit(tokens, start - 1):
        start -= 1
    while end - start < _LEAST_IN_ROW and _digit(tokens, end + 1):
        end += 1
    return end - start + 1 >= _LEAST_IN_ROW


def _is_marker(tokens: Tokens, first: int, last: int) -> bool:
    """The number of a list item or a note: "3. Prices", "[12]"; or the fineness of a picture ("a 4K screen")."""
    if tokens.word(first - 1) == "[" and tokens.word(last) == "]":
        return True
    opens = first == 0 or tokens.words[first - 1][0] == "\n"
    if (
        opens
        and tokens.word(last) in (".", ")")
        and tokens.is_glued(last)
        and tokens.word(last + 1)[:1] not in ("", "\n")
    ):
        return True
    return (
        tokens.word(last - 1) == "k" and tokens.words[first] in ("2", "4", "5", "8") and tokens.word(last) in _SCREENS
    )


def _is_label(tokens: Tokens, draft: Draft) -> bool:
    """ "Article 5", "Game 2", "Nasdaq 100", "iPhone 11", "top 10"."""
    numeral = draft.numeral
    before, first = tokens.word(numeral.first - 1), numeral.first
    if before == "." and tokens.word(first - 2) in _SHORT_LABELS:
        return draft.unit is None
    if before == "of" and tokens.word(first - 2) == "group" and tokens.is_capitalised(first - 2):
        return draft.unit is None and draft.noun is None
    if _is_in_labelled_list(tokens, draft):
        return True
    if draft.first < first or not before[:1].isalpha():
        return False
    if before in _NAMED and not draft.unit:
        return True
    return numeral.plain and _is_after_name(tokens, draft, before)


def _is_in_labelled_list(tokens: Tokens, draft: Draft) -> bool:
    """ "14" of "junctions 12 and 14" and "15" of "rows 12 to 15"."""
    index = draft.numeral.first - 1
    if draft.unit or not draft.numeral.plain or _counts(tokens, draft.numeral.last):
        return False
    while tokens.word(index) in _BETWEEN_LABELS and _digit(tokens, index - 1) and index > draft.numeral.first - _LIST:
        index -= 2
    word = tokens.word(index)
    return index < draft.numeral.first - 1 and word[-1:] == "s" and (word in _LABELS or word[:-1] in _LABELS)


def _is_after_name(tokens: Tokens, draft: Draft, before: str) -> bool:
    if before in _RANKS:
        return draft.unit is None and draft.noun is None
    if before in _LABELS or before.removesuffix("s") in _LABELS:
        return _is_after_label(tokens, draft)
    return draft.unit is None and not is_stop(tokens, draft.numeral.first - 1) and is_after_model(tokens, draft)


def _is_after_label(tokens: Tokens, draft: Draft) -> bool:
    """ "Article 5" and "page 12", but not "Game sales of $5" or "the floor 30 metres down"."""
    label = draft.numeral.first - 1
    if draft.unit and (draft.unit.kind in ("percent", "money") or not tokens.is_capitalised(label)):
        return False
    if tokens.is_capitalised(label) and not tokens.opens_sentence(label):
        return True
    return not _counts(tokens, draft.numeral.last) and draft.unit is None
