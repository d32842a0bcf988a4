"""Reads the sample feed. Each article is a file with YAML front matter; each form of article has a folder."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import yaml

CONTENT_TYPES: Final = {".txt": "text/plain", ".html": "text/html"}
"""The content type of a body by the suffix of its file."""

_FENCE: Final = "---\n"


def read_sample_articles() -> Iterator[dict[str, str]]:
    """Yields the sample articles with the field names of `schemas.records.RawArticle`, the oldest fetch first.

    Times are RFC 3339 in UTC. Fields without a value are left out, and so are the fields that `publish` computes
    (`article_id`, `revision`, `content_hash`). Raises `ValueError` with the name of a file that cannot be read.
    """
    found = (_read(file) for form in _find_folders() for file in form.iterdir() if not file.name.startswith("."))
    yield from sorted(found, key=lambda article: (article["fetched_at"], article["url"]))


def _find_folders() -> list[Traversable]:
    return [entry for entry in files("deploy").joinpath("demo", "articles").iterdir() if entry.is_dir()]


def _read(file: Traversable) -> dict[str, str]:
    start, fence, rest = file.read_text(encoding="utf-8").partition(_FENCE)
    header, end, body = rest.partition("\n" + _FENCE)
    suffix = file.name[file.name.rfind(".") :]
    if start or not fence or not end or suffix not in CONTENT_TYPES:
        raise ValueError(
            f"{file.name} is not a sample article: name it .txt or .html, and put --- above and below its front matter"
        )
    # The base loader keeps every value as text, so that a title that looks like a date stays a title.
    fields: dict[str, str] = yaml.load(header, Loader=yaml.BaseLoader)
    return fields | {"body": body.strip("\n"), "content_type": CONTENT_TYPES[suffix]}
