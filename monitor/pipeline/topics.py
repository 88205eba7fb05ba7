"""The topics of an article: those whose query it meets, and those whose known reports it is like."""

import structlog

from monitor.model import ArticleForMatch, TopicMatch
from monitor.pipeline.context import Context

log = structlog.get_logger(__name__)


def topics_of(context: Context, article: ArticleForMatch) -> tuple[TopicMatch, ...]:
    """The best first. Where the encoder breaks, the queries decide alone: it must not stop the mail."""
    found = context.matcher.match(article)
    if context.likeness is None:
        return found
    try:
        return context.likeness.beyond(article, found)
    except Exception as error:
        log.error("process", status="not-compared", article=article.id, exc_info=error)
        return found
