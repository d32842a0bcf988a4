"""Web archives: WARC files such as those of CC-NEWS, .warc and .warc.gz."""

from collections import Counter
from collections.abc import Iterator
from glob import has_magic, iglob
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from connectors.kit.article_line import Found, Refused
from connectors.sources.warc_records import Piece, read_records
from connectors.sources.watched import Watched, WatchSettings
from schemas.errors import Permanent

BATCH = 200
BATCH_TEXT = 30_000_000
"""Characters of a batch, after which it is closed."""
NAMED = 8
"""Reasons that are named for a file at most, the most frequent first."""


class WarcSettings(WatchSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `warc`."""

    path: Annotated[
        str,
        Meta(description="A file, a folder (those below it are read too) or a glob such as `/srv/cc/**/*.warc.gz`.",
             min_length=1),
    ]  # fmt: skip
    largest: Annotated[int, Meta(description="Bytes of a page at most, after decompression.", ge=1, le=64_000_000)] = (
        10_000_000
    )


class Warc(Watched[WarcSettings]):
    """Reads the pages of web archives: responses with status 200 that are HTML or plain text."""

    name: ClassVar[str] = "warc"
    about: ClassVar[str] = "Web archives (WARC, CC-NEWS): .warc and .warc.gz files, new ones noticed"
    example: ClassVar[str] = (
        "cc-news:\n  connector: warc\n  interval: 1h\n  settings: {path: '/srv/cc-news/**/*.warc.gz'}\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = WarcSettings

    def files(self) -> dict[str, Path]:
        """The archives that the path means, by their place below the part of it that is fixed."""
        path = Path(self.settings.path).expanduser()
        if has_magic(str(path)):
            fixed = next(parent for parent in path.parents if not has_magic(str(parent)))
            found = {Path(name).relative_to(fixed).as_posix(): Path(name) for name in iglob(str(path), recursive=True)}
        elif path.is_dir():
            found = {file.relative_to(path).as_posix(): file for file in path.rglob("*")}
        elif path.is_file():
            return {path.name: path}
        else:
            raise Permanent(f"{path} is not there: correct `path`, or create it")
        return {name: found[name] for name in sorted(found) if is_archive(found[name])}

    def parts(self, file: Path, stamp: str, done: int) -> Iterator[tuple[str, list[Found | Refused]]]:
        """The pages from this byte of the file on; at its end how many records were none, by reason."""
        part, length, passed = list[Found | Refused](), 0, Counter[str]()
        try:
            for piece in read_records(file, done, self.settings.largest):
                if self.context.cancelled.is_set():
                    return
                if piece.passed:
                    passed[piece.passed] += 1
                    continue
                part.append(self.found(piece, file))
                length += len(piece.line.body or "") if piece.line else 0
                if len(part) == BATCH or length > BATCH_TEXT:
                    yield f"{stamp}@{piece.end}", part
                    part, length = [], 0
        except OSError as error:
            part.append(Refused(str(file), f"cannot be read: {error}"))
        if passed:
            part.append(Refused(str(file), told(passed)))
        yield stamp, part

    def found(self, piece: Piece, file: Path) -> Found | Refused:
        """The article of a piece, or what is wrong with it."""
        place = f"{file}, byte {piece.start:,}"
        return self.article(piece.line, place) if piece.line else Refused(place, piece.broken)


def is_archive(file: Path) -> bool:
    """Whether the name says that this is a WARC file."""
    return file.name.lower().endswith((".warc", ".warc.gz")) and file.is_file()


def told(passed: Counter[str]) -> str:
    """How many records are no articles, and why."""
    named = [f"{number:,} {reason}" for reason, number in passed.most_common(NAMED)]
    more = [f"{len(passed) - NAMED} reasons more"] if len(passed) > NAMED else []
    return f"{passed.total():,} records were passed over: {', '.join([*named, *more])}"
