"""The embedded stack as a whole: start it, stop it, look at it."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from deploy.local import downloads, processes
from deploy.local.elasticsearch_server import ElasticsearchServer
from deploy.local.java import find_java
from deploy.local.kafka_server import KafkaServer
from deploy.local.lock import read_lock
from deploy.local.ports import require_free
from deploy.local.processes import ProcessId
from deploy.local.servers import Server
from deploy.settings import EmbeddedSettings, Settings, is_open_to_others
from schemas.errors import Permanent

# Elasticsearch needs 8 to 12 s on a quiet machine; a loaded one with a slow disk has ten times that.
START_SECONDS = 180.0
POLL_SECONDS = 0.1

Outcome = Literal["started", "running", "external", "stopped", "not running"]
Notify = Callable[[str], None]


@dataclass(frozen=True)
class Change:
    """What `up` or `down` did about one server."""

    server: str
    outcome: Outcome
    address: str
    version: str
    seconds: float


@dataclass(frozen=True)
class Progress:
    """How the caller wants to hear of the work: sentences, and downloads as total and arriving bytes."""

    notify: Notify = lambda sentence: None
    total: Callable[[int], None] = lambda count: None
    advance: downloads.Progress = lambda count: None


def servers(settings: Settings) -> list[Server]:
    """Returns the two embedded servers."""
    lock = read_lock()
    return [
        KafkaServer(pinned=lock["kafka"], settings=settings.embedded),
        ElasticsearchServer(pinned=lock["elasticsearch"], settings=settings.embedded),
    ]


def is_external(server: Server, settings: Settings) -> bool:
    """Whether the settings name another server of this kind, so that the embedded one is not wanted."""
    return settings.kafka_is_given if server.name == "kafka" else settings.elasticsearch_is_given


def up(settings: Settings, *, fresh: bool = False, progress: Progress | None = None) -> list[Change]:
    """Starts what is not running yet and returns when both servers work; `fresh` stops them and erases their data.

    Raises a `NewsclaimsError` of one sentence when that cannot be; then nothing that this call started is left running.
    """
    progress = progress or Progress()
    with _exclusively(settings.embedded):
        if fresh:
            _down(settings)
            for server in servers(settings):
                server.erase()
        running = _running(settings.embedded, progress.notify)
        changes = {
            server.name: Change(server.name, *_present(server, settings), server.version, 0.0)
            for server in servers(settings)
            if server.name in running or is_external(server, settings)
        }
        wanted = [server for server in servers(settings) if server.name not in changes]
        changes |= {change.server: change for change in _start_all(wanted, settings, progress)}
        return [changes[server.name] for server in servers(settings)]


def _present(server: Server, settings: Settings) -> tuple[Outcome, str]:
    if is_external(server, settings):
        given = settings.kafka.bootstrap_servers if server.name == "kafka" else settings.elasticsearch.urls
        return "external", ",".join(given)
    return "running", settings.embedded.address(server.name) or server.address


def down(settings: Settings) -> list[Change]:
    """Stops both servers, waits until they are gone and keeps their data."""
    with _exclusively(settings.embedded):
        return _down(settings)


def _down(settings: Settings) -> list[Change]:
    changes = []
    for server in servers(settings):
        started = time.monotonic()
        address = settings.embedded.address(server.name) or server.address
        identity = read_state(settings.embedded).get(server.name)
        was_running = identity is not None and identity.find() is not None
        if identity:
            processes.stop(identity)
        had_leftovers = server.stop_leftovers()
        _write_state(settings.embedded, server, None)
        outcome: Outcome = "stopped" if was_running or had_leftovers else "not running"
        changes.append(Change(server.name, outcome, address, server.version, time.monotonic() - started))
    return changes


def _start_all(wanted: list[Server], settings: Settings, progress: Progress) -> list[Change]:
    if not wanted:
        return []
    for server in wanted:
        server.stop_leftovers()
    _check(wanted, settings)
    java = find_java()
    wanted = [replace(server, java=java) for server in wanted]
    _install(wanted, progress)
    launched: list[tuple[Server, int, float]] = []
    try:
        for server in wanted:
            progress.notify(f"Starting {server.title} {server.version} …")
            started = time.monotonic()
            server.prepare()
            pid = server.launch()
            _write_state(settings.embedded, server, ProcessId.of(pid))
            launched.append((server, pid, started))
        return [_await(server, pid, started, settings) for server, pid, started in launched]
    except BaseException:
        for server, _, _ in launched:
            identity = read_state(settings.embedded).get(server.name)
            if identity:
                processes.stop(identity)
            _write_state(settings.embedded, server, None)
        raise


def _check(wanted: list[Server], settings: Settings) -> None:
    """Looks at everything that can be known to fail before anything is downloaded or started."""
    embedded = settings.embedded
    for server in wanted:
        variable = "KAFKA_BOOTSTRAP_SERVERS" if server.name == "kafka" else "ELASTICSEARCH_URL"
        require_free(server.title, server.port, f"{server.name}-port", variable)
    if embedded.controller_port and any(server.name == "kafka" for server in wanted):
        require_free("Kafka's controller", embedded.controller_port, "controller-port", "KAFKA_BOOTSTRAP_SERVERS")
    if processes.server_user():
        for variable, path in (("CACHE", embedded.cache_dir), ("DATA", embedded.data_dir)):
            if not is_open_to_others(path):
                raise Permanent(
                    f"As root the servers run as the user `nobody`, who cannot enter {path}: "
                    f"set NEWSCLAIMS_{variable}_DIR to a directory that everybody may enter, or be a plain user."
                )


def _install(wanted: list[Server], progress: Progress) -> None:
    missing = [(server.pinned, server.home) for server in wanted if not server.is_installed]
    if missing:
        names = " and ".join(f"{pinned.name.capitalize()} {pinned.version}" for pinned, _ in missing)
        progress.notify(f"Downloading {names} (once) …")
        progress.total(downloads.remaining_bytes(missing))
        downloads.install(missing, progress.advance)


def _await(server: Server, pid: int, started: float, settings: Settings) -> Change:
    """Waits until `server` works, and remembers the process that serves."""
    launched = ProcessId.of(pid)
    deadline = started + START_SECONDS
    while time.monotonic() < deadline:
        serving = server.served_by(pid)
        identity = ProcessId.of(serving) if serving else None
        if (identity is None or identity.find() is None) and (launched is None or launched.find() is None):
            raise Permanent(_why_it_ended(server))
        has_settled = identity == launched or launched is None or launched.find() is None
        if identity and has_settled and server.is_ready():
            _write_state(settings.embedded, server, identity)
            return Change(server.name, "started", server.address, server.version, time.monotonic() - started)
        time.sleep(POLL_SECONDS)
    raise Permanent(
        f"{server.title} did not answer within {START_SECONDS:.0f} s: `newsclaims logs {server.name}` shows how far it "
        "came; a machine that is busy or short of memory needs to be relieved first."
    )


def _why_it_ended(server: Server) -> str:
    """The first complaint in the log, else in what the process printed; an exception's text stands on the next line."""
    for path in (server.log, server.output):
        lines = [line.strip() for line in tail(path, 200)]
        for number, line in enumerate(lines):
            if any(word in line for word in ("ERROR", "FATAL", "Exception")):
                following = lines[number + 1 : number + 2]
                cause = " ".join([line, *following] if "fatal" in line.lower() else [line])
                return _ended(server, cause[:400])
    return _ended(server, "it did not say why")


