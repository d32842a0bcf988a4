"""Our counters as metrics of Flink: one name for the metric and its labels, which Flink passes on unchanged."""

import re

from schemas.metrics import METRICS, SUM, Key

NAMESPACE = "newsclaims"
SCALE = 1000
"""Metrics of Beam are whole numbers: values with fractions are multiplied by this."""

_PLAIN = re.compile(r"[A-Za-z0-9_]")
_ESCAPE = re.compile(r"~([0-9a-f]{2})")
_OURS = re.compile(r"(newsclaims_[a-z_]+(?:-[A-Za-z0-9_~]*)*)$")


def encode_key(key: Key) -> str:
    """Returns the name of a metric in Flink. Flink replaces points, commas, colons and blanks, so none are in it."""
    name, labels = key
    return "-".join([name, *map(_escape, labels)])


def decode_key(metric: str) -> Key | None:
    """Returns the key of a metric of Flink, whatever is before our name. Returns None if it is not one of ours."""
    if not (found := _OURS.search(metric)):
        return None
    name, *labels = found[1].split("-")
    # Flink may write the namespace before the name, joined by a character that it replaces.
    while name not in METRICS and name.startswith(f"{NAMESPACE}_{NAMESPACE}_"):
        name = name.removeprefix(f"{NAMESPACE}_")
    if name not in METRICS:
        return None
    return name, tuple(map(_unescape, labels))


def find_scale(key: Key) -> int:
    """Returns the factor between our value and Flink's."""
    name, labels = key
    return SCALE if METRICS[name].kind == "gauge" or labels[-1:] == (SUM,) else 1


def _escape(label: str) -> str:
    return "".join(
        each if _PLAIN.fullmatch(each) else "".join(f"~{byte:02x}" for byte in each.encode()) for each in label
    )


def _unescape(label: str) -> str:
    data = bytearray()
    position = 0
    for found in _ESCAPE.finditer(label):
        data += label[position : found.start()].encode()
        data.append(int(found[1], 16))
        position = found.end()
    return (data + label[position:].encode()).decode("utf-8", "replace")
