"""newsclaims: the command line. It parses and calls; what it calls is imported late, so that `--help` is quick."""

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from schemas.errors import BadRecord, NewsclaimsError

if TYPE_CHECKING:
    from datetime import datetime

    from dashboards.filters import Filters
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

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


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
        from dashboards import article_view
        from pipelines.text.reading import explain as explain_page

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
    from connectors.files import Refused, read_paths
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
    from connectors.files import from_fields, read_paths
    from connectors.publisher import Publisher, publish_all
    from dashboards import terminal
    from deploy import bootstrap
    from deploy.demo.feed import sample_articles
    from deploy.local import report, stack
    from deploy.monitor import watching
    from deploy.settings import Settings
    from pipelines.health import run_health
    from pipelines.run_options import run_options
    from pipelines.supervisor import run as supervise

    out = console()
    with report.live_progress(out) as progress:
        out.print(report.render_changes(stack.up(Settings.load(), progress=progress)))
    settings = Settings.load()
    if not settings.watches_are_given and not settings.watches.exists():
        settings = replace(settings, watches=Path(deploy.__file__).parent / "watches.yaml")
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
    from connectors.files import read_paths
    from connectors.publisher import Publisher, publish_all
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
    from pipelines.health import run_health
    from pipelines.run_options import parsed_start, run_options
    from pipelines.supervisor import Limits
    from pipelines.supervisor import run as supervise

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
    from deploy import monitor as monitoring
    from deploy.monitor_table import render
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
    from dashboards.dead_letters import render
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

    from deploy.alert_list import render, standings
    from deploy.settings import Settings

    show(standings(Settings.load(), datetime.now(UTC)), as_json, render)


feeds = typer.Typer(no_args_is_help=True, help="Read news feeds: RSS, Atom, JSON Feed and what other connectors read.")
app.add_typer(feeds, name="feeds", rich_help_panel=RUN)

FeedsFile = Annotated[Path, typer.Option("--file", "-f", help="The file with the feeds.")]
AllowPrivate = Annotated[bool, typer.Option(help="Fetch from private addresses too, such as localhost.")]


@feeds.command("list")
def list_feeds(file: FeedsFile = Path("feeds.yaml"), as_json: Json = False) -> None:
    """Show all feeds: last and next poll, new entries, errors, silence."""
    from connectors.configuration import load_feeds
    from connectors.feed_run import lines, render_lines
    from connectors.feed_states import load_states
    from deploy.settings import Settings
    from schemas.errors import Retryable

    found = load_feeds(file)
    try:
        states = load_states(Settings.load())
    except Retryable as error:
        states = {}
        typer.secho(f"No states are shown: {error}", fg="yellow", err=True)
    show(lines(found, states), as_json, render_lines)


@feeds.command("check")
def check_feeds(file: FeedsFile = Path("feeds.yaml")) -> None:
    """Check feeds.yaml: every problem with line, field and a suggestion. Exits with 1 where there is one."""
    from connectors.configuration import read_feeds

    found, problems = read_feeds(file)
    for problem in problems:
        typer.secho(str(problem), fg="red", err=True)
    typer.echo(f"{len(found)} feeds are right" + (f", {len(problems)} problems" if problems else ""))
    raise typer.Exit(1 if problems else 0)


@feeds.command("preview")
def preview_feed(
    feed: Annotated[str, typer.Argument(metavar="NAME|URL", help="A feed of the file, or the address of any.")],
    limit: Annotated[int, typer.Option(min=1, help="How many articles.")] = 5,
    file: FeedsFile = Path("feeds.yaml"),
    allow_private: AllowPrivate = False,
) -> None:
    """Show what a feed brings, without publishing it."""
    from connectors.feed_run import chosen_feed, preview, render_preview

    console().print(render_preview(preview(chosen_feed(feed, file, allow_private), limit)))


@feeds.command("run")
def run_feeds(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these feeds.")] = None,
    file: FeedsFile = Path("feeds.yaml"),
    once: Annotated[bool, typer.Option("--once", help="Poll what is due now, and end.")] = False,
    at_once: Annotated[int, typer.Option(min=1, max=500, help="Feeds polled at the same time.")] = 24,
    spacing: Annotated[float, typer.Option(min=0, help="Seconds between two requests to one host.")] = 1.0,
    per_host: Annotated[int, typer.Option(min=1, help="Requests to one host at the same time.")] = 2,
) -> None:
    """Poll feeds until stopped. A changed feeds.yaml is read again while it runs."""
    from connectors.feed_run import RunOptions, Watched, run
    from deploy.settings import Settings

    states = run(Settings.load(), Watched(file, names or ()), RunOptions(once, at_once, spacing, per_host), console())
    failed = [state for state in states.values() if state.health.error]
    raise typer.Exit(1 if once and failed else 0)


@feeds.command("add")
def add_feed(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site, or the address of a feed.")],
    name: Annotated[str | None, typer.Option(help="Name of the entry; else it is made from the title.")] = None,
    file: FeedsFile = Path("feeds.yaml"),
    allow_private: AllowPrivate = False,
) -> None:
    """Find the feeds of a site and write the first into feeds.yaml; others are named."""
    from connectors.discovery import add, discover
    from connectors.hosts import Hosts
    from connectors.web import Web

    first, *others = discover(url, Web(hosts=Hosts(spacing=0.2)), allow_private)
    added = add(file, first, name, allow_private)
    typer.echo(f"{added} added to {file}: {first.url}. Try `newsclaims feeds preview {added}`")
    for other in others:
        typer.echo(f"also there: {other.url} ({other.connector}{', ' + other.title if other.title else ''})")


