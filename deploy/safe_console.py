"""The terminal of all commands: it shows text of the stream, and does not obey it."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.style import Style

from deploy.safe_text import remove_controls


class SafeConsole(Console):
    """A terminal that shows text as it is: no markup, no emoji names, no control characters, no links from text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"highlight": False, "markup": False, "emoji": False} | options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yields the segments of something, with safe text. Rich's own control codes stay."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(remove_controls(segment.text), _drop_link(segment.style))


def _drop_link(style: Style | None) -> Style | None:
    return style.update_link(None) if style is not None and style.link else style
