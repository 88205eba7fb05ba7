"""What an operator watches, in a handful of cheap queries."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.storage.articles import count_by_state
from monitor.storage.tables import AlertRow, ArticleRow, DeliveryRow, DigestRow, FeedRow


@dataclass(frozen=True, slots=True)
class Gauges:
    """The state of a store at one moment."""

    #: state → articles
    articles: dict[str, int]
    #: status → active feeds, "" before the first poll
    feeds: dict[str, int]
    alerts: int
    #: state → deliveries of digests
    deliveries: dict[str, int]
    #: deliveries whose time has come and that are not sent
    late: int
    #: step → when it last succeeded; only steps that ever did
    succeeded: dict[str, datetime]


def read_gauges(session: Session, now: datetime) -> Gauges:
    """Count what there is."""
    by_status = select(FeedRow.status, func.count()).where(FeedRow.active).group_by(FeedRow.status)
    by_state = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
    late = select(func.count()).where(DeliveryRow.state != "sent", DeliveryRow.next_attempt_at < now)
    moments = {
        "collect": select(func.max(FeedRow.succeeded_at)),
        "process": select(func.max(ArticleRow.state_since)).where(ArticleRow.state == "matched"),
        "compose": select(func.max(DigestRow.created_at)),
        "deliver": select(func.max(DeliveryRow.sent_at)),
    }
    found = {step: session.scalar(query) for step, query in moments.items()}
    return Gauges(
        articles=count_by_state(session),
        feeds=dict(session.execute(by_status).all()),
        alerts=session.scalar(select(func.count()).select_from(AlertRow)) or 0,
        deliveries=dict(session.execute(by_state).all()),
        late=session.scalar(late) or 0,
        succeeded={step: moment for step, moment in found.items() if moment},
    )
