"""`newsclaims export`. What a command needs is imported when it is called."""

from typing import TYPE_CHECKING, Annotated, cast

import typer

from dashboards.ask.options import FilterOptions, MarkedOption, expand_options, find_unit_classes
from deploy.command_line import say

if TYPE_CHECKING:
    from dashboards.exports.documents import ExportedIndex

exports = typer.Typer(no_args_is_help=True, help="Write claims, figures and articles to files for other programs.")

Output = Annotated[
    str, typer.Option("--output", "-o", help="A file, which is written completely or not at all; - is stdout.")
]


@exports.command("articles", help="Write articles, with their bodies and entities.")
@exports.command("figures", help="Write figures, one per row, with the claimant and status of their claims.")
@exports.command("claims", help="Write claims: who says what, with which figures and status, where and when.")
@expand_options
def export_documents(
    context: typer.Context,
    filters: FilterOptions,
    format: Annotated[
        str | None, typer.Option(help="csv, jsonl or parquet. Default: by the file's extension, or csv.")
    ] = None,
    output: Output = "-",
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after this many documents.")] = None,
    newest_first: Annotated[bool, typer.Option("--newest-first", help="Write the newest documents first.")] = False,
) -> None:
    """Writes the documents of the index that the command is named after."""
    from datetime import UTC, datetime

    from elasticsearch import Elasticsearch

    from dashboards.ask.choices import check_filters
    from dashboards.exports.export import Export, choose_format, describe_result, run_export, show_progress
    from deploy.settings import Settings

    export = Export(
        index=cast("ExportedIndex", context.info_name),
        filters=filters.build_filters(datetime.now(UTC)),
        format=choose_format(output, format),
        output=output,
        limit=limit,
        newest_first=newest_first,
    )
    check_filters(export.filters, export.index, find_unit_classes(context))
    with Elasticsearch(**Settings.load().elasticsearch.client_options()) as client:
        with show_progress(export) as progress:
            written = run_export(client, export, progress)
        for note in describe_result(client, export, written):
            say(note, err=True)


@exports.command("assertion")
def export_assertion(
    assertion: Annotated[
        str | None, typer.Argument(metavar="[ASSERTION_ID]", help="The assertion_id of any of its claims.")
    ] = None,
    claim: Annotated[str | None, typer.Option(metavar="CLAIM_ID", help="Export the assertion of this claim.")] = None,
    marked: MarkedOption = "out",
    output: Output = "-",
) -> None:
    """Write an assertion with all its appearances, in order of time, as JSON-LD (a schema.org Claim)."""
    from datetime import UTC, datetime

    from elasticsearch import Elasticsearch

    from dashboards.exports.json_ld import find_assertion, load_assertion, write_json
    from deploy.settings import Settings

    if (assertion is None) == (claim is None):
        raise typer.BadParameter("give either an ASSERTION_ID or --claim CLAIM_ID")
    with Elasticsearch(**Settings.load().elasticsearch.client_options()) as client:
        found = assertion or find_assertion(client, claim or "")
        write_json(load_assertion(client, found, datetime.now(UTC), marked), output)
