"""The committed list of all files of the embedded servers: location, size and SHA-256 of each."""

from dataclasses import dataclass
from importlib import resources

import msgspec


@dataclass(frozen=True, kw_only=True)
class PinnedFile:
    """One file of a server.

    `artifact` is the path of a file in a Maven repository. If `offset` is None, the artifact is the file. Otherwise it
    is an archive with the file as a member: `packed_size` deflated bytes that start at `offset`. `size` (bytes) and
    `sha256` describe the installed file. It is installed at each of `paths`, which are relative to the server's
    directory.
    """

    paths: tuple[str, ...]
    artifact: str
    size: int
    sha256: str
    offset: int | None = None
    packed_size: int | None = None

    @property
    def download_size(self) -> int:
        """The number of bytes to transfer."""
        return self.size if self.packed_size is None else self.packed_size


@dataclass(frozen=True, kw_only=True)
class PinnedServer:
    """All files of one server."""

    name: str
    version: str
    files: tuple[PinnedFile, ...]

    @property
    def directory(self) -> str:
        """The name of its directory in the cache."""
        return f"{self.name}-{self.version}"

    @property
    def download_size(self) -> int:
        """Bytes of all files to transfer."""
        return sum(file.download_size for file in self.files)


def read_lock(package: str = __package__) -> dict[str, PinnedServer]:
    """Returns the servers that the lock file of a package pins, by name; here `kafka` and `elasticsearch`."""
    text = resources.files(package).joinpath("lock.json").read_bytes()
    return {server.name: server for server in msgspec.json.decode(text, type=list[PinnedServer])}
