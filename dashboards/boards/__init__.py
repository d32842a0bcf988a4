"""The boards, one file each, in the order in which people list them."""

from typing import Final

from dashboards.boards import article, claim_volume, claimant, contested_figures, feeds, pipeline_health
from dashboards.boards.panels import Board

BOARDS: Final[dict[str, Board]] = {
    board.uid: board
    for board in (
        claim_volume.BOARD,
        contested_figures.BOARD,
        claimant.BOARD,
        article.BOARD,
        feeds.BOARD,
        pipeline_health.BOARD,
    )
}
"""By uid."""
