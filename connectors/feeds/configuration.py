"""feeds.yaml: read and validated, each problem with file, line, field and a suggestion."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from connectors.kit import Context
from connectors.kit.registry import connector_type
from connectors.web.addresses import split
from schemas.durations import parse_duration
from schemas.errors import NewsclaimsError
from schemas.fields import IngestMode, Language
from schemas.files.yaml_files import Problem, Wrong, YamlFile, converted, read_yaml, refuse

DEFAULT_FILE = Path("feeds.yaml")
SHORTEST = 60.0
"""Seconds between two polls of one feed at least: more often is rude."""
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}$")


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


def load_feeds(file: Path = DEFAULT_FILE) -> list[Feed]:
    """The feeds of the file. Raises `Permanent` with the first problem, and how many more there are."""
    feeds, problems = read_feeds(file)
    refuse(problems, "newsclaims feeds check")
    return feeds


def read_feeds(file: Path) -> tuple[list[Feed], list[Problem]]:
    """The feeds that are right, and all problems. Raises `Permanent` where the file cannot be read at all."""
    found = read_yaml(file, "`newsclaims feeds add URL` begins one, `--file` names another")
    if found.problems or (parts := found.mappings("feeds", "defaults")) is None:
        return [], found.problems
    named, defaults = parts
    feeds = [feed for name, entry in named.items() if (feed := read_feed(found, str(name), entry, defaults))]
    return feeds, found.problems


def read_feed(file: YamlFile, name: str, entry: Any, defaults: dict[str, Any]) -> Feed | None:
    """One feed, or None and its problem noted."""
    try:
        return checked(name, entry, defaults)
    except Wrong as wrong:
        inherited = wrong.path[:1] and isinstance(entry, dict) and wrong.path[0] not in entry
        base = ("defaults",) if inherited and wrong.path[0] in defaults else ("feeds", name)
        file.add((*base, *wrong.path), str(wrong))
    return None


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
    try:
        found = parse_duration(interval)
    except ValueError as error:
        raise Wrong(("interval",), str(error)) from error
    if found < SHORTEST:
        raise Wrong(("interval",), f"{interval} is shorter than {SHORTEST:g}s, which no feed is polled more often than")
    return found
