"""`newsclaims dashboards` and `newsclaims kibana`. What a command needs is imported when it is called."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.command_line import Json, show

boards = typer.Typer(
    no_args_is_help=True, help="Build, check and bring to Grafana boards, data sources and alert rules."
)

GrafanaUrl = Annotated[str | None, typer.Option("--url", help="Grafana's address instead of GRAFANA_URL.")]
GrafanaFolder = Annotated[str | None, typer.Option("--folder", help="Title of the folder instead of GRAFANA_FOLDER.")]


def grafana_settings(url: str | None, folder: str | None) -> Any:
    """The settings, with what the options say of Grafana."""
    from dataclasses import replace

    from deploy.settings import Settings

    settings = Settings.load()
    return replace(settings, grafana=settings.grafana.chosen(url, folder))


@boards.command("build")
def build_boards(
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files.")] = Path("grafana-files"),
) -> None:
    """Write boards and provisioning files for Grafana, for a plain server, for compose and for Kubernetes."""
    from dashboards.build import write
    from deploy.settings import Settings

    for path in write(output, Settings.load()):
        typer.echo(str(path))


@boards.command("check")
def check_boards() -> None:
    """Check the boards and rules: fields, metrics, units, descriptions, generated files. Exits with 1 on a problem."""
    from dashboards.grafana.lint import examine

    examined, problems = examine()
    for problem in problems:
        typer.secho(problem, fg="red", err=True)
    typer.echo(f"{examined} checked" + (f", {len(problems)} problems" if problems else ", no problem"))
    raise typer.Exit(1 if problems else 0)


@boards.command("push")
def push_boards(
    url: GrafanaUrl = None,
    folder: GrafanaFolder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and do nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite boards and rules that were changed there.")] = False,
    as_json: Json = False,
) -> None:
    """Bring boards, data sources and rules to Grafana. Overwrites only ours; exits with 1 where it is refused."""
    from dashboards.grafana.push.run import compare, push

    settings = grafana_settings(url, folder)
    steps = tell_steps((compare if dry_run else push)(settings, force), as_json, details=False)
    if dry_run and not as_json:
        typer.echo("Nothing was done: this is what would be.")
    raise typer.Exit(1 if any(step.outcome == "refused" for step in steps) else 0)


@boards.command("diff")
def diff_boards(url: GrafanaUrl = None, folder: GrafanaFolder = None, as_json: Json = False) -> None:
    """Show where Grafana differs from our boards, data sources and rules. Exits with 1 where it does."""
    from dashboards.grafana.push.run import compare

    steps = tell_steps(compare(grafana_settings(url, folder)), as_json, details=True)
    raise typer.Exit(1 if any(step.outcome != "unchanged" for step in steps) else 0)


def tell_steps(steps: Iterator[Any], as_json: bool, details: bool) -> list[Any]:
    """Prints each step of a push as it is done, with the differences where they are wanted."""
    from dashboards.grafana.push.steps import told

    done = []
    for step in steps:
        done.append(step)
        if not as_json:
            typer.secho(step.line, fg="red" if step.outcome == "refused" else None)
            for line in step.differences if details else ():
                typer.echo(f"             {line}")
    if as_json:
        show(told(done), True, str)
    return done


kibana = typer.Typer(no_args_is_help=True, help="Bring data views, saved searches and a dashboard to Kibana.")

KibanaUrl = Annotated[str | None, typer.Option("--url", help="Kibana's address instead of KIBANA_URL.")]
Space = Annotated[str | None, typer.Option(help="Kibana's space instead of KIBANA_SPACE; `default` is the first one.")]


@kibana.command("push")
def push_to_kibana(
    url: KibanaUrl = None,
    space: Space = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what is missing or different there.")] = False,
    as_json: Json = False,
) -> None:
    """Import them over those with our fixed ids, and nothing else. Exits with 1 where Kibana does not take one."""
    from dashboards.kibana.push import push, render
    from dashboards.kibana.server import Kibana
    from deploy.settings import Settings
    from deploy.settings.kibana import elsewhere

    with Kibana(elsewhere(Settings.load().kibana, url, space)) as server:
        report = push(server, dry_run)
    show(report, as_json, render)
    raise typer.Exit(1 if any(line.outcome in ("failed", "not written") for line in report) else 0)


@kibana.command("check")
def check_kibana(url: KibanaUrl = None, space: Space = None, as_json: Json = False) -> None:
    """Check that every field and reference exists, and, where a Kibana is set, what is missing or different there."""
    from dashboards.kibana.check import current, problems
    from dashboards.kibana.content import saved_objects
    from dashboards.kibana.push import compare, render
    from dashboards.kibana.server import Kibana
    from deploy.settings import Settings
    from deploy.settings.kibana import elsewhere

    objects = saved_objects()
    wrong = [*current(), *problems(objects)]
    for problem in wrong:
        typer.secho(problem, fg="red", err=True)
    settings = elsewhere(Settings.load().kibana, url, space)
    if not settings.url:
        typer.echo("[]" if as_json else f"{len(objects)} objects checked, {len(wrong)} problems; no KIBANA_URL is set")
        raise typer.Exit(1 if wrong else 0)
    with Kibana(settings) as server:
        server.version()
        report = compare(server, objects)
    show(report, as_json, render)
    raise typer.Exit(1 if wrong or any(line.outcome != "same" for line in report) else 0)
