"""The files of the checkout, for the tests and commands that look at all of them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

needs_checkout = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")


def list_files() -> list[Path]:
    """Returns the files that git tracks, or would, relative to the root. Raises `CalledProcessError` without git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()]
