"""Errors of Elasticsearch's client become one sentence, and say whether a repetition may help."""

from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig, TlsError
from elasticsearch import ApiError, ConnectionError
from kafka.errors import KafkaTimeoutError, TopicAuthorizationFailedError

from deploy.server_errors import (
    ROLE,
    convert_elasticsearch_error,
    describe_elasticsearch_error,
    describe_error,
    handle_elasticsearch_errors,
    handle_server_errors,
)
from schemas.errors import AccessRefused, NewsclaimsError, Permanent, Retryable


def api_error(status: int, body: Any = None) -> ApiError:
    """An error response of Elasticsearch."""
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "es.example", 9200))
    return ApiError("error", meta, body)


def cause(kind: str, reason: str, **more: Any) -> dict[str, Any]:
    """The body of an error response, whose root cause is more precise than the error itself."""
    root = {"type": kind, "reason": reason, **more}
    return {"error": {"type": "outer", "reason": "all shards failed", "root_cause": [root]}}


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (ConnectionError("refused"), Retryable,
         "Elasticsearch does not answer (refused): start it with `newsclaims up`, or set ELASTICSEARCH_URL"),
        (api_error(404, cause("search_context_missing_exception", "No search context found for id [1]")), Retryable,
         "Elasticsearch could not read claims: the search expired after a long pause; start again"),
        (api_error(404, cause("index_not_found_exception", "no such index [claimz]", index="claimz")), Permanent,
         "Elasticsearch has no alias claimz: run `newsclaims init`"),
        (api_error(403, cause("security_exception", "no rights")), AccessRefused,
         "Elasticsearch does not allow this user to read claims (security_exception: no rights): give it the role for "
         "this command, see `newsclaims roles list`"),
        (api_error(401), AccessRefused, "Elasticsearch does not accept this login: set ELASTICSEARCH_API_KEY, or "
         "ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD"),
        (TlsError("certificate has expired"), AccessRefused, "Elasticsearch refuses this client, because its "
         "certificate has expired: renew it on the server"),
        (api_error(429, cause("circuit_breaking_exception", "too large")), Retryable,
         "Elasticsearch cannot read claims now (circuit_breaking_exception: too large): try again later"),
        (api_error(408, "text"), Retryable, "Elasticsearch cannot read claims now (HTTP 408): try again later"),
        (api_error(503, {"error": "text"}), Retryable,
         "Elasticsearch cannot read claims now (HTTP 503): try again later"),
        (api_error(400, cause("parsing_exception", "unknown query")), Permanent,
         "Elasticsearch refused to read claims: parsing_exception: unknown query"),
    ],
    ids=[
        "unreachable", "expired", "no index", "forbidden", "unauthorized", "certificate", "overloaded", "timeout",
        "failing", "refused",
    ],
)  # fmt: skip
def test_an_error_says_what_failed_and_whether_to_try_again(
    error: Any, kind: type[NewsclaimsError], message: str
) -> None:
    converted = convert_elasticsearch_error(error, "read claims")
    assert type(converted) is kind
    assert str(converted) == message
    with pytest.raises(kind) as raised, handle_elasticsearch_errors("read claims"):
        raise error
    assert str(raised.value) == message
    assert raised.value.__cause__ is error


def test_an_error_without_a_root_cause_is_described_by_itself() -> None:
    body = {"error": {"type": "parsing_exception", "reason": "unknown query"}}
    assert describe_elasticsearch_error(api_error(400, body)) == "parsing_exception: unknown query"


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), handle_elasticsearch_errors("read claims"):
        raise ZeroDivisionError


def test_any_error_is_described_in_one_line() -> None:
    assert describe_error(Permanent("--port is taken")) == "--port is taken"
    assert describe_error(ConnectionError("refused")).startswith("Elasticsearch does not answer (refused)")
    assert describe_error(KeyError("x")) == "KeyError: 'x'"


def test_errors_of_both_clients_name_the_aim_once_and_the_remedy_only_if_a_repetition_may_help() -> None:
    cases: list[tuple[Exception, type[NewsclaimsError], str]] = [
        (KafkaTimeoutError("bootstrap"), Retryable,
         "Cannot mark claims: Kafka does not answer (KafkaTimeoutError: bootstrap): start it with `newsclaims up`, or "
         "set KAFKA_BOOTSTRAP_SERVERS. Run it again"),
        (TopicAuthorizationFailedError("claims"), AccessRefused,
         f"Kafka does not allow this user to mark claims (TopicAuthorizationFailedError): {ROLE}"),
        (ConnectionError("refused"), Retryable,
         "Cannot mark claims: Elasticsearch does not answer (refused): start it with `newsclaims up`, or set "
         "ELASTICSEARCH_URL. Run it again"),
    ]  # fmt: skip
    for raised, kind, expected in cases:
        with pytest.raises(NewsclaimsError) as caught, handle_server_errors("mark claims", "Run it again"):
            raise raised
        assert (type(caught.value), str(caught.value)) == (kind, expected)
