"""The filter options that reports and exports share, defined once for the command line."""

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from dashboards.ask.filters import DIMENSIONS, Copies, Filters, Marked
from dashboards.ask.times import parse_range

Several = list[str] | None
MarkedOption = Annotated[
    Marked,
    typer.Option(
        help="Claims that an analyst marked as wrong or duplicate, and their figures: leave them out, take them also, "
        "or take only these."
    ),
]


@dataclass(frozen=True, kw_only=True)
class FilterOptions:
    """The values of the filter options. Times are still text, because spans such as `7d` count back from now."""

    watch: Annotated[
        Several, typer.Option(help="Only this watch. This and the other filters can be repeated to allow more values.")
    ] = None
    claimant: Annotated[Several, typer.Option(help="Only this claimant, by the full name.")] = None
    publisher: Annotated[Several, typer.Option(help="Only this publisher.")] = None
    language: Annotated[Several, typer.Option(help="Only this language, such as en.")] = None
    status: Annotated[Several, typer.Option(help="Only this status, such as confirmed.")] = None
    unit_class: Annotated[Several, typer.Option(help="Only figures of this unit class, such as people.")] = None
    dispute: Annotated[Several, typer.Option(help="Only figures that answer this question, by its full name.")] = None
    marked: MarkedOption = "out"
    copies: Annotated[
        Copies,
        typer.Option(
            help="Articles that copy another, and their claims and figures: take them also, leave them out so that "
            "each story counts once, or take only these."
        ),
    ] = "also"
    since: Annotated[
        str | None, typer.Option(help="Published at or after this time: 2024-10-28, 2024-10-28T12:00Z, or 30d (ago).")
    ] = None
    until: Annotated[str | None, typer.Option(help="Published before this time.")] = None

    def build_filters(self, now: datetime) -> Filters:
        """Returns the filters as of `now`. Raises `Permanent` for a time that cannot be parsed."""
        since, until = parse_range(self.since, self.until, now)
        return Filters(
            since=since,
            until=until,
            marked=self.marked,
            copies=self.copies,
            **{name: tuple(getattr(self, name) or ()) for name in DIMENSIONS},
        )


def expand_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a typer command an option for each field of its parameters that are dataclasses.

    The options appear in place of the parameter, which receives a dataclass with their values.
    """
    groups: dict[str, Any] = {
        parameter.name: parameter.annotation
        for parameter in inspect.signature(command).parameters.values()
        if is_dataclass(parameter.annotation)
    }

    @wraps(command)
    def wrapper(**arguments: Any) -> None:
        for name, group in groups.items():
            arguments[name] = group(**{each.name: arguments.pop(each.name) for each in fields(group)})
        command(**arguments)

    parameters = [
        each
        for parameter in inspect.signature(command).parameters.values()
        for each in (
            _build_parameters(groups[parameter.name])
            if parameter.name in groups
            else [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)]
        )
    ]
    # typer reads the options from the signature and the annotations.
    wrapper.__annotations__ = {each.name: each.annotation for each in parameters} | {"return": None}
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return wrapper


def _build_parameters(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default, annotation=hints[each.name])
        for each in fields(group)
    ]


def find_unit_classes(context: typer.Context) -> Collection[str]:
    """Returns every unit class. `newsclaims.py` passes the function: dashboards do not import the text rules."""
    classes: Collection[str] = context.obj()
    return classes
