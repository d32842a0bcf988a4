"""The embedded Elasticsearch node: the pinned distribution, or an installed one (`ES_HOME`, or on the PATH)."""

import os
import re
import shutil
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import psutil

from deploy.local import processes
from deploy.local.servers import EmbeddedServer
from deploy.probing import ServerInfo, is_supported_elasticsearch, probe_elasticsearch
from deploy.settings import Compiler, ElasticsearchSettings
from schemas.errors import Permanent

GIGABYTE = 1024**3

JVM_OPTIONS = ("-Xms256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=${ES_TMPDIR}")
AMPLE_MEMORY = 8 * GIGABYTE
"""Available memory from which the node gets twice the heap that a million claims with the boards' aggregations need."""
AMPLE_CORES = 4
"""Cores from which the C2 compiler is used. On two, it doubles the processor time of the start and of the first two
thousand articles, and pays from some ten thousand articles on; on more cores, compiling takes nothing away from
indexing."""
C1_ONLY = "-XX:TieredStopAtLevel=1"
LAUNCHER_OPTIONS = ("-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", C1_ONLY)


class ElasticsearchServer(EmbeddedServer):
    """Elasticsearch, started by its own launcher."""

    name: ClassVar[str] = "elasticsearch"
    title: ClassVar[str] = "Elasticsearch"

    @property
    def port(self) -> int:
        """The HTTP port."""
        return self.settings.elasticsearch_port

    @property
    def address(self) -> str:
        """The URL."""
        return f"{'https' if self.security else 'http'}://127.0.0.1:{self.port}"

    @cached_property
    def installed(self) -> tuple[Path, str] | None:
        """Home and version of an installed Elasticsearch, which is used instead of the pinned one."""
        return find_installed()

    @property
    def home(self) -> Path:
        """The directory of the installed program, else of the pinned one."""
        return self.installed[0] if self.installed else super().home

    @property
    def version(self) -> str:
        """The version of the program in `home`."""
        return self.installed[1] if self.installed else super().version

    @property
    def is_installed(self) -> bool:
        """Whether its program is complete, so that nothing has to be downloaded."""
        return self.installed is not None or super().is_installed

    @property
    def pid_file(self) -> Path:
        """The file to which the node writes its process number once it works."""
        return self.directory / "tmp" / "pid"

    @property
    def backups(self) -> Path:
        """The directory of the snapshots, which `up --fresh` keeps."""
        return self.directory / "backups"

    def launch(self) -> int:
        """Starts the launcher. It starts the node, waits until the node is up, and exits."""
        self.pid_file.unlink(missing_ok=True)
        logs = self.log.parent
        values = {"data": self.data, "logs": logs, "backups": self.backups, "port": self.port}
        self.write_config("elasticsearch.yml", values, f"elasticsearch-{'secure' if self.security else 'open'}.yml")
        if self.security:
            self.security.write_elasticsearch_files(self.directory / "config")
        self.write_config("log4j2.properties", {"logs": logs, "server": self.name})
        memory, cores = psutil.virtual_memory().available, os.cpu_count() or 1
        options = make_jvm_options(memory, cores, self.settings.compiler)
        (self.directory / "config" / "jvm.options").write_text(options)
        for directory in (self.directory / "config", self.directory / "tmp", self.backups):
            processes.give_to_server(directory)
        # The launcher looks for its modules in the working directory.
        return processes.start(self._make_command(), self._make_environment(), self.home, self.output).pid

    def is_ready(self) -> bool:
        """Checks whether the node's shards are assigned. Just after the start they are not, and searches fail."""
        address = self.address
        settings = self.security.elasticsearch(address) if self.security else ElasticsearchSettings(urls=(address,))
        info = probe_elasticsearch(settings)
        return isinstance(info, ServerInfo) and info.health.startswith(("yellow", "green"))

    def _find_java_home(self) -> Path:
        bundled = self.home / "jdk"
        if self.installed and (bundled / "bin" / "java").exists():
            return bundled
        assert self.java is not None
        return self.java.home

    def _make_command(self) -> list[str]:
        return [
            str(self._find_java_home() / "bin" / "java"),
            *LAUNCHER_OPTIONS,
            self.temporary_option,
            "-Dcli.name=server",
            f"-Dcli.script={self.home / 'bin' / 'elasticsearch'}",
            "-Dcli.libs=lib/tools/server-cli",
            f"-Des.path.home={self.home}",
            f"-Des.path.conf={self.directory / 'config'}",
            "-Des.distribution.type=zip",
            "-Des.java.type=ES_JAVA_HOME",
            "-cp",
            f"{self.home / 'lib'}/*{os.pathsep}{self.home / 'lib' / 'cli-launcher'}/*",
            "org.elasticsearch.launcher.CliToolLauncher",
            "--daemonize",
            "--pidfile",
            str(self.pid_file),
        ]

    def _make_environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.directory),
            "ES_JAVA_HOME": str(self._find_java_home()),
            "ES_TMPDIR": str(self.directory / "tmp"),
        }


def make_jvm_options(available: int, cores: int, compiler: Compiler | None = None) -> str:
    """Returns the node's options for a machine with so many bytes of available memory and so many cores.

    A `compiler` that is given is used on any machine.
    """
    is_ample = available >= AMPLE_MEMORY
    options = [*JVM_OPTIONS, "-Xmx1g" if is_ample else "-Xmx512m"]
    if compiler == "quick" or (compiler is None and (not is_ample or cores < AMPLE_CORES)):
        options.append(C1_ONLY)
    return "".join(f"{option}\n" for option in options)


def find_installed() -> tuple[Path, str] | None:
    """Returns home and version of the Elasticsearch in `ES_HOME` or on the PATH, or None.

    Raises `Permanent` if `ES_HOME` is set to something other than an Elasticsearch of a supported version.
    """
    given = os.environ.get("ES_HOME")
    command = shutil.which("elasticsearch")
    home = Path(given) if given else Path(command).resolve().parent.parent if command else None
    if home is None:
        return None
    versions = [match[1] for jar in home.glob("lib/elasticsearch-*.jar")
                if (match := re.fullmatch(r"elasticsearch-(\d+\.\d+\.\d+)\.jar", jar.name))]  # fmt: skip
    if versions and is_supported_elasticsearch(versions[0]):
        return home, versions[0]
    if given is None:
        return None
    what = f"Elasticsearch {versions[0]}" if versions else "no Elasticsearch"
    raise Permanent(f"ES_HOME is {home}, which contains {what}: set it to an Elasticsearch 8 or 9, or unset it.")
