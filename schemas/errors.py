"""The errors, by what the caller can do about them, and the reasons of dead letters."""

from enum import StrEnum


class NewsclaimsError(Exception):
    """Base of every error that is raised on purpose. Its text is one sentence that a user can act on."""

    exit_code = 1
    """What a command that ends with it exits with."""


class Retryable(NewsclaimsError):
    """The same call may succeed later."""


class RateLimited(Retryable):
    """The server asked for a pause of `wait` seconds."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


class Permanent(NewsclaimsError):
    """The same call will never succeed: the configuration or the input is wrong."""


class AccessRefused(Permanent):
    """A server refuses this client: its login, its certificate or its permissions. Who retries must stop."""


class Gone(Permanent):
    """A page was taken away on purpose: its server says so."""


class TooManyDeadLetters(Permanent):
    """Too large a share of the input became dead letters: an operator has to look before the job goes on."""

    exit_code = 65
    """EX_DATAERR of sysexits.h."""


class Reason(StrEnum):
    """Why a record became a dead letter."""

    INVALID_ENCODING = "invalid_encoding"
    """The bytes are not UTF-8."""
    NOT_JSON = "not_json"
    """The text is not one JSON object."""
    UNKNOWN_VERSION = "unknown_version"
    """This release does not read this `schema_version`."""
    MISSING_FIELD = "missing_field"
    """A field that the schema requires is missing."""
    WRONG_TYPE = "wrong_type"
    """A field does not have the type or form of its schema."""
    EMPTY_BODY = "empty_body"
    """No text is left without markup and white space."""
    IMPOSSIBLE_DATE = "impossible_date"
    """A time is before the web, or in the future."""
    TOO_LARGE = "too_large"
    """A single document or message is too large for Elasticsearch or Kafka."""
    REJECTED = "rejected"
    """Elasticsearch refused the content of the document."""
    STEP_FAILED = "step_failed"
    """A step raised an unexpected error: a bug, kept with its input."""


class BadRecord(NewsclaimsError):
    """A record that can never be processed: it becomes a dead letter with this reason."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
