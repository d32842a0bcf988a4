"""Makes the options of `newsclaims run` from the settings. It names the job of `pipelines.stream` without importing it.

The supervisor starts quickly and stays small: only its workers load Beam and the text rules.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from deploy.settings import Settings
from pipelines.io.kafka.offsets import STARTS, Start
from pipelines.run.supervisor import RunLimits, RunOptions
from pipelines.transforms.watches import WatchesFile
from schemas.errors import Permanent
from schemas.identity import digest

JOB = "pipelines.stream:job"


def make_run_options(
    settings: Settings,
    workers: int = 1,
    until_caught_up: bool = False,
    start: Start = "committed",
    limits: RunLimits | None = None,
) -> RunOptions:
    """Returns the options for `pipelines.run.supervisor.run`.

    Raises `Permanent` if watches.yaml or indices.yaml is invalid, or is named in the settings and does not exist.
    """
    kafka = settings.kafka.client_options()
    watches, kept = settings.watches.absolute(), find_kept_watches(settings)
    if settings.watches_are_given and not watches.exists():
        raise Permanent(f"NEWSCLAIMS_WATCHES names {watches}, which does not exist")
    WatchesFile(watches, kept).begin()
    return RunOptions(
        job=JOB,
        topic="raw-articles",
        consumer={**kafka, "group_id": settings.group},
        settings={
            "kafka": kafka,
            "elasticsearch": settings.elasticsearch.client_options(),
            "memory": str(settings.embedded.data_dir / "recurring-lines.bin"),
            "watches": str(watches),
            "watches_kept": str(kept),
            "buckets": make_buckets(settings),
            "retention_days": {name: each.retention_days for name, each in settings.load_index_settings().items()},
            "dead_letter_limit": settings.dead_letter_limit,
        },
        workers=workers,
        start=start,
        until_caught_up=until_caught_up,
        limits=limits or RunLimits(),
    )


def make_buckets(settings: Settings) -> dict[str, Any]:
    """Returns the buckets of each family, as JSON values. Raises `Permanent` if indices.yaml is invalid."""
    buckets = {name: found.buckets for name, found in settings.load_index_settings().items()}
    return dict(msgspec.to_builtins(buckets))


def find_kept_watches(settings: Settings) -> Path:
    """Returns the path at which the job keeps the last valid watches of the file."""
    return settings.embedded.data_dir / f"watches-{digest(str(settings.watches.absolute()))}.json"


def parse_start(text: str) -> Start:
    """Parses the start of a run from the command line. Raises `Permanent` for anything but a name or a time."""
    if text in STARTS:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Permanent(f"--start is {text!r}: it must be one of {', '.join(STARTS)} or a time in ISO 8601") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
