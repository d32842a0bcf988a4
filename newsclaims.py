"""newsclaims: the command line. It parses and calls; what it calls is imported late, so that `--help` is quick."""

import typer

app = typer.Typer(
    name="newsclaims",
    help="Turns news feeds into a live, searchable record of claims: who says what, with which figure, and how sure.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Entry point of the `newsclaims` command."""
    app()


if __name__ == "__main__":
    main()
