"""newsclaims: the command line. It parses and calls; what it calls is imported late, so that `--help` is quick.

Commands of one folder alone are in its `commands.py`: feeds in `connectors`, Grafana and Kibana in `dashboards`.
"""

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from connectors.commands import feeds
from dashboards.commands import boards, kibana
from deploy.command_line import Json, console, log_to_stderr, show
from schemas.errors import BadRecord, NewsclaimsError

if TYPE_CHECKING:
    from datetime import datetime

    from dashboards.ask.filters import Filters
    from deploy.settings import Settings
    from schemas.text import Page

app = typer.Typer(
    name="newsclaims",
    help="Turns news feeds into a live, searchable record of claims: who says what, with which figure, and how sure.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
)

TRY, STACK, RUN = "Try it", "Embedded servers", "Run it"


@app.command(rich_help_panel=TRY)
def extract(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files .txt, .html or .jsonl; none reads JSON lines from stdin.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines even in a terminal.")] = False,
    explain: Annotated[bool, typer.Option(help="Show kept and removed lines, with the reason.")] = False,
) -> None:
    """Find claims and figures in texts, without Kafka or Elasticsearch.

    An input line is `{"id", "text" | "html", "as_is"?, "language"?, "published_at"?, "url"?, "title"?}`; an output
    line `{"id", "articles": [{"title", "body", "claims", "figures", "entities", ...}]}`.
    """
    from pipelines.text.extraction import extract as articles_of
    from pipelines.text.json_lines import answers

    refused: list[str] = []
    pages = pages_from(files or [], refused)
    if as_json or not sys.stdout.isatty():
        for answer in answers(pages, removed=explain):
            sys.stdout.buffer.write(answer)
    else:
        from dashboards.terminal import article_view
        from pipelines.text.reading.page import explain as explain_page

        for page in pages:
            if explain:
                lines = (
                    article_view.PageLine(line.number, line.text, line.reason, is_title=line.part == "title")
                    for line in explain_page(page)
                )
                console().print(article_view.explain(lines))
                continue
            for article in articles_of(page):
                console().print(article_view.render(article))
    raise typer.Exit(1 if refused else 0)


def pages_from(files: list[Path], refused: list[str]) -> Iterator["Page"]:
    """The pages of the files, or of standard input; what is no page is told on stderr and noted in `refused`."""
    from connectors.kit.article_line import Refused
    from connectors.sources.files import read_paths
    from pipelines.text.json_lines import page_from_line
    from pipelines.transforms.articles import page_of

    def refuse(place: str, why: str) -> None:
        refused.append(place)
        typer.secho(f"{place}: {why}", fg="red", err=True)

    def lines(name: str, stream: Any) -> Iterator["Page"]:
        for number, line in enumerate(stream, 1):
            if line.strip():
                try:
                    yield page_from_line(line)
                except BadRecord as error:
                    refuse(f"{name}:{number}", str(error))

    if not files or files == [Path("-")]:
        yield from lines("stdin", sys.stdin.buffer)
    for file in files:
        if file.suffix == ".jsonl" and file.is_file():
            with file.open("rb") as stream:
                yield from lines(str(file), stream)
        elif str(file) != "-":
            for found in read_paths([str(file)], sys.stdin.buffer):
                if isinstance(found, Refused):
                    refuse(found.place, found.why)
                else:
                    yield page_of(found.article)


