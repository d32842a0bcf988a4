"""`newsclaims dashboards`, `kibana`, `export` and `report`. What a command needs is imported when it is called."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from deploy.command_line import Json, show

if TYPE_CHECKING:
    from datetime import datetime

    from dashboards.ask.filters import Filters

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
    from dashboards.build import write_files
    from deploy.settings import Settings

    for path in write_files(output, Settings.load()):
        typer.echo(str(path))


@boards.command("check")
def check_boards() -> None:
    """Check the boards and rules: fields, metrics, units, descriptions, generated files. Exits with 1 on a problem."""
    from dashboards.build import find_stale_files
    from dashboards.grafana.lint import count_checked, find_problems

    examined, problems = count_checked(), [*find_problems(), *find_stale_files()]
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
    from dashboards.grafana.push.steps import report_steps

    done = []
    for step in steps:
        done.append(step)
        if not as_json:
            typer.secho(step.line, fg="red" if step.outcome == "refused" else None)
            for line in step.differences if details else ():
                typer.echo(f"             {line}")
    if as_json:
        show(report_steps(done), True, str)
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
    from dashboards.kibana.push import push_objects, render_reports
    from dashboards.kibana.server import Kibana
    from deploy.settings import Settings
    from deploy.settings.kibana import elsewhere

    with Kibana(elsewhere(Settings.load().kibana, url, space)) as server:
        report = push_objects(server, dry_run)
    show(report, as_json, render_reports)
    raise typer.Exit(1 if any(line.outcome in ("failed", "not written") for line in report) else 0)


@kibana.command("check")
def check_kibana(url: KibanaUrl = None, space: Space = None, as_json: Json = False) -> None:
    """Check that every field and reference exists, and, where a Kibana is set, what is missing or different there."""
    from dashboards.kibana.check import check_file, check_objects
    from dashboards.kibana.content import build_saved_objects
    from dashboards.kibana.push import compare_objects, render_reports
    from dashboards.kibana.server import Kibana
    from deploy.settings import Settings
    from deploy.settings.kibana import elsewhere

    objects = build_saved_objects()
    wrong = [*check_file(), *check_objects(objects)]
    for problem in wrong:
        typer.secho(problem, fg="red", err=True)
    settings = elsewhere(Settings.load().kibana, url, space)
    if not settings.url:
        typer.echo("[]" if as_json else f"{len(objects)} objects checked, {len(wrong)} problems; no KIBANA_URL is set")
        raise typer.Exit(1 if wrong else 0)
    with Kibana(settings) as server:
        server.version()
        report = compare_objects(server, objects)
    show(report, as_json, render_reports)
    raise typer.Exit(1 if wrong or any(line.outcome != "same" for line in report) else 0)


exports = typer.Typer(no_args_is_help=True, help="Write claims, figures and articles to files for other programs.")

Output = Annotated[str, typer.Option("--output", "-o", help="A file, which appears whole or not at all; - is stdout.")]
Many = list[str] | None
OfWatch = Annotated[Many, typer.Option(help="Only of this watch. Each of these may be given again: any of them.")]
OfClaimant = Annotated[Many, typer.Option(help="Only of this claimant, by its whole name.")]
OfPublisher = Annotated[Many, typer.Option(help="Only of this publisher.")]
InLanguage = Annotated[Many, typer.Option(help="Only in this language, such as en.")]
WithStatus = Annotated[Many, typer.Option(help="Only with this status, such as confirmed.")]
OfClass = Annotated[Many, typer.Option(help="Only with figures of this class, such as people.")]
Since = Annotated[
    str | None, typer.Option(help="Published at this time or later: 2024-10-28, 2024-10-28T12:00Z, 30d (ago).")
]
Until = Annotated[str | None, typer.Option(help="Published before this time.")]


def build_filters(now: "datetime", since: str | None, until: str | None, **chosen: list[str] | None) -> "Filters":
    """The filters that the options say; times such as `7d` count back from `now`. Raises `Permanent` for others."""
    from dashboards.ask.filters import Filters
    from dashboards.ask.times import parse_range

    first, end = parse_range(since, until, now)
    return Filters(since=first, until=end, **{name: tuple(values or ()) for name, values in chosen.items()})


def find_unit_classes(context: typer.Context) -> Collection[str]:
    """Returns every unit class. `newsclaims.py` passes the function: dashboards do not import the text rules."""
    classes: Collection[str] = context.obj()
    return classes


@exports.command("articles", help="Write articles, with their bodies and entities.")
@exports.command("figures", help="Write figures, one a row, with the claimant and status of their claims.")
@exports.command("claims", help="Write claims: who says what, with which figures, how sure, where and when.")
def export_documents(
    context: typer.Context,
    format: Annotated[
        str | None, typer.Option(help="csv, jsonl or parquet; else by the file's ending, else csv.")
    ] = None,
    output: Output = "-",
    watch: OfWatch = None,
    claimant: OfClaimant = None,
    publisher: OfPublisher = None,
    language: InLanguage = None,
    status: WithStatus = None,
    unit_class: OfClass = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int | None, typer.Option(min=1, help="End after so many.")] = None,
    newest_first: Annotated[bool, typer.Option("--newest-first", help="Else the oldest comes first.")] = False,
) -> None:
    from datetime import UTC, datetime

    from elasticsearch import Elasticsearch

    from dashboards.ask import choices
    from dashboards.exports.command import Export, choose_format, describe_result, run_export, show_progress
    from dashboards.exports.documents import ExportedIndex
    from deploy.settings import Settings

    filters = build_filters(
        datetime.now(UTC), since, until, watch=watch, claimant=claimant, publisher=publisher, language=language,
        status=status, unit_class=unit_class,
    )  # fmt: skip
    export = Export(
        index=cast(ExportedIndex, context.info_name), filters=filters, format=choose_format(output, format),
        output=output, limit=limit, newest_first=newest_first,
    )  # fmt: skip
    choices.check_filters(filters, export.index, find_unit_classes(context))
    with Elasticsearch(**Settings.load().elasticsearch.client_options()) as client:
        with show_progress(export) as progress:
            done = run_export(client, export, progress)
        for note in describe_result(client, export, done):
            typer.echo(note, err=True)


def report(
    context: typer.Context,
    output: Annotated[
        str, typer.Option("--output", "-o", help="The page, which appears whole or not at all; - is stdout.")
    ] = "newsclaims-report.html",
    board: Annotated[
        Many, typer.Option(help="A board: claim-volume and contested-figures unless given; all. May be given again.")
    ] = None,
    watch: OfWatch = None,
    claimant: OfClaimant = None,
    publisher: OfPublisher = None,
    language: InLanguage = None,
    status: WithStatus = None,
    unit_class: OfClass = None,
    since: Since = None,
    until: Until = None,
    panel: Annotated[str | None, typer.Option(help="Draw this panel alone, by its title, with --png or --svg.")] = None,
    png: Annotated[str | None, typer.Option(metavar="FILE", help="Where the panel is drawn to, as PNG.")] = None,
    svg: Annotated[str | None, typer.Option(metavar="FILE", help="Where the panel is drawn to, as SVG.")] = None,
    dark: Annotated[bool, typer.Option("--dark", help="Draw the panel light on dark.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Serve the page on this machine, with fresh data.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to serve; 0 takes any.")] = 8765,
    every: Annotated[str, typer.Option(help="How often a served page is refreshed, such as 10s or 5m.")] = "10s",
) -> None:
    """Write the boards as one HTML page that needs neither Grafana nor a network, draw one panel, or serve the page."""
    from datetime import UTC, datetime

    from elasticsearch import Elasticsearch

    from dashboards.ask import choices
    from dashboards.report import command, gathering
    from deploy.settings import Settings

    if bool(panel) != bool(png or svg):
        raise typer.BadParameter("--panel needs --png FILE or --svg FILE, and these need --panel")
    boards, seconds = gathering.find_boards(board or ()), command.parse_refresh_interval(every)

    def wanted() -> gathering.ReportRequest:
        now = datetime.now(UTC)
        filters = build_filters(
            now, since, until, watch=watch, claimant=claimant, publisher=publisher, language=language, status=status,
            unit_class=unit_class,
        )  # fmt: skip
        return gathering.ReportRequest(boards=boards, filters=filters, now=now)

    settings = Settings.load()
    choices.check_filters(wanted().filters, "claims", find_unit_classes(context))
    with Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=command.TIMEOUT) as client:
        if serve:
            command.serve_page(client, wanted, settings.embedded.cache_dir, port, seconds, typer.echo)
            return
        for note in choices.find_unmatched(client, "claims", wanted().filters):
            typer.echo(note, err=True)
        if panel:
            command.draw_panel(client, wanted(), panel, {"png": png, "svg": svg}, "dark" if dark else "light")
        else:
            made = command.write_page(client, wanted(), settings.embedded.cache_dir, output)
            typer.echo(f"{made}: open it in a browser", err=True)


@exports.command("assertion")
def export_assertion(
    assertion: Annotated[str | None, typer.Argument(metavar="[ASSERTION_ID]", help="As in any claim.")] = None,
    claim: Annotated[str | None, typer.Option(metavar="CLAIM_ID", help="The assertion of this claim.")] = None,
    output: Output = "-",
) -> None:
    """Write an assertion with all its appearances, in time order, as JSON-LD (schema.org's Claim)."""
    from datetime import UTC, datetime

    from elasticsearch import Elasticsearch

    from dashboards.exports.json_ld import find_assertion, load_assertion, write_json
    from deploy.settings import Settings

    if (assertion is None) == (claim is None):
        raise typer.BadParameter("give an ASSERTION_ID, or --claim with a CLAIM_ID")
    with Elasticsearch(**Settings.load().elasticsearch.client_options()) as client:
        wanted = assertion or find_assertion(client, claim or "")
        write_json(load_assertion(client, wanted, datetime.now(UTC)), output)
