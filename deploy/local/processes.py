"""Server processes that outlive the command that started them, identified by number and start time."""

import os
import pwd
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from schemas.errors import Permanent

# Two readings of a process's start time may differ if the clock was adjusted in between.
START_TOLERANCE_SECONDS = 2.0
STOP_SECONDS = 30.0
POLL_SECONDS = 0.05

# Servers that this process started. If a `Popen` is dropped while its process runs, Python warns, and nothing reaps the
# process when it ends.
_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class ProcessId:
    """A process: its number and its start time (seconds since 1970), because numbers are reused."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ProcessId | None":
        """Returns the process that has the number `pid` now, or None."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def find(self) -> psutil.Process | None:
        """Returns the process if it still runs. Ignores another process that got the same number."""
        try:
            process = psutil.Process(self.pid)
            is_same = abs(process.create_time() - self.started) < START_TOLERANCE_SECONDS
            # A JVM that shuts down looks like a zombie once its first thread has ended. Its other threads still write.
            is_over = process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1
            return process if is_same and not is_over else None
        except psutil.NoSuchProcess:
            return None

    def measure_memory(self) -> int:
        """Returns the resident bytes of the process, 0 if it is gone."""
        process = self.find()
        return int(process.memory_info().rss) if process else 0


def find_server_user() -> pwd.struct_passwd | None:
    """Returns the user that runs the servers: None for the current user, `nobody` if that is root.

    Elasticsearch refuses to run as root. Raises `Permanent` if there is no user `nobody`.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise Permanent(
            "Elasticsearch refuses to run as root, and there is no user `nobody` that could run it: "
            "run `newsclaims up` as an ordinary user."
        ) from None


def give_to_server(directory: Path) -> None:
    """Creates `directory` and makes the server user its owner."""
    directory.mkdir(parents=True, exist_ok=True)
    user = find_server_user()
    if user and directory.stat().st_uid != user.pw_uid:
        for path in (directory, *directory.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def give_file_to_server(path: Path) -> None:
    """Makes the server user the owner of the file, and lets nobody else read it."""
    path.chmod(0o600)
    if user := find_server_user():
        os.chown(path, user.pw_uid, user.pw_gid)


def start(
    command: Sequence[str], environment: Mapping[str, str], directory: Path, log: Path
) -> subprocess.Popen[bytes]:
    """Starts `command` in its own session as the server user. Appends its output to the file `log`."""
    user = find_server_user()
    options: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with log.open("ab") as output:
        try:
            child = subprocess.Popen(
                command,
                cwd=directory,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o022,
                **options,
            )
        except PermissionError as error:
            raise Permanent(
                f"{command[0]} cannot be started as {user.pw_name if user else 'this user'}: run `newsclaims up` as an "
                "ordinary user, with a Java that all users may execute."
            ) from error
    _children.append(child)
    return child


def find_by_argument(argument: str) -> list[ProcessId]:
    """Returns the processes that have this argument on their command line."""
    found = []
    for process in psutil.process_iter():
        try:
            if argument in process.cmdline():
                found.append(ProcessId(process.pid, process.create_time()))
        except psutil.Error:
            continue  # The process has ended, or belongs to another user.
    return found


def stop(identity: ProcessId) -> None:
    """Stops the process and its children, and waits until they are gone. Kills them after `STOP_SECONDS`."""
    process = identity.find()
    if process is None:
        return
    family = [found for child in process.children(recursive=True) if (found := ProcessId.of(child.pid))]
    family.append(identity)
    process.terminate()
    if not _are_gone(family, STOP_SECONDS):
        for member in family:
            survivor = member.find()
            if survivor:
                survivor.kill()
        _are_gone(family, STOP_SECONDS)
    _children[:] = [child for child in _children if child.poll() is None]


def _are_gone(family: list[ProcessId], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(member.find() for member in family):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
