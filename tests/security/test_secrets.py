"""A password that is set everywhere is found nowhere afterwards: not in output, processes, pickles or documents."""

import base64
import bz2
import pickle
import re
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import apache_beam as beam
import psutil
import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from kafka import KafkaConsumer

from deploy.settings import Settings
from pipelines import stream
from pipelines.io.held_options import hold
from pipelines.io.kafka.source import ReadFromKafka
from pipelines.run.options import make_run_options
from pipelines.run.orders import WorkerOrder
from schemas.topics import load_topics
from tests.checkout import ROOT
from tests.security.servers import CANARY, SecureServers
from tests.security.users import connect_elasticsearch

SECONDS = 120.0


def unpack(text: bytes) -> Iterator[bytes]:
    """Yields the text, and what is packed in it as Beam packs its functions."""
    yield text
    for packed in re.findall(rb"[A-Za-z0-9+/=\n]{40,}", text):
        try:
            whole = base64.b64decode(packed)
        except ValueError:
            continue
        for open_ in (zlib.decompress, bz2.decompress):
            try:
                yield open_(whole)
            except (OSError, ValueError, zlib.error):
                continue


def test_a_pickled_pipeline_has_no_password() -> None:
    environ = {
        "KAFKA_SASL_USERNAME": "me",
        "KAFKA_SASL_PASSWORD": CANARY,
        "ELASTICSEARCH_URL": f"https://me:{CANARY}@es",
    }
    options = make_run_options(Settings.load(environ))
    pipeline = beam.Pipeline()
    stream.job(pipeline, ReadFromKafka(options.topic, hold("consumer", options.consumer)), options.settings)
    packed = pipeline.to_runner_api().SerializeToString()
    found = list(unpack(packed))
    assert len(found) > 5
    assert any(b"ReadPartition" in text or b"connect_elasticsearch" in text for text in found)
    assert not [text for text in found if CANARY.encode() in text]
    client = stream.partial(stream.connect_elasticsearch, hold("elasticsearch", options.settings["elasticsearch"]))
    assert CANARY.encode() not in pickle.dumps(client)


def test_nothing_shows_a_password_that_is_printed() -> None:
    environ = {
        "KAFKA_SASL_USERNAME": "me",
        "KAFKA_SASL_PASSWORD": CANARY,
        "ELASTICSEARCH_URL": f"https://me:{CANARY}@es",
    }
    settings = Settings.load(environ)
    options = make_run_options(settings)
    order = WorkerOrder(
        job=options.job, settings=options.settings, topic="t", consumer=options.consumer,
        stop_offsets=None, bundles=1, megabytes=1, idle_seconds=1, bundle_records=1, report_seconds=1,
    )  # fmt: skip
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:
        for each in (settings, options, order, hold("kafka", options.consumer), client):
            assert CANARY not in repr(each)
            assert CANARY not in str(each)


HAS_READ = re.compile(rb"\b[1-9]\d* records in")
"""The status line of a job that has read something, also what other tests left in the topic."""


def list_family(process: psutil.Process) -> Iterator[tuple[str, str]]:
    """Yields the command line and the environment of a process and those that it started."""
    for each in (process, *process.children(recursive=True)):
        try:
            yield " ".join(each.cmdline()), str(each.environ())
        except psutil.Error:
            continue


@pytest.mark.integration
@pytest.mark.slow
def test_a_whole_run_leaves_no_password_behind(secure_servers: SecureServers, tmp_path: Path) -> None:
    password, log = tmp_path / "password", tmp_path / "run.log"
    password.write_text(f"{CANARY}\n")
    named = {f"{name}_PASSWORD_FILE": str(password) for name in ("KAFKA_SASL", "ELASTICSEARCH")}
    without = {f"{name}_PASSWORD": "" for name in ("KAFKA_SASL", "ELASTICSEARCH")}
    article = '{"url": "https://news.example/s", "title": "Fire", "body": "Police said 12 people were hurt."}\nbroken\n'
    (tmp_path / "articles.jsonl").write_text(article)
    printed = [secure_servers.run("publish", tmp_path / "articles.jsonl", **named, **without)]
    environ = secure_servers.environ(**named, **without) | {
        "PYTHONPATH": str(ROOT),
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
    }
    with log.open("wb") as output:
        command = [sys.executable, "-m", "newsclaims", "run"]
        job = subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=output, stderr=output)
        try:
            deadline = time.monotonic() + SECONDS
            while not HAS_READ.search(log.read_bytes()) and time.monotonic() < deadline:
                time.sleep(0.5)
            family = list(list_family(psutil.Process(job.pid)))
        finally:
            job.terminate()
            job.wait(60)
    assert HAS_READ.search(log.read_bytes()), log.read_text("utf-8")
    assert len(family) >= 2, "the job has a worker"
    assert not [pair for pair in family if CANARY in pair[0] + pair[1]]
    servers = [" ".join(each.info["cmdline"] or ()) for each in psutil.process_iter(["cmdline"])]
    assert not [line for line in servers if CANARY in line]
    output = tmp_path / "out"
    output.mkdir()
    lines = (
        ["monitor", "--once", "--json"], ["doctor", "--json"], ["status", "--json"], ["alerts", "list", "--json"],
        ["report", "--board", "all", "--output", output / "r.html"], ["export", "claims", "--output", output / "c.csv"],
        ["roles", "show", "job"], ["dead-letters", "list", "--json"], ["init", "--json"],
    )  # fmt: skip
    printed += [secure_servers.run(*words, **named, **without) for words in lines]
    wrong_addresses = {"KAFKA_BOOTSTRAP_SERVERS": f"me:{CANARY}@broker:1", "ELASTICSEARCH_URL": f"ftp://me:{CANARY}@es"}
    printed += [secure_servers.run("status", **{name: value}) for name, value in wrong_addresses.items()]
    assert not [result for result in printed if CANARY in result.out + result.err]
    assert not list(find_files(tmp_path, {password}))
    # The servers' own settings need the password; their logs and data do not.
    assert not list(find_files(secure_servers.directory / "data" / "kafka" / "logs", set()))
    assert not list(find_files(secure_servers.directory / "data" / "elasticsearch" / "logs", set()))
    assert not list(find_files(secure_servers.directory / "work", set()))
    assert not [document for document in read_everything(secure_servers) if CANARY in document]


def find_files(folder: Path, known: set[Path]) -> Iterator[Path]:
    """Yields the files below the folder that contain the password."""
    for path in folder.rglob("*"):
        if path.is_file() and path not in known and CANARY.encode() in path.read_bytes():
            yield path


def read_everything(servers: SecureServers) -> Iterator[str]:
    """Yields every document of ours in Elasticsearch, and every message in Kafka."""
    with connect_elasticsearch(servers) as client:
        yield from (str(hit) for hit in scan(client, index="*-g1*", query={"query": {"match_all": {}}}))
    options: dict[str, Any] = Settings.load(servers.environ()).kafka.client_options()
    with closing(KafkaConsumer(*load_topics(), **options, auto_offset_reset="earliest", group_id=None)) as consumer:
        while batch := consumer.poll(timeout_ms=3000):
            yield from (str(message) for messages in batch.values() for message in messages)
