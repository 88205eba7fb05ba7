"""Locks that the kernel itself releases when their last holder dies, however it dies.

Two files say who uses a data folder. Every process that uses it holds ``users.lock`` shared; whoever stops
the server holds it alone. ``server.lock`` is handed down to initdb and to the server: while one of their
processes lives, nobody else can take it, and no left-over pid file, zombie or other container fakes that.
"""

import fcntl
import time

USERS = "users.lock"
SERVER = "server.lock"


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take a lock if it is free; a lock already held is exchanged."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_for_lock(descriptor: int, seconds: float, *, shared: bool = False) -> bool:
    """Take a lock, waiting at most some seconds for it; returns whether it was had."""
    deadline = time.monotonic() + seconds
    while not try_lock(descriptor, shared=shared):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
