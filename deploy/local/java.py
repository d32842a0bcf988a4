"""Finds a Java that both servers run on."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import Permanent

MINIMUM = 17
"""Kafka 4 brokers and Elasticsearch 8.19 both need Java 17."""
HINT = "install one (`apt install openjdk-17-jre-headless`, `brew install openjdk`) or point JAVA_HOME at it"


@dataclass(frozen=True)
class Java:
    """An installed Java: its home directory and the version it states."""

    home: Path
    version: str

    @property
    def command(self) -> str:
        """Path of its `java` command."""
        return str(self.home / "bin" / "java")

    @property
    def feature(self) -> int:
        """Its feature release: 8, 11, 17 …"""
        numbers = re.findall(r"\d+", self.version)
        return int(numbers[1] if numbers[0] == "1" and len(numbers) > 1 else numbers[0])


def find_java() -> Java:
    """Returns the first Java of at least 17 among `JAVA_HOME` and `java` on the PATH.

    Raises `Permanent` when there is none, naming what was found instead.
    """
    found = [java for home in _homes() if (java := _ask(home))]
    for java in found:
        if java.feature >= MINIMUM:
            return java
    if found:
        old = found[0]
        raise Permanent(f"Java {MINIMUM} or newer is needed, and {old.command} is Java {old.version}: {HINT}.")
    raise Permanent(f"Java {MINIMUM} or newer is needed, and no working Java was found: {HINT}.")


def _homes() -> list[Path]:
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    command = shutil.which("java")
    return [*homes, Path(command).resolve().parent.parent] if command else homes


def _ask(home: Path) -> Java | None:
    command = home / "bin" / "java"
    try:
        answer = subprocess.run([command, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r'version "(\d[^"]*)"', answer.stderr + answer.stdout)
    return Java(home, match[1]) if match else None
