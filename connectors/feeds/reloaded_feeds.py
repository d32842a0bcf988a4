"""feeds.yaml as it is now, for a poller that runs while people edit the file."""

from collections.abc import Iterable
from pathlib import Path

from connectors.feeds.configuration import Feed, load_feeds
from schemas.errors import Permanent
from schemas.files.reloading import ReloadedFile


class ReloadedFeeds:
    """The feeds of a file, read again when it has changed. An invalid change is logged and leaves them as they were.

    `names` restricts them to feeds of these names.
    """

    def __init__(self, file: Path, names: Iterable[str] = ()) -> None:
        self.names = set(names)
        self.file = ReloadedFile(file, self.load, "feeds")
        self.file.reload()
        self.is_new = True

    @property
    def feeds(self) -> list[Feed]:
        """The feeds that were read last."""
        return self.file.content or []

    def load(self, file: Path) -> list[Feed]:
        """Reads the file. Raises `Permanent` if it is invalid, or has no feed of one of the names."""
        feeds = load_feeds(file)
        if missing := self.names - {feed.name for feed in feeds}:
            raise Permanent(f"{file} has no feed {', '.join(sorted(missing))}: see `newsclaims feeds list`")
        return [feed for feed in feeds if not self.names or feed.name in self.names]

    def __call__(self) -> list[Feed] | None:
        """Returns the feeds, or None if they are the same as at the last call."""
        changed = self.file.reload() or self.is_new
        self.is_new = False
        return self.feeds if changed else None
