"""How far a re-processing has come, in a file: written with each batch, so that a run that died goes on from there.

Without the file, for example on another machine, everything is read again, which changes nothing.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from schemas.errors import Permanent

_TABLES = """
CREATE TABLE IF NOT EXISTS positions (source TEXT PRIMARY KEY, next INTEGER NOT NULL, stop INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS read (article_id TEXT, revision INTEGER, PRIMARY KEY (article_id, revision)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS written (article_id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL);
"""

Revision = tuple[str, int]
"""An article's id and revision."""


class ProgressFile:
    """The file. Only one process may have it open: raises `Permanent` if another one has."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(path, timeout=0.5, isolation_level=None)
        try:
            self.db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self.db.execute("BEGIN EXCLUSIVE")
            for statement in _TABLES.split(";"):
                self.db.execute(statement)
            self.db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self.db.close()
            raise Permanent(f"{path} is in use: another `newsclaims reprocess` runs ({error})") from error
        except sqlite3.DatabaseError as error:
            self.db.close()
            raise Permanent(f"{path} cannot be read ({error}): delete it to read everything again") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def read_positions(self) -> dict[str, tuple[int, int]]:
        """Returns the next position and the end of each source."""
        return {source: (first, stop) for source, first, stop in self.db.execute("SELECT * FROM positions")}

    def begin(self, sources: dict[str, tuple[int, int]]) -> None:
        """Notes the sources with their first position and their end; those that are known stay as they are."""
        rows = [(source, first, stop) for source, (first, stop) in sources.items()]
        self._insert("INSERT OR IGNORE INTO positions VALUES (?, ?, ?)", rows)

    def advance(
        self, positions: dict[str, int], read: Iterable[Revision], written: Iterable[Revision], counts: dict[str, int]
    ) -> None:
        """Notes a batch that is written: where its sources go on, what was read and what was written."""
        self.db.execute("BEGIN")
        self.db.executemany(
            "UPDATE positions SET next = ? WHERE source = ?",
            [(next_one, source) for source, next_one in positions.items()],
        )
        self.db.executemany("INSERT OR IGNORE INTO read VALUES (?, ?)", list(read))
        self._keep_newest(written)
        self.db.executemany(
            "INSERT INTO counts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = number + excluded.number",
            list(counts.items()),
        )
        self.db.execute("COMMIT")

    def note_written(self, written: Iterable[Revision]) -> None:
        """Notes articles that were copied."""
        self.db.execute("BEGIN")
        self._keep_newest(written)
        self.db.execute("COMMIT")

    def was_read(self, article_id: str, revision: int) -> bool:
        """Whether this revision of a raw article was read, and did not fail."""
        query = "SELECT 1 FROM read WHERE article_id = ? AND revision = ?"
        return self.db.execute(query, (article_id, revision)).fetchone() is not None

    def iterate_written(self) -> Iterator[Revision]:
        """Yields the articles that were written, with the newest revision."""
        yield from self.db.execute("SELECT article_id, revision FROM written")

    def read_counts(self) -> dict[str, int]:
        """Returns what was counted, over all runs."""
        return dict(self.db.execute("SELECT name, number FROM counts").fetchall())

    def _keep_newest(self, written: Iterable[Revision]) -> None:
        self.db.executemany(
            "INSERT INTO written VALUES (?, ?) ON CONFLICT (article_id) "
            "DO UPDATE SET revision = max(revision, excluded.revision)",
            list(written),
        )

    def _insert(self, statement: str, rows: list[tuple[str, int, int]]) -> None:
        self.db.execute("BEGIN")
        self.db.executemany(statement, rows)
        self.db.execute("COMMIT")
