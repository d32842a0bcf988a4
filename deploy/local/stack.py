"""Starts and stops the embedded stack, and records which servers run."""

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
from deploy.local.security import ServerSecurity
from deploy.local.servers import EmbeddedServer
from deploy.settings import EmbeddedSettings, Settings, is_open_to_others
from schemas.errors import Permanent

# Elasticsearch starts in 8 to 12 s on an idle machine. On a busy one with a slow disk it may take ten times as long.
START_SECONDS = 180.0
POLL_SECONDS = 0.1

Outcome = Literal["started", "running", "external", "stopped", "not running"]
Notify = Callable[[str], None]


@dataclass(frozen=True)
class ServerChange:
    """What `up` or `down` did to one server."""

    server: str
    outcome: Outcome
    address: str
    version: str
    seconds: float


@dataclass(frozen=True)
class Progress:
    """Callbacks for progress: messages, the total number of bytes to download, and bytes that have arrived."""

    notify: Notify = lambda _message: None
    total: Callable[[int], None] = lambda _count: None
    advance: downloads.Progress = lambda _count: None


def list_embedded_servers(settings: Settings, security: ServerSecurity | None = None) -> list[EmbeddedServer]:
    """Returns the two embedded servers, with TLS and logins if there is a `security`."""
    lock = read_lock()
    return [
        KafkaServer(pinned=lock["kafka"], settings=settings.embedded, security=security),
        ElasticsearchServer(pinned=lock["elasticsearch"], settings=settings.embedded, security=security),
    ]


def is_external(server: EmbeddedServer, settings: Settings) -> bool:
    """Returns whether the settings name another server of this kind, so that the embedded one is not used."""
    return settings.kafka_is_given if server.name == "kafka" else settings.elasticsearch_is_given


def find_external_addresses(server: EmbeddedServer, settings: Settings) -> str:
    """Returns the addresses in the settings for this kind of server, separated by commas."""
    return ",".join(settings.kafka.bootstrap_servers if server.name == "kafka" else settings.elasticsearch.urls)


def up(
    settings: Settings,
    *,
    fresh: bool = False,
    progress: Progress | None = None,
    security: ServerSecurity | None = None,
) -> list[ServerChange]:
    """Starts the servers that do not run, and returns when both work. `fresh` stops them and erases their data first.

    With `security` they ask for a login and speak TLS.

    Raises a `NewsclaimsError` of one sentence if that fails; then the servers that this call started are stopped again.
    """
    progress = progress or Progress()
    servers = list_embedded_servers(settings, security)
    with _lock_stack(settings.embedded):
        if fresh:
            _stop_all(settings)
            for server in servers:
                server.erase()
        running = _find_running(settings.embedded, progress.notify)
        changes = {
            server.name: ServerChange(server.name, *_describe_running(server, settings), server.version, 0.0)
            for server in servers
            if server.name in running or is_external(server, settings)
        }
        missing = [server for server in servers if server.name not in changes]
        changes |= {change.server: change for change in _start_all(missing, settings, progress)}
        return [changes[server.name] for server in servers]


def _describe_running(server: EmbeddedServer, settings: Settings) -> tuple[Outcome, str]:
    if is_external(server, settings):
        return "external", find_external_addresses(server, settings)
    return "running", settings.embedded.find_address(server.name) or server.address


def down(settings: Settings) -> list[ServerChange]:
    """Stops both servers and waits until they are gone. Keeps their data."""
    with _lock_stack(settings.embedded):
        return _stop_all(settings)


def _stop_all(settings: Settings) -> list[ServerChange]:
    changes = []
    for server in list_embedded_servers(settings):
        started = time.monotonic()
        address = settings.embedded.find_address(server.name) or server.address
        identity = read_state(settings.embedded).get(server.name)
        was_running = identity is not None and identity.find() is not None
        if identity:
            processes.stop(identity)
        had_leftovers = server.stop_leftovers()
        _write_state(settings.embedded, server, None)
        outcome: Outcome = "stopped" if was_running or had_leftovers else "not running"
        changes.append(ServerChange(server.name, outcome, address, server.version, time.monotonic() - started))
    return changes


def _start_all(servers: list[EmbeddedServer], settings: Settings, progress: Progress) -> list[ServerChange]:
    if not servers:
        return []
    for server in servers:
        server.stop_leftovers()
    _check_preconditions(servers, settings)
    java = find_java()
    servers = [replace(server, java=java) for server in servers]
    _install(servers, progress)
    launched: list[tuple[EmbeddedServer, int, float]] = []
    try:
        for server in servers:
            progress.notify(f"Starting {server.title} {server.version} …")
            started = time.monotonic()
            server.prepare()
            pid = server.launch()
            _write_state(settings.embedded, server, ProcessId.of(pid))
            launched.append((server, pid, started))
        return [_wait_until_ready(server, pid, started, settings) for server, pid, started in launched]
    except BaseException:
        for server, _, _ in launched:
            identity = read_state(settings.embedded).get(server.name)
            if identity:
                processes.stop(identity)
            _write_state(settings.embedded, server, None)
        raise


