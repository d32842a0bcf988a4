"""`python -m tests.dashboards.report.screenshots REPORT FOLDER`: screenshots of a report for the documentation."""

import sys
from pathlib import Path

from tests.dashboards.report.browser import Scheme, executable, launched

WIDTH, HEIGHT = 1400, 1080
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def main(report: Path, folder: Path) -> None:
    """Writes `report-light.png` and `report-dark.png`."""
    program = executable()
    if not program:
        sys.exit("Chromium is not installed: apt-get install chromium")
    with launched(program) as browser:
        for scheme in SCHEMES:
            page = browser.page()
            page.size(WIDTH, HEIGHT)
            page.prefer(scheme)
            page.open(report.resolve().as_uri())
            page.screenshot(folder / f"report-{scheme}.png", whole=False)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
