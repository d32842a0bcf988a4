"""The embedded Kafka broker: one process in KRaft mode, broker and controller at once."""

import base64
import socket
import subprocess
import uuid
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from deploy.local import processes
from deploy.local.ports import is_free
from deploy.local.reachable import Answer, kafka
from deploy.local.servers import Server
from deploy.settings import KafkaSettings
from schemas.errors import Permanent

# Measured: 256 MB carries the benchmarks, the rest is for several articles of 10 MB in flight.
JVM_OPTIONS = ("-Xms128m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")


class KafkaServer(Server):
    """Kafka of the lock file."""

    name: ClassVar[str] = "kafka"
    title: ClassVar[str] = "Kafka"

    @property
    def port(self) -> int:
        """The port that clients use."""
        return self.settings.kafka_port

    @property
    def address(self) -> str:
        """The bootstrap server."""
        return f"127.0.0.1:{self.port}"

    def launch(self) -> int:
        """Formats the data directory where it is new, and starts the broker."""
        logging_file = self.write_config("log4j2.properties", {"logs": self.log.parent, "server": self.name})
        ports = {"port": self.port, "controller_port": self.controller_port()}
        config = self.write_config("kafka.properties", {"data": self.data, **ports})
        java = [*self._java(), f"-Dlog4j2.configurationFile={logging_file}"]
        if not (self.data / "meta.properties").exists():
            self._format(java, config)
        return processes.start([*java, "kafka.Kafka", str(config)], {}, self.directory, self.output).pid

    def controller_port(self) -> int:
        """The port of the controller: nobody else connects to it, so where the usual one is taken any will do."""
        wanted = self.settings.controller_port
        usual = self.port + 1
        if wanted:
            return wanted
        if usual < 65536 and is_free(usual):
            return usual
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    def is_ready(self) -> bool:
        """Whether the broker answers a metadata request."""
        return isinstance(kafka(KafkaSettings(bootstrap_servers=(self.address,))), Answer)

    def _java(self) -> list[str]:
        assert self.java is not None
        return [self.java.command, *JVM_OPTIONS, self.temporary_option, "-cp", f"{self.home / 'libs'}/*"]

    def _format(self, java: list[str], config: Path) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        command = [*java, "kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", str(config)]
        child = processes.start(command, {}, self.directory, self.output)
        try:
            failed = child.wait(timeout=60) != 0
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            failed = True
        if failed:
            raise Permanent(
                f"Kafka could not prepare {self.data}: `newsclaims logs kafka` says why, "
                "and `newsclaims up --fresh` starts with an empty one."
            )
