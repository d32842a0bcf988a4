"""The documentation as tests read it: files, code blocks, shell commands, links."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / "docs"
TOP = tuple(ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG"))
PACKAGES = ("pipelines", "connectors", "schemas", "dashboards", "deploy")
READMES = tuple(sorted(path for package in PACKAGES for path in (ROOT / package).rglob("README.md")))
PAGES = tuple(sorted(SITE.rglob("*.md")))
WRITTEN = tuple(page for page in PAGES if page.parent.name != "reference")
"""Pages of the site that are written by hand."""
HISTORY = {ROOT / "CHANGELOG.md", SITE / "reference" / "changelog.md"}
"""Pages that name what was there in earlier releases."""

PROGRAMS = ("newsclaims", "make", "docker", "curl", ".venv/bin/newsclaims", ".venv/bin/python")
"""Programs that make an indented block of a README a block of shell commands."""
OPERATORS = frozenset(("|", "&&", ";", "<", ">", ">>"))


@dataclass(frozen=True)
class Command:
    """One simple command of a shell block: its words, without pipes and redirections."""

    page: Path
    line: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.line}"


def fences(text: str, language: str) -> list[str]:
    """Returns the fenced blocks of a language, also those inside lists."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", text, re.M | re.S)
    return ["\n".join(line.removeprefix(indent) for line in block.splitlines()) for indent, block in found]


def indented(text: str) -> list[str]:
    """Returns the lines of indented code blocks that call one of our programs."""
    without_fences = re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S)
    lines = re.findall(r"^ {4}(\S.*)$", without_fences, re.M)
    return [line for line in lines if line.split()[0] in PROGRAMS]


def shell_lines(page: Path) -> Iterator[str]:
    """Yields the shell lines of a page. A line that is continued, or that ends inside quotes, goes on with the next."""
    text = page.read_text("utf-8")
    for block in [*fences(text, "sh"), *indented(text)]:
        line = ""
        for part in block.replace("\\\n", " ").splitlines():
            line = f"{line}\n{part}" if line else part
            if not is_open(line):
                if line.strip():
                    yield line
                line = ""
        assert not line, f"{page}: {line}"


def is_open(line: str) -> bool:
    """Returns whether a quotation is not closed yet."""
    try:
        shlex.split(line, comments=True)
    except ValueError:
        return True
    return False


def commands(page: Path) -> Iterator[Command]:
    """Yields every simple command of a page's shell blocks."""
    for line in shell_lines(page):
        lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
        lexer.whitespace_split = True
        words: list[str] = []
        takes_file = False
        for word in lexer:
            if takes_file:
                takes_file = False
            elif word not in OPERATORS:
                words.append(word)
            elif word in {"<", ">", ">>"}:
                takes_file = True
            else:
                yield Command(page, line, tuple(words))
                words = []
        if words:
            yield Command(page, line, tuple(words))


def inline_code(text: str) -> list[str]:
    """Returns what is in single backticks, outside fenced blocks."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S))


def links(text: str) -> list[str]:
    """Returns the targets of links and pictures, outside code."""
    prose = re.sub(r"^ *```.*?^ *```|`[^`\n]+`", "", text, flags=re.M | re.S)
    return [*re.findall(r"\]\(([^)\s]+)\)", prose), *re.findall(r'(?:src|srcset|href)="([^"]+)"', prose)]
