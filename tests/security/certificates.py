"""Certificates for the tests: an authority, a certificate of the servers, and one that has expired."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Certificates:
    """Files with certificates and keys, as PEM. All are signed by the authority in `ca`."""

    ca: Path
    other_ca: Path
    server: Path
    server_key: Path
    expired: Path
    expired_key: Path


def make_certificates(directory: Path) -> Certificates:
    """Writes them to the directory. The server's is for `HOST` alone, so `localhost` is a wrong name."""
    authority, other = trustme.CA(), trustme.CA()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    found = find_certificates(directory)
    other.cert_pem.write_to_path(str(found.other_ca))
    authority.cert_pem.write_to_path(str(found.ca))
    other.cert_pem.write_to_path(str(found.other_ca))
    write(authority.issue_cert(HOST), found.server, found.server_key)
    old = authority.issue_cert(HOST, not_before=yesterday - timedelta(days=9), not_after=yesterday)
    write(old, found.expired, found.expired_key)
    return found


def find_certificates(directory: Path) -> Certificates:
    """Returns the files that `make_certificates` writes to the directory."""
    names = ("ca", "other-ca", "server", "server-key", "expired", "expired-key")
    return Certificates(*(directory / f"{name}.pem" for name in names))


def write(issued: trustme.LeafCert, certificate: Path, key: Path) -> None:
    """Writes a certificate and its key. Kafka reads keys as PKCS #8 only, and trustme writes another form."""
    certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    loaded = load_pem_private_key(issued.private_key_pem.bytes(), None)
    key.write_bytes(loaded.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
