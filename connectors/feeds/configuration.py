"""feeds.yaml: read and validated. Every problem has file, line, field and a suggestion."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from connectors.kit import Context
from connectors.kit.registry import load_connector_type
from connectors.web.addresses import split_url
from schemas.durations import parse_duration
from schemas.errors import NewsclaimsError
from schemas.fields import IngestMode, Language
from schemas.files.yaml_files import EntryError, Problem, YamlFile, convert_entry, raise_first, read_yaml

DEFAULT_FILE = Path("feeds.yaml")
SHORTEST = 60.0
"""The shortest interval between two polls of one feed, in seconds: more frequent polls are impolite."""
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}$")


class FeedConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A feed in feeds.yaml, under its name. The same fields under `defaults` apply to all feeds."""

    url: str = ""
    connector: str = "syndication"
    interval: str = "15m"
    """Time between two polls: a number with a unit."""
    publisher: str | None = None
    language: Language | None = None
    rights: str | None = None
    expected_per_day: float | None = None
    """New entries per day; a feed that brings far fewer counts as silent."""
    mode: IngestMode = "live"
    paused: bool = False
    settings: dict[str, Any] = {}
    """Settings of the connector."""


@dataclass(frozen=True)
class Feed:
    """A validated feed: `interval` in seconds, `settings` as the connector's own type."""

    name: str
    config: FeedConfig
    interval: float
    settings: msgspec.Struct


def load_feeds(file: Path = DEFAULT_FILE) -> list[Feed]:
    """Returns the feeds of the file. Raises `Permanent` with the first problem, and how many more there are."""
    feeds, problems = read_feeds(file)
    raise_first(problems, "newsclaims feeds check")
    return feeds


def read_feeds(file: Path) -> tuple[list[Feed], list[Problem]]:
    """Returns the valid feeds, and all problems. Raises `Permanent` if the file cannot be read."""
    found = read_yaml(file, "`newsclaims feeds add URL` creates one, `--file` names another")
    if found.problems or (parts := found.find_mappings("feeds", "defaults")) is None:
        return [], found.problems
    named, defaults = parts
    feeds = [feed for name, entry in named.items() if (feed := read_feed(found, str(name), entry, defaults))]
    return feeds, found.problems


def read_feed(file: YamlFile, name: str, entry: Any, defaults: dict[str, Any]) -> Feed | None:
    """Returns one feed; if it is invalid, notes the problem and returns None."""
    try:
        return check_feed(name, entry, defaults)
    except EntryError as wrong:
        inherited = wrong.path[:1] and isinstance(entry, dict) and wrong.path[0] not in entry
        base = ("defaults",) if inherited and wrong.path[0] in defaults else ("feeds", name)
        file.add((*base, *wrong.path), str(wrong))
    return None


def check_feed(name: str, entry: Any, defaults: dict[str, Any]) -> Feed:
    """Returns the validated feed. Raises `EntryError`."""
    if not NAME.match(name):
        raise EntryError((), "a feed's name consists of lower-case letters, digits, `.`, `_` and `-`, 100 at most")
    if isinstance(entry, str):
        entry = {"url": entry}
    if not isinstance(entry, dict):
        raise EntryError((), "must be an address, or a mapping with at least `url`")
    config = convert_entry({**defaults, **entry}, FeedConfig, ())
    try:
        kind = load_connector_type(config.connector)
    except NewsclaimsError as error:
        raise EntryError(("connector",), str(error)) from error
    settings = convert_entry(config.settings, kind.settings_type, ("settings",))
    if kind.needs_url:
        check_url(config.url)
    try:
        kind(Context(name, config.url), settings)
    except NewsclaimsError as error:
        raise EntryError(("settings",), str(error)) from error
    return Feed(name, config, parse_interval(config.interval), settings)


def check_url(url: str) -> None:
    """Raises `EntryError` if the feed has no usable address."""
    try:
        split_url(url)
    except NewsclaimsError as error:
        raise EntryError(("url",), str(error) if url else "is missing: enter the address of the feed") from error


def parse_interval(interval: str) -> float:
    """Returns the seconds of an interval such as `15m`. Raises `EntryError`."""
    try:
        found = parse_duration(interval)
    except ValueError as error:
        raise EntryError(("interval",), str(error)) from error
    if found < SHORTEST:
        raise EntryError(
            ("interval",), f"{interval} is too short: no feed is polled more often than every {SHORTEST:g} s"
        )
    return found
