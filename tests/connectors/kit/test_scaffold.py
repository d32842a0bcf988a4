"""A package made with `feeds new` works, and the page about connectors is up to date."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors import reference
from connectors.kit.registry import BUILT_IN
from newsclaims import app

ROOT = Path(__file__).parents[3]


def test_a_new_connector_passes_its_own_tests(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["feeds", "new", "tide_office", "--folder", str(tmp_path)])
    assert result.exit_code == 0
    made = tmp_path / "newsclaims-tide_office"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"],
        cwd=made, env={"PYTHONPATH": f"{ROOT}:{made}", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]
    assert re.search(r"11 passed", run.stdout)
    own = [line for line in (made / "tide_office.py").read_text().splitlines() if line.strip()]
    assert len(own) <= 60


def test_a_new_package_follows_our_style(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["feeds", "new", "tides", "--folder", str(tmp_path)])
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--config",
        str(ROOT / "pyproject.toml"),
        "--ignore",
        "I",
        str(tmp_path),
    ]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("name", ["Tides", "class", "a-b", "syndication"])
def test_unusable_names(name: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["feeds", "new", name, "--folder", str(tmp_path)])
    assert result.exit_code == 1
    assert "connector" in str(result.exception)


def test_the_page_about_connectors_is_up_to_date() -> None:
    assert reference.main(["--check"]) == 0


def test_connectors_are_listed_with_their_settings() -> None:
    listed = CliRunner().invoke(app, ["feeds", "connectors"]).output
    assert all(f"{name}: " in listed for name in BUILT_IN)
    shown = CliRunner().invoke(app, ["feeds", "connectors", "sitemap"]).output
    assert "| `days` | Maximum age of a page in days; older ones are skipped. | `3.0` |" in shown
