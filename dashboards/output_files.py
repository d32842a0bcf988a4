"""Writes an output to a file, completely or not at all, or to standard output."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from schemas.errors import Permanent

STDOUT = "-"


@contextmanager
def open_output(output: str) -> Iterator[IO[bytes]]:
    """Opens a file for writing, or standard output for `-`.

    The file appears under its name only if the block succeeds: until then a hidden file in the same folder holds the
    data, and is deleted if the block fails. A device or pipe is written to directly. Raises `Permanent` if the file
    cannot be written.
    """
    if output == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output).expanduser()
    if path.exists() and not path.is_file() and not path.is_dir():
        with _explain_write_errors(path), path.open("wb") as stream:
            yield stream
        return
    path = path.resolve()  # keeps a symbolic link and replaces its target
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with _explain_write_errors(path):
            if path.is_dir():
                raise IsADirectoryError(21, "it is a folder")
            stream = part.open("xb")
        with _explain_write_errors(path), stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        with _explain_write_errors(path):
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _explain_write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Permanent(f"{path} cannot be written: {error.strerror or error}") from error
