"""Where a click on a board leads: to another board with the time and selections kept, to Kibana, or to the article."""

from typing import Any

from dashboards.boards.panels import Board, Link


def column_links(board: Board, link: Link) -> list[dict[str, Any]]:
    """The data link of a table's column, taking the value of the column that the link names from the same row."""
    value = f'${{__data.fields["{link.value}"]}}'
    if link.to == "page":
        return [{"title": link.title, "url": value, "targetBlank": True}]
    if link.to == "kibana":
        return [{"title": link.title, "url": discover(link.field, value), "targetBlank": True}]
    return [{"title": link.title, "url": address(board, link, f'${{__data.fields["{link.value}"]:percentencode}}')}]


def address(board: Board, link: Link, value: str) -> str:
    """A board's address, with the time and the selections of this board; the link's variable gets the value."""
    kept = [f"${{{name}:queryparam}}" for name in board.dimensions if name != link.variable]
    return f"/d/{link.to}?" + "&".join(["${__url_time_range}", *kept, f"var-{link.variable}={value}"])


def discover(field: str, value: str) -> str:
    """Kibana's Discover over the data view of claims, at the time of the board, searching one field."""
    time = "(time:(from:'${__from:date:iso}',to:'${__to:date:iso}'))"
    query = f"(language:kuery,query:'{field}:\"{value}\"')"
    return f"${{kibana}}/app/discover#/?_g={time}&_a=(index:newsclaims-claims,query:{query})"
