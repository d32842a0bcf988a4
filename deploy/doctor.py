"""`newsclaims doctor`: checks everything that the product needs, and says how to fix what is missing."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.table import Table
from rich.text import Text

from deploy.local import downloads
from deploy.local.java import MINIMUM, find_java
from deploy.local.ports import find_holder, is_free
from deploy.local.servers import EmbeddedServer
from deploy.local.stack import is_external, list_embedded_servers, read_state
from deploy.probing import ServerInfo, is_supported_elasticsearch, probe_elasticsearch, probe_kafka
from deploy.settings import Settings
from schemas.errors import NewsclaimsError

# With less free disk space Elasticsearch stops accepting documents (elasticsearch.yml sets its watermarks).
LEAST_FREE_BYTES = 1_000_000_000
PYTHONS = ((3, 11), (3, 12))
MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """The result of one check: what was found, and how to fix it unless it is ok."""

    name: str
    verdict: Level
    found: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Returns the findings: prerequisites first, then connections. A problem is a finding, never an exception."""
    return list(_run_checks(settings))


def find_exit_code(findings: Sequence[Finding]) -> int:
    """Returns 1 if a check failed, else 0. Warnings do not count."""
    return int(any(finding.verdict == "fail" for finding in findings))


def _run_checks(settings: Settings) -> Iterator[Finding]:
    yield check_python()
    embedded = [server for server in list_embedded_servers(settings) if not is_external(server, settings)]
    if embedded:
        yield check_java()
        yield check_disk("disk for the cache", settings.embedded.cache_dir, "NEWSCLAIMS_CACHE_DIR")
        yield check_disk("disk for the data", settings.embedded.data_dir, "NEWSCLAIMS_DATA_DIR")
    for server in embedded:
        yield check_installation(server)
        yield check_port(server, settings)
    kafka, elasticsearch = check_kafka(settings), check_elasticsearch(settings)
    yield kafka
    yield elasticsearch
    if kafka.verdict == elasticsearch.verdict == "ok":
        yield check_set_up(settings)


def check_python() -> Finding:
    """Checks whether Beam and newsclaims support this Python."""
    found = platform.python_version()
    if sys.version_info[:2] in PYTHONS:
        return Finding("Python", "ok", found)
    return Finding("Python", "fail", found, "use Python 3.11 or 3.12: `make setup PYTHON=/path/to/python3.11`")


def check_java() -> Finding:
    """Checks whether there is a Java for the embedded servers."""
    try:
        java = find_java()
    except NewsclaimsError as error:
        return Finding("Java", "fail", "not found", str(error))
    return Finding("Java", "ok", f"{java.version} in {java.home} ({MINIMUM} or newer is needed)")


def check_disk(name: str, directory: Path, variable: str) -> Finding:
    """Checks whether `directory` is writable and has enough space."""
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    found = f"{directory}, {free / 1e9:.1f} GB free"
    if not os.access(existing, os.W_OK):
        return Finding(name, "fail", f"{found}, not writable", f"set {variable} to a writable directory")
    if free < LEAST_FREE_BYTES:
        return Finding(name, "fail", found, f"free some space, or set {variable} to a directory on another disk")
    return Finding(name, "ok", found)


def check_installation(server: EmbeddedServer) -> Finding:
    """Checks whether the embedded server is completely installed, so that `up` needs no network."""
    name = f"{server.title} program"
    try:
        if server.is_installed:
            return Finding(name, "ok", f"{server.version} in {server.home}")
    except NewsclaimsError as error:
        return Finding(name, "fail", "not usable", str(error))
    size = downloads.count_missing_bytes([(server.pinned, server.home)])
    return Finding(name, "warn", f"{size / 1e6:.0f} MB are missing", "`newsclaims up` downloads them once")


def check_port(server: EmbeddedServer, settings: Settings) -> Finding:
    """Checks whether the embedded server uses its port, or could."""
    name = f"port {server.port}"
    identity = read_state(settings.embedded).get(server.name)
    if identity and identity.find():
        return Finding(name, "ok", f"used by the embedded {server.title} (process {identity.pid})")
    if is_free(server.port):
        return Finding(name, "ok", f"free for {server.title}")
    variable = f"NEWSCLAIMS_{server.name.upper()}_PORT"
    return Finding(name, "fail", f"taken by {find_holder(server.port)}", f"stop it, or set {variable} to another port")


def check_kafka(settings: Settings) -> Finding:
    """Checks whether Kafka answers."""
    info = probe_kafka(settings.kafka)
    where = ", ".join(settings.kafka.bootstrap_servers)
    if isinstance(info, ServerInfo):
        return Finding("Kafka", "ok", f"{where}: {info.health}")
    if info.is_refusal:
        return Finding("Kafka", "fail", f"{where} refuses this client", info.problem)
    remedy = (
        "check KAFKA_BOOTSTRAP_SERVERS and the KAFKA_* credentials" if settings.kafka_is_given else "`newsclaims up`"
    )
    return Finding("Kafka", "fail", f"{where} does not answer ({info.problem})", remedy)


def check_elasticsearch(settings: Settings) -> Finding:
    """Checks whether Elasticsearch answers, accepts the credentials, and has a supported version."""
    name, where = "Elasticsearch", ", ".join(settings.elasticsearch.urls)
    info = probe_elasticsearch(settings.elasticsearch)
    if not isinstance(info, ServerInfo):
        if info.is_refusal:
            return Finding(name, "fail", f"{where} refuses this client", info.problem)
        is_given = settings.elasticsearch_is_given
        remedy = "check ELASTICSEARCH_URL and ELASTICSEARCH_CA_FILE" if is_given else "`newsclaims up`"
        return Finding(name, "fail", f"{where} does not answer ({info.problem})", remedy)
    found = f"{where}: {info.version}, {info.health}"
    if not is_supported_elasticsearch(info.version or ""):
        return Finding(name, "fail", found, "use Elasticsearch 8 or 9")
    if info.health.startswith("red"):
        return Finding(name, "warn", found, "some shards are missing: `newsclaims logs elasticsearch`")
    return Finding(name, "ok", found)


def check_set_up(settings: Settings) -> Finding:
    """Checks whether topics, templates and aliases match this release."""
    from deploy.bootstrap import check

    try:
        check(settings)
    except NewsclaimsError as error:
        return Finding("topics and templates", "warn", str(error), "`newsclaims init`")
    return Finding("topics and templates", "ok", "up to date")


def render(findings: Sequence[Finding]) -> Table:
    """Renders the findings for a terminal. Below each that is not ok it says how to fix it."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        remedy = (f"\n→ {finding.remedy}", "bold") if finding.remedy else ""
        table.add_row(Text.assemble(MARKS[finding.verdict]), finding.name, Text.assemble(finding.found, remedy))
    return table
