"""The numerals that the figure grammar reads, and the number words of tables/number_words.yaml."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from pipelines.text.tables import load_typed_table

Form = Literal["digits", "words", "vague", "part"]
"""`part` is a fraction or a ratio, of something."""


@dataclass(slots=True, frozen=True)
class Numeral:
    """A number in the tokens `first` to before `last`. `low` and `high` differ only for vague plurals."""

    first: int
    last: int
    low: float
    high: float
    form: Form
    scale: float = 1.0
    """The product of the scales that were written with it: 1e6 for "1.5 million"."""
    plain: bool = False
    """Bare digits, without separator, decimals or scale: what may be a year or part of a name."""
    approximate: bool = False


def _load() -> dict[str, Any]:
    return load_typed_table(__package__, "number_words.yaml")


_TABLES: Final = _load()
SMALL: Final[dict[str, int]] = _TABLES["small"]
TENS: Final[dict[str, int]] = _TABLES["tens"]
SCALES: Final[dict[str, int]] = _TABLES["scales"]
ABBREVIATIONS: Final[dict[str, int]] = _TABLES["abbreviations"]
PLURALS: Final[dict[str, list[int]]] = _TABLES["plurals"]
SEVERAL: Final = frozenset(_TABLES["several"])
SEVERAL_TIMES: Final[list[int]] = _TABLES["several_times"]
PARTS: Final[dict[str, int]] = _TABLES["parts"]
VULGAR: Final[dict[str, float]] = _TABLES["vulgar"]
MULTIPLIERS: Final[dict[str, float]] = _TABLES["multipliers"]
NUMBER_WORDS: Final = frozenset({*SMALL, *TENS, *PLURALS, *VULGAR})
STARTERS: Final = NUMBER_WORDS | SEVERAL | {"a", "an", "tens", "scores", "half", "couple", "quarter"}
