"""`newsclaims demo`. What the command needs is imported when it is called."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.command_line import console, find_program_name, print_refusal, say
from schemas.errors import NewsclaimsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.kit import FoundArticle, RefusedItem
    from dashboards.ask.filters import Filters
    from deploy.settings import Settings


def demo(
    articles: Annotated[
        list[str] | None, typer.Option(help="Your own texts instead of the sample feed (files or folders).")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
) -> None:
    """Start Kafka and Elasticsearch, run articles through the pipeline and show the results.

    With your own texts, screen and report show only what these say, whatever else is indexed.

    Running it again takes seconds and changes nothing. The servers keep running; `newsclaims down` stops them.
    """
    from dataclasses import replace

    from elasticsearch import Elasticsearch

    import deploy
    from connectors.publisher import ArticlePublisher, publish_all
    from connectors.sources.files import from_fields, read_paths
    from dashboards.terminal import summary as terminal
    from dashboards.terminal.scope import DemoScope, find_scope
    from deploy import bootstrap
    from deploy.assertions.refreshing import refresh
    from deploy.demo.feed import read_sample_articles
    from deploy.local import report, stack
    from deploy.monitoring.monitor import monitor_during
    from deploy.settings import Settings
    from pipelines.run.health import record_health
    from pipelines.run.options import make_run_options
    from pipelines.run.supervisor import run as supervise

    out = console()
    with report.show_progress(out) as progress:
        out.print(report.render_changes(stack.up(Settings.load(), progress=progress)))
    settings = Settings.load()
    if not settings.watches_are_given and not settings.watches.exists():
        settings = replace(settings, watches=Path(deploy.__file__).parent / "config" / "watches.yaml")
    bootstrap.init(settings)
    found = (
        read_paths(articles, sys.stdin.buffer, feed="demo")
        if articles
        else (from_fields(fields, fields["url"], feed="demo") for fields in read_sample_articles())
    )
    keys: list[str] = []
    with ArticlePublisher(settings) as publisher:
        refused = publish_all(publisher, note_keys(found, keys), print_refusal)
    out.print(f"{publisher.sent} articles published" + (f", {refused} refused" if refused else ""))
    with monitor_during(settings, interval=5.0), record_health(settings, every=2.0) as watch:
        supervise(make_run_options(settings, workers, until_caught_up=True), watch=watch)
    refresh(settings)  # as `newsclaims monitor` does, which the demo does not run
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:
        scope = find_scope(client, keys) if articles else DemoScope()
    summary = terminal.load_fresh_summary(settings, scope)
    out.print(terminal.render_summary(summary, find_program_name(), write_report(settings, scope.filters)), crop=False)
    raise typer.Exit(1 if refused else 0)


def note_keys(items: "Iterable[FoundArticle | RefusedItem]", keys: list[str]) -> "Iterator[FoundArticle | RefusedItem]":
    """Passes the items on, and appends the key of each article's message to `keys`."""
    from connectors.kit import FoundArticle

    for item in items:
        if isinstance(item, FoundArticle):
            keys.append(item.article.article_id)
        yield item


def write_report(settings: "Settings", filters: "Filters") -> str | None:
    """Writes the report of the demo into the working directory. Returns its address, or None if that failed."""
    from datetime import UTC, datetime

    from elasticsearch import Elasticsearch

    from dashboards.report import gathering, output

    wanted = gathering.ReportRequest(boards=gathering.find_boards(()), filters=filters, now=datetime.now(UTC))
    with Elasticsearch(**settings.elasticsearch.client_options(), request_timeout=output.TIMEOUT) as client:
        try:
            return output.write_page(client, wanted, settings.embedded.cache_dir, "newsclaims-report.html")
        except NewsclaimsError as error:
            say(f"The report was not written: {error}", fg="yellow", err=True)
            return None
