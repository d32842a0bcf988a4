"""The embedded Elasticsearch node: the pinned distribution, or an installed one where `ES_HOME` or the PATH has it."""

import json
import os
import re
import shutil
import urllib.request
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from deploy.local import processes
from deploy.local.servers import Server
from schemas.errors import Permanent

# 512 MB is what a million claims with the boards' aggregations need; the C1 compiler alone halves the start.
JVM_OPTIONS = """\
-Xms256m
-Xmx512m
-XX:+UseSerialGC
-XX:TieredStopAtLevel=1
-XX:+ExitOnOutOfMemoryError
-Djava.io.tmpdir=${ES_TMPDIR}
"""
LAUNCHER_OPTIONS = ("-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
READ_VERSIONS = ("8", "9")
"""Major versions that our client speaks to."""


class ElasticsearchServer(Server):
    """Elasticsearch, run by its own launcher."""

    name: ClassVar[str] = "elasticsearch"
    title: ClassVar[str] = "Elasticsearch"

    @property
    def port(self) -> int:
        """The HTTP port."""
        return self.settings.elasticsearch_port

    @property
    def address(self) -> str:
        """The URL."""
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def installed(self) -> tuple[Path, str] | None:
        """Home and version of an Elasticsearch that is installed on this machine and is used instead."""
        return find_installed()

    @property
    def home(self) -> Path:
        """The installed program, else the pinned one."""
        return self.installed[0] if self.installed else super().home

    @property
    def version(self) -> str:
        """Version of the program in `home`."""
        return self.installed[1] if self.installed else super().version

    @property
    def is_installed(self) -> bool:
        """Whether nothing has to be downloaded."""
        return self.installed is not None or super().is_installed

    @property
    def pid_file(self) -> Path:
        """Where the node writes its process number once it works."""
        return self.directory / "tmp" / "pid"

    def launch(self) -> int:
        """Starts the launcher, which starts the node, waits until it is up and ends."""
        self.pid_file.unlink(missing_ok=True)
        logs = self.log.parent
        self.write_config("elasticsearch.yml", {"data": self.data, "logs": logs, "port": self.port})
        self.write_config("log4j2.properties", {"logs": logs, "server": self.name})
        (self.directory / "config" / "jvm.options").write_text(JVM_OPTIONS)
        for directory in (self.directory / "config", self.directory / "tmp"):
            processes.give_to_server(directory)
        # The launcher looks for its modules from the directory that it is started in.
        return processes.start(self._command(), self._environment(), self.home, self.output).pid

    def served_by(self, pid: int) -> int | None:
        """The node's own process, which is not the launcher's."""
        try:
            return int(self.pid_file.read_text())
        except (OSError, ValueError):
            return None

    def is_ready(self) -> bool:
        """Whether the node's shards are assigned: right after the start they are not, and searches fail."""
        try:
            return get_json(f"{self.address}/_cluster/health")["status"] in ("yellow", "green")
        except OSError:
            return False

    def _java_home(self) -> Path:
        bundled = self.home / "jdk"
        if self.installed and (bundled / "bin" / "java").exists():
            return bundled
        assert self.java is not None
        return self.java.home

    def _command(self) -> list[str]:
        return [
            str(self._java_home() / "bin" / "java"),
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

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.directory),
            "ES_JAVA_HOME": str(self._java_home()),
            "ES_TMPDIR": str(self.directory / "tmp"),
        }


def find_installed() -> tuple[Path, str] | None:
    """Returns home and version of the Elasticsearch in `ES_HOME` or on the PATH, None where there is none.

    Raises `Permanent` when `ES_HOME` is not the home of an Elasticsearch that we can use.
    """
    named = os.environ.get("ES_HOME")
    command = shutil.which("elasticsearch")
    home = Path(named) if named else Path(command).resolve().parent.parent if command else None
    if home is None:
        return None
    versions = [match[1] for jar in home.glob("lib/elasticsearch-*.jar")
                if (match := re.fullmatch(r"elasticsearch-(\d+\.\d+\.\d+)\.jar", jar.name))]  # fmt: skip
    if versions and versions[0].split(".")[0] in READ_VERSIONS:
        return home, versions[0]
    if named is None:
        return None
    what = f"Elasticsearch {versions[0]}" if versions else "no Elasticsearch"
    raise Permanent(f"ES_HOME is {home}, which holds {what}: point it at an Elasticsearch 8 or 9, or unset it.")


def get_json(url: str, timeout: float = 5) -> Any:
    """Returns the JSON document at `url` of the embedded node; raises `OSError` when it does not answer so."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback needs no proxy
    with opener.open(url, timeout=timeout) as answer:
        return json.load(answer)
