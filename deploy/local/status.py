"""What the servers look like from outside: versions, addresses, health, sizes; and their logs."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deploy.local import reachable
from deploy.local.servers import Server
from deploy.local.stack import is_external, read_state, servers, tail
from deploy.settings import Settings
from schemas.errors import Permanent

FOLLOW_SECONDS = 0.2

State = Literal["running", "stopped", "not answering"]


@dataclass(frozen=True)
class ServerStatus:
    """One server now. Sizes are in bytes, and None where the server is not ours to measure."""

    server: str
    state: State
    embedded: bool
    address: str
    version: str | None
    health: str | None
    pid: int | None
    memory: int | None
    data: int | None
    log: str | None


def status(settings: Settings) -> list[ServerStatus]:
    """Returns the status of Kafka and Elasticsearch, embedded or not; asks each once."""
    return [_external(server, settings) if is_external(server, settings) else _embedded(server, settings)
            for server in servers(settings)]  # fmt: skip


def _ask(server: Server, settings: Settings) -> reachable.Answer | None:
    answer = (
        reachable.kafka(settings.kafka) if server.name == "kafka" else reachable.elasticsearch(settings.elasticsearch)
    )
    return answer if isinstance(answer, reachable.Answer) else None


def _external(server: Server, settings: Settings) -> ServerStatus:
    answer = _ask(server, settings)
    given = settings.kafka.bootstrap_servers if server.name == "kafka" else settings.elasticsearch.urls
    return ServerStatus(
        server=server.name,
        state="running" if answer else "not answering",
        embedded=False,
        address=",".join(given),
        version=answer.version if answer else None,
        health=answer.health if answer else None,
        pid=None,
        memory=None,
        data=None,
        log=None,
    )


def _embedded(server: Server, settings: Settings) -> ServerStatus:
    identity = read_state(settings.embedded).get(server.name)
    runs = identity is not None and identity.find() is not None
    answer = _ask(server, settings) if runs else None
    return ServerStatus(
        server=server.name,
        state="running" if answer else "not answering" if runs else "stopped",
        embedded=True,
        address=settings.embedded.address(server.name) or server.address,
        version=server.version,
        health=answer.health if answer else None,
        pid=identity.pid if identity and runs else None,
        memory=identity.memory() if identity and runs else None,
        data=_size(server.data),
        log=str(server.log),
    )


def _size(directory: Path) -> int:
    """Bytes in the files below `directory`; those that a server removes meanwhile, or hides, count nothing."""
    total = 0
    for path in directory.rglob("*"):
        try:
            # Blocks, not lengths: Kafka reserves index files of 10 MB that are empty.
            total += path.stat().st_blocks * 512
        except OSError:
            continue
    return total


def logs(settings: Settings, service: str, *, lines: int = 50, follow: bool = False) -> Iterator[str]:
    """Yields the last `lines` lines of a server's log, then, with `follow`, each line as it is written, without end.

    Raises `Permanent` for a service that does not exist or has never run.
    """
    server = next((server for server in servers(settings) if server.name == service), None)
    if server is None:
        raise Permanent(f"{service!r} is no server of the stack: choose kafka or elasticsearch.")
    path = server.log if server.log.exists() else server.output
    if not path.exists():
        raise Permanent(f"{server.title} has no log yet in {path.parent}: `newsclaims up` starts it.")
    yield from tail(path, lines)
    if follow:
        yield from _follow(path)


def _follow(path: Path) -> Iterator[str]:
    position = path.stat().st_size
    rest = b""
    while True:
        if path.stat().st_size < position:  # rolled over: the new file begins at its start
            position = 0
        with path.open("rb") as file:
            file.seek(position)
            fresh = file.read()
            position += len(fresh)
        *whole, rest = (rest + fresh).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in whole)
        if not fresh:
            time.sleep(FOLLOW_SECONDS)
