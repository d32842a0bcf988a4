"""Generated files that are committed and checked, so that a change is visible in review and none is forgotten."""

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Files = Mapping[str, bytes]
"""The content of files by their path in a folder."""


@dataclass(frozen=True)
class Committed:
    """A folder whose files all come from `generate`. `label` is its name in messages; `command` updates it."""

    label: str
    command: str
    generate: Callable[[], Files]

    def find_stale(self, folder: Path) -> list[str]:
        """Returns the files that differ from what is generated now, that are missing, or that nothing generates."""
        wanted = self.generate()
        there = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        return sorted(path for path in wanted.keys() | there.keys() if wanted.get(path) != there.get(path))

    def write(self, folder: Path) -> list[str]:
        """Updates the folder. Returns the files that changed."""
        wanted, changed = self.generate(), self.find_stale(folder)
        for path in changed:
            target = folder / path
            if path in wanted:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(wanted[path])
            else:
                target.unlink()
        return changed

    def main(self, folder: Path, about: str | None, arguments: list[str] | None = None) -> int:
        """Runs the command, which `about` describes. Returns 1 if `--check` finds a stale file."""
        parser = argparse.ArgumentParser(prog=self.command, description=about)
        parser.add_argument("--check", action="store_true", help="change nothing, fail if a file is stale")
        if not parser.parse_args(arguments).check:
            for path in self.write(folder):
                print(f"wrote {self.label}/{path}")
            return 0
        for path in (found := self.find_stale(folder)):
            print(f"{self.label}/{path} is stale: run `{self.command}` and commit the result", file=sys.stderr)
        return 1 if found else 0
