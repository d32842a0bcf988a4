"""Turns errors of Kafka's and Elasticsearch's clients into one sentence for people: what failed, why, what to do."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elastic_transport import TlsError
from elasticsearch import ApiError, TransportError
from kafka.errors import AuthorizationError, KafkaError

from deploy.tls_errors import explain_tls_error
from schemas.errors import AccessRefused, NewsclaimsError, Permanent, Retryable

EXPIRED_SEARCH = "search_context_missing_exception"
MISSING_INDEX = "index_not_found_exception"
LOGIN = "set ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD"
ROLE = "give it the role for this command, see `newsclaims roles list`"


@contextmanager
def handle_elasticsearch_errors(action: str) -> Iterator[None]:
    """Wraps requests to Elasticsearch. Raises `convert_elasticsearch_error` of what its client raises.

    `action` says what the requests do, as an infinitive: "read claims".
    """
    try:
        yield
    except (ApiError, TransportError) as error:
        raise convert_elasticsearch_error(error, action) from error


@contextmanager
def handle_server_errors(action: str, remedy: str = "") -> Iterator[None]:
    """Wraps a command that needs Elasticsearch and Kafka.

    Raises, for what their clients raise, one sentence that names the server and the `action` of the command, which is
    an infinitive: "mark claims". `remedy` is a sentence for errors that a repetition may repair.
    """
    try:
        yield
    except (ApiError, TransportError, KafkaError) as error:
        is_kafka = isinstance(error, KafkaError)
        problem = convert_kafka_error(error, action) if is_kafka else convert_elasticsearch_error(error, action)
        problem = name_action(problem, action)
        again = remedy and isinstance(problem, Retryable)
        raise (Retryable(f"{problem}. {remedy}") if again else problem) from error


def name_action(error: NewsclaimsError, action: str) -> NewsclaimsError:
    """Returns an error that says what cannot be done because of it, unless it says so already."""
    return error if action in str(error) else type(error)(f"Cannot {action}: {error}")


def convert_elasticsearch_error(error: ApiError | TransportError, action: str) -> NewsclaimsError:
    """Returns the error to raise: `Retryable` if a repetition may succeed, else `Permanent`.

    It is `Retryable` if Elasticsearch is unreachable, overloaded or failing (status 408, 429, 5xx), or if a search
    expired. `action` is what was tried, as an infinitive: "read claims".
    """
    if isinstance(error, TransportError):
        kind = AccessRefused if isinstance(error, TlsError) else Retryable
        return kind(describe_elasticsearch_error(error))
    status, cause = error.meta.status, find_cause(error)
    if status in (401, 403):
        return _make_refusal(error, action)
    reason = describe_elasticsearch_error(error)
    if cause.get("type") == EXPIRED_SEARCH:
        return Retryable(f"Elasticsearch could not {action}: the search expired after a long pause; start again")
    if cause.get("type") == MISSING_INDEX:
        return Permanent(f"Elasticsearch has no alias {cause.get('index')}: run `newsclaims init`")
    if status in (408, 429) or status >= 500:
        return Retryable(f"Elasticsearch cannot {action} now ({reason}): try again later")
    return Permanent(f"Elasticsearch refused to {action}: {reason}")


def _make_refusal(error: ApiError, action: str) -> AccessRefused:
    if error.meta.status == 401:
        return AccessRefused(f"Elasticsearch does not accept this login: {LOGIN}")
    reason = describe_elasticsearch_error(error)
    return AccessRefused(f"Elasticsearch does not allow this user to {action} ({reason}): {ROLE}")


def describe_elasticsearch_error(error: ApiError | TransportError) -> str:
    """Returns the reason in one line: Elasticsearch's own words, or that it does not answer and what to do."""
    if isinstance(error, TlsError):
        why = explain_tls_error(error.message, "ELASTICSEARCH_CA_FILE", "write http:// in ELASTICSEARCH_URL")
        return f"Elasticsearch refuses this client, because {why or error.message}"
    if isinstance(error, TransportError):
        # A server with TLS closes a connection without it.
        hint = ", with https:// if it uses TLS" if "without response" in error.message else ""
        return (
            f"Elasticsearch does not answer ({error.message}): start it with `newsclaims up`, or set "
            f"ELASTICSEARCH_URL{hint}"
        )
    if error.meta.status == 401:
        return f"the login is not accepted: {LOGIN}"
    cause = find_cause(error)
    return f"{cause.get('type')}: {cause.get('reason')}" if cause else f"HTTP {error.meta.status}"


def describe_error(error: Exception) -> str:
    """Returns in one line why something failed: ours and those of Elasticsearch's client in words, others by type."""
    if isinstance(error, NewsclaimsError):
        return str(error)
    if isinstance(error, ApiError | TransportError):
        return describe_elasticsearch_error(error)
    return f"{type(error).__name__}: {error}"


def find_cause(error: ApiError) -> dict[str, Any]:
    """Returns the first root cause in the response: its `type`, `reason` and perhaps `index`. Empty if none."""
    body = error.body.get("error") if isinstance(error.body, dict) else None
    if not isinstance(body, dict):
        return {}
    return dict((body.get("root_cause") or [body])[0])


def make_kafka_error(why: str) -> Retryable:
    """Returns the error for a Kafka that does not answer."""
    return Retryable(f"Kafka does not answer ({why}): start it with `newsclaims up`, or set KAFKA_BOOTSTRAP_SERVERS")


def convert_kafka_error(error: KafkaError, action: str) -> NewsclaimsError:
    """Returns the error to raise: `AccessRefused` if a permission is missing, else `Retryable`.

    `action` is what was tried, as an infinitive: "write to the topic claims".
    """
    name, said = type(error).__name__, str(error)  # kafka-python writes the name itself for most of its errors
    return find_denial(error, action) or make_kafka_error(said if said.startswith(name) else f"{name}: {said}")


def find_denial(error: KafkaError, action: str) -> AccessRefused | None:
    """Returns the error to raise if a permission is missing, else None."""
    # kafka-python's producer reports a denial as an unexpected error, with its name in the text.
    if not isinstance(error, AuthorizationError) and "AuthorizationFailedError" not in str(error):
        return None
    return AccessRefused(f"Kafka does not allow this user to {action} ({type(error).__name__}): {ROLE}")


@contextmanager
def silence_client(name: str) -> Iterator[None]:
    """Keeps what a client logs about an attempt that may fail out of the terminal: the error says it."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
