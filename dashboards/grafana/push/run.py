"""`newsclaims dashboards push` and `diff`: what is to be done is found first, then done thing by thing."""

from collections.abc import Callable, Iterator, Sequence

from dashboards.build import kibana_address
from dashboards.grafana import alert_rules
from dashboards.grafana.push import boards, folder, rules, sources
from dashboards.grafana.push.server import Refused, Server
from dashboards.grafana.push.steps import Kind, Step
from deploy.settings import Settings


def plan(server: Server, settings: Settings, force: bool = False) -> Iterator[Step]:
    """What is to be done, in the order in which it must be: folder, data sources, boards, rules.

    A step may be done before the next is asked for. Raises `Retryable` and `Permanent` as the server does.
    """
    server.check()
    place, step = folder.find(server, settings.grafana.folder)
    yield step
    yield from asked("data source", lambda: sources.steps(server, settings))
    yield from asked("board", lambda: boards.steps(server, place, force, kibana_address(settings)))
    runbooks = settings.grafana.runbooks_url or alert_rules.RUNBOOKS
    yield from asked("alert rule", lambda: rules.steps(server, place, force, runbooks))


def asked(kind: Kind, steps: Callable[[], Sequence[Step]]) -> Sequence[Step]:
    """The steps of a kind; where Grafana does not even let us look, one step says so."""
    try:
        return steps()
    except Refused as error:
        return [Step(kind, "all", "refused", str(error))]


def push(settings: Settings, force: bool = False) -> Iterator[Step]:
    """Brings everything of ours to Grafana, and tells each thing as it is done."""
    with Server(settings.grafana) as server:
        for step in plan(server, settings, force):
            yield (done := step.done())
            if done.kind == "folder" and done.outcome == "refused":
                # Without their folder boards would land among those of others.
                return


def compare(settings: Settings, force: bool = False) -> Iterator[Step]:
    """What a push would do, without doing it."""
    with Server(settings.grafana) as server:
        yield from plan(server, settings, force)
