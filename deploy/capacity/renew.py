"""`python -m deploy.capacity.renew FILE`: writes the table of capacity figures from what a benchmark measured.

FILE is what `python -m tests.benchmarks.capacity --json FILE` wrote. What the benchmark does not measure (memory, the
share of its time that a worker computes) stays as it is in the table.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from deploy.capacity.figures import ARTICLE, FILE, parse_figures
from schemas.errors import NewsclaimsError, Permanent

TABLE = Path(__file__).parent / FILE
MEASURED = "commit", "date", "articles", "sizes"
NAMES = {"workers": "workers", "supervisor": "supervisor", "Elasticsearch": "elasticsearch", "Kafka": "kafka"}
"""The processes of the table by the names of the benchmark."""


def make_table(measured: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the table of what was measured and what is kept of the old one. Raises `Permanent` without a value."""
    try:
        sizes = sorted(measured["sizes"].values(), key=lambda size: float(size["message_bytes"]))
        return {
            "commit": str(measured["commit"]),
            "date": str(measured["date"]),
            "articles": int(measured["articles"]),
            **{name: value for name, value in kept.items() if name not in MEASURED},
            "sizes": [make_size(size) for size in sizes],
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Permanent(
            f"this is not what the benchmark of capacity writes: {type(error).__name__}: {error}"
        ) from error


def make_size(size: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the figures of one size as in the table, rounded to what the measurement can tell apart."""
    # The time of writing is that of a whole batch, and mostly spent waiting.
    steps = {name: each for name, each in size["step_ms"].items() if name != "write"}
    total = sum(steps.values())
    return {
        "message_bytes": round(size["message_bytes"]),
        "cpu_ms": {name: round(float(size["cpu_ms"][old]), 2) for old, name in NAMES.items()},
        "step_share": {name: round(each / total, 3) for name, each in steps.items()},
        "topic_bytes": {name: round(each) for name, each in size["topics"].items()},
        "index_bytes": {name: round(size["indices"][name]) for name in ARTICLE},
        "documents": {name: round(size["documents"][name], 2) for name in ARTICLE},
    }


def write_table(file: Path, table: Path = TABLE) -> None:
    """Writes the table again; its comment at the top is kept. Raises `Permanent` if the file is not usable."""
    try:
        measured = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Permanent(f"{file} cannot be read: {error}") from error
    old = table.read_text(encoding="utf-8")
    comment = "".join(line for line in old.splitlines(keepends=True) if line.startswith("#"))
    found = make_table(measured, yaml.safe_load(old))
    text = comment + yaml.safe_dump(found, sort_keys=False, width=120)
    parse_figures(text, str(file))
    table.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Runs the command. Returns 1 if the file is missing or not usable."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 1
    try:
        write_table(Path(arguments[0]))
    except NewsclaimsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
