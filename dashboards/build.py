"""`python -m dashboards.build [--check]`: writes what Grafana and Kibana load, from the boards' definitions.

The files are committed, so that a change of a board is seen in review and a server can be provisioned from a checkout.
"""

import json
import sys
from pathlib import Path

from dashboards import grafana, provisioning
from dashboards.boards import BOARDS
from dashboards.kibana import content as kibana
from schemas.committed import Committed

FOLDER = Path(__file__).parent / "generated"
COMMAND = "python -m dashboards.build"


def files(kibana_url: str = grafana.KIBANA_URL) -> dict[str, bytes]:
    """Every generated file, by its path below `dashboards/generated`."""
    boards = {
        f"grafana/boards/{uid}.json": json.dumps(grafana.dashboard(board, kibana_url), indent=1).encode() + b"\n"
        for uid, board in BOARDS.items()
    }
    return boards | provisioning.files() | {kibana.PATH: kibana.ndjson()}


COMMITTED = Committed("dashboards/generated", COMMAND, files)


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """The command; 1 where `--check` finds a stale file."""
    return COMMITTED.main(folder, __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
