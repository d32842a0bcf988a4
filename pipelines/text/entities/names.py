"""Runs of capitalised words in a text, cut into the names that they hold.

"U.S. President Jane Doe told Reuters" has the run "U.S. President Jane Doe", which is a place, a title and a person,
and the run "Reuters". The module `kinds` judges what each name names.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipelines.text.english.abbreviations import abbreviations_in_names
from pipelines.text.entities import gazetteer
from pipelines.text.entities.gazetteer import words as list_words
from pipelines.text.entities.name_joins import is_one_name
from pipelines.text.entities.name_lines import convert_capitals, find_headlines, find_quoted_works
from pipelines.text.entities.name_parts import (
    begins_anew,
    count_listed,
    count_title,
    ends_with_head,
    is_common_in_headline,
    names_nothing,
)

_UPPER = "".join(
    chr(code) for code in range(min(0x250, sys.maxunicode)) if unicodedata.category(chr(code)) in ("Lu", "Lt")
)
_ABBREVIATION = rf"(?:{abbreviations_in_names()})\."
_TOKEN = (
    rf"(?:(?:[{_UPPER}]\.){{2,}}|{_ABBREVIATION}|[{_UPPER}]\.(?=\s)"
    rf"|(?:[Aa]l|[Ee]l|[Aa]n|[Aa]d|[Aa]s|[Aa]sh|[Aa]r|[Aa]t|[AaEe]z|[Ee][srd]|bin|ibn)-[{_UPPER}]\w*(?:-\w+)*"
    rf"|(?:[dlDLO]['’])?[{_UPPER}](?:\w|&(?=\w))*(?:-\w+|['’](?!s\b|S\b|re\b|ve\b|ll\b|d\b|m\b)[\w]+|\.(?=\w)\w+)*"
    rf"|\d+(?:st|nd|rd|th)(?=\s[{_UPPER}])|\d+[{_UPPER}]\w*)"
)
_PARTICLE = f"(?:{'|'.join(sorted(list_words('particles')))})"
_LONGEST_RUN = 16
"""Words; a longer run is not a name, and looking at all parts of a run takes quadratic time."""
_RUN = re.compile(
    rf"\b(?=[{_UPPER}\d]|[abdeil][a-z]{{0,2}}[-'’][{_UPPER}])(?<![@#])(?<!\w['’]){_TOKEN}"
    rf"(?:[ \u00a0](?:{_PARTICLE}[ \u00a0]){{0,3}}(?:&[ \u00a0])?{_TOKEN}){{0,{_LONGEST_RUN}}}"
)
_WORD = re.compile(r"[^ \u00a0]+")
_RUNS_KEPT = 20_000
"""Runs whose names are kept in memory."""

# A sentence starts after one of these; for capitals, a colon or dash starts one too.
_BEFORE_SENTENCE = re.compile(r"(?:^|[.!?:;…\n•*|]|[-–—]{1,2}\s)[\s\"'“”‘’()\[\]«»–—-]*$|[\"“‘«(\[]\s?$")
_SENTENCE_REACH = 12
"""Characters before a run in which the end of the sentence before it is looked for."""
_LONGEST_LINK = 9
"""Characters between two names that a small word joins."""
_OFFICE_BEFORE = re.compile(
    r"\b((?:Secretary|Minister|Attorney|Undersecretary)(?:\sGeneral)?\s(?:of|for)\s(?:the\s)?)$"
)
_ENDS_OFFICE = frozenset("fre")
"""Last letters of what `_OFFICE_BEFORE` finds, before its last space."""
_OFFICE_REACH = 30
"""Characters before a run in which the first part of an office is looked for: "Secretary of"."""
_NUMBER = re.compile(r" (\d{1,4})(?![\w%]|[.,:/-]\d)")
# Months and days that also end a name: "Theresa May", "Vancouver Sun".
_ENDING_NAMES = frozenset(("May", "Sun"))
_PORTFOLIOS = list_words("portfolios")
_NUMBERED = list_words("numbered")


@dataclass(slots=True)
class Name:
    """A stretch of capitalised words that may name something."""

    start: int
    end: int
    words: list[str]
    starts_sentence: bool = False
    headline: bool = False
    """In a line of capitals, which say nothing about a word."""
    quoted: bool = False
    """All of it is in quotation marks, as titles of works and nicknames are."""
    title: str = ""
    """The title before it ("Foreign Minister")."""
    title_start: int = -1


def find_names(text: str) -> list[Name]:
    """Returns all names in reading order, without overlap."""
    names: list[Name] = []
    offset = 0
    for written in text.split("\n"):
        if written:
            line = convert_capitals(written)
            headlines = find_headlines(line)
            works = find_quoted_works(line)
            for run in _RUN.finditer(line):
                headline = bool(headlines) and any(start <= run.start() < end for start, end in headlines)
                for name in _cut(line, offset, run, headline):
                    left, right = name.start - offset, name.end - offset
                    name.quoted = bool(works) and any(start <= left and right <= end for start, end in works)
                    names.append(name)
        offset += len(written) + 1
    return _join(text, names)


def _starts_sentence(line: str, start: int) -> bool:
    if start >= 2 and line[start - 1] == " " and (line[start - 2].isalnum() or line[start - 2] == ","):
        return False  # most names: saves the search
    return _BEFORE_SENTENCE.search(line, max(0, start - _SENTENCE_REACH), start) is not None


def _cut(line: str, offset: int, run: re.Match[str], headline: bool) -> Iterator[Name]:
    """Yields the names of one run, without common words, months and titles."""
    start = run.start()
    office = (
        _OFFICE_BEFORE.search(line, max(0, start - _OFFICE_REACH), start)
        if line[max(0, start - 2) : start - 1] in _ENDS_OFFICE  # most runs: saves the match
        and _WORD.match(line, start, run.end())[0] in _PORTFOLIOS  # type: ignore[index]  # a run has a word
        else None
    )
    for piece in _split(run[0], _starts_sentence(line, start), headline, office is not None):
        name = Name(
            offset + start + piece.start, offset + start + piece.end, list(piece.words), piece.starts_sentence, headline
        )
        if piece.title:
            # "Secretary of State Rosa Tully": the title began in the run before.
            title_start = office.start(1) if office and piece.follows_office else start + piece.title[0]
            name.title_start = offset + title_start
            name.title = line[title_start : start + piece.title[1]]
        yield name


class _Piece(NamedTuple):
    """A name in a run: places count from the start of the run."""

    start: int
    end: int
    words: tuple[str, ...]
    starts_sentence: bool
    title: tuple[int, int] | None
    follows_office: bool
    """Whether the title is the office before the run, too."""


@lru_cache(_RUNS_KEPT)
def _split(run: str, at_start: bool, headline: bool, office: bool) -> tuple[_Piece, ...]:
    """Returns the names of a run. Most runs come back: "The", "He", "the United Nations"."""
    spans = [found.span() for found in _WORD.finditer(run)]
    words = [run[start:end] for start, end in spans]
    pieces: list[_Piece] = []
    first = int(office)
    title = (0, spans[0][1]) if office else None
    while first < len(words):
        listed = count_listed(words[first:], headline)
        if listed:
            last = first + listed
        else:
            length = count_title(words[first:])
            if length:
                title, first = (spans[first][0], spans[first + length - 1][1]), first + length
                continue
            if names_nothing(words[first:], at_start and first == 0, headline):
                first, title = first + 1, None
                continue
            last = _find_end(words, first, headline)
        follows_office = office and title is not None and title[0] == 0
        start, end = spans[first][0], spans[last - 1][1]
        pieces.append(_Piece(start, end, tuple(words[first:last]), at_start and first == 0, title, follows_office))
        first, title = last, None
    return tuple(pieces)


def _find_end(words: list[str], first: int, headline: bool) -> int:
    """Returns the end of the name that begins at `first`: before a month, a title, or a common word of a headline."""
    last = first + 1
    while last < len(words):
        word = words[last]
        if word in gazetteer.calendar_words() and word not in _ENDING_NAMES:
            break
        if (headline and _ends_in_headline(words[last:])) or begins_anew(words, last):
            break
        length = count_title(words[last:])
        # "Damian King" ends with a name that is a title elsewhere.
        is_name = last + length == len(words) and length == 1 and words[last - 1] in gazetteer.first_names()
        if length and not is_name:
            break
        last += 1
    return last


def _ends_in_headline(words: list[str]) -> bool:
    """Whether a name ends before these words; "Lindsey Air Station" goes on, although its words are common."""
    return count_listed(words, True) > 0 or (is_common_in_headline(words[0]) and not ends_with_head(words[:2]))


def _join(text: str, names: list[Name]) -> list[Name]:
    """Joins "University" and "Oxford" over "of", "Health" and "Human Services" over "and", "Channel" and "4"."""
    joined: list[Name] = []
    for name in names:
        number = _NUMBER.match(text, name.end) if name.words[-1] in _NUMBERED else None
        if number:
            name.end = number.end()
            name.words.append(number[1])
        previous = joined[-1] if joined else None
        if previous and name.start - previous.end <= _LONGEST_LINK and not name.title:
            gap = text[previous.end : name.start]
            if is_one_name(previous.words, gap, name.words):
                previous.end = name.end
                previous.words = text[previous.start : name.end].replace(",", "").split()
                continue
        joined.append(name)
    return joined
