"""`newsclaims extract`. What the command needs is imported when it is called."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.command_line import console


def extract(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files .txt, .html or .jsonl. Without any, JSON Lines are read from stdin."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines even in a terminal.")] = False,
    explain: Annotated[bool, typer.Option(help="Show which lines are kept or removed, and why.")] = False,
) -> None:
    """Find claims and figures in texts, without Kafka or Elasticsearch.

    An input line is `{"id", "text" | "html", "as_is"?, "language"?, "published_at"?, "url"?, "title"?}`; an output
    line `{"id", "articles": [{"title", "body", "claims", "figures", "entities", ...}]}`.
    """
    from pipelines.commands.pages import read_pages
    from pipelines.text.extraction import extract as extract_articles
    from pipelines.text.json_lines import encode_answers

    refused: list[str] = []
    pages = read_pages(files or [], refused)
    if as_json or not sys.stdout.isatty():
        for answer in encode_answers(pages, removed=explain):
            sys.stdout.buffer.write(answer)
    else:
        from dashboards.terminal import article_view
        from pipelines.text.reading.page import explain as explain_page

        for page in pages:
            if explain:
                lines = (
                    article_view.LineView(line.number, line.text, line.reason, is_title=line.part == "title")
                    for line in explain_page(page)
                )
                console().print(article_view.render_explanation(lines))
                continue
            for article in extract_articles(page):
                console().print(article_view.render_article(article))
    raise typer.Exit(1 if refused else 0)
