"""`python -m schemas.generate [--check]`: writes the JSON Schemas and index templates that follow from the records.

They are committed, so that a change of the contract is visible in review and programs in other languages can read it.
"""

import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from schemas.elasticsearch.aliases import ClaimantAlias
from schemas.elasticsearch.assertions import Assertion, PassState
from schemas.elasticsearch.indices import FAMILIES, template
from schemas.elasticsearch.marks import ClaimMark
from schemas.elasticsearch.replays import Replay
from schemas.elasticsearch.takedowns import Takedown
from schemas.files.committed import Committed
from schemas.operations.records import FeedHealth, FeedState, HealthSample
from schemas.records import Article, Claim, DeadLetter, Figure, GenerationState, LedgerEntry, RawArticle
from schemas.text import Extraction, Page

FOLDER = Path(__file__).parent / "generated"
COMMAND = "python -m schemas.generate"

RECORDS: tuple[type[msgspec.Struct], ...] = (
    RawArticle, Article, Claim, Figure, DeadLetter, LedgerEntry, GenerationState, ClaimMark, ClaimantAlias, Assertion,
    PassState, Replay, Takedown, FeedHealth, FeedState, HealthSample, Page, Extraction,
)  # fmt: skip
"""The records that other programs read or write."""


def format_record_name(record: type[msgspec.Struct]) -> str:
    """Returns the name of the record in files: `RawArticle` is `raw-article`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", record.__name__).lower()


def make_json_schema(record: type[msgspec.Struct]) -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of the record."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": record.__name__,
        **msgspec.json.schema(record),
    }


def generate_files() -> dict[str, bytes]:
    """Returns every generated file by its path in `FOLDER`."""
    files: dict[str, Any] = {
        f"jsonschema/{format_record_name(record)}.schema.json": make_json_schema(record) for record in RECORDS
    }
    files |= {f"elasticsearch/{family.name}.json": template(family) for family in FAMILIES.values()}
    return {
        path: msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n" for path, content in files.items()
    }


COMMITTED = Committed("schemas/generated", COMMAND, generate_files)


def find_stale(folder: Path = FOLDER) -> list[str]:
    """Returns the files that differ from what is generated now, that are missing, or that nothing generates."""
    return COMMITTED.find_stale(folder)


def write(folder: Path = FOLDER) -> list[str]:
    """Updates the folder. Returns the files that changed."""
    return COMMITTED.write(folder)


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """Runs the command. Returns 1 if `--check` finds a stale file."""
    return COMMITTED.main(folder, __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
