"""Parses addresses and checks files in settings. An error is one sentence that names the setting."""

import os
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from schemas.errors import Permanent


def split_url(name: str, address: str, example: str, usual_port: int | None) -> tuple[str, str | None, str | None]:
    """Returns the address without credentials, the user, and the password.

    An address without a port gets the usual one, if there is one. Raises `Permanent` if the address is invalid; the
    message contains the example.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or usual_port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        visible = address.rpartition("@")[2]  # The part before the @ may have a password.
        raise Permanent(f"{name} contains {visible!r}, which is not an address like {example}.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    user, secret = (unquote(part) if part else None for part in (parts.username, parts.password))
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}", user, secret


def read_file_path(name: str, values: Mapping[str, str]) -> str | None:
    """Returns the path of the file in a setting, or None. Raises `Permanent` if the file cannot be read."""
    value = values.get(name)
    if value and not os.access(value, os.R_OK):
        raise Permanent(f"{name} is {value}, which cannot be read: correct the path or its permissions.")
    return value
