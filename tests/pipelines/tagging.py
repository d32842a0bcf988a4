"""Articles that pass the steps with watches, and files of watches, for several tests."""

import json
import os
from pathlib import Path
from typing import Any

from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.transforms.articles import Normalize, decode, detect_language, find_claims, find_mentions
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from pipelines.transforms.step import Step
from pipelines.transforms.watches import TagWatches, WatchesFile
from tests.pipelines.messages import message, record

NONE = "watches: {}\n"
DENIALS = "watches:\n  denials: {entities: [Ines Okafor], statuses: [denied]}\n"
BOATS = "watches:\n  boats: {words: [boat*]}\n"
BOTH = DENIALS + BOATS.partition("\n")[2]


def written(file: Path, text: str) -> Path:
    """Writes the whole file, as editors do, with a new time of change long ago."""
    before = file.stat().st_mtime_ns if file.exists() else 1_700_000_000_000_000_000
    file.write_text(text, "utf-8")
    os.utime(file, ns=(before + 1_000_000_000,) * 2)
    return file


def documents(file: WatchesFile, value: bytes | None = None) -> DocumentSet:
    """Returns the documents of a message with these watches."""
    elements: list[Any] = [Parcel(record(value or message(1)))]
    for rule in (decode, Normalize(), detect_language, find_mentions, find_claims, TagWatches(file), to_documents):
        elements = [result for element in elements for result in Step("any", rule).process(element)]
    (found,) = elements
    assert isinstance(found, DocumentSet)
    return found


def watched(found: DocumentSet) -> dict[str, list[list[str]]]:
    """The watches of each document, by family."""
    tags: dict[str, list[list[str]]] = {"articles": [], "claims": [], "figures": []}
    for document in found.documents:
        tags[document.family].append(json.loads(document.source)["watches"])
    return tags
