"""Many rows in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, any_, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import JSONB

_ROWS, _VALUES = "rows", "among"


def rows_of(table: Table, columns: Iterable[str]) -> Select[Any]:
    """Rows as a query to insert from or to join, in their order; ``given`` hands them over.

    They go over as one JSON parameter: a parameter for each value costs more than the insertion itself. They
    are no part of the statement, which SQLAlchemy remembers with all it holds, and which can be built once.

    :param columns: of the table, whose types they take.
    """
    wanted = [column(name, table.c[name].type) for name in columns]
    listed = func.jsonb_to_recordset(bindparam(_ROWS, type_=JSONB)).table_valued(*wanted)
    return select(*listed.render_derived(with_types=True).c)


def given(rows: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """The parameters of a statement with ``rows_of``.

    :param rows: each with exactly the columns that were named.
    :param more: further parameters by name.
    """
    return {_ROWS: list(rows)} | more


def among(one: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a text is one of those that ``those`` hands over.

    One parameter however many there are, as JSON, since an array is written value by value.
    """
    listed = select(func.jsonb_array_elements_text(bindparam(_VALUES, type_=JSONB))).scalar_subquery()
    return one == any_(func.array(listed))


def those(values: Iterable[str]) -> dict[str, Any]:
    """The parameters of a statement with ``among``."""
    return {_VALUES: list(values)}
