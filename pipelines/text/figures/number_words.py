"""The numerals that the figure grammar reads, and its word lists: tables/number_words.yaml and tables/context.yaml."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from pipelines.text.english.calendar_names import MONTHS, SEASON_STARTS, WEEKDAYS
from pipelines.text.tables import load_table, load_typed_table

Form = Literal["digits", "words", "vague", "part"]
"""`part` is a fraction or a ratio of something."""


@dataclass(slots=True, frozen=True)
class Numeral:
    """A number in the tokens from `first` to before `last`. `low` and `high` differ only for vague plurals.

    Values are decimals, because "8.2 billion" as a product of floats is not 8200000000.
    """

    first: int
    last: int
    low: Decimal
    high: Decimal
    form: Form
    scale: int = 1
    """The product of the scales that were written with it: a million for "1.5 million"."""
    plain: bool = False
    """Bare digits, without separator, decimals or scale: they may be a year or part of a name."""
    approximate: bool = False


def _load() -> dict[str, Any]:
    return load_typed_table(__package__, "number_words.yaml")


def _load_words() -> dict[str, frozenset[str]]:
    words = {name: frozenset(words.split()) for name, words in load_table(__package__, "context.yaml").items()}
    months = {word.lower() for name, short in MONTHS.items() for word in (name, *short)}
    # "fall" is a verb too, so four digits after it may be a count.
    cues = {month.lower() for month in MONTHS} | SEASON_STARTS.keys() - {"fall"}
    return words | {
        "months": frozenset(months | SEASON_STARTS.keys()),
        "year_cues": words["year_cues"] | cues,
        "stops": words["stops"] | {name.lower() for name in (*MONTHS, *WEEKDAYS)},
    }


_TABLES: Final = _load()
WORDS: Final = _load_words()
"""The lists of tables/context.yaml by name, with the months, weekdays and seasons of the calendar added."""
SMALL: Final[dict[str, int]] = _TABLES["small"]
TENS: Final[dict[str, int]] = _TABLES["tens"]
SCALES: Final[dict[str, int]] = _TABLES["scales"]
ABBREVIATIONS: Final[dict[str, int]] = _TABLES["abbreviations"]
PLURALS: Final[dict[str, list[int]]] = _TABLES["plurals"]
MULTIPLIED_PLURALS: Final = frozenset(_TABLES["multiplied_plurals"])
SEVERAL: Final = frozenset(_TABLES["several"])
SEVERAL_TIMES: Final[list[int]] = _TABLES["several_times"]
PARTS: Final[dict[str, int]] = _TABLES["parts"]
VULGAR: Final = {sign: Decimal(str(value)) for sign, value in _TABLES["vulgar"].items()}
MULTIPLIERS: Final = {word: Decimal(str(value)) for word, value in _TABLES["multipliers"].items()}
NUMBER_WORDS: Final = frozenset({*SMALL, *TENS, *PLURALS, *VULGAR})
STARTERS: Final = NUMBER_WORDS | SEVERAL | {"a", "an", "tens", "half", "couple", "quarter"}
