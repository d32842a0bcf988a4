"""feeds.yaml: read and validated, each problem with file, line, field and a suggestion."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from connectors.addresses import split
from connectors.kit import Context
from connectors.registry import connector_type
from schemas.errors import NewsclaimsError, Permanent
from schemas.fields import IngestMode, Language

DEFAULT_FILE = Path("feeds.yaml")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SHORTEST = 60.0
"""Seconds between two polls of one feed at least: more often is rude."""
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}$")


T = TypeVar("T", bound=msgspec.Struct)


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A feed as feeds.yaml has it, under its name; the same fields under `defaults` hold for all feeds."""

    url: str = ""
    connector: str = "syndication"
    interval: str = "15m"
    """Between two polls: a number and s, m, h or d."""
    publisher: str | None = None
    language: Language | None = None
    rights: str | None = None
    expected_per_day: float | None = None
    """New entries a day: with far fewer the feed counts as silent."""
    mode: IngestMode = "live"
    paused: bool = False
    settings: dict[str, Any] = {}
    """Settings of the connector."""


@dataclass(frozen=True)
class Feed:
    """A feed, checked: `interval` in seconds, `settings` as the connector's own type."""

    name: str
    entry: Entry
    interval: float
    settings: msgspec.Struct


@dataclass(frozen=True)
class Problem:
    """What is wrong in feeds.yaml, and where."""

    file: str
    line: int
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.field}: {self.what}"


class Wrong(Exception):
    """A problem at a path below the feed."""

    def __init__(self, path: tuple[str, ...], what: str) -> None:
        super().__init__(what)
        self.path = path


def load_feeds(file: Path = DEFAULT_FILE) -> list[Feed]:
    """The feeds of the file. Raises `Permanent` with the first problem, and how many more there are."""
    feeds, problems = read_feeds(file)
    if problems:
        more = f" (and {len(problems) - 1} more: `newsclaims feeds check` names all)" if len(problems) > 1 else ""
        raise Permanent(f"{problems[0]}{more}")
    return feeds


def read_feeds(file: Path) -> tuple[list[Feed], list[Problem]]:
    """The feeds that are right, and all problems. Raises `Permanent` where the file cannot be read at all."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise Permanent(f"{file} is not there: `newsclaims feeds add URL` begins one, `--file` names another") from None
    except (OSError, ValueError) as error:
        raise Permanent(f"{file} cannot be read: {error}") from error
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        content = loader.construct_document(node) if node else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"no YAML: {getattr(error, 'problem', None) or error}"
        return [], [Problem(str(file), mark.line + 1 if mark else 1, "the file", what)]
    return Reader(str(file), node).read(content)


class Reader:
    """Reads the content of one file, with its nodes for the line numbers."""

    def __init__(self, file: str, node: yaml.Node | None) -> None:
        self.file = file
        self.node = node
        self.problems: list[Problem] = []

    def read(self, content: Any) -> tuple[list[Feed], list[Problem]]:
        """All feeds."""
        if not isinstance(content, dict):
            self.add((), "a mapping with `feeds` belongs here")
            return [], self.problems
        for name in content.keys() - {"feeds", "defaults"}:
            self.add((str(name),), f"unknown; {suggestion(str(name), ['feeds', 'defaults'])}")
        defaults, named = content.get("defaults") or {}, content.get("feeds") or {}
        for key, part in (("defaults", defaults), ("feeds", named)):
            if not isinstance(part, dict):
                self.add((key,), "a mapping belongs here")
                return [], self.problems
        for twice in self.repeated():
            self.add(("feeds", twice), "the name is there twice")
        return [feed for name, entry in named.items() if (feed := self.feed(str(name), entry, defaults))], self.problems

    def feed(self, name: str, entry: Any, defaults: dict[str, Any]) -> Feed | None:
        """One feed, or None and its problem noted."""
        try:
            return checked(name, entry, defaults)
        except Wrong as wrong:
            inherited = wrong.path[:1] and isinstance(entry, dict) and wrong.path[0] not in entry
            base = ("defaults",) if inherited and wrong.path[0] in defaults else ("feeds", name)
            self.add((*base, *wrong.path), str(wrong))
        return None

    def add(self, path: tuple[str, ...], what: str) -> None:
        """Notes a problem, once."""
        problem = Problem(self.file, self.line(path), ".".join(path) or "the file", what)
        if problem not in self.problems:
            self.problems.append(problem)

    def line(self, path: tuple[str, ...]) -> int:
        """The line of the deepest key of the path that the file has."""
        node, line = self.node, 1
        for part in path:
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            found = [(key, value) for key, value in pairs if str(key.value) == part]
            if not found:
                break
            line, node = found[-1][0].start_mark.line + 1, found[-1][1]
        return line

    def repeated(self) -> Iterator[str]:
        """Names that stand twice under `feeds`: YAML lets the last one win."""
        top = self.node.value if isinstance(self.node, yaml.MappingNode) else []
        for key, value in top:
            if key.value == "feeds" and isinstance(value, yaml.MappingNode):
                names = [str(inner.value) for inner, _ in value.value]
                yield from sorted({name for name in names if names.count(name) > 1})


def checked(name: str, entry: Any, defaults: dict[str, Any]) -> Feed:
    """The feed. Raises `Wrong`."""
    if not NAME.match(name):
        raise Wrong((), "a feed's name has small letters, digits, `.`, `_` and `-`, 100 at most")
    if isinstance(entry, str):
        entry = {"url": entry}
    if not isinstance(entry, dict):
        raise Wrong((), "a mapping with at least `url` belongs here")
    merged = {**defaults, **entry}
    read = converted(merged, Entry, ())
    try:
        kind = connector_type(read.connector)
    except NewsclaimsError as error:
        raise Wrong(("connector",), str(error)) from error
    settings = converted(read.settings, kind.settings_type, ("settings",))
    if kind.needs_url:
        try:
            split(read.url)
        except NewsclaimsError as error:
            raise Wrong(("url",), str(error) if read.url else "is missing: the address of the feed") from error
    try:
        kind(Context(name, read.url), settings)
    except NewsclaimsError as error:
        raise Wrong(("settings",), str(error)) from error
    return Feed(name, read, seconds(read.interval), settings)


def seconds(interval: str) -> float:
    """An interval such as `15m`, in seconds. Raises `Wrong`."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])\s*", interval)
    if not match:
        raise Wrong(("interval",), f"{interval!r} is no interval: write a number and s, m, h or d, such as 15m")
    found = float(match[1]) * UNITS[match[2]]
    if found < SHORTEST:
        raise Wrong(("interval",), f"{interval} is shorter than {SHORTEST:g}s, which no feed is polled more often than")
    return found


def converted(value: Any, kind: type[T], base: tuple[str, ...]) -> T:
    """The value as its type. Raises `Wrong` with the path of what does not fit."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        unknown = re.search(r"unknown field `(.+?)`", message)
        path = re.search(r" - at `\$\.?(.*?)`", message)
        below = tuple(part for part in re.split(r"[.\[\]]+", path[1]) if part) if path else ()
        if unknown:
            fields = list(kind.__struct_fields__)
            what = f"unknown field; {suggestion(unknown[1], fields)}"
            raise Wrong((*base, *below, unknown[1]), what) from error
        raise Wrong((*base, *below), re.sub(r" - at `.*`$", "", message)) from error


def suggestion(name: str, known: list[str]) -> str:
    """What may have been meant."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
