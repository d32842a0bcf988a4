"""Finds a Java that can run both servers."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import Permanent

MINIMUM = 17
"""Kafka 4 brokers and Elasticsearch 8.19 both need Java 17."""
HINT = "install it (`apt install openjdk-17-jre-headless`, `brew install openjdk`), or set JAVA_HOME to it"


@dataclass(frozen=True)
class Java:
    """An installed Java: its home directory and the version that it reports."""

    home: Path
    version: str

    @property
    def command(self) -> str:
        """The path of its `java` command."""
        return str(self.home / "bin" / "java")

    @property
    def feature(self) -> int:
        """Its feature release: 8, 11, 17, …"""
        numbers = re.findall(r"\d+", self.version)
        return int(numbers[1] if numbers[0] == "1" and len(numbers) > 1 else numbers[0])


def find_java() -> Java:
    """Returns the first Java that is new enough: that of `JAVA_HOME`, else `java` on the PATH.

    Raises `Permanent` if there is none. The message names the Java that was found instead.
    """
    found = [java for home in _find_homes() if (java := _read_version(home))]
    for java in found:
        if java.feature >= MINIMUM:
            return java
    if found:
        old = found[0]
        raise Permanent(f"Java {MINIMUM} or newer is needed, but {old.command} is Java {old.version}: {HINT}.")
    raise Permanent(f"Java {MINIMUM} or newer is needed, but no working Java was found: {HINT}.")


def _find_homes() -> list[Path]:
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    command = shutil.which("java")
    return [*homes, Path(command).resolve().parent.parent] if command else homes


def _read_version(home: Path) -> Java | None:
    command = home / "bin" / "java"
    try:
        answer = subprocess.run([command, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r'version "(\d[^"]*)"', answer.stderr + answer.stdout)
    return Java(home, match[1]) if match else None
