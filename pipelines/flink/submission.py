"""The process that submits the job, from the client's side."""

import logging
import os
import queue
import subprocess
import sys
import threading

import msgspec

from deploy.settings.secrets import drop_secrets
from pipelines.flink.orders import SubmitAnswer, SubmitOrder

_log = logging.getLogger(__name__)


class Submission:
    """Submits a job in a process of its own. `close` ends that process; the job goes on."""

    def __init__(self, order: SubmitOrder) -> None:
        self._answers: queue.Queue[SubmitAnswer] = queue.Queue()
        self._last_line = ""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.flink.submitting"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=drop_secrets(os.environ),
        )  # fmt: skip
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read_answers, self._read_errors)]
        for reader in self._readers:
            reader.start()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(msgspec.json.encode(order) + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            _log.debug("the submitting process took no order: %s", error)

    def find_error(self) -> SubmitAnswer | None:
        """Returns why the job was not submitted, or None as long as it may still come."""
        while not self._answers.empty():
            answer = self._answers.get()
            _log.debug("the job server says %s", answer.state)
            if answer.error or answer.state in ("FAILED", "CANCELLED"):
                return answer
        if self._process.poll() is None:
            return None
        for reader in self._readers:
            reader.join(1.0)
        if not self._answers.empty():
            return self.find_error()
        return SubmitAnswer(state="DIED", error=self._last_line or f"exit code {self._process.returncode}")

    def close(self) -> None:
        """Ends the process."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join(5.0)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert stream is not None
            try:
                stream.close()
            except OSError as error:
                _log.debug("the submitting process left its order unread: %s", error)

    def _read_answers(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                self._answers.put(msgspec.json.decode(line, type=SubmitAnswer))
            except msgspec.MsgspecError:
                _log.debug("the submitting process wrote %r", line)

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if text := line.decode(errors="replace").strip():
                self._last_line = text
                _log.debug("submitting: %s", text)
