"""`newsclaims feeds` and `newsclaims publish`. A command imports what it needs when it is called."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.command_line import Json, console, print_refusal, say, show, show_json

feeds = typer.Typer(
    no_args_is_help=True, help="Read news feeds: RSS, Atom, JSON Feed and everything else that a connector reads."
)

FeedsFile = Annotated[Path, typer.Option("--file", "-f", help="The file with the feeds.")]
AllowPrivate = Annotated[bool, typer.Option(help="Also fetch from private addresses, such as localhost.")]


@feeds.command("list")
def list_feeds(file: FeedsFile = Path("feeds.yaml"), as_json: Json = False) -> None:
    """List all feeds: last and next poll, new entries, errors, silence."""
    from connectors.feeds.configuration import load_feeds
    from connectors.polling.feed_states import load_states
    from connectors.polling.feed_tables import render_summaries, summarize_feeds
    from deploy.settings import Settings
    from schemas.errors import Retryable

    found = load_feeds(file)
    try:
        states = load_states(Settings.load())
    except Retryable as error:
        states = {}
        say(f"The states are not shown: {error}", fg="yellow", err=True)
    show(summarize_feeds(found, states), as_json, render_summaries)


@feeds.command("check")
def check_feeds(file: FeedsFile = Path("feeds.yaml")) -> None:
    """Check feeds.yaml: report every problem with line, field and a suggestion. Exits with 1 if there is a problem."""
    from connectors.feeds.configuration import read_feeds

    found, problems = read_feeds(file)
    for problem in problems:
        say(str(problem), fg="red", err=True)
    say(f"valid feeds: {len(found)}, problems: {len(problems)}")
    raise typer.Exit(1 if problems else 0)


@feeds.command("preview")
def preview_feed(
    feed: Annotated[str, typer.Argument(metavar="NAME|URL", help="A feed of the file, or the address of any feed.")],
    limit: Annotated[int, typer.Option(min=1, help="Number of articles.")] = 5,
    file: FeedsFile = Path("feeds.yaml"),
    allow_private: AllowPrivate = False,
) -> None:
    """Show what a feed brings, without publishing it."""
    from connectors.polling import preview

    items = preview.preview_feed(preview.find_feed(feed, file, allow_private), limit)
    console().print(preview.render_preview(items))


@feeds.command("run")
def run_feeds(  # noqa: PLR0913 - typer takes one parameter for each option
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Only these feeds.")] = None,
    file: FeedsFile = Path("feeds.yaml"),
    once: Annotated[bool, typer.Option("--once", help="Poll what is due now, then exit.")] = False,
    at_once: Annotated[int, typer.Option(min=1, max=500, help="Feeds to poll at the same time.")] = 24,
    spacing: Annotated[float, typer.Option(min=0, help="Seconds between two requests to the same host.")] = 1.0,
    per_host: Annotated[int, typer.Option(min=1, help="Requests to the same host at the same time.")] = 2,
    health_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Serve /healthz here.")] = None,
    health_host: Annotated[str, typer.Option(help="Address to serve it at; 0.0.0.0 for all.")] = "127.0.0.1",
) -> None:
    """Poll feeds until stopped. Changes of feeds.yaml take effect while it runs."""
    from connectors.feeds.reloaded_feeds import ReloadedFeeds
    from connectors.polling import feed_run
    from deploy.settings import Settings

    options = feed_run.PollOptions(
        once, at_once, spacing, per_host, (health_host, health_port) if health_port else None
    )
    states = feed_run.run_feeds(Settings.load(), ReloadedFeeds(file, names or ()), options, console())
    has_failed = any(state.health.error for state in states.values())
    raise typer.Exit(1 if once and has_failed else 0)


@feeds.command("add")
def add_feed(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of a site or of a feed.")],
    name: Annotated[str | None, typer.Option(help="Name of the entry; by default it is made from the title.")] = None,
    file: FeedsFile = Path("feeds.yaml"),
    allow_private: AllowPrivate = False,
) -> None:
    """Find the feeds of a site, add the first to feeds.yaml and list the others."""
    from connectors.feeds import discovery
    from connectors.web.client import Web
    from connectors.web.hosts import HostLimits

    first, *others = discovery.discover(url, Web(hosts=HostLimits(spacing=0.2)), allow_private)
    added = discovery.add_feed(file, first, name, allow_private)
    say(f"{added} added to {file}: {first.url}. Try `newsclaims feeds preview {added}`")
    for other in others:
        say(f"also found: {other.url} ({other.connector}{', ' + other.title if other.title else ''})")


@feeds.command("import")
def import_feeds(
    opml: Annotated[Path, typer.Argument(metavar="OPML", help="A list of feeds exported by a feed reader.")],
    file: FeedsFile = Path("feeds.yaml"),
) -> None:
    """Add the feeds of an OPML file. Feeds that the file already has are skipped."""
    from connectors.feeds.opml import import_opml

    added, refused = import_opml(opml, file)
    for item in refused:
        print_refusal(item.place, item.why)
    say(f"{len(added)} feeds added to {file}" + (f", {len(refused)} refused" if refused else ""))
    raise typer.Exit(1 if refused else 0)


@feeds.command("export")
def export_feeds(file: FeedsFile = Path("feeds.yaml")) -> None:
    """Print the feeds (RSS, Atom, JSON Feed) as OPML, for other feed readers."""
    from connectors.feeds.configuration import load_feeds
    from connectors.feeds.opml import export_opml

    say(export_opml(load_feeds(file)), nl=False)


@feeds.command("connectors")
def show_connectors(
    name: Annotated[str | None, typer.Argument(help="Show the settings and an example of this connector.")] = None,
) -> None:
    """List the connectors, including those of installed packages, or show the settings of one."""
    from connectors.kit.registry import find_connectors, load_connector_type
    from connectors.reference import render_connector

    if name:
        say(render_connector(name))
        return
    for known in sorted(find_connectors()):
        say(f"{known}: {load_connector_type(known).about}")


@feeds.command("new")
def new_connector(
    name: Annotated[str, typer.Argument(help="Name of the connector; it must be valid as a Python module.")],
    folder: Annotated[Path, typer.Option(help="The folder in which to create the package.")] = Path(),
) -> None:
    """Create a package with a new, working connector: settings, fixture, test and README."""
    from connectors.kit.scaffold import create_package

    files = create_package(name, folder)
    for file in files:
        say(str(file))
    say(f"Try it: cd {files[0].parent} && pytest")


def publish(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files .txt, .html, .eml, .jsonl (or .gz of them), folders, or - for standard input.",
        ),
    ],
    feed: Annotated[str, typer.Option(help="Feed name of articles that do not name their feed.")] = "files",
    backfill: Annotated[bool, typer.Option(help="The articles are old: index them, but raise no alerts.")] = False,
    as_json: Json = False,
) -> None:
    """Send articles to the topic `raw-articles`. Refused items are reported; the others are published."""
    from connectors.publisher import ArticlePublisher, publish_all
    from connectors.sources.files import read_paths
    from deploy.settings import Settings

    with ArticlePublisher(Settings.load()) as publisher:
        items = read_paths(paths, sys.stdin.buffer, feed, "backfill" if backfill else None)
        refused = publish_all(publisher, items, print_refusal)
    if as_json:
        counts = {"published": publisher.sent, "refused": refused, "taken_down": publisher.taken_down}
        show_json(counts)
    else:
        gone = f", {publisher.taken_down} skipped: taken down" if publisher.taken_down else ""
        say(f"{publisher.sent} published" + (f", {refused} refused" if refused else "") + gone)
    raise typer.Exit(1 if refused else 0)
