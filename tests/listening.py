"""A server for tests that treats each connection in one way, such as breaking off the TLS handshake."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def listening(treat: Callable[[socket.socket], object], host: str = "127.0.0.1") -> Iterator[str]:
    """The address of a server that treats each connection like this and closes it."""
    with socket.create_server((host, 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                with client, contextlib.suppress(OSError):
                    treat(client)

        threading.Thread(target=serve, daemon=True).start()
        yield f"{host}:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
