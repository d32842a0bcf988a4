"""Finds what can be damaged in a package: constants in code, and groups and rows of tables."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
_TRAINING = "training"
"""Folders of scripts that learn a model."""
NEVER = 're.compile(r"(?!)")'
"""Replaces a compiled expression: it matches nothing."""
EMPTY: dict[type[ast.expr], str] = {ast.Set: "set()", ast.Tuple: "()", ast.List: "[]", ast.Dict: "{}"}
"""Replaces a collection."""


@dataclass(frozen=True, order=True)
class Damage:
    """One change of one file: the text from `start` to `end` becomes `replacement`."""

    path: str
    """Relative to the project's root."""
    name: str
    """The constant's name, or the keys that lead to the group or row of a table."""
    start: int
    end: int
    replacement: str

    @property
    def id(self) -> str:
        """Names the damage in reports and in `accepted.yaml`."""
        return f"{self.path}:{self.name}"

    def apply(self, root: Path) -> None:
        """Writes the damaged file below `root`."""
        file = root / self.path
        text = file.read_text(encoding="utf-8")
        file.write_text(text[: self.start] + self.replacement + text[self.end :], encoding="utf-8")


def find_damages(root: Path, package: str) -> list[Damage]:
    """Returns all damages to the modules and tables below `package`, a path relative to `root`, in a fixed order."""
    found: list[Damage] = []
    for file in sorted((root / package).rglob("*")):
        if _TRAINING in file.parts:
            continue  # its results are the weights, which the tests of the text side use as they are
        path = file.relative_to(root).as_posix()
        is_table = file.parent.name == "tables"
        if file.suffix == ".py":
            found += damage_constants(path, file.read_text(encoding="utf-8"))
        elif file.suffix == ".yaml" and is_table:
            text = file.read_text(encoding="utf-8")
            found += (one for one in damage_table(path, text) if text[one.start : one.end] != one.replacement)
        elif file.suffix == ".txt" and is_table:
            found.append(Damage(path, "all lines", 0, len(file.read_text(encoding="utf-8")), ""))
    return sorted(found)


def damage_constants(path: str, source: str) -> Iterator[Damage]:
    """Yields one damage for each constant at the top of a module whose value is a literal or a compiled expression."""
    offsets = _line_offsets(source)
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            target, value = node.target, node.value
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        else:
            continue
        if not isinstance(target, ast.Name) or not CONSTANT.fullmatch(target.id):
            continue
        replacement = _damaged_value(value)
        if replacement is not None:
            start, end = (
                _position(source, offsets, line, column)
                for line, column in ((value.lineno, value.col_offset), (value.end_lineno, value.end_col_offset))
            )
            yield Damage(path, target.id, start, end, replacement)


def _damaged_value(value: ast.expr) -> str | None:
    """Returns the source of a damaged value: numbers grow, collections and expressions become empty."""
    if isinstance(value, ast.Call):
        return _damaged_call(value)
    number = value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) else value
    if isinstance(number, ast.Constant):
        if isinstance(number.value, bool):
            return str(not number.value)
        return repr(number.value * 10 + 1) if isinstance(number.value, int | float) else None
    return EMPTY.get(type(value)) if getattr(value, "elts", getattr(value, "keys", [])) else None


def _damaged_call(call: ast.Call) -> str | None:
    match call:
        case ast.Call(func=ast.Name(id="frozenset" | "set" | "tuple" as name), args=[_]):
            return f"{name}()"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="compile")):
            return NEVER
    return None


def damage_table(path: str, text: str) -> Iterator[Damage]:
    """Yields one damage for each group of a YAML table, and one for each row of a group of rows."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is not None:
        yield from _damage_node(path, text, root, ())


def _damage_node(path: str, text: str, node: yaml.Node, keys: tuple[str, ...]) -> Iterator[Damage]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _damage_node(path, text, value, (*keys, str(key.value)))
    elif isinstance(node, yaml.SequenceNode) and any(isinstance(row, yaml.MappingNode) for row in node.value):
        for number, row in enumerate(node.value):
            # A row is dropped by putting its neighbour in its place.
            other = node.value[number - 1]
            yield _replace_node(path, text, row, (*keys, _row_name(row, number)), _source(text, other))
    elif isinstance(node, yaml.SequenceNode):
        yield _replace_node(path, text, node, keys, "[]")
    elif node.tag.endswith((":int", ":float")):
        yield _replace_node(path, text, node, keys, repr(yaml.safe_load(node.value) * 10 + 1))
    elif node.value:
        yield _replace_node(path, text, node, keys, '""')


def _row_name(row: yaml.Node, number: int) -> str:
    if isinstance(row, yaml.MappingNode) and row.value and isinstance(row.value[0][1], yaml.ScalarNode):
        return str(row.value[0][1].value).split(" ")[0]
    return str(number)


def _replace_node(path: str, text: str, node: yaml.Node, keys: tuple[str, ...], replacement: str) -> Damage:
    end = node.start_mark.index + len(_source(text, node))
    return Damage(path, ".".join(keys), node.start_mark.index, end, replacement)


def _source(text: str, node: yaml.Node) -> str:
    """Returns the text of a node without the blank space and comments that YAML counts to a block's end."""
    source: str = text[node.start_mark.index : node.end_mark.index]
    return re.sub(r"(?:\s*\n[ \t]*#[^\n]*)*\s*\Z", "", source)


def _line_offsets(source: str) -> list[int]:
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    return offsets


def _position(source: str, offsets: list[int], line: int | None, column: int | None) -> int:
    """Returns the offset in characters of a place that `ast` gives as a line and a column in UTF-8 bytes."""
    assert line is not None
    assert column is not None
    start = offsets[line - 1]
    return start + len(source[start : offsets[line]].encode()[:column].decode())
