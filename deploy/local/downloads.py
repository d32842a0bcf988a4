"""Downloads pinned files in parallel: resumes, verifies, and moves a file into place only when it is complete."""

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
from deploy.local.maven import find_repository_url
from schemas.errors import NewsclaimsError, Permanent, Retryable

# Eight connections use a home connection fully; some mirrors refuse more.
CONNECTIONS = 8
ATTEMPTS = 3
TIMEOUT_SECONDS = 30
CHUNK_BYTES = 256 * 1024
# Space for the servers' other files: logs, an empty index, Kafka's first segments.
SPARE_BYTES = 200_000_000

Progress = Callable[[int], None]


def find_missing_files(server: PinnedServer, home: Path) -> list[PinnedFile]:
    """Returns the files of `server` that `home` lacks. Compares names and sizes; the download verified the content."""
    return [file for file in server.files if not _is_complete(file, home)]


def _is_complete(file: PinnedFile, home: Path) -> bool:
    return all(_has_size(home / path, file.size) for path in file.paths)


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def count_missing_bytes(servers: Iterable[tuple[PinnedServer, Path]]) -> int:
    """Returns the number of bytes that `install` will report for the same `servers`."""
    return sum(file.download_size for server, home in servers for file in find_missing_files(server, home))


def install(servers: Iterable[tuple[PinnedServer, Path]], progress: Progress) -> None:
    """Downloads the missing files of each server into its directory.

    `progress` is called from several threads with the number of bytes that have just arrived. Raises `Permanent` if the
    disk is too small, and `Retryable` if a file cannot be downloaded or differs from the lock.
    """
    missing = [(home, file) for server, home in servers for file in find_missing_files(server, home)]
    if not missing:
        return
    _check_space(missing)
    with _lock_directory(missing[0][0]):
        for home, file in missing:
            if _is_complete(file, home):
                progress(file.download_size)  # Another process downloaded it while this one waited.
        if rest := [(home, file) for home, file in missing if not _is_complete(file, home)]:
            _install_files(rest, progress)


@contextmanager
def _lock_directory(home: Path) -> Iterator[None]:
    """Locks `home` against other downloads: two processes would mix their bytes in one file."""
    directory = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


def _install_files(missing: list[tuple[Path, PinnedFile]], progress: Progress) -> None:
    base = find_repository_url()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        # Start with the largest file, so that the last download to end is a short one.
        by_size = sorted(missing, key=lambda entry: -entry[1].download_size)
        futures = [pool.submit(_install_file, base, file, home, progress) for home, file in by_size]
        try:
            for future in futures:
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _check_space(missing: list[tuple[Path, PinnedFile]]) -> None:
    home = missing[0][0]
    with _handle_disk_errors(home):
        home.mkdir(parents=True, exist_ok=True)
    needed = SPARE_BYTES + sum(file.size * len(file.paths) for _, file in missing)
    free = shutil.disk_usage(home).free
    if free < needed:
        raise Permanent(
            f"The embedded servers need {needed // 1_000_000} MB in {home}, but only {free // 1_000_000} MB are free: "
            "free some space, or set NEWSCLAIMS_CACHE_DIR to a directory on another disk."
        )


def _install_file(base: str, file: PinnedFile, home: Path, progress: Progress) -> None:
    part = home / ".parts" / f"{file.sha256}-{file.offset or 0}"
    part.parent.mkdir(parents=True, exist_ok=True)
    with _handle_disk_errors(home):
        _fetch(f"{base}/{file.artifact}", file, part, progress)
        whole = _verify(file, part)
        for path in file.paths:
            target = home / path
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(target.name + ".new")
            shutil.copyfile(whole, fresh)
            fresh.replace(target)
        whole.unlink()
        part.unlink(missing_ok=True)


def _fetch(url: str, file: PinnedFile, part: Path, progress: Progress) -> None:
    """Downloads what `part` lacks, in a few attempts. Each attempt continues where the previous one ended."""
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
        why = f"({problem})" if problem else "(the connection closed before the end of the file)"
        raise Retryable(
            f"{url} could not be downloaded {why}: run `newsclaims up` again, which resumes the download, or set "
            "NEWSCLAIMS_MAVEN_REPOSITORY to a mirror that this machine can reach."
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
                f"The server of {url} does not support HTTP range requests, and without them Elasticsearch would be a "
                "download of 900 MB: set NEWSCLAIMS_MAVEN_REPOSITORY to another mirror."
            )
        with part.open("wb" if ignored_range else "ab") as sink:
            for chunk in _read_chunks(answer, file.download_size - (0 if ignored_range else have)):
                sink.write(chunk)
                progress(len(chunk))


def _read_chunks(answer: BinaryIO, limit: int) -> Iterator[bytes]:
    while limit > 0 and (chunk := answer.read(min(CHUNK_BYTES, limit))):
        limit -= len(chunk)
        yield chunk


def _verify(file: PinnedFile, part: Path) -> Path:
    """Unpacks `part` if it is packed. Returns the file. Raises `Retryable` if its SHA-256 is not the pinned one."""
    whole = part.with_suffix(".whole")
    digest = hashlib.sha256()
    try:
        with part.open("rb") as packed, whole.open("wb") as unpacked:
            for chunk in _unpack(packed, file.offset is not None):
                digest.update(chunk)
                unpacked.write(chunk)
    except zlib.error:
        digest = hashlib.sha256()
    if digest.hexdigest() != file.sha256:
        part.unlink()
        whole.unlink()
        raise Retryable(
            f"{Path(file.paths[0]).name} is damaged (its SHA-256 is not the pinned one) and was deleted: run "
            "`newsclaims up` again. If this happens again, a proxy or the mirror changes files: set "
            "NEWSCLAIMS_MAVEN_REPOSITORY to another mirror."
        )
    return whole


def _unpack(packed: BinaryIO, is_deflated: bool) -> Iterable[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if is_deflated else None
    while chunk := packed.read(CHUNK_BYTES):
        yield inflater.decompress(chunk) if inflater else chunk
    if inflater:
        yield inflater.flush()


@contextmanager
def _handle_disk_errors(home: Path) -> Iterator[None]:
    """Turns errors of the disk into `Permanent` with one sentence."""
    try:
        yield
    except NewsclaimsError:
        raise
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise Permanent(
                f"The disk of {home} is full: free some space and run `newsclaims up` again, which resumes the "
                "download, or set NEWSCLAIMS_CACHE_DIR to a directory on another disk."
            ) from error
        raise Permanent(
            f"{home} is not writable ({error.strerror}): set NEWSCLAIMS_CACHE_DIR to a writable directory."
        ) from error
