"""Vega, Vega-Lite and Vega-Embed as one script, out of the package vl-convert, without any network."""

import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

import vl_convert

END: Final = "\n// whole\n"
"""What a file ends with that was written to its end."""


def load_library(cache: Path) -> str:
    """The script. Putting it together takes seconds, so it is kept in the folder `cache` for the next time.

    Where the folder cannot be written to, it is put together each time.
    """
    kept = cache / f"vega-{version('vl-convert-python')}.js"
    with suppress(OSError, UnicodeDecodeError):
        found = kept.read_text("utf-8")
        if found.endswith(END):
            return found
    made = vl_convert.javascript_bundle() + END  # type: ignore[call-arg]  # its stub wants what it does not need
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=cache, delete=False, encoding="utf-8") as part:
            part.write(made)
        Path(part.name).replace(kept)
    return made
