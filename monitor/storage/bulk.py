"""Many rows in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Table, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB


def rows_of(table: Table, rows: Sequence[Mapping[str, Any]]) -> Select[Any]:
    """Rows as a query to insert from, in their order.

    They go over as one JSON parameter: a parameter for each value costs more than the insertion itself.

    :param rows: at least one; all with the same columns of the table, whose types they take.
    """
    columns = [column(name, table.c[name].type) for name in rows[0]]
    listed = func.jsonb_to_recordset(cast(list(rows), JSONB)).table_valued(*columns)
    return select(*listed.render_derived(with_types=True).c)
