"""Checks whether a port of the loopback address is free, and which process uses it."""

import socket
from contextlib import closing

import psutil

from schemas.errors import Permanent


def is_free(port: int) -> bool:
    """Returns whether a server could listen on `port` of the loopback address now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def find_holder(port: int) -> str:
    """Returns the name and number of the process that listens on `port`, as far as the system shows them."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another program"


def require_free(title: str, port: int, option: str, address_variable: str) -> None:
    """Raises `Permanent` if `port` is taken. The message says by which process, and what to do."""
    if is_free(port):
        return
    variable = f"NEWSCLAIMS_{option.upper().replace('-', '_')}"
    raise Permanent(
        f"Port {port}, which {title} needs, is taken by {find_holder(port)}: stop that process, choose another port "
        f"(`newsclaims up --{option} N` or {variable}), or, to use the {title} that runs there, set {address_variable}."
    )
