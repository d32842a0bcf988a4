"""Reads and validates watches.yaml: named interests.

A watch matches if each of its lists matches. A list matches if one of its entries does:

* `languages`: of the article, as BCP 47; `pt` includes `pt-BR`.
* `entities`: anybody or anything named in the article, including the claimants and parties of its claims; the whole
  name, ignoring case and accents.
* `words`: whole words and phrases, ignoring case, in the sentence of the claim or figure, or in the article's title.
* `unit_classes`: of a figure; a claim has those of its figures.
* `statuses`: of a claim; a figure has that of its claim.

A trailing `*` matches any ending of a word or name. A watch matches an article if it matches one of its claims or
figures. Without statuses and unit classes, it also matches if the words are anywhere in the article.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args

import msgspec
import pycountry

from schemas.fields import Record, Status
from schemas.files.yaml_files import EntryError, Problem, convert_entry, raise_first, read_yaml
from schemas.suggestions import suggest

DEFAULT_FILE: Final = Path("watches.yaml")
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}$")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
STATUSES: Final[tuple[str, ...]] = get_args(Status)

ListName = Literal["entities", "words", "unit_classes", "statuses", "languages"]
LISTS: Final[tuple[ListName, ...]] = get_args(ListName)


class WatchEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A watch as in watches.yaml, below its name."""

    title: str = ""
    entities: tuple[Any, ...] = ()
    words: tuple[Any, ...] = ()
    unit_classes: tuple[Any, ...] = ()
    statuses: tuple[Any, ...] = ()
    languages: tuple[Any, ...] = ()


class Watch(Record, frozen=True, kw_only=True):
    """A validated watch. `title` is its name for people."""

    name: str
    title: str
    entities: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unit_classes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def load_watches(file: Path, unit_classes: Collection[str]) -> list[Watch]:
    """Returns the watches of the file. Raises `Permanent` with the first problem and the number of others."""
    watches, problems = read_watches(file, unit_classes)
    raise_first(problems, "newsclaims watches check")
    return watches


def read_watches(file: Path, unit_classes: Collection[str]) -> tuple[list[Watch], list[Problem]]:
    """Returns the valid watches, and all problems; `unit_classes` are all known ones.

    Raises `Permanent` if the file cannot be read at all.
    """
    found = read_yaml(
        file, "copy deploy/config/watches.yaml to start with, or choose another with `--file` or NEWSCLAIMS_WATCHES"
    )
    if not found.problems and found.node is None:
        # An editor may have emptied the file for a moment: that must not remove the watches.
        found.add((), "is empty; for a file without watches, write `watches: {}`")
    if found.problems or (parts := found.find_mappings("watches")) is None:
        return [], found.problems
    watches: list[Watch] = []
    for key, entry in parts[0].items():
        name, known = str(key), len(found.problems)
        for field in found.find_repeated("watches", name):
            found.add(("watches", name, field), "is repeated")
        try:
            watch = parse_watch(name, entry)
        except EntryError as wrong:
            found.add(("watches", name, *wrong.path), str(wrong))
            continue
        for path, what in find_problems(watch, unit_classes):
            found.add(("watches", name, *path), what)
        if len(found.problems) == known and name not in found.find_repeated("watches"):
            watches.append(watch)
    return watches, found.problems


def parse_watch(name: str, entry: Any) -> Watch:
    """Returns the watch. Raises `EntryError`."""
    if not NAME.match(name):
        raise EntryError((), "the name of a watch must have 1 to 100 lower-case letters, digits, `.`, `_` and `-`")
    if not isinstance(entry, dict):
        raise EntryError((), f"must be a mapping with at least one of {', '.join(LISTS)}")
    read = convert_entry(entry, WatchEntry, ())
    lists = {each: parse_texts(each, getattr(read, each)) for each in LISTS}
    if not any(lists.values()):
        raise EntryError((), f"would match everything: give at least one of {', '.join(LISTS)}")
    return Watch(name=name, title=read.title or name, **lists)


def parse_texts(name: str, items: tuple[Any, ...]) -> tuple[str, ...]:
    """Returns the items of a list, each once. Raises `EntryError` for one that is not text in YAML, such as `no`."""
    for number, item in enumerate(items):
        if not isinstance(item, str):
            raise EntryError((name, str(number)), f"YAML reads this as {item!r}: put the text in quotes")
    return tuple(dict.fromkeys(" ".join(item.split()) for item in items))


def find_problems(watch: Watch, unit_classes: Collection[str]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yields the problems of entries, each with its path in the watch."""
    checks: dict[ListName, Callable[[str], str]] = {
        "entities": check_phrase,
        "words": check_phrase,
        "unit_classes": lambda entry: check_known(entry, "unit class", sorted(unit_classes)),
        "statuses": lambda entry: check_known(entry, "status", STATUSES),
        "languages": check_language,
    }
    for name, check in checks.items():
        for number, entry in enumerate(getattr(watch, name)):
            if what := check(entry):
                yield (name, str(number)), what


def check_known(entry: str, what: str, known: Sequence[str]) -> str:
    """Returns the problem of an entry that is not known, with a suggestion; an empty text if it is known."""
    return "" if entry in known else f"{entry!r} is not a {what}; {suggest(entry, known)}"


def check_phrase(entry: str) -> str:
    """Returns the problem of a word, phrase or name; an empty text if it can be searched for."""
    stem = entry.removesuffix("*")
    if not any(letter.isalnum() for letter in stem):
        return f"{entry!r} has no letter or digit to search for"
    if "*" in stem:
        return f"{entry!r} has a `*` before its end: only the ending can be left open"
    if stem != entry and len(stem) < 2:
        return f"{entry!r} would match too much: write at least two letters before the `*`"
    if not is_letter(stem[0]) or not (is_letter(stem[-1]) or stem[-1] == "."):
        return f"{entry!r} must begin and end with a letter or digit"
    return ""


def is_letter(character: str) -> bool:
    """Returns whether the character is part of a word: a letter, a digit, or a mark, such as an Indic vowel."""
    return unicodedata.category(character)[0] in "LNM"


def check_language(code: str) -> str:
    """Returns the problem of a language code; an empty text if there is such a language."""
    languages = pycountry.languages
    main = code.partition("-")[0]
    two_letters = languages.get(alpha_2=main)
    # A code of three letters is valid only for a language without one of two: `haw`, but not `eng`.
    three_letters = None if two_letters else languages.get(alpha_3=main)
    if code == "und" or (
        LANGUAGE.fullmatch(code) and (two_letters or (three_letters and not find_short_code(three_letters)))
    ):
        return ""
    try:
        meant = languages.lookup(main)
    except LookupError:
        return f"{code!r} is not a language: write its code, such as en, uk or pt-BR"
    return f"{code!r} is not a language; did you mean {find_short_code(meant) or meant.alpha_3}?"


def find_short_code(language: Any) -> str:
    """Returns the code of two letters, or an empty text if the language has none."""
    return str(getattr(language, "alpha_2", ""))
