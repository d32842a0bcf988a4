"""The reference page of the command line, made from the typer application itself."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, get_args, get_origin

import typer.main

from docs.tools.markdown import table
from newsclaims import app

TYPES = {"str": "text", "int": "number", "float": "number", "Path": "path", "bool": "flag"}
"""What a reader calls the Python type of an option."""
HEAD = """\
# Commands

`newsclaims --help` lists the commands; `newsclaims COMMAND --help` prints what this page shows. Every command that
fails prints one sentence to standard error and exits with a code other than 0.
"""


def commands() -> dict[str, Any]:
    """Returns every command by its full name, such as `dead-letters replay`. Groups themselves are left out."""
    return dict(_walk(typer.main.get_command(app), ()))


def _walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(path), command
    else:
        for name, each in inner.items():
            yield from _walk(each, (*path, name))


def page() -> str:
    """Returns the page of all commands, grouped as `newsclaims --help` groups them."""
    lines = [HEAD]
    root = typer.main.get_command(app)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        lines += [f"## {name}", "", paragraphs(command.help), ""]
        if inner is None:
            lines += body(name, command)
        for sub, each in (inner or {}).items():
            lines += [f"### {name} {sub}", "", paragraphs(each.help), "", *body(f"{name} {sub}", each)]
    return "\n".join(lines)


def body(name: str, command: Any) -> list[str]:
    """Returns the usage line of a command, and the tables of its arguments and options."""
    arguments = [each for each in command.params if not is_option(each)]
    options = [each for each in command.params if is_option(each) and not each.hidden]
    usage = " ".join(["newsclaims", name, *(["[OPTIONS]"] if options else []), *map(argument_usage, arguments)])
    lines = ["```text", usage, "```", ""]
    if arguments:
        lines += [table(("argument", "meaning"), [(f"`{label(each)}`", each.help) for each in arguments]), ""]
    if options:
        rows = [(names(each), kind(each), each.help, default(each)) for each in options]
        lines += [table(("option", "value", "meaning", "default"), rows), ""]
    return lines


def is_option(parameter: Any) -> bool:
    """Returns whether the parameter is an option, rather than an argument."""
    return bool(parameter.opts[0].startswith("-"))


def label(argument: Any) -> str:
    """Returns the name of an argument as the usage line shows it, without brackets."""
    return str(argument.metavar or argument.name.upper()).strip("[].")


def argument_usage(argument: Any) -> str:
    """Returns an argument as the usage line shows it: `[NAME]...` may be left out and repeated."""
    shown = label(argument) if argument.required else f"[{label(argument)}]"
    return shown + ("..." if argument.nargs == -1 else "")


def names(option: Any) -> str:
    """Returns all spellings of an option."""
    return ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))


def kind(option: Any) -> str:
    """Returns what an option takes, with its limits."""
    if option.is_flag:
        return "flag"
    annotation = option.type_descriptor.annotation
    if get_origin(annotation) is list:
        annotation = get_args(annotation)[0]
    name = option.metavar or TYPES.get(getattr(annotation, "__name__", ""), "text")
    limits = [f"from {option.min}"] if option.min is not None else []
    limits += [f"to {option.max}"] if option.max is not None else []
    return " ".join([name, *limits]) + (", repeatable" if option.multiple else "")


def default(option: Any) -> str:
    """Returns the default of an option, empty if there is none or if it is a flag that is off."""
    value = option.default
    if value is None or value is False or callable(value):
        return ""
    if value is True:
        return "on"
    return f"`{value.as_posix() if isinstance(value, PurePath) else value}`"


def paragraphs(text: str | None) -> str:
    """Returns the help text with one line for each paragraph."""
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n"))
