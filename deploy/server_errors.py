"""Turns errors of Kafka's and Elasticsearch's clients into one sentence for people: what failed, why, what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, TransportError

from schemas.errors import NewsclaimsError, Permanent, Retryable

EXPIRED_SEARCH = "search_context_missing_exception"
MISSING_INDEX = "index_not_found_exception"


@contextmanager
def handle_elasticsearch_errors(action: str) -> Iterator[None]:
    """Wraps requests to Elasticsearch. Raises `convert_elasticsearch_error` of what its client raises.

    `action` says what the requests do, as an infinitive: "read claims".
    """
    try:
        yield
    except (ApiError, TransportError) as error:
        raise convert_elasticsearch_error(error, action) from error


def convert_elasticsearch_error(error: ApiError | TransportError, action: str) -> NewsclaimsError:
    """Returns the error to raise: `Retryable` if a repetition may succeed, else `Permanent`.

    It is `Retryable` if Elasticsearch is unreachable, overloaded or failing (status 408, 429, 5xx), or if a search
    expired. `action` is what was tried, as an infinitive: "read claims".
    """
    if isinstance(error, TransportError):
        return Retryable(describe_elasticsearch_error(error))
    cause = find_cause(error)
    reason = describe_elasticsearch_error(error)
    if cause.get("type") == EXPIRED_SEARCH:
        return Retryable(f"Elasticsearch could not {action}: the search expired after a long pause; start again")
    if cause.get("type") == MISSING_INDEX:
        return Permanent(f"Elasticsearch has no alias {cause.get('index')}: run `newsclaims init`")
    if error.meta.status in (401, 403):
        return Permanent(f"Elasticsearch does not allow this user to {action}: {reason}")
    if error.meta.status in (408, 429) or error.meta.status >= 500:
        return Retryable(f"Elasticsearch cannot {action} now ({reason}): try again later")
    return Permanent(f"Elasticsearch refused to {action}: {reason}")


def describe_elasticsearch_error(error: ApiError | TransportError) -> str:
    """Returns the reason in one line: Elasticsearch's own words, or that it does not answer and what to do."""
    if isinstance(error, TransportError):
        return (
            f"Elasticsearch does not answer ({error.message}): start it with `newsclaims up`, or set ELASTICSEARCH_URL"
        )
    cause = find_cause(error)
    return f"{cause.get('type')}: {cause.get('reason')}" if cause else f"HTTP {error.meta.status}"


def find_cause(error: ApiError) -> dict[str, Any]:
    """Returns the first root cause in the response: its `type`, `reason` and perhaps `index`. Empty if none."""
    body = error.body.get("error") if isinstance(error.body, dict) else None
    if not isinstance(body, dict):
        return {}
    return dict((body.get("root_cause") or [body])[0])


def make_kafka_error(why: str) -> Retryable:
    """Returns the error for a Kafka that does not answer."""
    return Retryable(f"Kafka does not answer ({why}): start it with `newsclaims up`, or set KAFKA_BOOTSTRAP_SERVERS")
