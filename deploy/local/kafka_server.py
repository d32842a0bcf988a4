"""The embedded Kafka broker: one process in KRaft mode that is broker and controller."""

import base64
import socket
import subprocess
import uuid
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from deploy.local import processes
from deploy.local.ports import is_free
from deploy.local.security import SCRAM_ARGUMENTS
from deploy.local.servers import EmbeddedServer
from deploy.probing import ServerInfo, probe_kafka
from deploy.settings import KafkaSettings
from schemas.errors import Permanent

# Measured: 256 MB are enough for the benchmarks. The rest is for several articles of 10 MB in flight.
JVM_OPTIONS = ("-Xms128m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


class KafkaServer(EmbeddedServer):
    """Kafka as pinned in the lock file."""

    name: ClassVar[str] = "kafka"
    title: ClassVar[str] = "Kafka"

    @property
    def port(self) -> int:
        """The port that clients use."""
        return self.settings.kafka_port

    @property
    def address(self) -> str:
        """The address as a bootstrap server."""
        return f"127.0.0.1:{self.port}"

    def launch(self) -> int:
        """Formats the data directory if it is new, and starts the broker."""
        logging_file = self.write_config("log4j2.properties", {"logs": self.log.parent, "server": self.name})
        ports = {"port": self.port, "controller_port": self.choose_controller_port()}
        config = self.write_settings({"data": self.data, **ports})
        java = [*self._make_java_command(), f"-Dlog4j2.configurationFile={logging_file}"]
        if not (self.data / "meta.properties").exists():
            self._format(java, config)
        return processes.start([*java, "kafka.Kafka", str(config)], {}, self.directory, self.output).pid

    def write_settings(self, values: dict[str, object]) -> Path:
        """Writes the broker's settings, and its certificates if it has any. Returns the path of the settings."""
        if self.security is None:
            return self.write_config("kafka.properties", values)
        directory = self.directory / "config"
        self.security.write_kafka_files(directory)
        values |= {"user": self.security.user, "password": self.security.password, "config": directory}
        return self.write_config("kafka.properties", values, "kafka-secure.properties")

    def choose_controller_port(self) -> int:
        """Returns the port of the controller: the set one, else the usual one, else any. No client connects to it."""
        usual = self.port + 1
        if self.settings.controller_port:
            return self.settings.controller_port
        if usual < 65536 and is_free(usual):
            return usual
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    def is_ready(self) -> bool:
        """Checks whether the broker answers a metadata request."""
        settings = (
            self.security.kafka(self.address) if self.security else KafkaSettings(bootstrap_servers=(self.address,))
        )
        return isinstance(probe_kafka(settings), ServerInfo)

    def _make_java_command(self) -> list[str]:
        assert self.java is not None
        return [self.java.command, *JVM_OPTIONS, self.temporary_option, "-cp", f"{self.home / 'libs'}/*"]

    def _format(self, java: list[str], config: Path) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        command = [*java, "kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", str(config)]
        if self.security:
            command.append(f"@{self.directory / 'config' / SCRAM_ARGUMENTS}")
        child = processes.start(command, {}, self.directory, self.output)
        try:
            failed = child.wait(timeout=60) != 0
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            failed = True
        if failed:
            raise Permanent(
                f"Kafka could not format {self.data}: see `newsclaims logs kafka` for the reason, "
                "or start with an empty directory (`newsclaims up --fresh`)."
            )
