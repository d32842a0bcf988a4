"""`python -m dashboards.build [--check]`: writes the files that Grafana and Kibana load, from the boards' definitions.

The files are committed, so that a change of a board is visible in review and a server can be provisioned from a
checkout.
"""

import json
import sys
from pathlib import Path

from dashboards.boards import BOARDS
from dashboards.grafana import alert_rules, provisioning
from dashboards.grafana.dashboard import build_dashboard
from dashboards.grafana.links import KIBANA_URL, build_kibana_url
from dashboards.kibana import content as kibana
from deploy.settings import Settings
from schemas.files.committed import Committed

FOLDER = Path(__file__).parent / "generated"
COMMAND = "python -m dashboards.build"


def build_files(kibana_url: str = KIBANA_URL, runbooks: str = alert_rules.RUNBOOKS) -> dict[str, bytes]:
    """Returns every generated file by its path below `dashboards/generated`."""
    boards = {
        f"grafana/boards/{uid}.json": json.dumps(build_dashboard(board, kibana_url), indent=1).encode() + b"\n"
        for uid, board in BOARDS.items()
    }
    return boards | provisioning.build_files(runbooks) | {kibana.PATH: kibana.build_ndjson()}


def write_files(folder: Path, settings: Settings) -> list[Path]:
    """Writes every file below a folder, with the addresses of the settings. Other files in the folder are kept."""
    written = []
    runbooks = settings.grafana.runbooks_url or alert_rules.RUNBOOKS
    for path, content in build_files(build_kibana_url(settings), runbooks).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written.append(target)
    return written


COMMITTED = Committed("dashboards/generated", COMMAND, build_files)


def find_stale_files() -> list[str]:
    """Returns a sentence for each committed file that differs from what the definitions generate."""
    return [f"{COMMITTED.label}/{path} is stale: run `{COMMAND}`" for path in COMMITTED.find_stale(FOLDER)]


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """Runs the command. Returns 1 if `--check` finds a stale file."""
    return COMMITTED.main(folder, __doc__, arguments)


if __name__ == "__main__":
    sys.exit(main())
