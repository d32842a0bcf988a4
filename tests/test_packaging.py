"""What is installed elsewhere is the whole product: packages, data files and the command."""

import fcntl
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("pipelines", "connectors", "schemas", "dashboards", "deploy")
DATA_SUFFIXES = {
    ".css", ".html", ".js", ".json", ".jsonl", ".md", ".ndjson", ".properties", ".txt", ".xml", ".yaml", ".yml",
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The source distribution and, built from it, the wheel.

    A build writes into the checkout, so the processes of one run wait for the one that builds, and share what it built.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    built, unfinished = shared / "distributions", shared / "unfinished-distributions"
    with (shared / "distributions.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            subprocess.run(
                [sys.executable, "-m", "build", "--no-isolation", "--outdir", unfinished, ROOT],
                check=True, capture_output=True,
            )  # fmt: skip
            unfinished.rename(built)
    return built


def data_files() -> set[str]:
    """The data files of the packages, as git tracks them."""
    listed = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True)
    return {
        name for name in listed.stdout.splitlines()
        if Path(name).suffix in DATA_SUFFIXES and not name.endswith("README.md")
    }  # fmt: skip


def test_wheel_has_every_module_and_data_file(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    missing = {name for name in data_files() if (ROOT / name).exists()} - names
    assert not missing, f"add to package_data in setup.py: {sorted(missing)[:5]}"
    assert "newsclaims.py" in names
    assert {f"{package}/__init__.py" for package in PACKAGES} <= names
    assert not [name for name in names if name.startswith("tests/")]


def test_source_distribution_builds_what_beam_sends_to_workers(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"setup.py", "pyproject.toml", "pipelines/stream.py", "newsclaims.py"} <= names


def test_installed_elsewhere_the_command_answers(built: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", tmp_path,
         next(built.glob("*.whl"))],
        check=True, capture_output=True,
    )  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-P", "-m", "newsclaims", "extract"],
        input=b'{"id": "1", "text": "About 3,000 volunteers came, the mayor said.", "as_is": true}\n',
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"}, capture_output=True, check=True,
    )  # fmt: skip
    assert b'"low":3000' in run.stdout.replace(b".0", b"")
