"""`newsclaims doctor`: looks at everything the product needs, and says what to do about what is missing."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.table import Table

from deploy.local import downloads, reachable
from deploy.local.java import MINIMUM, find_java
from deploy.local.ports import holder, is_free
from deploy.local.servers import Server
from deploy.local.stack import is_external, read_state, servers
from deploy.settings import Settings
from schemas.errors import NewsclaimsError

# Below this much free disk Elasticsearch stops to accept documents (its watermarks are set in elasticsearch.yml).
LEAST_FREE_BYTES = 1_000_000_000
PYTHONS = ((3, 11), (3, 12))
ELASTICSEARCH_MAJORS = ("8", "9")
MARKS = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "fail": "[red]✗[/]"}

Verdict = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found and, unless it is ok, what to do."""

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Returns the findings, prerequisites first, then connections. Never raises for what it finds."""
    return list(_examine(settings))


def exit_code(findings: Sequence[Finding]) -> int:
    """1 where something failed, else 0: a warning stops nobody."""
    return int(any(finding.verdict == "fail" for finding in findings))


def _examine(settings: Settings) -> Iterator[Finding]:
    yield check_python()
    embedded = [server for server in servers(settings) if not is_external(server, settings)]
    if embedded:
        yield check_java()
        yield check_disk("disk of the cache", settings.embedded.cache_dir, "NEWSCLAIMS_CACHE_DIR")
        yield check_disk("disk of the data", settings.embedded.data_dir, "NEWSCLAIMS_DATA_DIR")
    for server in embedded:
        yield check_installation(server)
        yield check_port(server, settings)
    kafka, elasticsearch = check_kafka(settings), check_elasticsearch(settings)
    yield kafka
    yield elasticsearch
    if kafka.verdict == elasticsearch.verdict == "ok":
        yield check_set_up(settings)


def check_python() -> Finding:
    """Whether this Python is one that Beam and we run on."""
    found = platform.python_version()
    if sys.version_info[:2] in PYTHONS:
        return Finding("Python", "ok", found)
    return Finding("Python", "fail", found, "use Python 3.11 or 3.12: `make setup PYTHON=/path/to/python3.11`")


def check_java() -> Finding:
    """Whether there is a Java for the embedded servers."""
    try:
        java = find_java()
    except NewsclaimsError as error:
        return Finding("Java", "fail", "none that fits", str(error))
    return Finding("Java", "ok", f"{java.version} in {java.home} (needed: {MINIMUM} or newer)")


def check_disk(name: str, directory: Path, variable: str) -> Finding:
    """Whether `directory` can be written and has room."""
    there = next(path for path in (directory, *directory.parents) if path.exists())
    free = shutil.disk_usage(there).free
    found = f"{directory}, {free / 1e9:.1f} GB free"
    if not os.access(there, os.W_OK):
        return Finding(name, "fail", f"{found}, not writable", f"set {variable} to a directory of yours")
    if free < LEAST_FREE_BYTES:
        return Finding(name, "fail", found, f"make room, or set {variable} to a directory on another disk")
    return Finding(name, "ok", found)


def check_installation(server: Server) -> Finding:
    """Whether the embedded server is there completely, so that `up` needs no network."""
    name = f"{server.title} program"
    try:
        if server.is_installed:
            return Finding(name, "ok", f"{server.version} in {server.home}")
    except NewsclaimsError as error:
        return Finding(name, "fail", "not usable", str(error))
    size = downloads.remaining_bytes([(server.pinned, server.home)])
    return Finding(name, "warn", f"{size / 1e6:.0f} MB are missing", "`newsclaims up` downloads them, once")


def check_port(server: Server, settings: Settings) -> Finding:
    """Whether the embedded server has its port, or can have it."""
    name = f"port {server.port}"
    identity = read_state(settings.embedded).get(server.name)
    if identity and identity.find():
        return Finding(name, "ok", f"used by the embedded {server.title} (process {identity.pid})")
    if is_free(server.port):
        return Finding(name, "ok", f"free for {server.title}")
    variable = f"NEWSCLAIMS_{server.name.upper()}_PORT"
    return Finding(name, "fail", f"taken by {holder(server.port)}", f"stop that, or set {variable} to another port")


def check_kafka(settings: Settings) -> Finding:
    """Whether Kafka answers."""
    answer = reachable.kafka(settings.kafka)
    where = ", ".join(settings.kafka.bootstrap_servers)
    if isinstance(answer, reachable.Answer):
        return Finding("Kafka", "ok", f"{where}: {answer.health}")
    remedy = (
        "check KAFKA_BOOTSTRAP_SERVERS and the KAFKA_* credentials" if settings.kafka_is_given else "`newsclaims up`"
    )
    return Finding("Kafka", "fail", f"{where} does not answer ({answer.problem})", remedy)


def check_elasticsearch(settings: Settings) -> Finding:
    """Whether Elasticsearch answers, lets us in, and is of a version that we speak to."""
    answer = reachable.elasticsearch(settings.elasticsearch)
    where = ", ".join(settings.elasticsearch.urls)
    name = "Elasticsearch"
    if not isinstance(answer, reachable.Answer):
        if answer.status in (401, 403):
            remedy = "set ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD"
            return Finding(name, "fail", f"{where} does not let us in ({answer.problem})", remedy)
        remedy = "check ELASTICSEARCH_URL and ELASTICSEARCH_CA_FILE" if settings.elasticsearch_is_given else (
            "`newsclaims up`")  # fmt: skip
        return Finding(name, "fail", f"{where} does not answer ({answer.problem})", remedy)
    found = f"{where}: {answer.version}, {answer.health}"
    if (answer.version or "").split(".")[0] not in ELASTICSEARCH_MAJORS:
        return Finding(name, "fail", found, "use Elasticsearch 8 or 9")
    if answer.health.startswith("red"):
        return Finding(name, "warn", found, "some shards are missing: `newsclaims logs elasticsearch`")
    return Finding(name, "ok", found)


def check_set_up(settings: Settings) -> Finding:
    """Whether topics, templates and aliases are those of this release."""
    from deploy.bootstrap import check

    try:
        check(settings)
    except NewsclaimsError as error:
        return Finding("topics and templates", "warn", str(error), "`newsclaims init`")
    return Finding("topics and templates", "ok", "as this release needs them")


def render(findings: Sequence[Finding]) -> Table:
    """The findings for a terminal, a remedy under each that is not ok."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        remedy = f"\n[bold]→ {finding.remedy}[/]" if finding.remedy else ""
        table.add_row(MARKS[finding.verdict], finding.name, finding.found + remedy)
    return table
