"""Lines that say who wrote an article and when: bylines and dates around the headline."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache

from babel import Locale

from pipelines.text.reading.lines import Line

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No news article on the web is older."""
LATEST_AHEAD = timedelta(days=1)
"""How far ahead of its fetch an article may be dated: clocks and zones differ, years do not."""

_LONGEST = 22
"""Words of a byline or date line; more is a sentence."""
_LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "pl",
    "ru",
    "uk",
    "tr",
    "sv",
    "da",
    "nb",
    "fi",
    "cs",
    "ro",
    "id",
)
# Minutes from UTC of the zone names that English-language news prints.
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180, "ist": 330,
    "edt": -240, "est": -300, "et": -300, "cdt": -300, "cst": -360, "mdt": -360, "mst": -420,
    "pdt": -420, "pst": -480, "pt": -480,
}  # fmt: skip

_BYLINE = re.compile(
    r"^(?:(?:written|posted|published|reported|edited|reviewed)\s+)?(?:by|von|par|por|di|door|av|af|от"
    r"|автор)\b:?\s+(?P<name>\S.*)$"
    r"|^(?:author|autor(?:in)?|auteur|autore|автор|reporter|written by|words)\s*[:|]\s*(?P<named>.*)$",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"[^\W\d_][\w.'’-]*(?:\s+(?:(?:van|von|de|der|da|di|du|la|le|el|al|bin|ibn)\s+)*[^\W\d_][\w.'’-]*){0,4}"
)
_STAMP = re.compile(
    r"^\W*(?:first |last |originally )?(?:published|updated|posted|modified|created|publish date|date|issued"
    r"|aktualisiert|veröffentlicht|stand"
    r"|publié|mis à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|опубликовано|обновлено"
    r"|gepubliceerd)\b.{0,80}$"
    r"|^\W*(?:\d+|an?|one)\s*(?:min(?:ute)?s?|h(?:ou)?rs?|h|m|d|days?|weeks?|months?|years?)\s+ago\b.{0,30}$"
    r"|^\W*\d+\s*(?:min(?:ute)?s?)\.?\s+(?:read|to read)\b.{0,30}$|^\W*(?:reading time|read time)\b.{0,30}$",
    re.IGNORECASE,
)
_STAFF = re.compile(
    r"\b(?:staff (?:writer|reporter)|(?:senior |chief |political |foreign |business |special )*(?:correspondent"
    r"|columnist|reporter|editor)|contributor|news ?desk|web ?desk|special to)\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^(?:[A-ZÀ-Þ][A-ZÀ-Þ.'’-]{2,}(?:[ /][A-ZÀ-Þ.'’-]{2,}){0,3}(?:, [\w. ]{2,24}){0,2} ?(?:\([\w. ]{2,24}\))?"
    r" ?(?:—|–|-|--|:) ?|\([A-Z][\w. ]{1,20}\) ?[—–-] ?)\S"
)
_ISO = re.compile(
    r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|\b((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日|\b((?:19"
    r"|20)\d\d)년 ?(\d{1,2})월 ?(\d{1,2})일"
)
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d|\d\d)\b")
# Without one of these no date is whole; the search for month names in eighteen languages is the slow one.
_YEAR = re.compile(r"(?:19|20)\d\d|\d[/.]\d\d?[/.]\d\d")
_CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d\d)(?::\d\d)?\s*([ap])?\.?(?:m\b\.?)?\s*\(?([a-z]{1,4}\b)?", re.IGNORECASE)


def is_byline(line: Line) -> bool:
    """The line says who wrote the article."""
    if line.words > _LONGEST:
        return False
    match = _BYLINE.match(line.text)
    if (
        match
        and not line.text.endswith((".", "?", "!", "”"))
        and re.match(r"[A-ZÀ-ÞА-Я@]", match["name"] or match["named"] or "X")
    ):
        return True
    return line.words <= 9 and not line.ends_sentence and bool(_STAFF.search(line.text)) and line.text[:1].isupper()


def is_date_line(line: Line) -> bool:
    """The line says when the article was published, and little else."""
    if line.words > _LONGEST or line.text.startswith(("—", "–", "@")):
        return False
    if _STAMP.match(line.text):
        return True
    if not _YEAR.search(line.text):
        return False
    return line.words <= 12 and not line.text.endswith(".") and parse_date(line.text) is not None


def is_dateline(line: Line) -> bool:
    """The line opens an agency's report: "GENEVA (Agency) — …", "MOSCOW, March 3 - …"."""
    return bool(_DATELINE.match(line.text))


def author(line: Line) -> str | None:
    """The name in a byline; None where the line names nobody."""
    match = _BYLINE.match(line.text)
    if match is None:
        return None
    text = (match["name"] or match["named"] or "").strip()
    name = _NAME.match(text)
    return _name_alone(name.group(), text[name.end() :]) if name else None


# What stands behind the name on the same line.
_AFTER_NAME = re.compile(
    r"(?<=\S)\s+(?:updated|published|posted|on|at|in|for|and|with|is|was|staff|special|writer|reporter"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b.*",
    re.IGNORECASE,
)


def _name_alone(text: str, behind: str) -> str | None:
    """The name without what follows it, and once where it stands twice; None where less than two words are left."""
    words = _AFTER_NAME.sub("", text).split()
    if words[-1].lower().rstrip(".") in _months_by_name() and behind.lstrip()[:1].isdigit():
        words.pop()
    half = len(words) // 2
    if half and words[:half] == words[half:]:
        words = words[:half]
    return " ".join(words) if len(words) > 1 and words[0][0].isupper() else None


def parse_date(text: str) -> datetime | None:
    """The first whole date in a short text, UTC; with its time where zone and time are there. None where there is none.

    A date such as 3/4/2020 is refused: day and month cannot be told apart.
    """
    found = _day(text) if _YEAR.search(text) else None
    if found is None:
        return None
    clock = _CLOCK.search(text, found[1]) or _CLOCK.search(text[: found[2]])
    return found[0] + _time(clock) if clock else found[0]


def believable(moment: datetime, now: datetime | None) -> bool:
    """Not before the web, and not after the fetch."""
    return moment >= EARLIEST and (now is None or moment <= now + LATEST_AHEAD)


def _day(text: str) -> tuple[datetime, int, int] | None:
    for pattern, order in ((_months()[0], "dmy"), (_months()[1], "mdy"), (_ISO, "ymd"), (_NUMERIC, "num")):
        match = pattern.search(text)
        if match is None:
            continue
        parts = [part for part in match.groups() if part]
        numbers = [
            _months_by_name().get(part.lower().rstrip("."), -1) if not part.isdigit() else int(part) for part in parts
        ]
        day = _build(numbers, order)
        if day is not None:
            return day, match.end(), match.start()
    return None


def _build(numbers: list[int], order: str) -> datetime | None:
    if order == "num":
        first, second, year = numbers
        if (first <= 12) == (second <= 12) and first != second:
            return None
        order, numbers = ("dmy", [first, second, year]) if first > 12 else ("mdy", [first, second, year])
    named = dict(zip(order, numbers, strict=True))
    year = named["y"] + 2000 if named["y"] < 100 else named["y"]
    try:
        return datetime(year, named["m"], named["d"], tzinfo=UTC)
    except ValueError:
        return None


def _time(clock: re.Match[str]) -> timedelta:
    """The time of day as a distance from midnight UTC; none where the zone is not known or the time impossible."""
    hour, minute, half, zone = int(clock[1]), int(clock[2]), (clock[3] or "").lower(), (clock[4] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or zone not in _ZONES:
        return timedelta(0)
    return timedelta(hours=hour, minutes=minute - _ZONES[zone])


@cache
def _months_by_name() -> dict[str, int]:
    names: dict[str, int] = {"sept": 9}
    for language in _LANGUAGES:
        locale = Locale(language)
        for width in ("wide", "abbreviated"):
            for use in ("format", "stand-alone"):
                for number, name in locale.months[use][width].items():
                    if not name.rstrip(".").isdigit():
                        names.setdefault(name.lower().rstrip("."), number)
    return names


@cache
def _months() -> tuple[re.Pattern[str], re.Pattern[str]]:
    name = "|".join(sorted(map(re.escape, _months_by_name()), key=len, reverse=True))
    return (
        re.compile(
            rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?: of| de)?[\s,-]+({name})\.?(?: de)?[\s,-]+((?:19|20)\d\d)\b",
            re.IGNORECASE,
        ),
        re.compile(rf"\b({name})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", re.IGNORECASE),
    )
