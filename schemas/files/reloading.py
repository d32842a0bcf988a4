"""Files that people edit while a program runs: read again when they have changed."""

import logging
from collections.abc import Callable, Sized
from pathlib import Path
from typing import Generic, TypeVar

from schemas.errors import NewsclaimsError

_log = logging.getLogger(__name__)

C = TypeVar("C", bound=Sized)
Stamp = tuple[int, int] | None
"""The time of a file's last change and its size; None for a missing file."""


class ReloadedFile(Generic[C]):
    """The content of a file, read again when its time of change or its size differs.

    `load` reads the file, also if it does not exist, and raises `NewsclaimsError` if its content cannot be used. Such
    an error is logged once for each change of the file and leaves the content as it was. `items` names the content in
    log messages, such as `feeds`. `fall_back` returns content to begin with if the first reading fails, or raises the
    error it is given.
    """

    def __init__(
        self,
        file: Path,
        load: Callable[[Path], C],
        items: str,
        fall_back: Callable[[NewsclaimsError], C] | None = None,
    ) -> None:
        self.file = file
        self.content: C | None = None
        self._load = load
        self._items = items
        self._fall_back = fall_back
        self._stamp: Stamp = None

    def reload(self) -> bool:
        """Reads the file if it has changed, and returns whether there is new content.

        Raises the error of `load` if there is neither content nor anything to fall back to.
        """
        stamp = read_stamp(self.file)
        if self.content is not None and stamp == self._stamp:
            return False
        before = self.content
        try:
            self.content = self._load(self.file)
            if before is not None:
                _log.info("%s was read again: %d %s", self.file, len(self.content), self._items)
        except NewsclaimsError as error:
            if self.content is None:
                if self._fall_back is None:
                    raise
                self.content = self._fall_back(error)
            _log.warning("The %s stay as they were: %s", self._items, error)
        # The stamp from before the reading: a change during the reading is found at the next call.
        self._stamp = stamp
        return self.content is not before


def read_stamp(file: Path) -> Stamp:
    """Returns the stamp of the file as it is now."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
