"""Downloads the jars of the cluster, each pinned by SHA-256: `python -m deploy.flink.jars [FOLDER]`.

They are Flink's runtime and Beam's runner with its job server, 162 files and 152 MB. `NEWSCLAIMS_MAVEN_REPOSITORY`
names a mirror of Maven Central.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.command_line import say
from deploy.local.downloads import Progress, install
from deploy.local.lock import read_lock
from deploy.settings import Settings
from schemas.errors import NewsclaimsError


def ignore_progress(_size: int) -> None:
    """Ignores how many bytes have arrived."""


def install_jars(folder: Path | None = None, progress: Progress = ignore_progress) -> Path:
    """Downloads the jars that are missing, by default to the cache directory. Returns the folder with the jars.

    Raises `Permanent` if the disk is too small, and `Retryable` if a file cannot be downloaded or differs from the
    lock.
    """
    pinned = read_lock(__package__)["flink"]
    home = folder or Settings.load().embedded.cache_dir / pinned.directory
    install([(pinned, home)], progress)
    return home / "libs"


def main(arguments: Iterable[str]) -> int:
    """Downloads the jars. Returns the exit code."""
    folder = next((Path(argument) for argument in arguments), None)
    try:
        say(str(install_jars(folder)))
    except NewsclaimsError as error:
        say(f"newsclaims: {error}", fg="red", err=True)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
