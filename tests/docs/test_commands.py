"""Every command in the documentation parses against the real program, and those that are cheap are run."""

import importlib.util
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer.main
import yaml
from typer.testing import CliRunner

from docs.tools.commands import commands as all_commands
from newsclaims import app
from schemas.elasticsearch.indices import FAMILIES
from tests.docs.pages import PAGES, READMES, ROOT, TOP, Command, commands, inline_code, shell_lines

OTHERS = {"cd", "pip", "pytest", "gzip", "export"}
"""Programs of others that pages use; what they are given is not checked."""
ALL = [command for page in (*TOP, *READMES, *PAGES) for command in commands(page)]
COMPOSE = ROOT / "deploy" / "containers" / "compose.yaml"


def program(command: Command) -> str:
    """The program, without the path of the virtual environment."""
    return command.words[0].removeprefix(".venv/bin/")


def called(name: str) -> list[Command]:
    """All commands of a program."""
    return [command for command in ALL if program(command) == name]


def test_shell_blocks_call_programs_that_are_checked() -> None:
    unknown = {str(each) for each in ALL} - {
        str(each)
        for each in ALL
        if program(each) in OTHERS | {"newsclaims", "make", "python", "docker", "curl", "kubectl"}
    }
    assert not unknown
    assert len(ALL) > 100


