"""Whether a port on loopback can be had, and who has it."""

import socket
from contextlib import closing

import psutil

from schemas.errors import Permanent


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback address now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def holder(port: int) -> str:
    """Who listens on `port`: name and number of the process where the system tells."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another program"


def require_free(title: str, port: int, option: str, address_variable: str) -> None:
    """Raises `Permanent` when `port` is taken, saying by whom and what to do."""
    if is_free(port):
        return
    variable = f"NEWSCLAIMS_{option.upper().replace('-', '_')}"
    raise Permanent(
        f"Port {port}, which {title} needs, is taken by {holder(port)}: stop that, or choose another port (`newsclaims "
        f"up --{option} N` or {variable}), or, if that is the {title} to work with, set {address_variable}."
    )
