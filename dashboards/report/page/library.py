"""Vega, Vega-Lite and Vega-Embed as one script, taken from the package vl-convert without any network."""

import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

import vl_convert

END: Final = "\n// whole\n"
"""End of a cached file that was written completely."""


def load_library(cache: Path) -> str:
    """Returns the script. Bundling it takes seconds, so it is cached in the folder `cache`.

    If the folder is not writable, it is bundled each time.
    """
    cached = cache / f"vega-{version('vl-convert-python')}.js"
    with suppress(OSError, UnicodeDecodeError):
        found = cached.read_text("utf-8")
        if found.endswith(END):
            return found
    bundle = vl_convert.javascript_bundle() + END  # type: ignore[call-arg]  # its stub requires an argument that is optional
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=cache, delete=False, encoding="utf-8") as part:
            part.write(bundle)
        Path(part.name).replace(cached)
    return bundle
