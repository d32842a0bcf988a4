"""What can go wrong, by what the caller must do about it."""

from enum import StrEnum


class NewsclaimsError(Exception):
    """Base of every error that is raised on purpose. Its text is one sentence a user can act on."""


class Retryable(NewsclaimsError):
    """The same call may succeed later."""


class RateLimited(Retryable):
    """The other side asked for a pause of `wait` seconds."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class Permanent(NewsclaimsError):
    """The same call will never succeed: the set-up is wrong, or the caller's input is."""


class Reason(StrEnum):
    """Why a record became a dead letter."""

    INVALID_ENCODING = "invalid_encoding"
    """The bytes are not UTF-8."""
    NOT_JSON = "not_json"
    """The text is not one JSON object."""
    UNKNOWN_VERSION = "unknown_version"
    """`schema_version` is one that this release does not read."""
    MISSING_FIELD = "missing_field"
    """A field that its schema requires is not there."""
    WRONG_TYPE = "wrong_type"
    """A field has another type or form than its schema says."""
    EMPTY_BODY = "empty_body"
    """No text is left once markup and white space are gone."""
    IMPOSSIBLE_DATE = "impossible_date"
    """A time before the web, or in the future."""
    TOO_LARGE = "too_large"
    """A single document or message is larger than Elasticsearch or Kafka takes."""
    REJECTED = "rejected"
    """Elasticsearch refused the document for what is in it."""
    STEP_FAILED = "step_failed"
    """A step raised what nobody expected: a bug, kept with its input."""


class BadRecord(NewsclaimsError):
    """A record that cannot be processed, ever: it becomes a dead letter with this reason."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
