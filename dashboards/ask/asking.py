"""Turns what goes wrong when Elasticsearch is asked into one sentence that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import ApiError, TransportError

from schemas.errors import Permanent, Retryable

EXPIRED = "search_context_missing_exception"


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Around a request for `what` ("claims"). Raises `Retryable` where the server does not answer or is overloaded,
    and `Permanent` where it refuses: asking again would not help."""
    try:
        yield
    except TransportError as error:
        raise Retryable(
            f"Elasticsearch does not answer ({error.message}): start it with `newsclaims up`, or set ELASTICSEARCH_URL"
        ) from error
    except ApiError as error:
        kind, words = said(error)
        if kind == EXPIRED:
            raise Retryable(
                f"Elasticsearch has let go of the {what} that it gave out, as nobody took more for long: begin again"
            ) from error
        if kind == "index_not_found_exception":
            raise Permanent(f"Elasticsearch has no alias {what}: run `newsclaims init`") from error
        if error.meta.status in (401, 403):
            raise Permanent(f"Elasticsearch does not let this user read {what}: {words}") from error
        if error.meta.status in (408, 429) or error.meta.status >= 500:
            raise Retryable(f"Elasticsearch cannot give {what} now ({words}): try again later") from error
        raise Permanent(f"Elasticsearch refuses to give {what}: {words}") from error


def said(error: ApiError) -> tuple[str, str]:
    """The kind of the first cause and Elasticsearch's words, in one line."""
    body = error.body.get("error") if isinstance(error.body, dict) else None
    if not isinstance(body, dict):
        return "", f"HTTP {error.meta.status}"
    cause = (body.get("root_cause") or [body])[0]
    return str(cause.get("type")), f"{cause.get('type')}: {cause.get('reason')}"