@app.command(rich_help_panel=TRY)
def demo(
    articles: Annotated[
        list[str] | None, typer.Option(help="Your own texts instead of the sample feed (files or folders).")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
) -> None:
    """Start Kafka and Elasticsearch, run articles through the pipeline and show what came out.

    Runs again in seconds and changes nothing the second time. The servers stay up; `newsclaims down` stops them.
    """
    from dataclasses import replace

    import deploy
    from connectors.publisher import Publisher, publish_all
    from connectors.sources.files import from_fields, read_paths
    from dashboards.terminal import summary as terminal
    from deploy import bootstrap
    from deploy.demo.feed import sample_articles
    from deploy.local import report, stack
    from deploy.monitoring.monitor import watching
    from deploy.settings import Settings
    from pipelines.run.health import run_health
    from pipelines.run.options import run_options
    from pipelines.run.supervisor import run as supervise

    out = console()
    with report.live_progress(out) as progress:
        out.print(report.render_changes(stack.up(Settings.load(), progress=progress)))
    settings = Settings.load()
    if not settings.watches_are_given and not settings.watches.exists():
        settings = replace(settings, watches=Path(deploy.__file__).parent / "config" / "watches.yaml")
    bootstrap.init(settings)
    found = (
        read_paths(articles, sys.stdin.buffer, feed="demo")
        if articles
        else (from_fields(fields, fields["url"], feed="demo") for fields in sample_articles())
    )
    with Publisher(settings) as publisher:
        refused = publish_all(publisher, found, tell_refusal)
    out.print(f"{publisher.sent} articles published" + (f", {refused} refused" if refused else ""))
    with watching(settings, interval=5.0), run_health(settings, every=2.0) as watch:
        supervise(run_options(settings, workers, until_caught_up=True), watch=watch)
    summary = terminal.refreshed_summary(settings)
    out.print(terminal.render(summary, program(), demo_report(settings)), crop=False)
    raise typer.Exit(1 if refused else 0)


def demo_report(settings: "Settings") -> str | None:
    """Writes the report of the demo into the working directory: its address. Says why where that cannot be done."""
    from datetime import UTC, datetime

    from elasticsearch import Elasticsearch

    from dashboards.report import command, gathering

    wanted = gathering.Wanted(boards=gathering.named(()), now=datetime.now(UTC))
    with Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=command.PATIENCE) as client:
        try:
            return command.write(client, wanted, settings.embedded.cache_dir, "newsclaims-report.html")
        except NewsclaimsError as error:
            typer.secho(f"no report: {error}", fg="yellow", err=True)
            return None


def program() -> str:
    """How the user called this program: by its name where the shell finds it, else by its path from here."""
    import shutil

    called = Path(sys.argv[0]).absolute()
    if shutil.which("newsclaims") == str(called) or called.name != "newsclaims":
        return "newsclaims"
    return os.path.relpath(called)


def tell_refusal(place: str, why: str) -> None:
    """Names on stderr what is no article."""
    typer.secho(f"{place}: {why}", fg="red", err=True)


@app.command(rich_help_panel=RUN)
def init(as_json: Json = False) -> None:
    """Create topics, index templates and aliases. Safe to repeat; adds new fields to existing indices."""
    from deploy import bootstrap
    from deploy.settings import Settings

    report = bootstrap.init(Settings.load())
    show(report, as_json, bootstrap.render)


@app.command(rich_help_panel=RUN)
def publish(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Files .txt, .html, .eml, .jsonl (or .gz), folders, -: stdin."),
    ],
    feed: Annotated[str, typer.Option(help="Feed name of articles that name none.")] = "files",
    backfill: Annotated[bool, typer.Option(help="Old articles: they are indexed, and raise no alert.")] = False,
    as_json: Json = False,
) -> None:
    """Send articles to the topic `raw-articles`. What is refused is named, and the rest goes on."""
    from connectors.publisher import Publisher, publish_all
    from connectors.sources.files import read_paths
    from deploy.settings import Settings

    with Publisher(Settings.load()) as publisher:
        refused = publish_all(
            publisher, read_paths(paths, sys.stdin.buffer, feed, "backfill" if backfill else None), tell_refusal
        )
    if as_json:
        typer.echo(f'{{"published": {publisher.sent}, "refused": {refused}}}')
    else:
        typer.echo(f"{publisher.sent} published" + (f", {refused} refused" if refused else ""))
    raise typer.Exit(1 if refused else 0)


@app.command(rich_help_panel=STACK)
def up(
    fresh: Annotated[bool, typer.Option("--fresh", help="Start empty: erases what the embedded servers hold.")] = False,
    kafka_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Kafka.")] = None,
    elasticsearch_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Elasticsearch.")] = None,
    controller_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of Kafka's controller.")] = None,
    as_json: Json = False,
) -> None:
    """Start Kafka and Elasticsearch on this machine: no Docker, no root. The first start downloads them, once."""
    from deploy.local.report import live_progress, render_changes
    from deploy.local.stack import up as start
    from deploy.settings import Settings

    settings = Settings.load().with_ports(kafka_port, elasticsearch_port, controller_port)
    with live_progress(console(stderr=True)) as progress:
        changes = start(settings, fresh=fresh, progress=progress)
    show(changes, as_json, render_changes)


@app.command(rich_help_panel=STACK)
def down(as_json: Json = False) -> None:
    """Stop the embedded servers. Their data stays for the next `up`."""
    from deploy.local.report import render_changes
    from deploy.local.stack import down as stop
    from deploy.settings import Settings

    show(stop(Settings.load()), as_json, render_changes)


@app.command(rich_help_panel=STACK)
def status(as_json: Json = False) -> None:
    """Show versions, addresses, health and sizes of the servers. Exits with 1 where one does not work."""
    from deploy.local.report import render_status
    from deploy.local.status import status as look
    from deploy.settings import Settings

    report = look(Settings.load())
    show(report, as_json, render_status)
    raise typer.Exit(0 if all(server.state == "running" for server in report) else 1)


