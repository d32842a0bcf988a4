"""README tells the truth: commands that it names exist, and every command is in it."""

import re
from pathlib import Path

import typer.main

from deploy.settings import VARIABLES
from newsclaims import app
from schemas.metrics import METRICS
from schemas.topics import load_topics

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> set[str]:
    """Every command of the program, groups with their own (`dead-letters replay`)."""
    found = set()
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {sub}" for sub in inner} if inner else {name}
    return found


def test_every_command_is_in_the_readme() -> None:
    missing = [name for name in sorted(commands()) if f"newsclaims {name}" not in README]
    assert not missing


def test_every_command_that_the_readme_names_exists() -> None:
    groups = {name.split()[0] for name in commands()}
    named = re.findall(r"newsclaims ([a-z][a-z-]+)(?= |`|\n|$)", "\n".join(code(README)))
    unknown = {name for name in named if name not in groups}
    assert len(named) > 10
    assert not unknown


def code(text: str) -> list[str]:
    """What stands in indented code blocks and in backticks."""
    return re.findall(r"^ {4}(.*)$", text, re.M) + re.findall(r"`([^`\n]+)`", text)


def test_make_targets_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"^make ([a-z]+)", "\n".join(code(README)), re.M))
    assert {"demo", "test"} <= named
    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.M)] == []


def test_settings_and_topics_are_in_the_readme() -> None:
    assert [name for name in VARIABLES if name not in README] == []
    assert [name for name in load_topics() if f"`{name}`" not in README] == []


def test_metrics_that_the_readme_names_exist() -> None:
    named = set(re.findall(r"newsclaims_[a-z_]+", README))
    assert named
    assert named <= set(METRICS)


def test_changelog_has_the_version_of_the_package() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    assert version
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
