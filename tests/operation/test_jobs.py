"""Queues, workers and the scheduler, on a real store."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import psycopg
import pytest
from procrastinate.sql import queries

from monitor.errors import DatabaseUnavailable, InputError
from monitor.jobs import ATTEMPTS, DIED, MOST_WAITING, Jobs, Worker
from monitor.pipeline.duties import Duty, Kind
from monitor.scheduling import Regular, Scheduler
from monitor.storage.leading import Leadership
from monitor.storage.session import Database, open_database


@pytest.fixture
def jobs(database: Database) -> Iterator[Jobs]:
    with Jobs(database.url) as opened:
        yield opened


def until(true: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


class Hands:
    """Does duties as it is told, and remembers them."""

    def __init__(self, url: str, **counts: int) -> None:
        self.done: list[tuple[Kind, str]] = []
        self.told: list[bool] = []
        self.work: Callable[[str], None] = lambda _: None
        self.worker = Worker(url, counts or {"process": 2}, self._perform, self._tell)
        self.ended: list[bool] = []
        self.thread = threading.Thread(target=lambda: self.ended.append(self.worker.run()))

    def _perform(self, kind: Kind, subject: str) -> None:
        self.work(subject)
        self.done.append((kind, subject))

    def _tell(self, kind: Kind, seconds: float, well: bool) -> None:
        self.told.append(well)

    def __enter__(self) -> "Hands":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.worker.stop()
        self.thread.join(40)
        assert not self.thread.is_alive()


def test_a_duty_that_waits_already_is_not_put_there_twice(jobs: Jobs) -> None:
    assert jobs.put([Duty(Kind.ARTICLE, "1"), Duty(Kind.ARTICLE, "1"), Duty(Kind.ARTICLE, "2")]) == 2
    assert jobs.put([Duty(Kind.ARTICLE, "1")]) == 0
    assert [(job.kind, job.subject, job.status) for job in jobs.listed()] == [
        ("article", "1", "todo"),
        ("article", "2", "todo"),
    ]
    assert [(depth.queue, depth.status, depth.jobs) for depth in jobs.depths()] == [("process", "todo", 2)]


def test_a_worker_empties_only_its_queues_and_leaves_nothing_behind(database: Database, jobs: Jobs) -> None:
    jobs.put([Duty(Kind.ARTICLE, str(number)) for number in range(5)] + [Duty(Kind.FEED, "9", "host:a")])
    with Hands(database.url) as hands:
        until(lambda: len(hands.done) == 5)
    assert sorted(hands.done) == [(Kind.ARTICLE, str(number)) for number in range(5)]
    assert hands.ended == [True]
    until(lambda: [job.kind for job in jobs.listed()] == ["feed"])


def test_two_duties_of_one_host_never_run_at_a_time(database: Database, jobs: Jobs) -> None:
    running, most, lock = [0], [0], threading.Lock()

    def work(_: str) -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.05)
        with lock:
            running[0] -= 1

    jobs.put([Duty(Kind.PAGE, str(number), "host:slow.example") for number in range(6)])
    with Hands(database.url, collect=4) as hands:
        hands.work = work
        until(lambda: len(hands.done) == 6)
    assert most == [1]


def test_handing_out_a_job_reads_few_rows_however_long_the_queue_is(database: Database, jobs: Jobs) -> None:
    """The server counted the queue when nearly nothing waited, as is most often so."""
    jobs.put([Duty(Kind.ARTICLE, "first"), Duty(Kind.ARTICLE, "second")])
    with database.session() as session:
        session.connection().exec_driver_sql("INSERT INTO procrastinate_workers DEFAULT VALUES")
        session.connection().exec_driver_sql("ANALYZE procrastinate_jobs")
        session.commit()
    jobs.put(Duty(Kind.ARTICLE, str(number)) for number in range(MOST_WAITING - 2))
    assert rows_read_to_fetch(database) < 10


def rows_read_to_fetch(database: Database) -> int:
    """How many jobs the server looks at to hand out one."""
    read = "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname ~ 'jobs$'"
    database.close()  # a new connection, which has not settled on a plan yet
    with database.session() as session:
        connection = session.connection()
        worker = connection.exec_driver_sql("SELECT min(id) FROM procrastinate_workers").scalar_one()
        before = connection.exec_driver_sql(read).scalar_one()
        wanted = {"queues": ["process"], "worker_id": worker}
        assert connection.exec_driver_sql(queries["fetch_job"], wanted).one().id
        return connection.exec_driver_sql(read).scalar_one() - before


def test_who_waits_for_a_lock_is_woken_when_it_is_free(database: Database, jobs: Jobs) -> None:
    jobs.put([Duty(Kind.PAGE, "1", "host:a"), Duty(Kind.PAGE, "2", "host:a"), Duty(Kind.PAGE, "3", "host:b")])
    first, second, third = (job.id for job in jobs.listed())
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE args->>'subject' IN ('1', '3')"
        )
        connection.execute('LISTEN "procrastinate_queue_v1#collect"')
        for job in (third, first):  # nobody waits for the third one's lock
            connection.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', true)", [job])
        [told] = connection.notifies(timeout=0)
    assert json.loads(told.payload) == {"type": "job_inserted", "job_id": second}


def test_what_fails_is_tried_again_with_the_reason_kept(database: Database, jobs: Jobs) -> None:
    def work(subject: str) -> None:
        raise ValueError(f"no luck with {subject}")

    jobs.put([Duty(Kind.ARTICLE, "7")])
    with Hands(database.url) as hands:
        hands.work = work
        until(lambda: hands.told == [False])
        until(lambda: jobs.listed()[0].status == "todo")
    [job] = jobs.listed()
    assert (job.attempts, job.reason) == (1, "ValueError: no luck with 7")
    assert job.at is not None


def test_what_fails_too_often_is_given_up_listed_and_retried(database: Database, jobs: Jobs) -> None:
    def work(_: str) -> None:
        raise ValueError("never")

    jobs.put([Duty(Kind.ARTICLE, "7")])
    with database.session() as session:
        session.connection().exec_driver_sql(f"UPDATE procrastinate_jobs SET attempts = {ATTEMPTS}")
        session.commit()
    with Hands(database.url) as hands:
        hands.work = work
        until(lambda: jobs.listed("failed"))
    [job] = jobs.listed("failed")
    assert job.reason == "ValueError: never"
    assert jobs.put([Duty(Kind.ARTICLE, "7")]) == 0
    with pytest.raises(InputError, match="job 999 is not among those given up"):
        jobs.retry([999])
    assert jobs.retry([job.id]) == 1
    with Hands(database.url) as hands:
        until(lambda: hands.done == [(Kind.ARTICLE, "7")])


def a_worker_dies_at(database: Database, subject: str) -> None:
    with database.session() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        )
        session.connection().exec_driver_sql(
            "UPDATE procrastinate_jobs SET status = 'doing', "
            "worker_id = (SELECT max(id) FROM procrastinate_workers) WHERE args->>'subject' = %s",
            (subject,),
        )
        session.commit()


def test_the_jobs_of_a_dead_worker_are_handed_out_again(database: Database, jobs: Jobs) -> None:
    jobs.put([Duty(Kind.ARTICLE, "1"), Duty(Kind.ARTICLE, "2")])
    a_worker_dies_at(database, "1")
    assert jobs.rescue() == 1
    assert [job.status for job in jobs.listed()] == ["todo", "todo"]
    assert jobs.rescue() == 0


def test_what_one_worker_after_another_dies_of_is_given_up_with_the_reason(
    database: Database, jobs: Jobs
) -> None:
    jobs.put([Duty(Kind.ARTICLE, "1"), Duty(Kind.ARTICLE, "2")])
    for _ in range(ATTEMPTS):
        a_worker_dies_at(database, "1")
        assert jobs.rescue() == 1
    [given_up] = jobs.listed("failed")
    assert (given_up.subject, given_up.reason) == ("1", DIED)
    assert jobs.retry([given_up.id]) == 1
    assert [job.status for job in jobs.listed()] == ["todo", "todo"]


STUBBORN = """
import os, sys, time
from monitor import logs
from monitor.jobs import worker
logs.set_up("human", "error")
worker.GRACE = 0.5
work = lambda *_: (print("begun", flush=True), time.sleep(60))
worker = worker.Worker(sys.argv[1], {"process": 1}, work, print)
os._exit(0 if worker.run() else 3)
"""


def test_a_worker_that_cannot_finish_in_time_hands_back(database: Database, jobs: Jobs) -> None:
    jobs.put([Duty(Kind.ARTICLE, "1")])
    command = [sys.executable, "-c", STUBBORN, database.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as worker:
        assert worker.stdout is not None
        try:
            assert worker.stdout.readline() == b"begun\n"
            worker.terminate()
            assert worker.wait(20) == 3
        finally:
            worker.kill()
    assert [job.status for job in jobs.listed()] == ["todo"]


def test_a_worker_goes_on_after_the_loss_of_the_database_though_a_duty_still_runs(
    database: Database, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.jobs.worker.GRACE", 0.1)
    begun, may_end = threading.Event(), threading.Event()

    def work(subject: str) -> None:
        if subject == "slow":
            begun.set()
            assert may_end.wait(90)  # longer than anybody waits for the other one

    jobs.put([Duty(Kind.ARTICLE, "slow")])
    with Hands(database.url) as hands:
        hands.work = work
        assert begun.wait(20)
        with database.session() as session:
            session.connection().exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        jobs.put([Duty(Kind.ARTICLE, "next")])
        until(lambda: (Kind.ARTICLE, "next") in hands.done)
        may_end.set()


def test_the_queue_says_when_no_server_answers() -> None:
    with (
        pytest.raises(DatabaseUnavailable, match="the queue cannot be reached"),
        Jobs("postgresql://nobody@127.0.0.1:9/none") as jobs,
    ):
        jobs.listed()


def test_of_two_schedulers_one_leads_and_the_other_takes_over(database: Database) -> None:
    done: list[str] = []
    schedulers = [
        Scheduler(database, [Regular("tick", 0.2, lambda name=name: done.append(name))])
        for name in ("a", "b")
    ]
    schedulers[0].start()
    until(lambda: schedulers[0].leads and len(done) > 1)
    schedulers[1].start()
    time.sleep(0.5)
    assert set(done) == {"a"}
    schedulers[0].stop()
    until(lambda: "b" in done)
    assert not schedulers[0].leads
    schedulers[1].stop()


def test_a_task_that_breaks_does_not_stop_the_others(database: Database) -> None:
    done: list[int] = []

    def unavailable() -> None:
        raise DatabaseUnavailable

    scheduler = Scheduler(
        database,
        [
            Regular("broken", 0.1, partial(int, "x")),
            Regular("away", 0.1, unavailable),
            Regular("well", 0.1, lambda: done.append(1)),
        ],
    )
    scheduler.start()
    until(lambda: len(done) > 3)
    scheduler.stop()


def test_leadership_is_lost_with_its_connection(database: Database, database_url: str) -> None:
    other = open_database(database_url)
    first, second = Leadership(database, "x"), Leadership(other, "x")
    assert first.take()
    assert first.take()
    assert not second.take()
    with other.session() as session:
        session.connection().exec_driver_sql(
            # of this database only: other tests hold locks of theirs on the same server
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database "
            "WHERE locktype = 'advisory' AND datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert not first.held()
    assert second.take()
    second.release()
    second.release()
    assert first.take()
    first.release()
    other.close()
