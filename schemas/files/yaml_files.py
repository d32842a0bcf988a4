"""YAML files that people write. Every problem has its file, line and field, and a suggestion."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from schemas.errors import Permanent
from schemas.suggestions import suggest

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True)
class Problem:
    """A problem in a file, with its place."""

    file: str
    line: int
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, {self.field}: {self.what}"


class EntryError(Exception):
    """A problem at a path within the entry that is being read."""

    def __init__(self, path: tuple[str, ...], what: str) -> None:
        super().__init__(what)
        self.path = path


@dataclass
class YamlFile:
    """The content of one file, None if it is not YAML, and the problems found so far."""

    name: str
    node: yaml.Node | None = None
    content: Any = None
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: tuple[str, ...], what: str) -> None:
        """Adds a problem, once."""
        problem = Problem(self.name, self.find_line(path), ".".join(path) or "the file", what)
        if problem not in self.problems:
            self.problems.append(problem)

    def find_line(self, path: tuple[str, ...]) -> int:
        """Returns the line of the deepest key of the path that exists. An item of a list is given by its number."""
        node, line = self.node, 1
        for part in path:
            if isinstance(node, yaml.MappingNode):
                found = [(key, value) for key, value in node.value if str(key.value) == part]
            elif isinstance(node, yaml.SequenceNode) and part.isdecimal():
                found = [(item, item) for item in node.value[int(part) : int(part) + 1]]
            else:
                found = []
            if not found:
                break
            line, node = found[-1][0].start_mark.line + 1, found[-1][1]
        return line

    def find_repeated(self, *path: str) -> list[str]:
        """Returns the repeated keys of the mapping at this path: YAML lets the last one win."""
        node = self.node
        for part in path:
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            node = next((value for key, value in pairs if str(key.value) == part), None)
        names = [str(key.value) for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        return sorted({name for name in names if names.count(name) > 1})

    def find_mappings(self, *names: str) -> list[dict[str, Any]] | None:
        """Returns the mapping of each key, empty if it is missing; None, and adds a problem, if one is invalid."""
        if not isinstance(self.content, dict):
            self.add((), f"must be a mapping with `{names[0]}`")
            return None
        for name in self.content.keys() - set(names):
            self.add((str(name),), f"unknown; {suggest(str(name), names)}")
        found = [self.content.get(name) or {} for name in names]
        for name, part in zip(names, found, strict=True):
            if not isinstance(part, dict):
                self.add((name,), "must be a mapping")
                return None
        for twice in self.find_repeated(names[0]):
            self.add((names[0], twice), "the name is repeated")
        return found


def read_yaml(file: Path, missing: str) -> YamlFile:
    """Reads the file. If it is not YAML, that is its problem. Raises `Permanent` if it cannot be read.

    `missing` says what to do if the file does not exist.
    """
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise Permanent(f"{file} does not exist: {missing}") from None
    except (OSError, ValueError) as error:
        raise Permanent(f"{file} cannot be read: {error}") from error
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        return YamlFile(str(file), node, loader.construct_document(node) if node else {})
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"not YAML: {getattr(error, 'problem', None) or error}"
        return YamlFile(str(file), problems=[Problem(str(file), mark.line + 1 if mark else 1, "the file", what)])


def raise_first(problems: list[Problem], command: str) -> None:
    """Raises `Permanent` with the first problem and the number of others, which `command` reports."""
    if problems:
        more = f" (and {len(problems) - 1} more: `{command}` reports all)" if len(problems) > 1 else ""
        raise Permanent(f"{problems[0]}{more}")


def convert_entry(value: Any, kind: type[T], base: tuple[str, ...]) -> T:
    """Returns the value as its type. Raises `EntryError` with the path of the invalid part."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        unknown = re.search(r"unknown field `(.+?)`", message)
        path = re.search(r" - at `\$\.?(.*?)`", message)
        below = tuple(part for part in re.split(r"[.\[\]]+", path[1]) if part) if path else ()
        if unknown:
            what = f"unknown field; {suggest(unknown[1], kind.__struct_fields__)}"
            raise EntryError((*base, *below, unknown[1]), what) from error
        raise EntryError((*base, *below), re.sub(r" - at `.*`$", "", message)) from error
