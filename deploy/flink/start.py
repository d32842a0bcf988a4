"""Starts one process of the cluster: `python -m deploy.flink.start ROLE --jars FOLDER [--config FOLDER] [ARGUMENT …]`.

The roles are `jobmanager`, `taskmanager` and `jobserver`. Maven has the jars of Flink and not its shell scripts, so the
options that those scripts would give to Java are here. Further arguments go to Flink: `-D NAME=VALUE` changes a setting
of a JobManager or TaskManager.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from deploy.command_line import say
from deploy.local.java import find_java
from schemas.errors import NewsclaimsError

CONFIG = Path(__file__).parent
"""The folder with `flink-conf.yaml` and `logging.properties`."""

MAIN_CLASSES = {
    "jobmanager": "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
    "taskmanager": "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
    "jobserver": "org.apache.beam.runners.flink.FlinkJobServerDriver",
}
MEGABYTES = {"jobmanager": 320, "taskmanager": 512, "jobserver": 320}
"""The heap of each role; `NEWSCLAIMS_FLINK_HEAP` changes it. The memory settings of a TaskManager must fit."""

OPENED = ("lang", "net", "io", "nio", "lang.reflect", "text", "time", "util", "util.concurrent")
OPENED_MORE = ("util.concurrent.atomic", "util.concurrent.locks")
EXPORTED = ("java.base/sun.net.util", "java.management/sun.management")


def make_command(
    role: str, java: str, jars: Path, config: Path, arguments: Sequence[str] = (), megabytes: int | None = None
) -> list[str]:
    """Returns the command line of a process. `arguments` go to its main class."""
    packages = [f"java.base/java.{name}" for name in (*OPENED, *OPENED_MORE)] + ["java.base/sun.nio.ch"]
    own = ["--flink-conf-dir" if role == "jobserver" else "--configDir", str(config)]
    return [
        java,
        f"-Xmx{megabytes or MEGABYTES[role]}m",
        *(["-XX:MaxDirectMemorySize=256m"] if role == "taskmanager" else []),
        "-XX:+UseSerialGC",
        "-Djava.net.preferIPv4Stack=true",
        f"-Djava.util.logging.config.file={CONFIG / 'logging.properties'}",
        *(f"--add-exports={package}=ALL-UNNAMED" for package in EXPORTED),
        *(f"--add-opens={package}=ALL-UNNAMED" for package in packages),
        "-cp",
        f"{jars}/*",
        MAIN_CLASSES[role],
        *own,
        *(["--executionMode", "cluster"] if role == "jobmanager" else []),
        *arguments,
    ]


def main(arguments: Sequence[str]) -> NoReturn:
    """Becomes the process."""
    parser = argparse.ArgumentParser(prog="python -m deploy.flink.start")
    parser.add_argument("role", choices=MAIN_CLASSES)
    parser.add_argument("--jars", type=Path, required=True, help="folder with the jars")
    parser.add_argument("--config", type=Path, default=CONFIG, help="folder with flink-conf.yaml")
    given, more = parser.parse_known_args(arguments)
    heap = os.environ.get("NEWSCLAIMS_FLINK_HEAP", "")
    try:
        java = find_java().command
    except NewsclaimsError as error:
        say(f"newsclaims: {error}", fg="red", err=True)
        sys.exit(error.exit_code)
    command = make_command(given.role, java, given.jars, given.config, more, int(heap) if heap.isdigit() else None)
    os.execv(java, command)


if __name__ == "__main__":
    main(sys.argv[1:])
