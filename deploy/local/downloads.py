"""Fetches pinned files side by side: resumable, verified, moved into place only when whole."""

import fcntl
import hashlib
import http.client
import os
import shutil
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import BinaryIO

from deploy.local.lock import PinnedFile, PinnedServer
from deploy.local.maven import repository_url
from schemas.errors import NewsclaimsError, Permanent, Retryable

# Eight at a time fill a home connection; more are refused by some mirrors.
CONNECTIONS = 8
ATTEMPTS = 3
TIMEOUT_SECONDS = 30
CHUNK_BYTES = 256 * 1024
# Room for the servers' own files beside the downloads: logs, an empty index, Kafka's first segments.
SPARE_BYTES = 200_000_000

Progress = Callable[[int], None]


def missing_files(server: PinnedServer, home: Path) -> list[PinnedFile]:
    """Returns the files of `server` that `home` lacks, judged by name and size: content was verified on arrival."""
    return [file for file in server.files if not _is_complete(file, home)]


def _is_complete(file: PinnedFile, home: Path) -> bool:
    return all(_is_there(home / path, file.size) for path in file.paths)


def _is_there(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def remaining_bytes(servers: Iterable[tuple[PinnedServer, Path]]) -> int:
    """Returns how many bytes `install` will report for the same `servers`."""
    return sum(file.download_size for server, home in servers for file in missing_files(server, home))


def install(servers: Iterable[tuple[PinnedServer, Path]], progress: Progress) -> None:
    """Brings all files of each server into its directory; those that are there are not fetched again.

    `progress` is called, from several threads, with the count of bytes that have just arrived. Raises `Permanent` when
    the disk is too small, and `Retryable` when a file cannot be fetched or is not what the lock says.
    """
    wanted = [(home, file) for server, home in servers for file in missing_files(server, home)]
    if not wanted:
        return
    _check_space(wanted)
    with _only_process_for(wanted[0][0]):
        for home, file in wanted:
            if _is_complete(file, home):
                progress(file.download_size)  # Another process fetched it while this one waited.
        if missing := [(home, file) for home, file in wanted if not _is_complete(file, home)]:
            _install_files(missing, progress)


@contextmanager
def _only_process_for(home: Path) -> Iterator[None]:
    """Waits for other processes that download into `home`: two writers would mix their bytes in one file."""
    directory = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


def _install_files(wanted: list[tuple[Path, PinnedFile]], progress: Progress) -> None:
    base = repository_url()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        # The largest first, so that no straggler is left at the end.
        by_size = sorted(wanted, key=lambda entry: -entry[1].download_size)
        futures = [pool.submit(_install_file, base, file, home, progress) for home, file in by_size]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _check_space(wanted: list[tuple[Path, PinnedFile]]) -> None:
    home = wanted[0][0]
    with _disk_errors(home):
        home.mkdir(parents=True, exist_ok=True)
    needed = SPARE_BYTES + sum(file.size * len(file.paths) for _, file in wanted)
    free = shutil.disk_usage(home).free
    if free < needed:
        raise Permanent(
            f"The embedded servers need {needed // 1_000_000} MB in {home}, where {free // 1_000_000} MB are free: "
            "make room, or set NEWSCLAIMS_CACHE_DIR to a directory on another disk."
        )


def _install_file(base: str, file: PinnedFile, home: Path, progress: Progress) -> None:
    part = home / ".parts" / f"{file.sha256}-{file.offset or 0}"
    part.parent.mkdir(parents=True, exist_ok=True)
    with _disk_errors(home):
        _fetch(f"{base}/{file.artifact}", file, part, progress)
        whole = _verified(file, part)
        for path in file.paths:
            target = home / path
            target.parent.mkdir(parents=True, exist_ok=True)
            passing = target.with_name(target.name + ".new")
            shutil.copyfile(whole, passing)
            passing.replace(target)
        whole.unlink()
        part.unlink(missing_ok=True)


def _fetch(url: str, file: PinnedFile, part: Path, progress: Progress) -> None:
    """Completes `part` with what is missing of it, in a few attempts, each going on where the last one ended."""
    progress(part.stat().st_size if part.exists() else 0)
    problem: Exception | None = None
    for _ in range(ATTEMPTS):
        have = part.stat().st_size if part.exists() else 0
        if have == file.download_size:
            return
        if have > file.download_size:
            part.unlink()
            have = 0
        try:
            _append(url, file, part, have, progress)
        except urllib.error.HTTPError as error:
            error.close()
            problem = error
            if error.code in (401, 403, 404, 407):
                break
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in (ENOSPC, EDQUOT):
                raise
            problem = error
        else:
            problem = None
    if not part.exists() or part.stat().st_size < file.download_size:
        why = f"({problem})" if problem else "(the connection ended before the file did)"
        raise Retryable(
            f"{url} could not be downloaded {why}: run `newsclaims up` again, which goes on where it stopped, or set "
            "NEWSCLAIMS_MAVEN_REPOSITORY to a mirror that this machine reaches."
        )


def _append(url: str, file: PinnedFile, part: Path, have: int, progress: Progress) -> None:
    start = (file.offset or 0) + have
    request = urllib.request.Request(url, headers={"User-Agent": "newsclaims", "Accept-Encoding": "identity"})
    is_range = file.offset is not None or have > 0
    if is_range:
        request.add_header("Range", f"bytes={start}-{(file.offset or 0) + file.download_size - 1}")
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        ignored_range = is_range and answer.status != http.client.PARTIAL_CONTENT
        if ignored_range and file.offset is not None:
            raise Permanent(
                f"The server of {url} does not hand out parts of a file (HTTP Range), without which Elasticsearch "
                "would be a download of 900 MB: set NEWSCLAIMS_MAVEN_REPOSITORY to another mirror."
            )
        with part.open("wb" if ignored_range else "ab") as sink:
            for chunk in _chunks(answer, file.download_size - (0 if ignored_range else have)):
                sink.write(chunk)
                progress(len(chunk))


def _chunks(answer: BinaryIO, limit: int) -> Iterator[bytes]:
    while limit > 0 and (chunk := answer.read(min(CHUNK_BYTES, limit))):
        limit -= len(chunk)
        yield chunk


def _verified(file: PinnedFile, part: Path) -> Path:
    """Unpacks `part` where it is packed, and returns the file that has the pinned size and SHA-256."""
    whole = part.with_suffix(".whole")
    digest = hashlib.sha256()
    try:
        with part.open("rb") as packed, whole.open("wb") as unpacked:
            for chunk in _unpacked(packed, file.offset is not None):
                digest.update(chunk)
                unpacked.write(chunk)
    except zlib.error:
        digest = hashlib.sha256()
    if digest.hexdigest() != file.sha256:
        part.unlink()
        whole.unlink()
        raise Retryable(
            f"{Path(file.paths[0]).name} arrived broken (its SHA-256 is not the pinned one) and was thrown away: run "
            "`newsclaims up` again; if it stays so, something between here and the repository changes files, and "
            "NEWSCLAIMS_MAVEN_REPOSITORY can name another mirror."
        )
    return whole


def _unpacked(packed: BinaryIO, is_deflated: bool) -> Iterable[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if is_deflated else None
    while chunk := packed.read(CHUNK_BYTES):
        yield inflater.decompress(chunk) if inflater else chunk
    if inflater:
        yield inflater.flush()


@contextmanager
def _disk_errors(home: Path) -> Iterator[None]:
    """Turns what the operating system says about a disk into a sentence."""
    try:
        yield
    except NewsclaimsError:
        raise
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise Permanent(
                f"The disk of {home} is full: make room and run `newsclaims up` again, which goes on where it stopped, "
                "or set NEWSCLAIMS_CACHE_DIR to a directory on another disk."
            ) from error
        raise Permanent(
            f"{home} cannot be written ({error.strerror}): set NEWSCLAIMS_CACHE_DIR to a directory of yours."
        ) from error
