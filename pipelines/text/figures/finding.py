"""Figures in a text: each number with its bounds, its change and what it counts."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from pipelines.text.figures.bounds import VERB_REACH
from pipelines.text.figures.compounds import join_compounds
from pipelines.text.figures.counted.elision import fill_units
from pipelines.text.figures.counted.nouns import find_fate, find_noun_phrase, skip_determiner
from pipelines.text.figures.drafts import JOINS_PARTS, Draft, read_bounds, read_draft, read_one_and_half, read_rate
from pipelines.text.figures.excluded.exclusions import is_excluded, is_only_pointed_at
from pipelines.text.figures.excluded.names import begins_name
from pipelines.text.figures.foreign.counts import complete_counts
from pipelines.text.figures.foreign.reading import read_foreign
from pipelines.text.figures.foreign.words import load_language
from pipelines.text.figures.multipliers import FIRST_WORDS, read_fold, read_multiplier
from pipelines.text.figures.number_words import PLURALS, WORDS
from pipelines.text.figures.numerals import AFTER_ARTICLES, read_numeral
from pipelines.text.figures.ranges import join_ranges
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import LONGEST_UNIT, Units, standard_units
from schemas.fields import Field
from schemas.text import FigureText

_ENGLISH: Final = ("en", "und")
_CLOSING: Final = frozenset("\"”’'»")
_HYPHENS: Final = frozenset(("-", "‑", "–"))
_COMPOUNDED: Final = WORDS["compounded"]
_NOT_COMPOUNDED: Final = WORDS["not_compounded"]
_NO_QUOTES: Final = dict.fromkeys(map(ord, '“”"«»'))
"""A unit is named without the marks of a quotation that begins or ends inside it: "nine “small” boats"."""
_WITHOUT_NOUN: Final = frozenset(("age", "multiplier", "measure"))


def find_figures(
    text: str,
    field: Field = "body",
    language: str = "en",
    date_spans: Sequence[tuple[int, int]] = (),
    units: Units | None = None,
) -> list[FigureText]:
    """Finds the figures of a text, in reading order, with their offsets.

    `date_spans` are stretches that hold dates and times: only durations are figures there. `units` replaces the
    standard tables. In languages other than English, only digits are read, with a percent sign, a currency or a
    measure; in those of tables/languages.yaml also with what they count. For a change "from A to B", `value` is B;
    otherwise it is the known bound, or the middle of a range.
    """
    units = units or standard_units()
    tokens = Tokens(text)
    language = language.split("-")[0]
    drafts = (_find_english if language in _ENGLISH else partial(_find_foreign, language))(tokens, units, date_spans)
    return [_make_figure(tokens, draft, units, field) for draft in drafts]


def _find_english(tokens: Tokens, units: Units, date_spans: Sequence[tuple[int, int]]) -> list[Draft]:
    drafts = _join(tokens, _read(tokens, lambda index: _read_draft_at(tokens, index, units)), units, date_spans)
    for draft in drafts:
        _find_noun(tokens, draft, units)
    drafts = [draft for draft in drafts if not (begins_name(tokens, draft) or is_only_pointed_at(tokens, draft))]
    fill_units(tokens, drafts, units)
    return drafts


def _find_foreign(language: str, tokens: Tokens, units: Units, date_spans: Sequence[tuple[int, int]]) -> list[Draft]:
    words = load_language(language)
    drafts = _join(tokens, _read(tokens, lambda index: read_foreign(tokens, index, units, words)), units, date_spans)
    return complete_counts(tokens, drafts) if words else drafts


def _join(tokens: Tokens, drafts: list[Draft], units: Units, date_spans: Sequence[tuple[int, int]]) -> list[Draft]:
    drafts = join_compounds(tokens, join_ranges(tokens, drafts), units)
    return _drop_dates(tokens, drafts, date_spans) if date_spans else drafts


def _read(tokens: Tokens, read_at: Callable[[int], Draft | int]) -> list[Draft]:
    drafts = []
    following = 0
    words = tokens.words
    for index in [at for at, word in enumerate(words) if word in FIRST_WORDS or word[0].isdecimal()]:
        if index < following:
            continue  # part of the figure before
        if words[index] in ("a", "an") and _counts_nothing(words, index):
            continue  # most articles: saves the search for all forms
        draft = read_at(index)
        if isinstance(draft, Draft):
            drafts.append(draft)
            draft_end = draft.last
        else:
            draft_end = draft
        following = max(index + 1, draft_end)
    return drafts


def _counts_nothing(words: list[str], index: int) -> bool:
    """Whether the article at `index` begins no figure: "a boat", not "a million", "a cup and a half"."""
    if not AFTER_ARTICLES.isdisjoint(words[index + 1 : index + 2]):
        return False
    return JOINS_PARTS.isdisjoint(words[index + 2 : index + 2 + LONGEST_UNIT])


def _read_draft_at(tokens: Tokens, index: int, units: Units) -> Draft | int:
    """Returns the figure of an English text that starts at the token, or the token to continue from."""
    numeral = read_numeral(tokens, index)
    if numeral is None:
        draft = read_multiplier(tokens, index) or read_one_and_half(tokens, index, units)
        if draft:
            read_bounds(tokens, draft)
        return draft or index + 1
    draft = read_fold(tokens, numeral) or read_draft(tokens, numeral, units)
    if draft.unit is None and draft.kind == "count" and not _read_compound(tokens, draft, units):
        return numeral.last
    if is_excluded(tokens, draft):
        return max(numeral.last, draft.last if draft.unit else 0)
    read_bounds(tokens, draft)
    return draft


def _read_compound(tokens: Tokens, draft: Draft, units: Units) -> bool:
    """Reads "200,000-strong" and "12-member"; False if the compound is not a figure ("six-speed", "two-thirds")."""
    last = draft.last
    if tokens.word(last) == "strong":
        draft.last = draft.noun_at = last + 1
        return True
    if tokens.word(last) not in _HYPHENS or not tokens.is_glued(last) or not tokens.is_glued(last + 1):
        return True
    word = tokens.words[last + 1]
    if word == "strong":
        draft.last = draft.noun_at = last + 2
        return True
    if not word.isalpha() or word in _NOT_COMPOUNDED:
        return True
    known = units.find_noun_class(word) != "other" or word in _COMPOUNDED
    if known or (draft.numeral.form == "digits" and word != "and"):
        draft.noun = (last + 1, last + 2)
    return draft.noun is not None


def _drop_dates(tokens: Tokens, drafts: list[Draft], spans: Sequence[tuple[int, int]]) -> list[Draft]:
    """Drops numbers that are part of a date, except durations ("the past 18 months") and ranges that go beyond it."""
    dates = sorted(spans)
    kept = []
    position = 0
    for draft in drafts:
        start = tokens.starts[draft.numeral.first]
        while position < len(dates) and dates[position][1] <= start:
            position += 1
        is_longer = (
            draft.modifier == "range" and position < len(dates) and tokens.ends[draft.last - 1] > dates[position][1]
        )
        if draft.kind == "duration" or is_longer or position == len(dates) or start < dates[position][0]:
            kept.append(draft)
    return kept


def _find_noun(tokens: Tokens, draft: Draft, units: Units) -> None:
    if draft.unit is not None or draft.noun is not None or draft.kind in _WITHOUT_NOUN:
        return
    at = draft.noun_at
    if tokens.word(at) in _CLOSING and tokens.word(at + 1) == "of":
        at += 1
    if draft.numeral.form != "part" and tokens.words[at - 1] != "others" and (fate := find_fate(tokens, at)):
        draft.noun = fate
        return
    if tokens.words[draft.numeral.last - 1] in PLURALS and tokens.word(at) != "of":
        return  # a verb follows: "thousands claim benefits"
    if tokens.words[at - 1] == "others":
        return  # what was counted before: "two others fled"
    part = draft.numeral.form == "part"
    if draft.numeral.form in ("part", "vague") or tokens.word(at) == "of":
        at = skip_determiner(tokens, at, bare=draft.numeral.form == "part")
    draft.noun = find_noun_phrase(tokens, at, units, many=not part and draft.high > 1)
    if draft.noun and draft.kind == "count" and draft.end_point is None and not _is_change(tokens, draft):
        draft.change = None
    if draft.kind == "count":
        rate = read_rate(tokens, draft.noun[1] if draft.noun else draft.last, units)
        if rate:
            draft.per = rate[0]


def _is_change(tokens: Tokens, draft: Draft) -> bool:
    """Whether something rose or fell by the count: "rose by 300 jobs", "fell 40 points", not "dropped 12 bombs"."""
    if draft.change not in ("up", "down") or draft.noun is None:
        return True
    return (
        "by" in tokens.words[max(0, draft.first - VERB_REACH) : draft.first]
        or tokens.words[draft.noun[1] - 1] == "points"
    )


def _make_figure(tokens: Tokens, draft: Draft, units: Units, field: Field) -> FigureText:
    name, unit_class = "", "other"
    if draft.kind == "age":
        name, unit_class = (draft.unit.name if draft.unit else "year"), "age"
    elif draft.unit:
        name, unit_class = draft.unit.name, draft.unit.unit_class
    elif draft.noun:
        name = " ".join(tokens.phrase(*draft.noun).translate(_NO_QUOTES).split())
        unit_class = units.find_noun_class(tokens.words[draft.noun[1] - 1])
    low, high = _find_limits(draft)
    parts = 100 if draft.unit and draft.unit.hundredth else 1
    start, end = tokens.starts[draft.first], tokens.ends[draft.last - 1]
    return FigureText(
        text=tokens.text[start:end],
        field=field,
        start=start,
        end=end,
        kind=draft.kind,
        low=None if low is None else float(low / parts),
        high=None if high is None else float(high / parts),
        value=float(_find_value(draft, low, high) / parts),
        modifier=draft.modifier,
        unit=f"{name} per {draft.per}" if draft.per and name else name,
        unit_class=unit_class,
        currency=draft.unit.currency if draft.unit else None,
        change=draft.change,
    )


def _find_limits(draft: Draft) -> tuple[Decimal | None, Decimal | None]:
    if draft.modifier in ("at_least", "more_than"):
        return draft.low, None
    if draft.modifier in ("at_most", "less_than"):
        return None, draft.high
    return draft.low, draft.high


def _find_value(draft: Draft, low: Decimal | None, high: Decimal | None) -> Decimal:
    if draft.end_point is not None:
        return draft.end_point
    if low is None or high is None:
        return draft.low if high is None else draft.high
    return low if low == high else low + (high - low) / 2
