"""TLS, logins and permissions of the embedded servers, for tests that need servers as an organisation runs them."""

import hashlib
import os
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import processes
from deploy.settings import ElasticsearchSettings, KafkaSettings

SCRAM = "SCRAM-SHA-512"
ITERATIONS = 4096
"""Rounds of SCRAM, the least that Kafka accepts."""
SCRAM_ARGUMENTS = "scram-arguments"
"""Name of the file with arguments of `kafka-storage format`."""
HASH_ITERATIONS = 10_000
"""Rounds of the hash in Elasticsearch's file of users."""


@dataclass(frozen=True, kw_only=True)
class ServerSecurity:
    """The certificate of both servers, who signed it, and their first user, who may do everything.

    The files are PEM, the key is PKCS #8.
    """

    ca_file: Path
    certificate_file: Path
    key_file: Path
    user: str
    password: str = field(repr=False)

    def kafka(self, address: str) -> KafkaSettings:
        """Returns the settings with which the first user reaches Kafka."""
        return KafkaSettings(
            bootstrap_servers=(address,),
            security_protocol="SASL_SSL",
            sasl_mechanism=SCRAM,
            sasl_username=self.user,
            sasl_password=self.password,
            ssl_ca_file=str(self.ca_file),
        )

    def elasticsearch(self, address: str) -> ElasticsearchSettings:
        """Returns the settings with which the first user reaches Elasticsearch."""
        return ElasticsearchSettings(
            urls=(address,), username=self.user, password=self.password, ca_file=str(self.ca_file)
        )

    def write_elasticsearch_files(self, directory: Path) -> None:
        """Writes to `directory` the certificates, and the first user in the files of Elasticsearch's file realm."""
        self._copy_certificates(directory)
        _write(directory / "users", f"{self.user}:{hash_password(self.password)}\n")
        _write(directory / "users_roles", f"superuser:{self.user}\n")

    def write_kafka_files(self, directory: Path) -> None:
        """Writes to `directory` the certificates, and the arguments with which a new broker gets its first user.

        Arguments in a file are not shown by `ps`.
        """
        self._copy_certificates(directory)
        login = f"{SCRAM}=[name={self.user},iterations={ITERATIONS},password={self.password}]"
        _write(directory / SCRAM_ARGUMENTS, f"--add-scram\n{login}\n")

    def _copy_certificates(self, directory: Path) -> None:
        key, certificate = self.key_file.read_text(), self.certificate_file.read_text()
        # Elasticsearch wants them apart, and Kafka in one file.
        _write(directory / "key.pem", key)
        _write(directory / "certificate.pem", certificate)
        _write(directory / "both.pem", key + certificate)
        _write(directory / "ca.pem", self.ca_file.read_text())


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    processes.give_file_to_server(path)


def hash_password(password: str) -> str:
    """Returns the password as Elasticsearch keeps it in the file realm."""
    salt = os.urandom(32)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, HASH_ITERATIONS, 32)
    return f"{{PBKDF2}}{HASH_ITERATIONS}${b64encode(salt).decode()}${b64encode(digest).decode()}"