def _check_preconditions(servers: list[EmbeddedServer], settings: Settings) -> None:
    """Checks ports and permissions before anything is downloaded or started. Raises `Permanent`."""
    embedded = settings.embedded
    for server in servers:
        variable = "KAFKA_BOOTSTRAP_SERVERS" if server.name == "kafka" else "ELASTICSEARCH_URL"
        require_free(server.title, server.port, f"{server.name}-port", variable)
    if embedded.controller_port and any(server.name == "kafka" for server in servers):
        require_free("Kafka's controller", embedded.controller_port, "controller-port", "KAFKA_BOOTSTRAP_SERVERS")
    if processes.find_server_user():
        for variable, path in (("CACHE", embedded.cache_dir), ("DATA", embedded.data_dir)):
            if not is_open_to_others(path):
                raise Permanent(
                    f"The servers of root run as the user `nobody`, who cannot enter {path}: set "
                    f"NEWSCLAIMS_{variable}_DIR to a directory that all users may enter, or run as an ordinary user."
                )


def _install(servers: list[EmbeddedServer], progress: Progress) -> None:
    missing = [(server.pinned, server.home) for server in servers if not server.is_installed]
    if missing:
        names = " and ".join(f"{pinned.name.capitalize()} {pinned.version}" for pinned, _ in missing)
        progress.notify(f"Downloading {names} (once) …")
        progress.total(downloads.count_missing_bytes(missing))
        downloads.install(missing, progress.advance)


def _wait_until_ready(server: EmbeddedServer, pid: int, started: float, settings: Settings) -> ServerChange:
    """Waits until `server` works, and records the serving process. Raises `Permanent` if it ends or takes too long."""
    launched = ProcessId.of(pid)
    deadline = started + START_SECONDS
    while time.monotonic() < deadline:
        serving = server.find_serving_pid(pid)
        identity = ProcessId.of(serving) if serving else None
        if (identity is None or identity.find() is None) and (launched is None or launched.find() is None):
            raise Permanent(_explain_end(server))
        has_settled = identity == launched or launched is None or launched.find() is None
        if identity and has_settled and server.is_ready():
            _write_state(settings.embedded, server, identity)
            return ServerChange(server.name, "started", server.address, server.version, time.monotonic() - started)
        time.sleep(POLL_SECONDS)
    raise Permanent(
        f"{server.title} did not answer within {START_SECONDS:.0f} s: see `newsclaims logs {server.name}`; if the "
        "machine is busy, free some CPU or memory and try again."
    )


def _explain_end(server: EmbeddedServer) -> str:
    """Returns the first error in the log, else in the output. The text of an exception is on the line after it."""
    for path in (server.log, server.output):
        lines = [line.strip() for line in tail(path, 200)]
        for number, line in enumerate(lines):
            if any(word in line for word in ("ERROR", "FATAL", "Exception")):
                following = lines[number + 1 : number + 2]
                cause = " ".join([line, *following] if "fatal" in line.lower() else [line])
                return _format_end(server, cause[:400])
    return _format_end(server, "no error in its log")


def _format_end(server: EmbeddedServer, cause: str) -> str:
    return f"{server.title} exited while starting ({cause}): see `newsclaims logs {server.name}` for more."


def tail(path: Path, lines: int) -> list[str]:
    """Returns the last `lines` lines of the file at `path`. Empty if the file does not exist."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 400 * lines))
            return file.read().decode("utf-8", "replace").splitlines()[-lines:]
    except OSError:
        return []


def read_state(embedded: EmbeddedSettings) -> dict[str, ProcessId]:
    """Returns the processes that `up` recorded, by server. They may have ended. An unreadable record counts as none."""
    try:
        recorded = json.loads(embedded.state_file.read_bytes())
        return {name: ProcessId(int(entry["pid"]), float(entry["started"])) for name, entry in recorded.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _find_running(embedded: EmbeddedSettings, notify: Notify) -> set[str]:
    """Returns the names of the recorded servers that run, and reports those that have ended."""
    running = set()
    for name, identity in read_state(embedded).items():
        if identity.find():
            running.add(name)
        else:
            notify(
                f"{name} (process {identity.pid}) has ended without `newsclaims down`, "
                "perhaps because of a reboot: starting it again."
            )
    return running


def _write_state(embedded: EmbeddedSettings, server: EmbeddedServer, identity: ProcessId | None) -> None:
    try:
        recorded = json.loads(embedded.state_file.read_bytes())
    except (OSError, ValueError):
        recorded = {}
    if not isinstance(recorded, dict):
        recorded = {}
    recorded.pop(server.name, None)
    if identity:
        recorded[server.name] = {"pid": identity.pid, "started": identity.started, "address": server.address}
    fresh = embedded.state_file.with_suffix(".new")
    fresh.write_text(json.dumps(recorded))
    fresh.replace(embedded.state_file)


@contextmanager
def _lock_stack(embedded: EmbeddedSettings) -> Iterator[None]:
    """Lets only one `up` or `down` at a time change the data directory. A second one waits."""
    before = os.umask(0o022)  # The user of the servers must be able to read what is written here.
    try:
        embedded.data_dir.mkdir(parents=True, exist_ok=True)
        with (embedded.data_dir / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except PermissionError as error:
        raise Permanent(
            f"{error.filename} is not writable: set NEWSCLAIMS_DATA_DIR to a writable directory, "
            "or run this as the user who started the stack."
        ) from error
    finally:
        os.umask(before)
