"""The queue of jobs: Procrastinate's own tables, in the form of its release 3.10.

When a newer release brings migrations of its own (a test watches for that), a revision of ours runs them.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    connection = op.get_bind()
    if sa.inspect(connection).has_table("procrastinate_jobs"):
        return  # the operator had put it there already
    # Without parameters the driver takes many statements at once and leaves the percent signs alone.
    cursor = connection.connection.cursor()
    cursor.execute(SchemaManager.get_schema())
    cursor.close()
