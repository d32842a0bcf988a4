"""Links on boards: to another board with the same time range and selection, to Kibana, or to the article."""

from typing import Any, Final

from dashboards.boards import BOARDS
from dashboards.boards.panels import Board, DataLink
from deploy.settings import Settings

KIBANA_URL: Final = "http://localhost:5601"
"""Kibana's address on boards until a setting names another."""


def build_kibana_url(settings: Settings) -> str:
    """Returns the address of our space in Kibana."""
    if not settings.kibana.url:
        return KIBANA_URL
    return settings.kibana.url + (f"/s/{settings.kibana.space}" if settings.kibana.space else "")


def build_column_links(board: Board, link: DataLink) -> list[dict[str, Any]]:
    """Returns the data link of a table column. It takes the value of the column `link.value` from the same row."""
    value = f'${{__data.fields["{link.value}"]}}'
    if link.to == "page":
        return [{"title": link.title, "url": value, "targetBlank": True}]
    if link.to == "kibana":
        return [{"title": link.title, "url": build_discover_url(link.field, value), "targetBlank": True}]
    encoded = f'${{__data.fields["{link.value}"]:percentencode}}'
    return [{"title": link.title, "url": build_board_url(board, link, encoded)}]


def build_board_url(board: Board, link: DataLink, value: str) -> str:
    """Returns a board's address with the time range and selection of this board; the link's variable gets `value`."""
    names = [*board.dimensions, *(["marked"] if board.shows_marked else [])]
    names += ["copies"] if board.chooses_copies else []
    others = (name for name in names if link.variable not in (name, board.name_variable(name)))
    kept = filter(None, (keep_variable(board, link, name) for name in others))
    return f"/d/{link.to}?" + "&".join(["${__url_time_range}", *kept, f"var-{link.variable}={value}"])


def keep_variable(board: Board, link: DataLink, name: str) -> str:
    """Returns the part of an address that passes a selection on, under the name that it has on the other board.

    It is empty for a selection of one value if that board has no selector of it.
    """
    variable = board.name_variable(name)
    if variable == name or link.to == board.uid:
        return f"${{{variable}:queryparam}}"
    return f"var-{name}=${{{variable}:percentencode}}" if name in BOARDS[link.to].dimensions else ""


def build_discover_url(field: str, value: str) -> str:
    """Returns the address of a search in Kibana's Discover: claims by one field, in the time range of the board."""
    time = "(time:(from:'${__from:date:iso}',to:'${__to:date:iso}'))"
    query = f"(language:kuery,query:'{field}:\"{value}\"')"
    return f"${{kibana}}/app/discover#/?_g={time}&_a=(index:newsclaims-claims,query:{query})"
