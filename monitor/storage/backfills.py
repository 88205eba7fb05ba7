"""How far back-fills have come."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from monitor.storage.tables import BackfillRow


def addresses_done(session: Session, outlet_id: str) -> set[str]:
    """What was read to its end for an outlet before."""
    return set(session.scalars(select(BackfillRow.address).where(BackfillRow.outlet_id == outlet_id)))


def mark_done(session: Session, outlet_id: str, address: str, found: int, now: datetime) -> None:
    """An address was read to its end."""
    values = {"outlet_id": outlet_id, "address": address, "done_at": now, "found": found}
    session.execute(insert(BackfillRow).values(values).on_conflict_do_nothing())
