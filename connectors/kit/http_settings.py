"""The settings of connectors that fetch over HTTP, and the requests made with them."""

import os
import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from connectors.web.addresses import origin_of
from connectors.web.client import Request
from schemas.errors import Permanent


class HttpSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a connector fetches."""

    headers: Annotated[dict[str, str], Meta(description="Headers to send, such as Authorization; `${NAME}` is replaced "
                                            "by the value of an environment variable.")] = {}  # fmt: skip
    allow_private: Annotated[
        bool, Meta(description="Also fetch from private addresses, such as 10.0.0.1 and localhost.")
    ] = False
    robots: Annotated[bool, Meta(description="Obey the site's robots.txt.")] = True
    ignore_validators: Annotated[
        bool,
        Meta(description="Fetch the whole document each time, for servers that send a wrong ETag or Last-Modified."),
    ] = False


def make_request(url: str, settings: HttpSettings, cursor: Mapping[str, Any] | None = None) -> Request:
    """Makes the request for an address. It is conditional if the cursor has an ETag or a Last-Modified date."""
    known = {} if settings.ignore_validators or cursor is None else cursor
    return Request(
        url,
        known.get("etag"),
        known.get("last_modified"),
        {name: expand_variables(value) for name, value in settings.headers.items()},
        settings.allow_private,
        settings.robots,
    )


def make_page_request(url: str, source: str, settings: HttpSettings) -> Request:
    """Makes the request for a page that a source links to. Only the source's own site gets the headers."""
    same = origin_of(url) == origin_of(source)
    return make_request(url, settings if same else msgspec.structs.replace(settings, headers={}))


def expand_variables(value: str) -> str:
    """Replaces `${NAME}` by environment variables. Raises `Permanent` if one is not set."""

    def look_up(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise Permanent(f"a header needs the environment variable {match[1]}, which is not set")
        return os.environ[match[1]]

    return re.sub(r"\$\{(\w+)\}", look_up, value)
