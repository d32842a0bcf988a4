"""Parses the options of `newsclaims capacity`: each error names its option."""

from schemas.errors import Permanent

MOST_ARTICLES = 1e9


def parse_count(option: str, text: str) -> float:
    """Parses a number of articles such as `20000`, `1e6` or `1,000,000`. Raises `Permanent` that names the option."""
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        raise Permanent(f"{option} is {text!r}: it must be a number, such as 20000 or 1e6") from None
    if not 1 <= number <= MOST_ARTICLES:
        raise Permanent(f"{option} is {text!r}: it must be from 1 to {MOST_ARTICLES:,.0f}")
    return number
