"""`newsclaims kibana`. What a command needs is imported when it is called."""

from typing import Annotated

import typer

from deploy.command_line import Json, say, show

kibana = typer.Typer(no_args_is_help=True, help="Check and push data views, saved searches and a dashboard to Kibana.")

KibanaUrl = Annotated[str | None, typer.Option("--url", help="Kibana's address; overrides KIBANA_URL.")]
Space = Annotated[
    str | None, typer.Option(help="Kibana space; overrides KIBANA_SPACE. The first space is called `default`.")
]


@kibana.command("push")
def push_to_kibana(
    url: KibanaUrl = None,
    space: Space = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what is missing or different there.")] = False,
    as_json: Json = False,
) -> None:
    """Import all objects into Kibana.

    Only objects with our fixed ids are overwritten. Exits with 1 if Kibana refuses one.
    """
    from dashboards.kibana.push import push_objects, render_reports
    from dashboards.kibana.server import Kibana
    from deploy.settings import Settings

    with Kibana(Settings.load().kibana.with_target(url, space)) as server:
        reports = push_objects(server, dry_run)
    show(reports, as_json, render_reports)
    raise typer.Exit(1 if any(report.outcome in ("failed", "not written") for report in reports) else 0)


@kibana.command("check")
def check_kibana(url: KibanaUrl = None, space: Space = None, as_json: Json = False) -> None:
    """Check that every field and reference exists.

    If a Kibana is set, also show what is missing or different there. Exits with 1 if there is a problem or difference.
    """
    from dashboards.kibana.check import check_file, check_objects
    from dashboards.kibana.content import build_saved_objects
    from dashboards.kibana.push import compare_objects, render_reports
    from dashboards.kibana.server import Kibana
    from deploy.settings import Settings

    objects = build_saved_objects()
    problems = [*check_file(), *check_objects(objects)]
    for problem in problems:
        say(problem, fg="red", err=True)
    settings = Settings.load().kibana.with_target(url, space)
    if not settings.url:
        summary = f"{len(objects)} objects checked, {len(problems)} problems; KIBANA_URL is not set"
        say("[]" if as_json else summary)
        raise typer.Exit(1 if problems else 0)
    with Kibana(settings) as server:
        server.version()
        reports = compare_objects(server, objects)
    show(reports, as_json, render_reports)
    raise typer.Exit(1 if problems or any(report.outcome != "same" for report in reports) else 0)
