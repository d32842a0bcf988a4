"""watches.yaml: named interests, read and validated.

Within a list any entry is enough, between the lists that are given all must hold:

* `languages`: the article's, as BCP 47; `pt` also takes `pt-BR`.
* `entities`: somebody or something named anywhere in the article, claimants and parties of its claims among them; the
  whole name, in whatever case and with or without accents.
* `words`: whole words and phrases, in whatever case, in the claim's or figure's own sentence or in the article's title.
* `unit_classes`: of a figure; a claim has those of its figures.
* `statuses`: of a claim; a figure has that of its claim.

A trailing `*` stands for any ending of a word or name. An article is watched where one of its claims or figures is,
and by watches that ask neither for statuses nor for unit classes also where the words stand anywhere in it.
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
    """A watch as watches.yaml has it, under its name."""

    title: str = ""
    entities: tuple[Any, ...] = ()
    words: tuple[Any, ...] = ()
    unit_classes: tuple[Any, ...] = ()
    statuses: tuple[Any, ...] = ()
    languages: tuple[Any, ...] = ()


class Watch(Record, frozen=True, kw_only=True):
    """A named interest, checked. `title` is its name for people."""

    name: str
    title: str
    entities: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unit_classes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def load_watches(file: Path, unit_classes: Collection[str]) -> list[Watch]:
    """The watches of the file. Raises `Permanent` with the first problem, and how many more there are."""
    watches, problems = read_watches(file, unit_classes)
    raise_first(problems, "newsclaims watches check")
    return watches


def read_watches(file: Path, unit_classes: Collection[str]) -> tuple[list[Watch], list[Problem]]:
    """The watches that are right, and all problems; `unit_classes` are all that there are.

    Raises `Permanent` where the file cannot be read at all.
    """
    found = read_yaml(
        file, "copy deploy/config/watches.yaml to begin one, `--file` or NEWSCLAIMS_WATCHES names another"
    )
    if not found.problems and found.node is None:
        # An editor may have emptied the file a moment ago: nobody's watches go for that.
        found.add((), "is empty; `watches: {}` is a file without watches")
    if found.problems or (parts := found.find_mappings("watches")) is None:
        return [], found.problems
    watches: list[Watch] = []
    for key, entry in parts[0].items():
        name, known = str(key), len(found.problems)
        for field in found.find_repeated("watches", name):
            found.add(("watches", name, field), "is there twice")
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
    """The watch, its lists as texts. Raises `EntryError`."""
    if not NAME.match(name):
        raise EntryError((), "a watch's name has small letters, digits, `.`, `_` and `-`, 100 at most")
    if not isinstance(entry, dict):
        raise EntryError((), f"a mapping with at least one of {', '.join(LISTS)} belongs here")
    read = convert_entry(entry, WatchEntry, ())
    lists = {each: parse_texts(each, getattr(read, each)) for each in LISTS}
    if not any(lists.values()):
        raise EntryError((), f"would match everything: give at least one of {', '.join(LISTS)}")
    return Watch(name=name, title=read.title or name, **lists)


def parse_texts(name: str, items: tuple[Any, ...]) -> tuple[str, ...]:
    """The items of a list, each once. Raises `EntryError` for one that YAML reads as something else, such as `no`."""
    for number, item in enumerate(items):
        if not isinstance(item, str):
            raise EntryError((name, str(number)), f"YAML reads {item!r} here: put the text between quotes")
    return tuple(dict.fromkeys(" ".join(item.split()) for item in items))


def find_problems(watch: Watch, unit_classes: Collection[str]) -> Iterator[tuple[tuple[str, str], str]]:
    """What is wrong with entries, each with its path below the watch."""
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
    """That there is no such thing, and what may have been meant; nothing where there is."""
    return "" if entry in known else f"{entry!r} is no {what}; {suggest(entry, known)}"


def check_phrase(entry: str) -> str:
    """What is wrong with a word, phrase or name; nothing where it can be looked for."""
    stem = entry.removesuffix("*")
    if not any(letter.isalnum() for letter in stem):
        return f"{entry!r} has no letter or digit to look for"
    if "*" in stem:
        return f"{entry!r} has a `*` that is not its last sign: only the ending can be left open"
    if stem != entry and len(stem) < 2:
        return f"{entry!r} would match too much: give at least two letters before the `*`"
    if not is_letter(stem[0]) or not (is_letter(stem[-1]) or stem[-1] == "."):
        return f"{entry!r} must begin and end with a letter or digit"
    return ""


def is_letter(sign: str) -> bool:
    """Whether the sign belongs to a word: a letter, a digit, or a mark on one, as Indic vowels are."""
    return unicodedata.category(sign)[0] in "LNM"


def check_language(code: str) -> str:
    """What is wrong with a language code; nothing where there is such a language."""
    languages = pycountry.languages
    main = code.partition("-")[0]
    two_letters = languages.get(alpha_2=main)
    # Three letters are right where there are no two: `haw`, but not `eng`.
    three_letters = None if two_letters else languages.get(alpha_3=main)
    if code == "und" or (
        LANGUAGE.fullmatch(code) and (two_letters or (three_letters and not find_short_code(three_letters)))
    ):
        return ""
    try:
        meant = languages.lookup(main)
    except LookupError:
        return f"{code!r} is no language: write its code, such as en, uk or pt-BR"
    return f"{code!r} is no language; did you mean {find_short_code(meant) or meant.alpha_3}?"


def find_short_code(language: Any) -> str:
    """The code of two letters, where a language has one."""
    return str(getattr(language, "alpha_2", ""))