@app.command(rich_help_panel=STACK)
def logs(
    service: Annotated[str, typer.Argument(help="kafka or elasticsearch.")],
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines.")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is written from now on.")] = False,
) -> None:
    """Print the log of an embedded server."""
    from deploy.local.status import logs as read
    from deploy.settings import Settings

    for line in read(Settings.load(), service, lines=lines, follow=follow):
        typer.echo(line)


@app.command(rich_help_panel=STACK)
def doctor(as_json: Json = False) -> None:
    """Check every prerequisite and connection, and say what to do. Exits with 1 where something is missing."""
    from deploy.doctor import examine, exit_code, render
    from deploy.settings import Settings

    findings = examine(Settings.load())
    show(findings, as_json, render)
    raise typer.Exit(exit_code(findings))


@app.command(rich_help_panel=RUN)
def run(
    workers: Annotated[int, typer.Option(min=1, help="Worker processes, which share the topic's partitions.")] = 1,
    until_caught_up: Annotated[bool, typer.Option(help="End where the topic ends now.")] = False,
    start: Annotated[
        str, typer.Option(help="Where to begin: committed, earliest, latest, or a time such as 2024-10-28T12:00Z.")
    ] = "committed",
    max_bundles: Annotated[int, typer.Option(min=1, help="Replace a worker after so many bundles.")] = 4000,
    max_megabytes: Annotated[int, typer.Option(min=300, help="Replace a worker that has grown to this.")] = 1024,
    metrics_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Serve the run's Prometheus metrics and /healthz here.")
    ] = None,
    metrics_host: Annotated[str, typer.Option(help="Address to serve them at; 0.0.0.0 for all.")] = "127.0.0.1",
    as_json: Json = False,
) -> None:
    """Run the job: raw articles become articles, claims and figures in Elasticsearch, until it is stopped.

    SIGTERM and Ctrl-C finish what is under way, commit and end. While Elasticsearch is away the job waits.
    """
    from deploy import bootstrap
    from deploy.settings import Settings
    from pipelines.run.health import run_health
    from pipelines.run.options import parsed_start, run_options
    from pipelines.run.supervisor import Limits
    from pipelines.run.supervisor import run as supervise

    log_to_stderr(logging.INFO)
    settings = Settings.load()
    bootstrap.check(settings)
    limits = Limits(bundles=max_bundles, megabytes=max_megabytes)
    options = run_options(settings, workers, until_caught_up, parsed_start(start), limits)
    with run_health(settings, address=(metrics_host, metrics_port) if metrics_port else None) as watch:
        summary = supervise(options, watch=watch)
    if as_json:
        show(summary, True, str)


@app.command(rich_help_panel=RUN)
def monitor(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port for Prometheus and health checks.")] = 9464,
    host: Annotated[str, typer.Option(help="Address to listen at; 0.0.0.0 for all.")] = "127.0.0.1",
    interval: Annotated[str, typer.Option(help="Time between two rounds, such as 30s or 5m.")] = "30s",
    once: Annotated[bool, typer.Option("--once", help="Make one round, show it and end.")] = False,
    as_json: Json = False,
) -> None:
    """Watch lag, freshness, sizes and servers: into the index `health`, and as Prometheus metrics on a port.

    Runs until stopped; a server that is away is told and asked again. `--once` exits with 1 where something is wrong.
    """
    from deploy.monitoring import monitor as monitoring
    from deploy.monitoring.table import render
    from deploy.settings import Settings

    settings, seconds = Settings.load(), monitoring.parsed_interval(interval)
    if not once:
        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
        monitoring.monitor(settings, host, port, seconds)
        return
    found = monitoring.look_once(settings)
    if as_json:
        show(found.report(), True, str)
    else:
        console().print(render(found))
    raise typer.Exit(1 if found.problems else 0)


letters = typer.Typer(no_args_is_help=True, help="List messages that could not be processed, and send them back in.")
app.add_typer(letters, name="dead-letters", rich_help_panel=RUN)

Reason = Annotated[str | None, typer.Option(help="Only letters with this reason, such as `not_json`.")]
InStep = Annotated[str | None, typer.Option("--step", help="Only letters of this step, such as `decode`.")]


