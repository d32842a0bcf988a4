"""All our saved objects, and the file that holds them."""

import json
from importlib.resources import files
from typing import Final

from dashboards.kibana import board
from dashboards.kibana.data_views import build_data_views
from dashboards.kibana.objects import SavedObject
from dashboards.kibana.saved_searches import build_saved_searches

PATH: Final = "kibana/newsclaims.ndjson"
"""Path of the file below `dashboards/generated`."""


def build_saved_objects() -> list[SavedObject]:
    """Returns every object; each comes after the objects that it refers to."""
    return [*build_data_views(), *build_saved_searches(), *board.build_charts(), board.build_dashboard()]


def build_ndjson() -> bytes:
    """Returns the file that Kibana imports: one object per line."""
    lines = (json.dumps(each, ensure_ascii=False, sort_keys=True) for each in build_saved_objects())
    return "".join(f"{line}\n" for line in lines).encode()


def read_committed() -> bytes:
    """Returns the file as it is in the package."""
    return files("dashboards").joinpath("generated", *PATH.split("/")).read_bytes()