@feeds.command("import")
def import_feeds(
    opml: Annotated[Path, typer.Argument(metavar="OPML", help="A list of feeds as other readers export it.")],
    file: FeedsFile = Path("feeds.yaml"),
) -> None:
    """Add the feeds of an OPML file; those that are there already are passed over."""
    from connectors.opml import import_opml

    added, refused = import_opml(opml, file)
    for item in refused:
        typer.secho(f"{item.place}: {item.why}", fg="red", err=True)
    typer.echo(f"{len(added)} feeds added to {file}" + (f", {len(refused)} refused" if refused else ""))
    raise typer.Exit(1 if refused else 0)


@feeds.command("export")
def export_feeds(file: FeedsFile = Path("feeds.yaml")) -> None:
    """Print the feeds (RSS, Atom, JSON Feed) as OPML, for other readers."""
    from connectors.configuration import load_feeds
    from connectors.opml import export_opml

    typer.echo(export_opml(load_feeds(file)), nl=False)


@feeds.command("connectors")
def show_connectors(
    name: Annotated[str | None, typer.Argument(help="Show this connector's settings and an example.")] = None,
) -> None:
    """List the connectors, those of installed packages too, or show the settings of one."""
    from connectors.reference import page
    from connectors.registry import connector_type, places

    if name:
        typer.echo(page(name))
        return
    for known in sorted(places()):
        typer.echo(f"{known}: {connector_type(known).about}")


@feeds.command("new")
def new_connector(
    name: Annotated[str, typer.Argument(help="Name of the connector, as a Python module.")],
    folder: Annotated[Path, typer.Option(help="Where the package's folder is made.")] = Path(),
) -> None:
    """Write a package with a new connector that works: settings, fixture, test and documentation."""
    from connectors.scaffold import new

    files = new(name, folder)
    for file in files:
        typer.echo(str(file))
    typer.echo(f"Try it: cd {files[0].parent} && pytest")


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
    from dashboards.filters import Filters
    from dashboards.times import parsed_range

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

    from dashboards import choices
    from dashboards.export_documents import Exported
    from dashboards.exports import Export, format_of, notes, run, shown
    from deploy.settings import Settings
    from pipelines.text.units import standard_units

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

    from dashboards import choices
    from dashboards.report import command, gathering
    from deploy.settings import Settings
    from pipelines.text.units import standard_units

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

    from dashboards.assertions import assertion_of, exported, written
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
    from pipelines.text.units import standard_units
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

    from dashboards.watches import counts, lines, removed, render_lines
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

    from dashboards.watches import render_page
    from deploy.settings import Settings
    from pipelines.text.watch_reasons import explained
    from pipelines.text.watches import Watchlist
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

    from dashboards.times import parsed_moment
    from deploy import bootstrap
    from deploy.settings import Settings
    from pipelines.backfill import Order, backfill, chosen, wait_for_jobs
    from pipelines.text.watches import Watchlist
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


kibana = typer.Typer(no_args_is_help=True, help="Bring data views, saved searches and a dashboard to Kibana.")
app.add_typer(kibana, name="kibana", rich_help_panel=RUN)

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
    from deploy.kibana_settings import elsewhere
    from deploy.settings import Settings

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
    from deploy.kibana_settings import elsewhere
    from deploy.settings import Settings

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


boards = typer.Typer(
    no_args_is_help=True, help="Build, check and bring to Grafana boards, data sources and alert rules."
)
app.add_typer(boards, name="dashboards", rich_help_panel=RUN)

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
    from dashboards.lint import examine

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
    from dashboards.push.run import compare, push

    settings = grafana_settings(url, folder)
    steps = tell_steps((compare if dry_run else push)(settings, force), as_json, details=False)
    if dry_run and not as_json:
        typer.echo("Nothing was done: this is what would be.")
    raise typer.Exit(1 if any(step.outcome == "refused" for step in steps) else 0)


@boards.command("diff")
def diff_boards(url: GrafanaUrl = None, folder: GrafanaFolder = None, as_json: Json = False) -> None:
    """Show where Grafana differs from our boards, data sources and rules. Exits with 1 where it does."""
    from dashboards.push.run import compare

    steps = tell_steps(compare(grafana_settings(url, folder)), as_json, details=True)
    raise typer.Exit(1 if any(step.outcome != "unchanged" for step in steps) else 0)


def tell_steps(steps: Iterator[Any], as_json: bool, details: bool) -> list[Any]:
    """Prints each step of a push as it is done, with the differences where they are wanted."""
    from dashboards.push.steps import told

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


def show(report: Any, as_json: bool, render: Any) -> None:
    """Prints a report: as JSON, or as its own view."""
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(report, enc_hook=str).decode())
    else:
        console().print(render(report))


def log_to_stderr(level: int) -> None:
    """Logs what our packages say from this level on, and warnings of others."""
    # By force: Beam configures logging while it is imported.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", force=True)
    logging.getLogger("pipelines").setLevel(level)


def console(stderr: bool = False) -> Any:
    """The terminal."""
    from rich.console import Console

    return Console(highlight=False, stderr=stderr)


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
