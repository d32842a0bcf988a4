"""`newsclaims feeds` and `newsclaims publish`. What a command needs is imported when it is called."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.command_line import Json, console, print_refusal, show

feeds = typer.Typer(no_args_is_help=True, help="Read news feeds: RSS, Atom, JSON Feed and what other connectors read.")

FeedsFile = Annotated[Path, typer.Option("--file", "-f", help="The file with the feeds.")]
AllowPrivate = Annotated[bool, typer.Option(help="Fetch from private addresses too, such as localhost.")]


@feeds.command("list")
def list_feeds(file: FeedsFile = Path("feeds.yaml"), as_json: Json = False) -> None:
    """Show all feeds: last and next poll, new entries, errors, silence."""
    from connectors.feeds.configuration import load_feeds
    from connectors.polling.feed_run import lines, render_lines
    from connectors.polling.feed_states import load_states
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
    from connectors.feeds.configuration import read_feeds

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
    from connectors.polling.feed_run import chosen_feed, preview, render_preview

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
    from connectors.polling.feed_run import RunOptions, Watched, run
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
    from connectors.feeds.discovery import add, discover
    from connectors.web.client import Web
    from connectors.web.hosts import Hosts

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
    from connectors.feeds.opml import import_opml

    added, refused = import_opml(opml, file)
    for item in refused:
        typer.secho(f"{item.place}: {item.why}", fg="red", err=True)
    typer.echo(f"{len(added)} feeds added to {file}" + (f", {len(refused)} refused" if refused else ""))
    raise typer.Exit(1 if refused else 0)


@feeds.command("export")
def export_feeds(file: FeedsFile = Path("feeds.yaml")) -> None:
    """Print the feeds (RSS, Atom, JSON Feed) as OPML, for other readers."""
    from connectors.feeds.configuration import load_feeds
    from connectors.feeds.opml import export_opml

    typer.echo(export_opml(load_feeds(file)), nl=False)


@feeds.command("connectors")
def show_connectors(
    name: Annotated[str | None, typer.Argument(help="Show this connector's settings and an example.")] = None,
) -> None:
    """List the connectors, those of installed packages too, or show the settings of one."""
    from connectors.kit.registry import connector_type, places
    from connectors.reference import page

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
    from connectors.kit.scaffold import new

    files = new(name, folder)
    for file in files:
        typer.echo(str(file))
    typer.echo(f"Try it: cd {files[0].parent} && pytest")


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
            publisher, read_paths(paths, sys.stdin.buffer, feed, "backfill" if backfill else None), print_refusal
        )
    if as_json:
        typer.echo(f'{{"published": {publisher.sent}, "refused": {refused}}}')
    else:
        typer.echo(f"{publisher.sent} published" + (f", {refused} refused" if refused else ""))
    raise typer.Exit(1 if refused else 0)
