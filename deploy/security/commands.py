"""`newsclaims roles`. A command imports what it needs when it is called."""

from typing import Annotated

import typer

from deploy.command_line import Json, say, show

roles = typer.Typer(no_args_is_help=True, help="Least-privilege roles for Elasticsearch and Kafka.")


@roles.command("list")
def list_roles(as_json: Json = False) -> None:
    """List the roles, and the commands that work with each."""
    from rich.table import Table

    from deploy.security.roles import load_roles

    def render(found: dict[str, dict[str, object]]) -> Table:
        table = Table("role", "commands", "about", box=None, pad_edge=False)
        for name, role in found.items():
            table.add_row(name, str(role["commands"]), str(role["about"]))
        return table

    known = load_roles()
    rows: dict[str, dict[str, object]] = {
        name: {"commands": list(role.commands) if as_json else ", ".join(role.commands), "about": role.about}
        for name, role in known.items()
    }
    show(rows, as_json, render)


@roles.command("show")
def show_role(
    name: Annotated[str, typer.Argument(help="The role, such as job.")],
    user: Annotated[str, typer.Option(help="Kafka's user in the commands.")] = "USER",
) -> None:
    """Print a role for other tools: the body for Elasticsearch's role API, and options of Kafka's `kafka-acls`."""
    import json

    from deploy.security.permissions import format_command, list_acls
    from deploy.security.roles import find_role, name_role
    from deploy.settings import Settings

    role = find_role(name)
    say(f"# {role.about}\nPUT _security/role/{name_role(name)}")
    say(json.dumps(role.elasticsearch.body(), indent=2))
    for acl in list_acls(role, f"User:{user}", Settings.load().group):
        say(f"kafka-acls {format_command(acl)}")


@roles.command("apply")
def apply_roles(
    names: Annotated[list[str] | None, typer.Argument(metavar="ROLE", help="Only these roles.")] = None,
    kafka_user: Annotated[
        list[str] | None, typer.Option(metavar="ROLE=USER", help="Give this user of Kafka the role. Can be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the roles to Elasticsearch, and add permissions of users to Kafka. Safe to repeat.

    Run it as an administrator of both servers. It creates no users.
    """
    from deploy.security.apply import apply_roles, render
    from deploy.security.permissions import parse_principals
    from deploy.security.roles import find_role, load_roles
    from deploy.settings import Settings

    chosen = {name: find_role(name) for name in names} if names else load_roles()
    show(apply_roles(Settings.load(), chosen, parse_principals(kafka_user or ())), as_json, render)
