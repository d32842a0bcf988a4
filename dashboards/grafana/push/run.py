"""`newsclaims dashboards push` and `diff`: plans all steps in order, and runs each before the next is planned."""

from collections.abc import Callable, Iterator, Sequence

from dashboards.grafana import alert_rules
from dashboards.grafana.links import build_kibana_url
from dashboards.grafana.push.boards import plan_boards
from dashboards.grafana.push.folder import find_folder
from dashboards.grafana.push.rules import plan_rules
from dashboards.grafana.push.server import GrafanaRefusal, GrafanaServer
from dashboards.grafana.push.sources import plan_sources
from dashboards.grafana.push.steps import Kind, PushStep
from deploy.settings import Settings


def plan_push(server: GrafanaServer, settings: Settings, force: bool = False) -> Iterator[PushStep]:
    """Yields the steps in the order in which they must run: folder, data sources, boards, rules.

    The caller may run a step before it asks for the next. Raises `Retryable` and `Permanent` as the server does.
    """
    server.check()
    folder, step = find_folder(server, settings.grafana.folder)
    yield step
    yield from plan_kind("data source", lambda: plan_sources(server, settings))
    yield from plan_kind("board", lambda: plan_boards(server, folder, force, build_kibana_url(settings)))
    runbooks = settings.grafana.runbooks_url or alert_rules.RUNBOOKS
    yield from plan_kind("alert rule", lambda: plan_rules(server, folder, force, runbooks))


def plan_kind(kind: Kind, plan: Callable[[], Sequence[PushStep]]) -> Sequence[PushStep]:
    """Returns the steps for one kind, or a single refused step if Grafana does not let this user read them."""
    try:
        return plan()
    except GrafanaRefusal as error:
        return [PushStep(kind, "all", "refused", str(error))]


def push(settings: Settings, force: bool = False) -> Iterator[PushStep]:
    """Pushes everything to Grafana, and yields each step when it has run."""
    with GrafanaServer(settings.grafana) as server:
        for step in plan_push(server, settings, force):
            yield (done := step.run())
            if done.kind == "folder" and done.outcome == "refused":
                # Without their folder, boards would end up among those of others.
                return


def compare(settings: Settings, force: bool = False) -> Iterator[PushStep]:
    """Yields the steps of a push without running them."""
    with GrafanaServer(settings.grafana) as server:
        yield from plan_push(server, settings, force)
