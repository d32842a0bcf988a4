"""Runs one scenario: the real job reads while articles are published and something breaks; then sets are compared."""

import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.conftest import Stack
from tests.faults.articles import expect
from tests.faults.comparison import Result, compare
from tests.faults.groups import compare_groups
from tests.faults.job import Job, Publisher, read_log, wait_until_read
from tests.faults.scenarios import Scenario, World
from tests.pipelines.io.elasticsearch.faulty_proxy import in_front_of
from tests.pipelines.run.running import emptied

LONGEST = 900.0
"""Seconds after which the job must have read everything."""


def run_scenario(scenario: Scenario, stack: Stack, seed: int, scale: float = 1.0) -> Result:
    """Runs a scenario on empty servers. `scale` below 1 takes fewer articles and less time."""
    emptied(stack)
    rng = random.Random(f"{seed}/{scenario.name}")
    messages = scenario.messages(rng, max(10, round(scenario.articles * scale)), seed)
    began = time.monotonic()
    with ExitStack() as cleanup:
        directory = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="newsclaims-faults-")))
        proxy = cleanup.enter_context(in_front_of(stack.elasticsearch_url)) if scenario.proxied else None
        job = Job(stack, directory, {"ELASTICSEARCH_URL": proxy.url} if proxy else {})
        world = World(stack, directory, rng, job, proxy, scale)
        try:
            publisher = Publisher(stack, messages, scenario.seconds * scale)
            scenario.disturb(world)
            publisher.finish()
            expected = expect(publisher.sent)
            is_read = wait_until_read(stack, LONGEST)
        finally:
            codes = [each.stop() for each in (job, *world.others)]
        result = compare(stack, expected, scenario.name)
        result.what = world.what
        if result.is_good and (wrong := list(compare_groups(stack, expected))):
            result.notes += wrong
            result.lost = len(wrong)
        if not is_read:
            result.notes.append("the job did not read everything in time")
            result.lost = max(result.lost, 1)
        if any(codes):
            result.notes.append(f"the job ended with {codes} after SIGTERM")
        if proxy:
            result.what += f" ({proxy.injected} of {proxy.requests:,})"
        if not result.is_good or any(codes):
            kept = Path(tempfile.mkdtemp(prefix=f"newsclaims-faults-{scenario.name}-"))
            (kept / "jobs.log").write_text(read_log(directory), "utf-8")
            result.notes.append(f"the logs of the job are in {kept}")
    result.seconds = time.monotonic() - began
    return result
