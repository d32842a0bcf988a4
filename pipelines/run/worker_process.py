"""A worker from the supervisor's side: a child process with an order, reports and an end."""

import logging
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass

import msgspec

from deploy.settings.secrets import drop_secrets
from pipelines.run.orders import WorkerOrder, WorkerReport

_log = logging.getLogger(__name__)

LOG_FORMAT = "%(levelname)s %(name)s: %(message)s"
"""The format of a worker's log on standard error."""
_LOG_LINE = re.compile(r"(DEBUG|INFO|WARNING|ERROR|CRITICAL) \S+: ")

KEPT_LINES = 20
"""How many lines of a worker's standard error are kept to explain its death."""


@dataclass(frozen=True)
class WorkerEnd:
    """How a worker ended: the `end` of its last report, or `died` if it sent none."""

    end: str
    message: str


Event = tuple[int, WorkerReport | WorkerEnd]
"""What a worker sends, with the worker's index."""


class WorkerProcess:
    """Starts a worker. Its reports and finally its `WorkerEnd` arrive in `events`, with its `index`."""

    def __init__(self, index: int, order: WorkerOrder, events: "queue.Queue[Event]") -> None:
        self.index = index
        self.events = events
        self.started = time.monotonic()
        self._errors: deque[str] = deque(maxlen=KEPT_LINES)
        read, write = os.pipe()
        self._reports = os.fdopen(read, "rb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.run.worker", str(write)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(write,),
            env=drop_secrets(os.environ),  # the order brings what it needs
        )
        os.close(write)
        self._send(order)
        threading.Thread(target=self._follow, daemon=True).start()
        self._log_reader = threading.Thread(target=self._read_log, daemon=True)
        self._log_reader.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def terminate(self) -> None:
        """Asks the worker to drain and end."""
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the worker at once. Uncommitted records are delivered again."""
        self._process.kill()

    def _send(self, order: WorkerOrder) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(msgspec.json.encode(order) + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            # It died at its start. The end that follows has the reason.
            _log.debug("worker %d took no order: %s", self.index, error)

    def _follow(self) -> None:
        end, message = "died", ""
        with self._reports:
            for line in self._reports:
                report = msgspec.json.decode(line, type=WorkerReport)
                self.events.put((self.index, report))
                if report.end:
                    end, message = report.end, report.message
        code = self._process.wait()
        self._log_reader.join()
        for stream in (self._process.stdin, self._process.stderr):
            assert stream is not None
            try:
                stream.close()
            except OSError as error:
                _log.debug("worker %d left its order unread: %s", self.index, error)
        self.events.put((self.index, WorkerEnd(end, message or self._last_words(end, code))))

    def _last_words(self, end: str, code: int) -> str:
        if end in ("finished", "stopped"):
            return ""
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"{how}, {self._errors[-1]}" if self._errors else how

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            text = line.decode(errors="replace").rstrip()
            if text:
                self._errors.append(text)
                line_of_log = _LOG_LINE.match(text)
                # Anything else is a traceback, or output of Beam while it is imported.
                level = getattr(logging, line_of_log[1]) if line_of_log else logging.DEBUG
                _log.log(level, "worker %d: %s", self.index, text)
