"""The queue hands jobs out at once, however many wait and whatever lock they wait for.

Jobs are found through indexes, whatever the server believes. A queue is empty most of the time, so that the
server's statistics say it is; when two thousand jobs came at once, it read and sorted all of them to hand out
one, until it counted again a minute later.

And who waits for a lock is woken when it becomes free. Procrastinate tells its workers only of jobs that are
put into a queue, so that the second page of an outlet waited for the next look round, seconds later.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FETCH = "procrastinate_fetch_job_v2(character varying[], bigint)"
# Whether a lock is free; Procrastinate's own index begins with the id.
LOCKS = "CREATE INDEX monitor_jobs_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing')"
WAKE = """
CREATE FUNCTION monitor_lock_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    next_job bigint;
BEGIN
    SELECT id INTO next_job FROM procrastinate_jobs
        WHERE lock = OLD.lock AND status = 'todo' ORDER BY priority DESC, id LIMIT 1;
    IF next_job IS NOT NULL THEN
        PERFORM pg_notify(
            'procrastinate_queue_v1#' || OLD.queue_name,
            json_build_object('type', 'job_inserted', 'job_id', next_job)::text
        );
    END IF;
    RETURN NULL;
END;
$$
"""
DONE = """
CREATE TRIGGER monitor_lock_free AFTER DELETE OR UPDATE OF status ON procrastinate_jobs
FOR EACH ROW WHEN (OLD.status = 'doing') EXECUTE FUNCTION monitor_lock_free()
"""


def upgrade() -> None:
    op.execute(LOCKS)
    for method in ("sort", "seqscan", "hashjoin", "mergejoin"):
        op.execute(f"ALTER FUNCTION {FETCH} SET enable_{method} = off")
    op.execute(WAKE)
    op.execute(DONE)
