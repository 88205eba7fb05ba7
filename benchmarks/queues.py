"""What a queue in Postgres costs: no-op duties through Procrastinate, and the same through APScheduler alone.

    python benchmarks/queues.py --jobs 10000 --workers 1 2 4

APScheduler keeps its jobs in the memory of one process: nothing survives that process, nothing is shared.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.jobs import Jobs
from monitor.pipeline.duties import Duty, Kind
from monitor.storage.embedded import EmbeddedPostgres
from monitor.storage.session import open_database

WORKER = """
import sys
from monitor.jobs import Worker
Worker(sys.argv[1], {"process": 4}, lambda *_: None, lambda *_: None).run()
"""


def procrastinate(url: str, jobs: int, workers: int) -> dict[str, float]:
    with Jobs(url) as queue:
        start, put = time.perf_counter(), 0
        processes = [subprocess.Popen([sys.executable, "-c", WORKER, url]) for _ in range(workers)]
        spent = 0.0
        while put < jobs:  # a queue holds a limited number, so it is filled while it is emptied
            begun = time.perf_counter()
            found = queue.put(Duty(Kind.ARTICLE, str(number)) for number in range(put, min(put + 1000, jobs)))
            if found:
                spent += time.perf_counter() - begun
            else:
                time.sleep(0.2)
            put += found
        while queue.depths():
            time.sleep(0.1)
        seconds = time.perf_counter() - start
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait()
    return {"workers": workers, "put a second": round(jobs / spent), "done a second": round(jobs / seconds)}


def apscheduler(jobs: int) -> dict[str, float]:
    done, all_done = [0], threading.Event()

    def work() -> None:
        done[0] += 1
        if done[0] == jobs:
            all_done.set()

    scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(4)}, timezone=UTC)
    defaults = {"misfire_grace_time": None, "next_run_time": datetime.now(UTC)}
    start = time.perf_counter()
    for number in range(jobs):
        scheduler.add_job(work, id=str(number), **defaults)
    scheduler.start()
    all_done.wait(600)
    seconds = time.perf_counter() - start
    scheduler.shutdown()
    return {"done a second": round(jobs / seconds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as server:
        database = open_database(server.url)
        database.migrate()
        for workers in options.workers:
            print(
                json.dumps({"procrastinate": procrastinate(database.url, options.jobs, workers)}), flush=True
            )
        database.close()
    print(json.dumps({"apscheduler, in memory": apscheduler(options.jobs)}))


if __name__ == "__main__":
    main()
