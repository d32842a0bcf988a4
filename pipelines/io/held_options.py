"""Options of clients, with passwords, that a pipeline may contain: pickled, they are only a name.

A runner pickles the pipeline, and may keep it or send it elsewhere. Each process that runs parts of it holds the
options itself: `hold("kafka", options)`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.errors import Permanent

_held: dict[str, Mapping[str, Any]] = {}


class HeldOptions(Mapping[str, Any]):
    """The options that this process holds under a name. Neither `repr` nor a pickle contains them."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def options(self) -> Mapping[str, Any]:
        """The options. Raises `Permanent` if this process does not hold any under this name."""
        try:
            return _held[self.name]
        except KeyError:
            raise Permanent(
                f"This process has no options of the name {self.name!r}: call `hold` before the pipeline runs."
            ) from None

    def __getitem__(self, key: str) -> Any:
        return self.options[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.options)

    def __repr__(self) -> str:
        return f"HeldOptions({self.name!r})"


def hold(name: str, options: Mapping[str, Any]) -> HeldOptions:
    """Keeps the options in this process, in place of earlier ones of that name. Returns what a pipeline may have."""
    _held[name] = dict(options)
    return HeldOptions(name)
