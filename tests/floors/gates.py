"""The quality gates: what each measures, on which files, and the floors that are written down for it."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.text.claims import gate as claims
from tests.pipelines.text.entities import gate as entities
from tests.pipelines.text.figures import gate as figures
from tests.pipelines.text.reading import gate as reading

FILE = Path(__file__).with_name("floors.yaml")
MARGIN = 0.0005
"""How far below the measured value a floor is: results are the same on every machine, sums of floats nearly so."""
HEAD = """\
# Written by `python -m tests.floors --update`. A floor is the measured value less 0.0005.
# `gold` is the SHA-256 of the files that were measured on: with other gold, the floors are measured again.
# `lowered` keeps the reason for each floor that was lowered.
"""


@dataclass(frozen=True)
class Gate:
    """A measurement on gold: `measure` returns shares between 0 and 1 by name, and a line for each mistake."""

    files: tuple[Path, ...]
    measure: Callable[[], tuple[dict[str, float], list[str]]]


GATES = {
    "reading": Gate(tuple(reading.FILES), reading.measure),
    "entities": Gate(tuple(entities.FILES), entities.measure),
    "figures": Gate(tuple(figures.FILES), figures.measure),
    "claims": Gate(tuple(claims.FILES), claims.measure),
}


def digest_files(files: Iterable[Path]) -> str:
    """Returns the SHA-256 (hex) of the names and contents of files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def load_floors() -> dict[str, Any]:
    """Returns what `floors.yaml` holds for each gate: `gold`, `floors`, `lowered`."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8")) or {} if FILE.exists() else {}


def compute_floor(value: float) -> float:
    """Returns the floor for a measured value, rounded down to four digits."""
    return max(0.0, int((value - MARGIN) * 10_000) / 10_000)


def update_gate(old: dict[str, Any], gold: str, values: dict[str, float], reason: str | None) -> dict[str, Any]:
    """Returns the new entry of a gate. Raises `ValueError` when a floor would fall and no reason is given."""
    floors = {name: compute_floor(value) for name, value in values.items()}
    lowered = list(old.get("lowered", []))
    for name, floor in old.get("floors", {}).items():
        new = floors.get(name, 0.0)
        if new < floor:
            if not reason:
                raise ValueError(f"{name} would fall from {floor} to {new}: give the reason with --reason")
            lowered.append(f"{name} from {floor} to {new}: {reason}")
    return {"gold": gold, "floors": floors} | ({"lowered": lowered} if lowered else {})
