"""Plain English in every tracked file: help, errors, docs, docstrings and comments.

The patterns are turns of phrase that stood in this project and that no native technical writer uses; a match names the
file, the line and what to write instead. There are no exemptions. Texts that are data (gold, tables, samples of news)
are not prose of ours and are left out.
"""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import ROOT, list_files, needs_checkout

SUFFIXES = {".py", ".md", ".yaml", ".yml", ".toml", ".js", ".html", ".css", ".sh", ".example", ".properties", ""}
DATA = ("/gold", "/generated/", "deploy/demo/articles/", "schemas/examples/", "LICENSE")
"""Parts of paths whose text is data."""
THIS = "tests/test_plain_english.py"

PATTERNS = [
    (r"\banew\b", "again", "It is made anew."),
    (r"\bwhoever\b", "a person who, anyone who", "Whoever reads it"),
    (r"\bfurniture\b", "boilerplate", "furniture of the page"),
    (r"\b(?:is|are|was|were) told\b", "is reported", "A server that is away is told."),
    (
        r"\btells? (?:what|how|which|whether|that|where|who|why|when|of)\b",
        "says, shows, reports",
        "It tells how it does.",
    ),
    (r"\bdoes not tell\b", "does not report", "It does not tell how it does."),
    (
        r"\b(?:is|are|was|were) no (?!longer|more|better|worse|less|fewer|such|\w+er\b)[a-zA-Z]+\b",
        "is not a",
        "This is no Kibana.",
    ),
    (r"\b(?:that|what|which) (?:is|are) no (?!longer|more|less|\w+er\b)", "that is not a", "what is no article"),
    (r"\b(?:is|are|was|were) away\b(?! from)", "is unreachable", "Kafka is away."),
    (r"\blastly with\b", "last error:", "tried three times, lastly with: timeout"),
    (r"\bof a right\b", "has permission", "for want of a right"),
    (r"\bwho only\b", "those that only", "who only names it"),
    (r"\bneed not\b", "does not have to", "it need not load them"),
    (r"\bmend(?:s|ed|ing)?\b", "repair, fix", "It mends itself."),
    (r"\bbeside\b", "next to, compared with, as well as", "the baseline beside it"),
    (r"\bmourn(?:s|ed|ing)?\b", "restart, reap", "It mourns its workers."),
    (r"\bto the letter\b", "verbatim", "text to the letter"),
    (r"\bslip of the finger\b", "typo", "a slip of the finger"),
    (r"\b(?:can|could|is|are) (?:to )?be had\b", "is available", "No server can be had."),
    (r"\bfor ever\b", "without end, forever", "It polls for ever."),
    (r"\bshall\b", "must, should", "It shall not fail."),
    (
        r"\bstands? (?:there|here|in|on|at|alone|behind|before|above|below|under|after|between|among)\b",
        "is, are",
        "The address stands in the file.",
    ),
    (r"\b(?:only|even|also|except|unless) where\b", "only if, even when", "only where it is given"),
    (
        r"\bwhere (?:it|there|they|one|none|that|nothing|nobody) (?:is|are|can|could|has|have|was|does|do|had)\b",
        "if, when",
        "None where it is not known.",
    ),
]


def list_prose() -> list[Path]:
    return [
        path for path in list_files() if path.suffix in SUFFIXES and not any(part in path.as_posix() for part in DATA)
    ]


def read_prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yields the lines of a file with their numbers; of Python, only strings and comments; of tables, comments."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.suffix != ".py":
        lines = enumerate(text.splitlines(), 1)
        yield from (line for line in lines if "tables" not in path.parts or line[1].lstrip().startswith("#"))
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.STRING, tokenize.COMMENT):
            yield from enumerate(token.string.splitlines(), token.start[0])


def find_matches(line: str) -> Iterator[str]:
    for pattern, instead, _ in PATTERNS:
        if found := re.search(pattern, line, re.IGNORECASE):
            yield f"{found[0]!r}: write {instead!r}"


@needs_checkout
def test_every_file_is_in_plain_english() -> None:
    files = [path for path in list_prose() if path.as_posix() != THIS]
    assert len(files) > 300
    found = [
        f"{path}:{number}: {match}"
        for path in files
        for number, line in read_prose(path)
        for match in find_matches(line)
    ]
    assert not found, f"{len(found)} lines\n" + "\n".join(found)


@pytest.mark.parametrize(("pattern", "instead", "example"), PATTERNS, ids=lambda value: value[:30])
def test_pattern_finds_its_example(pattern: str, instead: str, example: str) -> None:
    assert re.search(pattern, example, re.IGNORECASE)
    assert not re.search(pattern, instead, re.IGNORECASE)


@pytest.mark.parametrize(
    "line",
    [
        "It is no longer there.",
        "Stories that are no more than a day old",
        "How far it is away from the end",
        "The folder where the files are",
        "An article is never lost.",
    ],
)
def test_plain_english_passes(line: str) -> None:
    assert list(find_matches(line)) == []
