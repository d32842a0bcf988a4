"""Addresses and files that settings name: taken apart, or refused in a sentence that names the setting."""

import os
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from schemas.errors import Permanent


def split_url(name: str, address: str, example: str, usual_port: int | None) -> tuple[str, str | None, str | None]:
    """Returns the address without credentials, the user and the password.

    It has its port, or the usual one where there is one. Raises `Permanent` for what is no address like the example.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or usual_port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        shown = address.rpartition("@")[2]  # what stands before the @ may be a password
        raise Permanent(f"{name} holds {shown!r}, which is no address like {example}.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    user, secret = (unquote(part) if part else None for part in (parts.username, parts.password))
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path.rstrip('/')}", user, secret


def readable_file(name: str, values: Mapping[str, str]) -> str | None:
    """The file that a setting names, if it is set. Raises `Permanent` where it cannot be read."""
    value = values.get(name)
    if value and not os.access(value, os.R_OK):
        raise Permanent(f"{name} names {value}, which cannot be read: correct the path or its permissions.")
    return value