@letters.command("list")
def list_letters(
    reason: Reason = None,
    step: InStep = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """Show open dead letters: where they came from, and why they died."""
    from dashboards.terminal.dead_letters import render
    from deploy.settings import Settings
    from pipelines.replay import Selection, open_letters

    show(open_letters(Settings.load(), Selection(reason=reason, step=step), limit), as_json, render)


@letters.command("replay")
def replay_letters(
    reason: Reason = None,
    step: InStep = None,
    id: Annotated[str | None, typer.Option("--id", help="Only this letter.")] = None,
) -> None:
    """Send open dead letters back to the topic they came from, say after a release that reads them."""
    from deploy.settings import Settings
    from pipelines.replay import Selection, replay

    done = replay(Settings.load(), Selection(reason=reason, step=step, id=id))
    typer.echo(f"{done.sent} sent back")
    for missing in done.missing:
        typer.secho(f"{missing}: its whole original is no longer in the topic dead-letters", fg="red", err=True)
    raise typer.Exit(1 if done.missing else 0)


alerts = typer.Typer(no_args_is_help=True, help="See what alerts say, with their thresholds.")
app.add_typer(alerts, name="alerts", rich_help_panel=RUN)


@alerts.command("list")
def list_alerts(as_json: Json = False) -> None:
    """Show every alert, its threshold and its number now, and whether it fires.

    `dashboards/RUNBOOKS.md` says what to do about each.
    """
    from datetime import UTC, datetime

    from deploy.monitoring.alert_list import render, standings
    from deploy.settings import Settings

    show(standings(Settings.load(), datetime.now(UTC)), as_json, render)


app.add_typer(feeds, name="feeds", rich_help_panel=RUN)

exports = typer.Typer(no_args_is_help=True, help="Write claims, figures and articles to files for other programs.")
app.add_typer(exports, name="export", rich_help_panel=RUN)

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


def filters_of(now: "datetime", since: str | None, until: str | None, **chosen: list[str] | None) -> "Filters":
    """The filters that the options say; times such as `7d` count back from `now`. Raises `Permanent` for others."""
    from dashboards.ask.filters import Filters
    from dashboards.ask.times import parsed_range

    first, end = parsed_range(since, until, now)
    return Filters(since=first, until=end, **{name: tuple(values or ()) for name, values in chosen.items()})


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
    from dashboards.exports.command import Export, format_of, notes, run, shown
    from dashboards.exports.documents import Exported
    from deploy.settings import Settings
    from pipelines.text.figures.units import standard_units

    filters = filters_of(
        datetime.now(UTC), since, until, watch=watch, claimant=claimant, publisher=publisher, language=language,
        status=status, unit_class=unit_class,
    )  # fmt: skip
    export = Export(
        index=cast(Exported, context.info_name), filters=filters, format=format_of(output, format), output=output,
        limit=limit, newest_first=newest_first,
    )  # fmt: skip
    choices.check(filters, export.index, standard_units().classes)
    with Elasticsearch(**Settings.load().elasticsearch.client_options()) as client:
        with shown(export) as progress:
            done = run(client, export, progress)
        for note in notes(client, export, done):
            typer.echo(note, err=True)


@app.command(rich_help_panel=RUN)
def report(
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
    from pipelines.text.figures.units import standard_units

    if bool(panel) != bool(png or svg):
        raise typer.BadParameter("--panel needs --png FILE or --svg FILE, and these need --panel")
    boards, seconds = gathering.named(board or ()), command.parsed_every(every)

    def wanted() -> gathering.Wanted:
        now = datetime.now(UTC)
        filters = filters_of(
            now, since, until, watch=watch, claimant=claimant, publisher=publisher, language=language, status=status,
            unit_class=unit_class,
        )  # fmt: skip
        return gathering.Wanted(boards=boards, filters=filters, now=now)

    settings = Settings.load()
    choices.check(wanted().filters, "claims", standard_units().classes)
    with Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=command.PATIENCE) as client:
        if serve:
            command.serve(client, wanted, settings.embedded.cache_dir, port, seconds, typer.echo)
            return
        for note in choices.unmatched(client, "claims", wanted().filters):
            typer.echo(note, err=True)
        if panel:
            command.draw(client, wanted(), panel, {"png": png, "svg": svg}, "dark" if dark else "light")
        else:
            made = command.write(client, wanted(), settings.embedded.cache_dir, output)
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

    from dashboards.exports.json_ld import assertion_of, exported, written
    from deploy.settings import Settings

    if (assertion is None) == (claim is None):
        raise typer.BadParameter("give an ASSERTION_ID, or --claim with a CLAIM_ID")
    with Elasticsearch(**Settings.load().elasticsearch.client_options()) as client:
        wanted = assertion or assertion_of(client, claim or "")
        written(exported(client, wanted, datetime.now(UTC)), output)


watches = typer.Typer(no_args_is_help=True, help="Named interests: what articles, claims and figures are marked by.")
app.add_typer(watches, name="watches", rich_help_panel=RUN)

WatchesPath = Annotated[
    Path | None, typer.Option("--file", "-f", help="The file with the watches, instead of watches.yaml.")
]


@watches.command("check")
def check_watches(file: WatchesPath = None) -> None:
    """Check watches.yaml: every problem with line, field and a suggestion. Exits with 1 where there is one."""
    from deploy.settings import Settings
    from pipelines.text.figures.units import standard_units
    from schemas.watches import read_watches

    found, problems = read_watches(file or Settings.load().watches, standard_units().classes)
    for problem in problems:
        typer.secho(str(problem), fg="red", err=True)
    typer.echo(f"{len(found)} watches are right" + (f", {len(problems)} problems" if problems else ""))
    raise typer.Exit(1 if problems else 0)


@watches.command("list")
def list_watches(file: WatchesPath = None, as_json: Json = False) -> None:
    """Show all watches: what they look for, and how many claims match in the last 30 days."""
    from datetime import UTC, datetime

    from dashboards.terminal.watches import counts, lines, removed, render_lines
    from deploy.settings import Settings
    from pipelines.transforms.watches import read_watches_file

    settings = Settings.load()
    found = read_watches_file(file or settings.watches)
    try:
        counted = counts(settings, datetime.now(UTC))
    except NewsclaimsError as error:
        counted = None
        typer.secho(f"No counts are shown: {error}", fg="yellow", err=True)
    for name, claims in removed(found, counted or {}).items():
        gone = f"{name} is no watch any more, and {claims:,} claims have it: `newsclaims watches backfill --all`"
        typer.secho(gone, fg="yellow", err=True)
    show(lines(found, counted), as_json, render_lines)


@watches.command("test")
def try_watches(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files .txt, .html or .jsonl; none reads JSON lines from stdin.")
    ] = None,
    file: WatchesPath = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, one a page.")] = False,
) -> None:
    """Show what the watches match in texts, and why, without Kafka or Elasticsearch."""
    import msgspec

    from dashboards.terminal.watches import render_page
    from deploy.settings import Settings
    from pipelines.text.watches.matching import Watchlist
    from pipelines.text.watches.reasons import explained
    from pipelines.transforms.watches import read_watches_file

    watchlist = Watchlist(read_watches_file(file or Settings.load().watches))
    refused: list[str] = []
    for page in pages_from(files or [], refused):
        found = explained(watchlist, page)
        if as_json:
            typer.echo(msgspec.json.encode(found))
        else:
            console().print(render_page(found))
    raise typer.Exit(1 if refused else 0)


