"""The boards: one module each, in the order in which they are listed.

`panels` defines what a board and a panel are, `columns` and `colours` what several boards share. `dashboards.grafana`
renders boards as Grafana's JSON, `dashboards.report` as a page.
"""

from typing import Final

from dashboards.boards import article, claim_volume, claimant, contested_figures, feeds, pipeline_health, stories
from dashboards.boards.panels import Board

BOARDS: Final[dict[str, Board]] = {
    board.uid: board
    for board in (
        claim_volume.BOARD,
        contested_figures.BOARD,
        claimant.BOARD,
        article.BOARD,
        stories.BOARD,
        feeds.BOARD,
        pipeline_health.BOARD,
    )
}
"""All boards by uid."""
