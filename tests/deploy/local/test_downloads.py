"""Downloads from a local server that truncates, corrupts, ignores ranges or fails."""

import hashlib
import http.server
import re
import shutil
import threading
import time
import zlib
from collections import namedtuple
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local.downloads import count_missing_bytes, find_missing_files, install
from deploy.local.lock import PinnedFile, PinnedServer, read_lock
from schemas.errors import Permanent, Retryable

BODY = bytes(range(256)) * 4000
PACKER = zlib.compressobj(wbits=-zlib.MAX_WBITS)
PACKED = PACKER.compress(BODY) + PACKER.flush()
ARCHIVE = b"before" * 50 + PACKED + b"behind"


def ignore(_size: int) -> None:
    """Takes the progress of a download that is not checked."""


WHOLE = PinnedFile(paths=("libs/a.jar",), artifact="a.jar", size=len(BODY), sha256=hashlib.sha256(BODY).hexdigest())
MEMBER = PinnedFile(
    paths=("lib/b.jar", "modules/x/b.jar"),
    artifact="b.zip",
    size=len(BODY),
    sha256=hashlib.sha256(BODY).hexdigest(),
    offset=300,
    packed_size=len(PACKED),
)


class Mirror(http.server.ThreadingHTTPServer):
    """Serves a.jar and b.zip. The test sets its faults."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {"/a.jar": BODY, "/b.zip": ARCHIVE}
        self.cut_first_answers = 0
        self.has_ranges = True
        self.ranges: list[str | None] = []
        self.seconds = 0.0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request."""

    server: Mirror

    def do_GET(self) -> None:
        """Serves a file or a range of it."""
        wanted = self.headers.get("Range")
        self.server.ranges.append(wanted)
        time.sleep(self.server.seconds)
        body = self.server.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        status = 200
        if wanted and self.server.has_ranges and (span := re.fullmatch(r"bytes=(\d+)-(\d+)", wanted)):
            body, status = body[int(span[1]) : int(span[2]) + 1], 206
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.cut_first_answers > 0:
            self.server.cut_first_answers -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Logs nothing."""


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """A running mirror that downloads use."""
    with Mirror() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv("NEWSCLAIMS_MAVEN_REPOSITORY", server.url)
        yield server
        server.shutdown()
        thread.join()


def server_of(*files: PinnedFile) -> PinnedServer:
    """A server that consists of these files."""
    return PinnedServer(name="sample", version="1", files=files)


@pytest.mark.usefixtures("mirror")
def test_files_and_members_of_archives_arrive(tmp_path: Path) -> None:
    server, arrived = server_of(WHOLE, MEMBER), [0]

    def count(size: int) -> None:
        arrived[0] += size

    assert count_missing_bytes([(server, tmp_path)]) == len(BODY) + len(PACKED)
    install([(server, tmp_path)], count)
    for path in (*WHOLE.paths, *MEMBER.paths):
        assert (tmp_path / path).read_bytes() == BODY
    assert arrived == [len(BODY) + len(PACKED)]
    assert find_missing_files(server, tmp_path) == []


def test_existing_files_are_not_downloaded_again(mirror: Mirror, tmp_path: Path) -> None:
    install([(server_of(WHOLE), tmp_path)], ignore)
    install([(server_of(WHOLE), tmp_path)], ignore)
    assert len(mirror.ranges) == 1


@pytest.mark.parametrize("file", [WHOLE, MEMBER])
def test_a_download_continues_where_the_connection_broke(mirror: Mirror, tmp_path: Path, file: PinnedFile) -> None:
    mirror.cut_first_answers = 1
    install([(server_of(file), tmp_path)], ignore)
    start = (file.offset or 0) + file.download_size // 2
    assert mirror.ranges[1:] == [f"bytes={start}-{(file.offset or 0) + file.download_size - 1}"]
    assert (tmp_path / file.paths[0]).read_bytes() == BODY


def test_an_interrupted_download_is_resumed_by_the_next_up(mirror: Mirror, tmp_path: Path) -> None:
    mirror.cut_first_answers = 3
    with pytest.raises(Retryable, match=r"could not be downloaded .*run `newsclaims up` again, which resumes the"):
        install([(server_of(WHOLE), tmp_path)], ignore)
    assert not (tmp_path / WHOLE.paths[0]).exists()
    install([(server_of(WHOLE), tmp_path)], ignore)
    assert (tmp_path / WHOLE.paths[0]).read_bytes() == BODY
    assert mirror.ranges[-1] == f"bytes={len(BODY) * 7 // 8}-{len(BODY) - 1}"


@pytest.mark.parametrize("file", [WHOLE, MEMBER])
def test_a_corrupt_file_is_deleted_and_named(mirror: Mirror, tmp_path: Path, file: PinnedFile) -> None:
    mirror.files = {name: body[:350] + b"??" + body[352:] for name, body in mirror.files.items()}
    with pytest.raises(Retryable, match=rf"{Path(file.paths[0]).name} is damaged .* NEWSCLAIMS_MAVEN_REPOSITORY"):
        install([(server_of(file), tmp_path)], ignore)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_mirror_without_ranges_serves_whole_files_and_no_archives(mirror: Mirror, tmp_path: Path) -> None:
    mirror.has_ranges = False
    mirror.cut_first_answers = 1
    install([(server_of(WHOLE), tmp_path)], ignore)
    assert (tmp_path / WHOLE.paths[0]).read_bytes() == BODY
    with pytest.raises(Permanent, match=r"does not support HTTP range requests.* another mirror"):
        install([(server_of(MEMBER), tmp_path)], ignore)


def test_a_file_that_the_mirror_lacks_is_requested_once(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files = {}
    with pytest.raises(Retryable, match=r"a.jar could not be downloaded \(HTTP Error 404"):
        install([(server_of(WHOLE), tmp_path)], ignore)
    assert len(mirror.ranges) == 1


def test_no_network_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCLAIMS_MAVEN_REPOSITORY", "http://127.0.0.1:1")
    with pytest.raises(Retryable, match=r"could not be downloaded \(.*refused.*\)"):
        install([(server_of(WHOLE), tmp_path)], ignore)


def test_a_full_disk_is_reported_before_the_download(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**12, 10**12 - 10**7, 10**7))
    with pytest.raises(
        Permanent, match=r"need 201 MB in .*, but only 10 MB are free: free some space, or set NEWSCLAIMS_CACHE_DIR"
    ):
        install([(server_of(WHOLE), tmp_path)], ignore)
    assert mirror.ranges == []


@pytest.mark.usefixtures("mirror")
def test_a_disk_that_fills_up_during_the_download_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(Permanent, match=r"The disk of .* is full: free some space and run `newsclaims up` again"):
        install([(server_of(WHOLE), tmp_path)], ignore)


def test_every_pinned_file_has_size_and_hash() -> None:
    files = [file for server in read_lock().values() for file in server.files]
    assert len(files) > 150
    assert all(re.fullmatch(r"[0-9a-f]{64}", file.sha256) and file.size > 0 and file.paths for file in files)
    paths = [path for file in files for path in file.paths]
    assert len(paths) == len(set(paths))
    assert not any("://" in file.artifact or ".." in path for file in files for path in file.paths)


def test_two_processes_that_start_together_fetch_a_file_once(mirror: Mirror, tmp_path: Path) -> None:
    mirror.seconds = 0.2
    server = server_of(WHOLE, MEMBER)

    def start() -> int:
        arrived: list[int] = []
        install([(server, tmp_path)], arrived.append)
        return sum(arrived)

    with ThreadPoolExecutor(2) as pool:
        counts = [future.result() for future in [pool.submit(start), pool.submit(start)]]

    assert (tmp_path / "libs/a.jar").read_bytes() == (tmp_path / "modules/x/b.jar").read_bytes() == BODY
    assert len(mirror.ranges) == 2
    assert counts == [len(BODY) + len(PACKED)] * 2