@watches.command("backfill")
def backfill_watches(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Watches that are new or changed.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All watches; also takes the names of removed ones away.")
    ] = False,
    since: Annotated[
        str | None, typer.Option(help="Articles published at this time or later: 2024-10-28, 30d (ago).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would change, and write nothing.")] = False,
    file: WatchesPath = None,
    as_json: Json = False,
) -> None:
    """Mark what is indexed already with the watches of today. Safe to repeat, and beside a running job."""
    from datetime import UTC, datetime

    from rich.progress import Progress

    from dashboards.ask.times import parsed_moment
    from deploy import bootstrap
    from deploy.settings import Settings
    from pipelines.backfill import Order, backfill, chosen, wait_for_jobs
    from pipelines.text.watches.matching import Watchlist
    from pipelines.transforms.watches import read_watches_file

    log_to_stderr(logging.WARNING)
    settings = Settings.load()
    path = file or settings.watches
    found = read_watches_file(path)
    first = parsed_moment(since, "--since", datetime.now(UTC)) if since else None
    order = Order(Watchlist(found), chosen(found, names or (), every), first, dry_run)
    bootstrap.check(settings)
    if not dry_run:
        wait_for_jobs(path)
    with Progress(console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("articles", total=None)
        done = backfill(settings, order, lambda count, of: progress.update(task, completed=count, total=of))
    show(done, as_json, lambda done: done.told(dry_run))


app.add_typer(kibana, name="kibana", rich_help_panel=RUN)
app.add_typer(boards, name="dashboards", rich_help_panel=RUN)


def main() -> None:
    """Entry point of the `newsclaims` command: errors we raise on purpose are one sentence, not a traceback."""
    # What these clients log as errors we tell in a sentence of our own, or wait out and report as waiting.
    for chatty in ("kafka", "elastic_transport", "elasticsearch"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    try:
        app()
    except NewsclaimsError as error:
        typer.secho(f"newsclaims: {error}", fg="red", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader (`| head`) has gone: not an error. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
