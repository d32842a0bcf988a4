"""Tries a connection to Kafka, with TLS and login, before a client is made.

kafka-python's clients try to connect for half a minute and then say only that they could not. The reason, such as a
wrong password, is only in their log.
"""

import socket
import ssl
from collections.abc import Iterable, Mapping
from typing import Any

from kafka.errors import KafkaError, SaslAuthenticationFailedError, UnsupportedSaslMechanismError
from kafka.net.manager import KafkaConnectionManager
from kafka.net.selector import NetworkSelector
from kafka.net.transport import KafkaSSLTransport

from deploy.server_errors import make_kafka_error, silence_client
from deploy.settings import KafkaSettings
from deploy.tls_errors import explain_tls_error
from schemas.errors import AccessRefused, NewsclaimsError

TIMEOUT_SECONDS = 5
PLAIN_TO_TLS = "it speaks TLS, and KAFKA_SECURITY_PROTOCOL is {protocol}: set SSL or SASL_SSL"
NO_LOGIN = "if it asks for a login, set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD"


def check_kafka(settings: KafkaSettings) -> None:
    """Checks that a broker accepts connections and this login.

    Raises `AccessRefused` if a broker refuses, with the cause, and `Retryable` if none accepts connections.
    """
    open_servers = [server for server in settings.bootstrap_servers if accepts_connections(server)]
    if not open_servers:
        raise make_kafka_error(f"cannot connect to {', '.join(settings.bootstrap_servers)}")
    if problem := _find_problem(settings.client_options(), open_servers):
        raise problem


def find_refusal(options: Mapping[str, Any]) -> AccessRefused | None:
    """Returns the refusal of a broker, given the options of a client; None if there is none, or none is reachable."""
    options = {"security_protocol": "PLAINTEXT", **options}
    servers = [server for server in options["bootstrap_servers"] if accepts_connections(server)]
    problem = _find_problem(options, servers) if servers else None
    return problem if isinstance(problem, AccessRefused) else None


def accepts_connections(server: str) -> bool:
    """Returns whether `host:port` accepts a connection.

    Check this before a client of kafka-python is made: it would retry for half a minute, log each attempt and leave its
    sockets open.
    """
    host, _, port = server.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT_SECONDS).close()
    except OSError:
        return False
    return True


class _Manager(KafkaConnectionManager):  # type: ignore[misc]
    """Reads a broker's last answer also when the end of the connection comes with it, as after a refused login."""

    async def _build_transport(self, node: Any, timeout_at: float | None = None) -> Any:
        transport = await super()._build_transport(node, timeout_at)
        receive = transport._sock_recv

        def receive_first() -> tuple[bytes, Exception | None]:
            data, end = receive()
            return (data, None) if data else (data, end)  # the next call returns the end again

        transport._sock_recv = receive_first
        return transport


def _find_problem(options: Mapping[str, Any], servers: Iterable[str]) -> NewsclaimsError | None:
    """Returns None as soon as one server accepts the login, else what the last one said."""
    problem: NewsclaimsError | None = None
    for server in servers:
        try:
            with silence_client("kafka"):
                _log_in(options, server)
        except (KafkaError, OSError, ValueError) as error:  # OSError: also files of TLS that are not certificates
            problem = _explain(error, options, server)
        else:
            return None
    return problem


def _log_in(options: Mapping[str, Any], server: str) -> None:
    """Connects, logs in and asks for the brokers. Raises what kafka-python raises, and the errors of TLS."""
    if options["security_protocol"].endswith("SSL"):
        context = KafkaSSLTransport._build_ssl_context({**KafkaSSLTransport.DEFAULT_CONFIG, **options})
        # kafka-python does not close the connection if this fails.
        _shake_hands(context, server)
        options = {**options, "ssl_context": context}
    network = NetworkSelector()
    manager = _Manager(network, **{**options, "bootstrap_servers": [server]})
    try:
        node = manager.cluster.bootstrap_brokers()[0].node_id
        connection = manager.get_connection(node, timeout_ms=TIMEOUT_SECONDS * 1000, refresh_metadata_on_err=False)

        async def ask() -> None:
            await connection
            await manager.cluster.refresh_metadata(node)

        network.run(ask)
    finally:
        manager.close()
        network.close()


def _explain(error: Exception, options: Mapping[str, Any], server: str) -> NewsclaimsError:
    protocol, user = options["security_protocol"], options.get("sasl_plain_username")
    mechanism = options.get("sasl_mechanism")
    if isinstance(error, SaslAuthenticationFailedError):
        cause = f"it rejects the login of {user!r} with {mechanism}"
        return AccessRefused(
            f"Kafka at {server} refuses this client, because {cause}: correct KAFKA_SASL_USERNAME and "
            "KAFKA_SASL_PASSWORD."
        )
    if isinstance(error, UnsupportedSaslMechanismError):
        return AccessRefused(
            f"Kafka at {server} refuses this client, because it does not offer {mechanism}: set KAFKA_SASL_MECHANISM."
        )
    why = explain_tls_error(str(error), "KAFKA_SSL_CA_FILE", "set KAFKA_SECURITY_PROTOCOL to PLAINTEXT")
    if why is None and not protocol.endswith("SSL") and _speaks_tls(server):
        why = PLAIN_TO_TLS.format(protocol=protocol)
    if why is None and isinstance(error, ssl.SSLError | FileNotFoundError):
        why = f"KAFKA_SSL_CA_FILE, KAFKA_SSL_CERTIFICATE_FILE or KAFKA_SSL_KEY_FILE cannot be used ({error})"
    if why is None:
        hint = f"; {NO_LOGIN}" if protocol == "SSL" and "disconnected" in str(error) else ""
        return make_kafka_error(f"{type(error).__name__} at {server}: {error}{hint}")
    return AccessRefused(f"Kafka at {server} refuses this client, because {why}.")


def _shake_hands(context: ssl.SSLContext, server: str) -> None:
    host, _, port = server.rpartition(":")
    name = host.strip("[]")
    with socket.create_connection((name, int(port)), timeout=TIMEOUT_SECONDS) as plain:
        context.wrap_socket(plain, server_hostname=name).close()


def _speaks_tls(server: str) -> bool:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        _shake_hands(context, server)
    except OSError:
        return False
    return True
