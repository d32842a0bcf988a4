"""A trial connection to Kafka, with servers that only look like it. `tests/security` has the real one."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.kafka_connection import check_kafka, find_refusal
from deploy.settings import KafkaSettings
from schemas.errors import AccessRefused, Retryable
from tests.listening import listening


def read_tls(context: ssl.SSLContext, client: socket.socket) -> None:
    """Reads a little through TLS."""
    with context.wrap_socket(client, server_side=True) as secured:
        secured.recv(10)


@pytest.fixture
def tls(certificate: Path) -> Iterator[str]:
    """The address of a server with TLS, whose certificate is for localhost and signed by itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with listening(lambda client: read_tls(context, client)) as address:
        yield address


def test_an_unreachable_server_may_answer_later() -> None:
    gone = KafkaSettings(bootstrap_servers=("127.0.0.1:1", "127.0.0.1:2"))
    with pytest.raises(Retryable, match=r"cannot connect to 127\.0\.0\.1:1, 127\.0\.0\.1:2"):
        check_kafka(gone)
    assert find_refusal(gone.client_options()) is None


def test_a_server_that_only_closes_is_no_refusal() -> None:
    with listening(lambda client: client.recv(10)) as address:
        settings = KafkaSettings(bootstrap_servers=(address,))
        with pytest.raises(Retryable, match="Kafka does not answer"):
            check_kafka(settings)
        assert find_refusal(settings.client_options()) is None


def test_a_certificate_that_is_not_trusted_is_a_refusal(tls: str, certificate: Path) -> None:
    settings = KafkaSettings(bootstrap_servers=(tls,), security_protocol="SSL")
    with pytest.raises(AccessRefused, match="this machine trusts: set KAFKA_SSL_CA_FILE"):
        check_kafka(settings)
    trusting = KafkaSettings(bootstrap_servers=(tls,), security_protocol="SSL", ssl_ca_file=str(certificate))
    assert "for another address" in str(find_refusal(trusting.client_options()))


def test_a_client_without_tls_is_told_that_the_server_has_it(tls: str) -> None:
    with pytest.raises(AccessRefused, match="it speaks TLS, and KAFKA_SECURITY_PROTOCOL is PLAINTEXT"):
        check_kafka(KafkaSettings(bootstrap_servers=(tls,)))


def test_a_file_that_is_no_certificate_is_named(tls: str, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    settings = KafkaSettings(bootstrap_servers=(tls,), security_protocol="SSL", ssl_ca_file=str(tmp_path / "ca.pem"))
    with pytest.raises(AccessRefused, match=r"KAFKA_SSL_CA_FILE, .* cannot be used"):
        check_kafka(settings)
