"""`newsclaims offsets`. What a command needs is imported when it is called."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from deploy.command_line import Json, say, show

offsets = typer.Typer(no_args_is_help=True, help="Show and move the position of the job in the topic raw-articles.")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be moved, and move nothing.")]
Force = Annotated[
    bool, typer.Option("--force", help="Do not ask Elasticsearch whether a job is running; Kafka is always asked.")
]


@offsets.command("show")
def show_offsets(as_json: Json = False) -> None:
    """Show the committed offset of the job's group in each partition, and how many records are not read."""
    from deploy.backup import group_offsets
    from deploy.backup.report import render_offsets
    from deploy.settings import Settings

    show(group_offsets.show_offsets(Settings.load()), as_json, render_offsets)


@offsets.command("export")
def export_offsets(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; without it, stdout.")] = None,
) -> None:
    """Write the offsets of the job's group as JSON, with the time of the first message that it has not read."""
    from datetime import UTC, datetime

    import msgspec

    from deploy.backup import group_offsets
    from deploy.settings import Settings
    from schemas.errors import Permanent

    found = group_offsets.export_offsets(Settings.load(), datetime.now(UTC))
    text = msgspec.json.format(msgspec.json.encode(found)).decode() + "\n"
    if out is None:
        say(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Permanent(f"--out: {out} cannot be written: {error.strerror}") from error


@offsets.command("import")
def import_offsets(
    file: Annotated[Path, typer.Argument(help="File that `newsclaims offsets export` wrote.")],
    by: Annotated[
        str, typer.Option("--by", help="offset: in the same cluster; time: in another one, which has other offsets.")
    ] = "offset",
    dry_run: DryRun = False,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Move the job's group to the offsets of a file. Refused while the group is in use."""
    from datetime import UTC, datetime

    from deploy.backup.group_offsets import plan_import, read_saved
    from deploy.backup.moving import move_group
    from deploy.backup.report import render_moves
    from deploy.settings import Settings
    from schemas.errors import Permanent

    if by not in ("offset", "time"):
        raise Permanent(f"--by is {by!r}: it must be offset or time")
    kind: Literal["offset", "time"] = "offset" if by == "offset" else "time"
    settings, saved = Settings.load(), read_saved(file)
    moves = move_group(
        settings, lambda admin: plan_import(admin, settings.group, saved, kind), datetime.now(UTC), dry_run, force
    )
    show(moves, as_json, render_moves)


@offsets.command("reset")
def reset_offsets(
    to: Annotated[
        str, typer.Option("--to", help="A time (2024-10-28T12:00Z), a span before now (36h, 7d), earliest or latest.")
    ],
    dry_run: DryRun = False,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Move the job's group to the messages of a time. Refused while the group is in use.

    What was read before is read again, which changes nothing that is written already.
    """
    from datetime import UTC, datetime

    from dashboards.ask.times import parse_time
    from deploy.backup.group_offsets import plan_reset
    from deploy.backup.moving import move_group
    from deploy.backup.report import render_moves
    from deploy.settings import Settings

    settings, now = Settings.load(), datetime.now(UTC)
    target: datetime | Literal["earliest", "latest"]
    if to in ("earliest", "latest"):
        target = "earliest" if to == "earliest" else "latest"
    else:
        target = parse_time(to, "--to", now)
    moves = move_group(settings, lambda admin: plan_reset(admin, settings.group, target), now, dry_run, force)
    show(moves, as_json, render_moves)
