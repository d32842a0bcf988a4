"""The secure servers, and commands that are run against them."""

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import newsclaims
from tests.security.certificates import Certificates

ADMIN = "superuser"
"""The first user of both servers."""
CANARY = "canary-Zq7-secret"
"""The password of every user of the tests. It must not be found anywhere afterwards."""


@dataclass(frozen=True)
class CommandResult:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    def check(self) -> "CommandResult":
        """Asserts that the command succeeded."""
        assert self.code == 0, self.err + self.out
        return self

    @property
    def sentence(self) -> str:
        """The one line of its error. Asserts that it is one, and no traceback."""
        assert "Traceback" not in self.err + self.out, self.err + self.out
        lines = [line for line in self.err.splitlines() if line.startswith("newsclaims: ")]
        assert len(lines) == 1, (self.code, self.err, self.out)
        return lines[0].removeprefix("newsclaims: ")


@dataclass(frozen=True)
class SecureServers:
    """Addresses of the servers, and how to run a command against them."""

    certificates: Certificates
    kafka: str
    elasticsearch: str
    directory: Path

    def environ(self, user: str = ADMIN, **changes: str) -> dict[str, str]:
        """Returns the settings of a user, with changes; an empty value removes a setting."""
        values = {
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "KAFKA_SASL_USERNAME": user,
            "KAFKA_SASL_PASSWORD": CANARY,
            "KAFKA_SSL_CA_FILE": str(self.certificates.ca),
            "ELASTICSEARCH_URL": self.elasticsearch,
            "ELASTICSEARCH_USERNAME": user,
            "ELASTICSEARCH_PASSWORD": CANARY,
            "ELASTICSEARCH_CA_FILE": str(self.certificates.ca),
            "NEWSCLAIMS_DATA_DIR": str(self.directory / "work"),
            "NEWSCLAIMS_SETTINGS": "",
        } | changes
        return {name: value for name, value in values.items() if value}

    def run(self, *arguments: object, user: str = ADMIN, **changes: str) -> CommandResult:
        """Runs a command in this process, as its user would."""
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with (
            patch.dict(os.environ, self.environ(user, **changes)),
            patch.object(sys, "argv", ["newsclaims", *map(str, arguments)]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                newsclaims.main()
            except SystemExit as end:
                code = int(end.code or 0)
        return CommandResult(code, out.getvalue(), err.getvalue())
