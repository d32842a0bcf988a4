"""What the two embedded servers have in common: where they live, and how they are prepared and started."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template
from typing import ClassVar

from deploy.local import processes
from deploy.local.downloads import missing_files
from deploy.local.java import Java
from deploy.local.lock import PinnedServer
from deploy.settings import EmbeddedSettings


@dataclass(frozen=True, kw_only=True)
class Server(ABC):
    """One embedded server. `home` is its program, `directory` its own data, settings and logs."""

    name: ClassVar[str]
    title: ClassVar[str]

    pinned: PinnedServer
    settings: EmbeddedSettings
    java: Java | None = None

    @property
    @abstractmethod
    def port(self) -> int:
        """The port it serves."""

    @property
    @abstractmethod
    def address(self) -> str:
        """What its clients are told."""

    @property
    def version(self) -> str:
        """Version of the program in `home`."""
        return self.pinned.version

    @property
    def home(self) -> Path:
        """Where the program is installed."""
        return self.settings.cache_dir / self.pinned.directory

    @property
    def directory(self) -> Path:
        """What belongs to this server and stays over `down`."""
        return self.settings.data_dir / self.name

    @property
    def temporary_option(self) -> str:
        """The argument that each of its processes has and no other process in the world."""
        return f"-Djava.io.tmpdir={self.directory / 'tmp'}"

    def stop_leftovers(self) -> bool:
        """Stops what an `up` that was killed left behind without a note of it; returns whether there was any."""
        leftovers = processes.with_argument(self.temporary_option)
        for leftover in leftovers:
            processes.stop(leftover)
        return bool(leftovers)

    @property
    def data(self) -> Path:
        """Its data alone: what `up --fresh` throws away."""
        return self.directory / "data"

    @property
    def log(self) -> Path:
        """Its log."""
        return self.directory / "logs" / f"{self.name}.log"

    @property
    def output(self) -> Path:
        """What it printed, which is where it says why it cannot start."""
        return self.directory / "logs" / "output.log"

    @property
    def is_installed(self) -> bool:
        """Whether nothing has to be downloaded."""
        return not missing_files(self.pinned, self.home)

    def prepare(self) -> None:
        """Creates its directories and writes its settings."""
        for directory in (
            self.directory,
            self.data,
            self.log.parent,
            self.directory / "config",
            self.directory / "tmp",
        ):
            processes.give_to_server(directory)
        # What an earlier start complained of must not be taken for what this one does.
        self.output.unlink(missing_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_name(f"{self.name}-before.log"))

    def erase(self) -> None:
        """Removes its data."""
        shutil.rmtree(self.data, ignore_errors=True)

    @abstractmethod
    def launch(self) -> int:
        """Starts the process and returns its number; it is not ready yet."""

    def served_by(self, pid: int) -> int | None:
        """Returns the number of the process that serves, given the one that `launch` started; None while unknown."""
        return pid

    @abstractmethod
    def is_ready(self) -> bool:
        """Asks the server, once, whether it works."""

    def write_config(self, template: str, values: Mapping[str, object], name: str | None = None) -> Path:
        """Fills in the committed `template`, writes it into the server's config directory and returns its path."""
        text = resources.files(__package__).joinpath(template).read_text(encoding="utf-8")
        path = self.directory / "config" / (name or template)
        path.write_text(Template(text).substitute(values), encoding="utf-8")
        return path
