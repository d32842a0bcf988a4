"""A small client that drives a headless Chromium through its DevTools protocol, over a pipe.

Playwright is not used, because each of its releases supports only the browser builds that it downloads itself. These
tests run with the Chromium of the distribution, in any version, and without downloads. The client needs no port and no
library, and implements only what the tests call.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Scheme = Literal["light", "dark"]
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip
PLUMBING = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3]]
os.dup2(pipes[0], 3)
os.dup2(pipes[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""A program that turns into the browser, which reads commands from descriptor 3 and writes answers to 4."""
TOOLS = """
globalThis.one = (place) => document.querySelector(place);
globalThis.all = (place) => [...document.querySelectorAll(place)];
globalThis.middle = (element) => {
    element.scrollIntoView({behavior: "instant", block: "center"});
    const box = element.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
};
"""
"""Functions for the tests' scripts: find an element, find all elements, and find an element's position."""
TIMEOUT = 120
"""Seconds to wait for a condition on a page, enough for a busy machine."""


def executable() -> str | None:
    """Returns the path of Chromium on this machine, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class BrowserError(Exception):
    """The browser, or a script in the page, reported an error."""


@dataclass
class BrowserTab:
    """One tab. `problems` holds errors and warnings of the console, `requests` the requested addresses."""

    browser: "Browser"
    target: str
    session: str
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Sends a command of the protocol to this tab."""
        return self.browser.call(method, parameters, self.session)

    def open(self, address: str) -> None:
        """Loads a page, and waits until it has drawn everything."""
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && Number(document.documentElement.dataset.drawn) > 0")

    def run(self, script: str) -> Any:
        """Returns the value of an expression; waits for a promise."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(answer["exceptionDetails"].get("exception", {}).get("description", str(answer)))
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """Waits until the expression is true."""
        look = f"""new Promise((done, fail) => {{
            const since = Date.now();
            const look = () => ({condition}) ? done(true)
                : Date.now() - since > {TIMEOUT * 1000} ? fail(new Error({json.dumps("never: " + condition)}))
                : setTimeout(look, 50);
            look();
        }})"""
        self.run(look)

    def size(self, width: int, height: int = 900, *, phone: bool = False) -> None:
        """Sets the size of the window, in CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1,
                  mobile=phone)  # fmt: skip

    def prefer(self, scheme: Scheme, media: str = "") -> None:
        """Sets the preferred colour scheme, and the media type such as `print`."""
        self.call(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )

    def point(self, element: str) -> None:
        """Moves the pointer to the centre of an element, given as an expression."""
        x, y = self.run(f"middle({element})")
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """Writes the visible part of the page, or the whole page, as PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self, path: Path) -> None:
        """Writes the printed page as PDF."""
        path.write_bytes(base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"]))

    def close(self) -> None:
        """Closes the tab, so that it does not slow down the next."""
        self.browser.call("Target.closeTarget", {"targetId": self.target})

    def _record(self, event: dict[str, Any]) -> None:
        """Records problems and requests from an event."""
        given = event["params"]
        match event["method"]:
            case "Runtime.consoleAPICalled" if given["type"] in ("error", "warning", "assert"):
                self.problems.append(
                    " ".join(str(each.get("value", each.get("description"))) for each in given["args"])
                )
            case "Runtime.exceptionThrown":
                self.problems.append(str(given["exceptionDetails"].get("exception", given["exceptionDetails"])))
            case "Log.entryAdded" if given["entry"]["level"] in ("error", "warning"):
                self.problems.append(given["entry"]["text"])
            case "Network.requestWillBeSent":
                self.requests.append(given["request"]["url"])


class Browser:
    """A running Chromium."""

    def __init__(self, read: int, write: int) -> None:
        self.read, self.write = read, write
        self.count = 0
        self.rest = b""
        self.pages: dict[str, BrowserTab] = {}

    def page(self) -> BrowserTab:
        """Opens a new tab, with an empty cache and storage."""
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        page = self.pages[session] = BrowserTab(self, target, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.call("Page.addScriptToEvaluateOnNewDocument", source=TOOLS)
        page.size(1400)
        return page

    def call(self, method: str, parameters: dict[str, Any], session: str | None = None) -> dict[str, Any]:
        """Sends a command and returns its answer; passes events that arrive before it to their tabs."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters} | (
            {"sessionId": session} if session else {}
        )
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result
            if answer.get("sessionId") in self.pages:
                self.pages[answer["sessionId"]]._record(answer)

    def next(self) -> dict[str, Any]:
        """Returns the next message."""
        while b"\0" not in self.rest:
            chunk = os.read(self.read, 1 << 20)
            if not chunk:
                raise BrowserError("the browser has ended")
            self.rest += chunk
        message, self.rest = self.rest.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(message)
        return answer


@contextmanager
def launched(program: str) -> Iterator[Browser]:
    """Runs a browser with its own temporary profile until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="newsclaims-browser-", ignore_cleanup_errors=True) as profile:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-c", PLUMBING, str(theirs_in), str(theirs_out), program, *FLAGS,
             f"--user-data-dir={profile}"],
            pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            browser = Browser(ours_in, ours_out)
            yield browser
            browser.call("Browser.close", {})
        finally:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(ours_in)
            os.close(ours_out)