def parse(words: tuple[str, ...]) -> Any:
    """Parses the words after `newsclaims` as the program does, and runs nothing."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "commands"):
        if command.invoke_without_command and (not rest or rest[0].startswith("-")):
            break  # a group that does something by itself
        command = command.commands[rest.pop(0)]
    return command.make_context(command.name, rest)


@pytest.mark.parametrize("command", called("newsclaims"), ids=str)
def test_commands_parse(command: Command) -> None:
    parse(command.words[1:])


@pytest.mark.parametrize("words", [("run", "--wokers", "2"), ("run", "--workers", "0"), ("publish",), ("feed", "run")])
def test_wrong_commands_do_not_parse(words: tuple[str, ...]) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - typer's own errors, and KeyError for an unknown command
        parse(words)


@cache
def options() -> dict[str, set[str]]:
    """The options of each command by its full name; a group has those of its commands."""
    found: dict[str, set[str]] = {}
    for name, command in all_commands().items():
        names = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
        found[name] = names
        if " " in name:
            found.setdefault(name.split()[0], set()).update(names)
    return found


@pytest.mark.parametrize("page", [*TOP, *READMES, *PAGES], ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_named_in_the_text_exist(page: Path) -> None:
    for text in inline_code(page.read_text("utf-8")):
        words = text.split()
        if words[0] != "newsclaims" or len(words) == 1 or words[1].startswith("-") or words[1] == "COMMAND":
            continue
        name = next((each for each in (" ".join(words[1:3]), words[1]) if each in options()), None)
        assert name, f"{page.name}: the command {text!r} does not exist"
        named = {word.partition("=")[0] for word in words if word.startswith("-") and len(word) > 1}
        assert named <= options()[name], f"{page.name}: {text!r}"


def test_every_command_is_used_in_a_page_that_is_written_by_hand() -> None:
    """The reference names all; a guide, a start page or a README shows each at work."""
    text = "\n".join(page.read_text("utf-8") for page in (*TOP, *PAGES) if page.parent.name != "reference")
    assert [name for name in all_commands() if not re.search(rf"newsclaims {name}\b", text)] == []


@pytest.mark.parametrize("command", called("make"), ids=str)
def test_make_targets_exist(command: Command) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(rf"^{command.words[1]}:", makefile, re.M)


def test_every_make_target_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):.*##", makefile, re.M))
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert {name for name in targets if f"make {name}" not in contributing} <= {"demo"}


@pytest.mark.parametrize("command", called("python"), ids=str)
def test_modules_that_are_run_exist(command: Command) -> None:
    assert command.words[1] == "-m"
    module = command.words[2]
    assert importlib.util.find_spec(module)
    arguments = command.words[3:]
    if module == "tests.benchmarks":
        names = [name for name in arguments if not name.startswith("-")]
        assert [name for name in names if not importlib.util.find_spec(f"tests.benchmarks.{name}")] == []
    if module == "pytest":
        assert [path for path in arguments if path.startswith("tests") and not (ROOT / path).exists()] == []


def test_modules_named_in_the_text_exist() -> None:
    named = {
        words[2]
        for page in (*TOP, *READMES, *PAGES)
        for text in inline_code(page.read_text("utf-8"))
        if (words := text.split())[:2] == ["python", "-m"]
    }
    assert "schemas.generate" in named
    assert [module for module in named if not importlib.util.find_spec(module)] == []


@pytest.mark.parametrize("command", called("docker"), ids=str)
def test_compose_is_called_as_its_file_allows(command: Command) -> None:
    words = command.words
    assert words[1:4] == ("compose", "-f", str(COMPOSE.relative_to(ROOT)))
    services = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    profiles = {profile for service in services.values() for profile in service.get("profiles", ())}
    named = [word for word in words[words.index("up") + 1 :] if not word.startswith("-")]
    assert set(named) <= services.keys()
    if "--profile" in words:
        assert words[words.index("--profile") + 1] in profiles


@pytest.mark.parametrize("command", called("kubectl"), ids=str)
def test_kubectl_applies_folders_that_exist(command: Command) -> None:
    words = command.words
    assert words[1] in ("apply", "create", "delete")
    if words[1] == "apply":
        assert (ROOT / words[words.index("-k") + 1] / "kustomization.yaml").exists()


@pytest.mark.parametrize("command", called("curl"), ids=str)
def test_curl_asks_aliases_that_exist(command: Command) -> None:
    (url,) = (word for word in command.words[1:] if word.startswith(("localhost:9200", "http")))
    place = urlsplit(f"//{url}").path.split("/")[1]
    families = {re.sub(r"-g\d+.*", "", name) for name in place.split(",")}
    assert families <= FAMILIES.keys() | {"_cat"}


def test_help_of_every_command() -> None:
    for name in all_commands():
        shown = CliRunner().invoke(app, [*name.split(), "--help"])
        assert shown.exit_code == 0, name
        assert "Usage: newsclaims" in shown.output.replace("root", "newsclaims", 1), name


CHEAP = (
    "newsclaims extract", "newsclaims watches check", "newsclaims watches test", "newsclaims feeds check",
    "newsclaims feeds connectors", "newsclaims feeds new", "newsclaims feeds import", "newsclaims feeds export",
    "newsclaims dashboards build", "newsclaims dashboards check",
)  # fmt: skip
"""Commands that need no server and no network."""
CHEAP_LINES = sorted(
    {
        line.split(" # ")[0].strip().removeprefix(".venv/bin/")
        for page in (*TOP, *PAGES)
        for line in shell_lines(page)
        if line.removeprefix(".venv/bin/").startswith(CHEAP)
    }
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working directory with the files that the pages name."""
    articles = ROOT / "deploy" / "demo" / "articles"
    shutil.copy(next((articles / "agency").glob("*.txt")), tmp_path / "article.txt")
    shutil.copy(next((articles / "html").glob("*.html")), tmp_path / "page.html")
    shutil.copy(ROOT / "deploy" / "config" / "watches.yaml", tmp_path)
    shutil.copy(ROOT / "deploy" / "config" / "feeds.yaml", tmp_path)
    (tmp_path / "pages.jsonl").write_text('{"id": "1", "text": "About 3,000 volunteers came, the mayor said."}\n')
    (tmp_path / "reader.opml").write_text(
        '<opml version="2.0"><body><outline text="Reader" xmlUrl="https://reader.example/rss"/></body></opml>'
    )
    return tmp_path


@pytest.mark.parametrize("line", CHEAP_LINES)
def test_cheap_commands_run(line: str, folder: Path) -> None:
    program = f"'{sys.executable}' -c 'import newsclaims; newsclaims.main()'"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", re.sub(r"\bnewsclaims (?=[a-z])", f"{program} ", line, count=1)],
        cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_cheap_commands_are_found() -> None:
    assert len(CHEAP_LINES) >= 12
    assert "newsclaims extract < pages.jsonl > articles.jsonl" in CHEAP_LINES
