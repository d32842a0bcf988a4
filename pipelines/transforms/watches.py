"""The step that finds the matching watches of an article, its claims and figures, and the file of the watches."""

import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from pipelines.text.figures.units import standard_units
from pipelines.text.watches.matching import Watchlist
from pipelines.transforms.parcel import Parcel
from schemas.errors import NewsclaimsError, Permanent
from schemas.files.reloading import ReloadedFile
from schemas.watches import Watch, load_watches

_log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
"""How often a running job checks whether the file has changed."""


def read_watches_file(file: Path) -> list[Watch]:
    """Returns the watches of a file. Raises `Permanent` with file, line and field of the first problem."""
    return load_watches(file, standard_units().classes)


class TagWatches:
    """Finds the watches of today that each article matches."""

    def __init__(self, file: "WatchesFile") -> None:
        self.file = file

    def __call__(self, parcel: Parcel) -> Iterator[Parcel]:
        """Yields the parcel with tags. Raises `Permanent` if the file is invalid from the start."""
        watchlist = self.file.current()
        yield replace(parcel, tags=tuple(watchlist.tag(article) for article in parcel.articles))


class WatchesFile:
    """The watches of a file, read again at most once a second, and only if it has changed.

    A file that has become invalid, or is gone, changes nothing and is reported once. `kept` is where the last valid
    watches are kept, so that a worker that starts in the meantime has what the others have; without them it does not
    start. `clock` counts seconds.
    """

    def __init__(self, file: Path, kept: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.file = file
        self.kept = kept
        self.clock = clock
        self.watchlist: Watchlist | None = None
        self.checked = 0.0
        self._reloaded = ReloadedFile(file, self._load, "watches", self._load_kept)

    def begin(self) -> None:
        """Begins a run: the file must be valid or absent, and what an earlier run kept is forgotten.

        Raises `Permanent` with file, line and field.
        """
        if self.kept:
            self.kept.unlink(missing_ok=True)
        if self.file.exists():
            self._load(self.file)

    def current(self) -> Watchlist:
        """Returns the current watches. Raises `Permanent` if the file is invalid from the start."""
        now = self.clock()
        if self.watchlist is None or now - self.checked >= CHECK_SECONDS:
            self.checked = now
            if self._reloaded.reload() or self.watchlist is None:
                self.watchlist = Watchlist(self._reloaded.content or ())
        return self.watchlist

    def _load(self, file: Path) -> list[Watch]:
        """Reads the file and keeps the watches. A missing file means none, unless there were some before."""
        if not file.exists():
            if self.watchlist is not None or (self.kept and self.kept.exists()):
                raise Permanent(f"{file} is gone; `watches: {{}}` in it is a file without watches")
            return []
        watches = read_watches_file(file)
        self._keep(watches)
        return watches

    def _keep(self, watches: list[Watch]) -> None:
        """Keeps the watches, whole or not at all. A failure is logged: only new workers may miss them."""
        if self.kept is None:
            return
        unfinished = self.kept.with_suffix(f".{os.getpid()}")
        try:
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(msgspec.json.encode(watches))
            unfinished.replace(self.kept)
        except OSError as error:
            _log.warning("The watches cannot be kept for new workers: %s", error)

    def _load_kept(self, error: NewsclaimsError) -> list[Watch]:
        """Reads the watches that were kept. Raises the error if there are none."""
        try:
            if self.kept:
                return msgspec.json.decode(self.kept.read_bytes(), type=list[Watch])
        except (OSError, msgspec.MsgspecError) as unreadable:
            _log.debug("no watches were kept: %s", unreadable)
        raise error
