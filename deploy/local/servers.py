"""The base class of the two embedded servers: their directories, and how they are prepared and started."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template
from typing import ClassVar

from deploy.local import processes
from deploy.local.downloads import find_missing_files
from deploy.local.java import Java
from deploy.local.lock import PinnedServer
from deploy.local.security import ServerSecurity
from deploy.settings import EmbeddedSettings


@dataclass(frozen=True, kw_only=True)
class EmbeddedServer(ABC):
    """One embedded server. `home` is the directory of its program, `directory` that of its data, settings and logs.

    Without `security`, everyone on this machine may use it.
    """

    name: ClassVar[str]
    title: ClassVar[str]

    pinned: PinnedServer
    settings: EmbeddedSettings
    java: Java | None = None
    security: ServerSecurity | None = None

    @property
    @abstractmethod
    def port(self) -> int:
        """The port that it serves."""

    @property
    @abstractmethod
    def address(self) -> str:
        """The address that its clients use."""

    @property
    def version(self) -> str:
        """The version of the program in `home`."""
        return self.pinned.version

    @property
    def home(self) -> Path:
        """The directory of the program."""
        return self.settings.cache_dir / self.pinned.directory

    @property
    def directory(self) -> Path:
        """The directory of its data, settings and logs, which `down` keeps."""
        return self.settings.data_dir / self.name

    @property
    def temporary_option(self) -> str:
        """A command-line argument that all of its processes have, and no others."""
        return f"-Djava.io.tmpdir={self.directory / 'tmp'}"

    def stop_leftovers(self) -> bool:
        """Stops processes that a killed `up` started but did not record. Returns whether there were any."""
        leftovers = processes.find_by_argument(self.temporary_option)
        for leftover in leftovers:
            processes.stop(leftover)
        return bool(leftovers)

    @property
    def data(self) -> Path:
        """The directory of its data, which `up --fresh` erases."""
        return self.directory / "data"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.directory / "logs" / f"{self.name}.log"

    @property
    def output(self) -> Path:
        """The file of its output, which says why it could not start."""
        return self.directory / "logs" / "output.log"

    @property
    def is_installed(self) -> bool:
        """Whether its program is complete, so that nothing has to be downloaded."""
        return not find_missing_files(self.pinned, self.home)

    @property
    def pid_file(self) -> Path | None:
        """The file with the process number of the server; None if `launch` starts the server itself."""
        return None

    def prepare(self) -> None:
        """Creates its directories, and moves the output and log of an earlier start out of the way."""
        for directory in (
            self.directory,
            self.data,
            self.log.parent,
            self.directory / "config",
            self.directory / "tmp",
        ):
            processes.give_to_server(directory)
        # An earlier start's errors must not be reported as errors of this one.
        self.output.unlink(missing_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_name(f"{self.name}-before.log"))

    def erase(self) -> None:
        """Deletes its data."""
        shutil.rmtree(self.data, ignore_errors=True)

    @abstractmethod
    def launch(self) -> int:
        """Starts the process and returns its number. The server is not ready yet."""

    def find_serving_pid(self, launched: int) -> int | None:
        """Returns the number of the serving process, None while unknown. `launched` is what `launch` returned."""
        if self.pid_file is None:
            return launched
        try:
            return int(self.pid_file.read_text())
        except (OSError, ValueError):
            return None

    @abstractmethod
    def is_ready(self) -> bool:
        """Checks once whether the server can serve requests."""

    def write_config(self, name: str, values: Mapping[str, object], more: str = "") -> Path:
        """Fills in the committed template `name`, and after it `more`; writes both to the server's config directory.

        Returns the path. Only the server may read the file, since it may contain a password.
        """
        templates = [resources.files(__package__).joinpath(each) for each in (name, more) if each]
        text = "".join(template.read_text(encoding="utf-8") for template in templates)
        path = self.directory / "config" / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(Template(text).substitute(values), encoding="utf-8")
        processes.give_file_to_server(path)
        return path
