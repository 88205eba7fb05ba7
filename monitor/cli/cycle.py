"""One whole cycle in the foreground, timed step by step."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.config.digests import Subscription
from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.pipeline.deliver import compose_due, deliver_now, write_preview
from monitor.pipeline.process import process
from monitor.pipeline.report import report


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a cycle found, and where its digest lies."""

    report: dict[str, Any]
    digest: Path


def run_cycle(context: Context, *, preview: Subscription | None = None) -> Cycle:
    """Collect every feed, process every article, compose the digest of the run and all that are due.

    :param preview: show everything to this subscription instead, and mark nothing as told.
    """
    seconds: dict[str, float] = {}
    with _timed("collect", seconds):
        collect(context, everything=True)
    with _timed("process", seconds):
        process(context)
    with _timed("deliver", seconds):
        if preview:
            digest = write_preview(context, preview)
        else:
            compose_due(context)
            digest = deliver_now(context)
    return Cycle(report(context.database, seconds), digest)


@contextmanager
def _timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[step] = time.perf_counter() - start
