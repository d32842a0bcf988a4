"""`python -m dashboards.build [--check]`: writes what Grafana and Kibana load, from the boards' definitions.

The files are committed, so that a change of a board is seen in review and a server can be provisioned from a checkout.
"""

import json
import sys
from pathlib import Path

from dashboards.boards import BOARDS
from dashboards.grafana import alert_rules, provisioning
from dashboards.grafana import dashboard as grafana
from dashboards.kibana import content as kibana
from deploy.settings import Settings
from schemas.files.committed import Committed

FOLDER = Path(__file__).parent / "generated"
COMMAND = "python -m dashboards.build"


def files(kibana_url: str = grafana.KIBANA_URL, runbooks: str = alert_rules.RUNBOOKS) -> dict[str, bytes]:
    """Every generated file, by its path below `dashboards/generated`."""
    boards = {
        f"grafana/boards/{uid}.json": json.dumps(grafana.dashboard(board, kibana_url), indent=1).encode() + b"\n"
        for uid, board in BOARDS.items()
    }
    return boards | provisioning.files(runbooks) | {kibana.PATH: kibana.ndjson()}


def write(folder: Path, settings: Settings) -> list[Path]:
    """Writes every file below a folder of the user's, with the addresses of the settings; other files there stay."""
    written = []
    runbooks = settings.grafana.runbooks_url or alert_rules.RUNBOOKS
    for path, content in files(kibana_address(settings), runbooks).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written.append(target)
    return written


def kibana_address(settings: Settings) -> str:
    """Where the boards' links to Kibana lead: to our space there."""
    if not settings.kibana.url:
        return grafana.KIBANA_URL
    return settings.kibana.url + (f"/s/{settings.kibana.space}" if settings.kibana.space else "")


COMMITTED = Committed("dashboards/generated", COMMAND, files)


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """The command; 1 where `--check` finds a stale file."""
    return COMMITTED.main(folder, __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
