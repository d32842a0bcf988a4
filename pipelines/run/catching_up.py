"""While a run catches up, the indices that it writes are refreshed less often: refreshing costs more than indexing.

A refresh interval is raised only if it is the one that `newsclaims init` wrote, and put back once the lag is small or
the run ends. The raised value is one that nobody else would choose. So an index that still has it belongs to a run that
died, and the next run, or `newsclaims init`, puts it back.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, AuthorizationException, Elasticsearch, TransportError

from deploy.index_settings import RAISED_REFRESH, flatten, read_last_settings
from deploy.server_errors import describe_elasticsearch_error
from deploy.settings import Settings
from pipelines.run.status import RunStatus
from schemas.elasticsearch.indices import ARTICLE_FAMILIES, FAMILIES, LEDGER, Family
from schemas.errors import NewsclaimsError

_log = logging.getLogger(__name__)

BEGIN_LAG = 500
"""The lag, in records, from which a run counts as catching up."""
END_LAG = 50
"""The lag at which it has caught up."""
AGAIN_SECONDS = 30.0
"""How often indices that have come in the meantime are looked for."""
TIMEOUT_SECONDS = 10.0
AT_ONCE = 50
"""Indices that one request names: their names are part of its address, which may have 4 kB."""

WRITTEN = tuple(FAMILIES[name] for name in (*ARTICLE_FAMILIES, LEDGER.name))
"""The families that a catching-up run writes most to."""


class RefreshInterval:
    """Raises the refresh interval of the indices, and puts it back."""

    def __init__(self, client: Elasticsearch, families: tuple[Family, ...] = WRITTEN) -> None:
        self.client = client
        self.families = families

    def raise_all(self) -> list[str]:
        """Raises the interval of every index that has ours and is refreshed more often. Returns these indices."""
        return [index for family in self.families for index in self._set(family, is_raised=True)]

    def put_back(self) -> list[str]:
        """Gives every index with the raised interval that of its template. Returns these indices."""
        return [index for family in self.families for index in self._set(family, is_raised=False)]

    def _set(self, family: Family, is_raised: bool) -> list[str]:
        template = self._read_template(family)
        ours = read_last_settings(template).get("refresh_interval")
        usual = flatten(template.get("template", {}).get("settings", {})).get("refresh_interval")
        before, after = (ours, RAISED_REFRESH) if is_raised else (RAISED_REFRESH, usual)
        if before is None or (is_raised and parse_interval(before) >= parse_interval(RAISED_REFRESH)):
            return []
        found = self.client.indices.get_settings(
            index=f"{family.name}-g*", name="index.refresh_interval", ignore_unavailable=True, allow_no_indices=True
        )
        affected = sorted(
            index for index, body in found.items() if flatten(body["settings"]).get("refresh_interval") == before
        )
        for first in range(0, len(affected), AT_ONCE):
            self.client.indices.put_settings(
                index=affected[first : first + AT_ONCE],
                settings={"index": {"refresh_interval": after}},
                ignore_unavailable=True,
            )
        return affected

    def _read_template(self, family: Family) -> dict[str, Any]:
        found = self.client.indices.get_index_template(name=family.template)["index_templates"]
        return dict(found[0]["index_template"])


def parse_interval(interval: str) -> float:
    """Returns the seconds of a refresh interval of Elasticsearch; -1 is never."""
    if interval == "-1":
        return float("inf")
    for unit, seconds in (("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)):
        if interval.endswith(unit) and interval.removesuffix(unit).isdigit():
            return float(interval.removesuffix(unit)) * seconds
    return float("inf")


class CatchUp:
    """Takes the statuses of a run, and raises and puts back the interval in a thread of its own.

    `clock` counts seconds.
    """

    def __init__(self, interval: RefreshInterval, clock: Callable[[], float] = time.monotonic) -> None:
        self.interval = interval
        self.clock = clock
        self.is_raised: bool | None = None
        self.done_at = 0.0
        self.is_behind = False
        self.is_refused = False
        self.changed = threading.Event()
        self.ended = False

    def __call__(self, status: RunStatus) -> None:
        """Takes a status. Between the two limits of the lag nothing changes."""
        if status.lag is None:
            return
        if status.lag >= BEGIN_LAG or status.lag <= END_LAG:
            is_behind = status.lag >= BEGIN_LAG and not status.is_last
            if is_behind != self.is_behind or self.is_raised is None:
                self.is_behind = is_behind
                self.changed.set()

    def run(self) -> None:
        """Follows the lag until `end`."""
        while not self.ended:
            self.changed.wait(AGAIN_SECONDS)
            self.changed.clear()
            if not self.ended:
                self.follow()

    def follow(self) -> None:
        """Raises the interval or puts it back, if that is due. A failure is tried again, a refusal is not."""
        is_due = self.is_behind and self.clock() - self.done_at >= AGAIN_SECONDS
        if self.is_refused or (self.is_behind == self.is_raised and not is_due):
            return
        wanted = self.is_behind
        try:
            found = self.interval.raise_all() if wanted else self.interval.put_back()
        except AuthorizationException:
            self.is_refused = True
            _log.info("Indices are refreshed as often as usual while catching up: this user may not change settings")
        except (NewsclaimsError, ApiError, TransportError) as error:
            why = str(error) if isinstance(error, NewsclaimsError) else describe_elasticsearch_error(error)
            _log.debug("the refresh interval is unchanged: %s", why)
        else:
            self.is_raised, self.done_at = wanted, self.clock()
            if found:
                _log.info("%d indices are refreshed %s", len(found), "less often for now" if wanted else "as usual")

    def end(self) -> None:
        """Ends the thread."""
        self.ended = True
        self.changed.set()

    def put_back(self) -> None:
        """Puts the interval back, unless that is done."""
        self.is_behind = False
        self.follow()


@contextmanager
def refresh_less_while_behind(settings: Settings) -> Iterator[Callable[[RunStatus], None]]:
    """Yields a display for a run: while its lag is large, indices are refreshed less often."""
    options = settings.elasticsearch.client_options()
    with Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS, max_retries=0) as client:
        catch_up = CatchUp(RefreshInterval(client))
        # A daemon: a server that does not answer must not delay the end of the process.
        thread = threading.Thread(target=catch_up.run, name="catch-up", daemon=True)
        thread.start()
        try:
            yield catch_up
        finally:
            catch_up.end()
            thread.join(timeout=TIMEOUT_SECONDS)
            catch_up.put_back()