def _ended(server: Server, cause: str) -> str:
    return f"{server.title} ended while starting ({cause}): `newsclaims logs {server.name}` has the rest."


def tail(path: Path, lines: int) -> list[str]:
    """Returns the last `lines` lines of the file at `path`, none where there is no file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 400 * lines))
            return file.read().decode("utf-8", "replace").splitlines()[-lines:]
    except OSError:
        return []


def read_state(embedded: EmbeddedSettings) -> dict[str, ProcessId]:
    """Returns the processes that `up` noted, by server; they may be gone. An unreadable note counts as none."""
    try:
        noted = json.loads(embedded.state_file.read_bytes())
        return {name: ProcessId(int(entry["pid"]), float(entry["started"])) for name, entry in noted.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _running(embedded: EmbeddedSettings, notify: Notify) -> set[str]:
    """Returns the names of the servers that run, and forgets, aloud, those that no longer do."""
    running = set()
    for name, identity in read_state(embedded).items():
        if identity.find():
            running.add(name)
        else:
            notify(
                f"The {name} that was noted as process {identity.pid} is gone (a reboot, or it was killed): "
                "the note is dropped and it is started anew."
            )
    return running


def _write_state(embedded: EmbeddedSettings, server: Server, identity: ProcessId | None) -> None:
    try:
        noted = json.loads(embedded.state_file.read_bytes())
    except (OSError, ValueError):
        noted = {}
    if not isinstance(noted, dict):
        noted = {}
    noted.pop(server.name, None)
    if identity:
        noted[server.name] = {"pid": identity.pid, "started": identity.started, "address": server.address}
    passing = embedded.state_file.with_suffix(".new")
    passing.write_text(json.dumps(noted))
    passing.replace(embedded.state_file)


@contextmanager
def _exclusively(embedded: EmbeddedSettings) -> Iterator[None]:
    """Lets one `up` or `down` at a time touch the data directory; a second one waits."""
    before = os.umask(0o022)  # the servers' user must be able to read what is written here
    try:
        embedded.data_dir.mkdir(parents=True, exist_ok=True)
        with (embedded.data_dir / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except PermissionError as error:
        raise Permanent(
            f"{error.filename} cannot be written: set NEWSCLAIMS_DATA_DIR to a directory of yours, "
            "or be the user who started the stack."
        ) from error
    finally:
        os.umask(before)
