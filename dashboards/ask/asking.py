"""Wraps searches, so that an error of Elasticsearch becomes one sentence that says what to do."""

from contextlib import AbstractContextManager

from deploy.server_errors import handle_elasticsearch_errors


def explain_errors(index: str) -> AbstractContextManager[None]:
    """Wraps searches in `index` ("claims"). Raises `Retryable` or `Permanent` as `deploy.server_errors` does."""
    return handle_elasticsearch_errors(f"read {index}")
