"""What all tables have in common: types, names, keys."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Identity,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]

CASCADE = "CASCADE"


class CleanText(TypeDecorator[str]):
    """Text as Postgres can hold it: NUL characters and lone surrogates, are dropped."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean a value on its way in."""
        return value if value is None else clean(value)


def clean(value: str) -> str:
    """A string without the characters that Postgres refuses."""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


class Base(DeclarativeBase):
    """Common types and names: text without a length, aware times, constraints with fixed names."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: CleanText,
        datetime: DateTime(timezone=True),
        bytes: LargeBinary,
        list[str]: ARRAY(CleanText),
        list[int]: ARRAY(BigInteger),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def key() -> Mapped[int]:
    """A number of the database's own."""
    return mapped_column(BigInteger, Identity(), primary_key=True)


def reference(column: str, *, index: bool = False) -> Mapped[int]:
    """A row of another table, with which this one goes."""
    return mapped_column(BigInteger, ForeignKey(column, ondelete=CASCADE), index=index)
