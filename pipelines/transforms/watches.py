"""The step that tells which watches an article, its claims and its figures match, and the file with the watches."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from pipelines.text.figures.units import standard_units
from pipelines.text.watches.matching import Watchlist
from pipelines.transforms.parcel import Parcel
from schemas.errors import NewsclaimsError, Permanent
from schemas.watches import Watch, load_watches

_log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
"""How often a running job looks whether the file has changed."""

Stamp = tuple[int, int] | None
"""Time of the last change and size of a file; None where there is none."""


def read_watches_file(file: Path) -> list[Watch]:
    """The watches of a file. Raises `Permanent` with file, line and field of what is wrong."""
    return load_watches(file, standard_units().classes)


class TagWatches:
    """Tells which watches of today each article matches."""

    def __init__(self, file: "WatchesFile") -> None:
        self.file = file

    def __call__(self, parcel: Parcel) -> Iterator[Parcel]:
        """Raises `Permanent` where there are no right watches to begin with."""
        watchlist = self.file.current()
        yield replace(parcel, tags=tuple(watchlist.tags(article) for article in parcel.articles))


class WatchesFile:
    """The watches of a file, read again when it has changed.

    A file that has become wrong, or is gone, changes nothing and is told once. `kept` is where the last right watches
    are kept, so that a worker that starts meanwhile has what the others have; without them it does not start. `clock`
    counts seconds.
    """

    def __init__(self, file: Path, kept: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.file = file
        self.kept = kept
        self.clock = clock
        self.watchlist: Watchlist | None = None
        self.stamp: Stamp = None
        self.checked = 0.0

    def begin(self) -> None:
        """Begins a run: the file must be right, or not be there, and what an earlier run kept is forgotten.

        Raises `Permanent` with file, line and field.
        """
        if self.kept:
            self.kept.unlink(missing_ok=True)
        self.watchlist = None
        if self.file.exists():
            self.read()

    def current(self) -> Watchlist:
        """The watches of now. Raises `Permanent` where the file is wrong and there were no right ones before."""
        now = self.clock()
        if self.watchlist is None or now - self.checked >= CHECK_SECONDS:
            self.checked = now
            self.look()
        assert self.watchlist is not None
        return self.watchlist

    def look(self) -> None:
        """Reads the file where it has changed."""
        stamp = stamp_of(self.file)
        if self.watchlist is not None and stamp == self.stamp:
            return
        try:
            if stamp is None:
                self.miss()
            else:
                self.read()
        except NewsclaimsError as error:
            if self.watchlist is None:
                self.watchlist = self.remembered(error)
            _log.warning("The watches stay as they were: %s", error)
        # Of before the reading: what is written while it is read is read at the next look.
        self.stamp = stamp

    def miss(self) -> None:
        """No file: none there were yet, or it has gone. Raises `Permanent` for the latter."""
        if self.watchlist is None and not (self.kept and self.kept.exists()):
            self.watchlist = Watchlist(())
        else:
            raise Permanent(f"{self.file} is gone; `watches: {{}}` in it is a file without watches")

    def read(self) -> None:
        """Reads the file and keeps what it says. Raises `Permanent`."""
        watches = read_watches_file(self.file)
        if self.watchlist is not None:
            _log.info("%s was read again: %d watches", self.file, len(watches))
        self.watchlist = Watchlist(watches)
        self.keep(watches)

    def keep(self, watches: list[Watch]) -> None:
        """Keeps the watches, whole or not at all; where that fails it is told, and only new workers may miss them."""
        if self.kept is None:
            return
        unfinished = self.kept.with_suffix(f".{os.getpid()}")
        try:
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(msgspec.json.encode(watches))
            unfinished.replace(self.kept)
        except OSError as error:
            _log.warning("the watches are not kept for new workers: %s", error)

    def remembered(self, error: NewsclaimsError) -> Watchlist:
        """The watches that were kept. Raises the error where there are none."""
        try:
            if self.kept:
                return Watchlist(msgspec.json.decode(self.kept.read_bytes(), type=list[Watch]))
        except (OSError, msgspec.MsgspecError) as unreadable:
            _log.debug("no watches were kept: %s", unreadable)
        raise error


def stamp_of(file: Path) -> Stamp:
    """The stamp of the file as it is now."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
