"""Duties as jobs: Procrastinate's queues in our own Postgres, and the workers that empty them.

The store says what is due; a job is only how a duty finds a worker. A worker that is killed loses nothing:
its jobs are handed out again once its heartbeat is missed, and what was done twice changed nothing.
"""

from monitor.jobs.app import ATTEMPTS, DEAD_AFTER
from monitor.jobs.queues import DIED, MOST_WAITING, Depth, Jobs, StoredJob
from monitor.jobs.worker import Perform, Told, Worker

__all__ = [
    "ATTEMPTS",
    "DEAD_AFTER",
    "DIED",
    "MOST_WAITING",
    "Depth",
    "Jobs",
    "Perform",
    "StoredJob",
    "Told",
    "Worker",
]
