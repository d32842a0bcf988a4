"""Where a job continues on Flink: its last savepoint or complete checkpoint, kept in a small file between runs."""

import logging
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from schemas.errors import Permanent

_log = logging.getLogger(__name__)

AUTO, NONE = "auto", "none"
METADATA = "_metadata"
"""The file that Flink writes last into a checkpoint: without it, the checkpoint is incomplete."""


class ResumePoint(msgspec.Struct, frozen=True, kw_only=True):
    """The path of a savepoint or checkpoint, as Flink gave it, and the job that wrote it."""

    path: str
    job: str


class ResumeFile:
    """The file with the resume point of a group."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last: ResumePoint | None = None

    def write(self, point: ResumePoint) -> None:
        """Keeps a resume point, unless it is the last one."""
        if point == self._last:
            return
        self._last = point
        fresh = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(msgspec.json.encode(point))
            fresh.replace(self.path)
        except OSError as error:
            _log.warning("%s cannot be written, so the next run starts from the group's offsets: %s", self.path, error)

    def clear(self) -> None:
        """Forgets the resume point: the next start is from the offsets of the group."""
        self._last = None
        self.path.unlink(missing_ok=True)

    def read(self) -> ResumePoint | None:
        """Returns the resume point, or None. An unreadable file counts as none."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=ResumePoint)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("%s cannot be read, so reading starts from the offsets of the group: %s", self.path, error)
            return None


def choose_resume_path(restore: str, kept: ResumePoint | None) -> str | None:
    """Returns the path to restore, or None for a start from the offsets of the group.

    `restore` is `auto`, `none` or a path. Raises `Permanent` if a given path is on this machine and not complete.
    """
    if restore == NONE:
        return None
    if restore != AUTO:
        found = Path(restore)
        path = f"file://{found}" if found.is_absolute() else restore
        if "://" not in path:
            raise Permanent(f"--restore is {restore!r}: it must be auto, none, an absolute path or an address.")
        local = find_local_folder(path)
        if local is not None and local.exists() and not (local / METADATA).is_file():
            raise Permanent(f"--restore names {local}, which has no {METADATA}: the checkpoint is incomplete.")
        return path
    if kept is None:
        return None
    local = find_local_folder(kept.path)
    # Without a common folder the address counts: Flink looks at it itself.
    if local is None or not local.parent.is_dir():
        return kept.path
    newest = find_newest_checkpoint(local)
    if newest is None:
        _log.warning("%s has no complete checkpoint: reading starts from the offsets of the group", local.parent)
        return None
    return f"file://{newest}"


def find_newest_checkpoint(known: Path) -> Path | None:
    """Returns the newest complete checkpoint of the job that wrote `known`; a savepoint is the only one of its kind."""
    if not known.name.startswith("chk-"):
        return known if (known / METADATA).is_file() else None
    complete = [each for each in known.parent.glob("chk-*") if (each / METADATA).is_file()]
    return max(complete, key=_read_number, default=None)


def _read_number(folder: Path) -> int:
    number = folder.name.removeprefix("chk-")
    return int(number) if number.isdigit() else -1


def find_local_folder(address: str) -> Path | None:
    """Returns the folder of a `file:` address, or None for another file system."""
    parts = urlsplit(address)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None
