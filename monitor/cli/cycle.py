"""One whole cycle in the foreground, timed step by step."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor.pipeline.collect import collect
from monitor.pipeline.context import Context
from monitor.pipeline.deliver import DigestWanted, compose, deliver, write
from monitor.pipeline.process import fetch_pages, read_articles
from monitor.pipeline.report import report


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a cycle found, and where its digest lies."""

    report: dict[str, Any]
    digest: Path


def run_cycle(context: Context, *, subscription: str, title: str, preview: bool) -> Cycle:
    """Collect every feed, process every article, compose the digest.

    :param preview: show everything and mark nothing as told.
    """
    seconds: dict[str, float] = {}
    with _timed("collect", seconds):
        collect(context, everything=True)
    with _timed("fetch", seconds):
        fetch_pages(context)
    with _timed("process", seconds):
        read_articles(context)
    with _timed("deliver", seconds):
        if preview:
            now = context.clock()
            wanted = DigestWanted(subscription, title, now - timedelta(days=1), now, everything=True)
            digest = write(compose(context, wanted), context.data / "digests")[1]
        else:
            digest = deliver(context, subscription, title)
    return Cycle(report(context.database, seconds), digest)


@contextmanager
def _timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[step] = time.perf_counter() - start
