"""What an edited watchlist would have found in the articles of the last days. Nothing is written.

every article is read once: which topics does it meet in the old edition, which in the new one?
the difference is read again with its sentence pairs, for the evidence
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.config.watchlist import Watchlist, diff
from monitor.model import ArticleState, Evidence
from monitor.pipeline.context import Progress, silent
from monitor.pipeline.editions import AFTER, BEFORE, Answer, Comparison, comparison, owned_terms
from monitor.pipeline.scan import scan
from monitor.steps.match import Matcher
from monitor.storage.alerts import load_for_match
from monitor.storage.corpus import ArticleHead, article_heads, corpus_ids
from monitor.storage.session import Database

#: alerts shown of each topic unless more are wanted
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """An article with what a query found in it."""

    article: ArticleHead
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class TopicOutcome:
    """What an edit does to the alerts of one topic."""

    id: str
    title: str
    #: alerts of the old and of the new edition
    before: int
    after: int
    gained: int
    lost: int
    #: the newest of those gained and lost
    gained_alerts: tuple[Found, ...] = ()
    lost_alerts: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A back-test."""

    articles: int
    topics: tuple[TopicOutcome, ...]
    #: topic or "@list" → terms that stand in no article
    silent_terms: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tested."""

    since: datetime | None = None
    #: topics, also unchanged ones; empty: those that the edit changes, all where it changes none
    topics: tuple[str, ...] = ()
    #: alerts shown of each topic, 0: all
    shown: int = SHOWN
    workers: int = 1


def backtest(
    database: Database, old: Watchlist, new: Watchlist, wanted: Wanted, progress: Progress = silent
) -> Outcome:
    """Run two editions over the stored articles.

    :param old: the edition in force; ``Watchlist((), {})`` before the first.
    """
    topics = wanted.topics or changed_topics(old, new)
    owned = owned_terms(new, topics)
    queries = {query for terms in owned.values() for query in terms.values()}
    with database.session() as session:
        ids = corpus_ids(session, wanted.since, [ArticleState.MATCHED])
    job = comparison(old, new, topics, queries)
    met, found = _met(scan(database, ids, job, wanted.workers, progress))
    changes = {topic: _gained_and_lost(met, topic) for topic in topics}
    shown = _shown(changes, wanted.shown)
    told = _told(database, shown, comparison(old, new, topics, ()))
    known = {topic.id: topic.title for topic in (*old.topics, *new.topics)}
    return Outcome(
        len(ids),
        tuple(
            TopicOutcome(
                id=topic,
                title=known[topic],
                before=len(met[BEFORE + topic]),
                after=len(met[AFTER + topic]),
                gained=len(gained),
                lost=len(lost),
                gained_alerts=told[AFTER + topic],
                lost_alerts=told[BEFORE + topic],
            )
            for topic, (gained, lost) in changes.items()
        ),
        _silent(owned, found),
    )


def changed_topics(old: Watchlist, new: Watchlist) -> tuple[str, ...]:
    """Ids of the topics that look for something else; all of the new edition where none does."""
    changes = diff(old, new)
    return (*changes.added, *changes.changed, *changes.removed) or tuple(topic.id for topic in new.topics)


def _met(answers: Iterable[Answer]) -> tuple[dict[str, list[int]], set[str]]:
    """Edition and topic → articles, newest first; and the terms found."""
    met: dict[str, list[int]] = defaultdict(list)
    found = set[str]()
    for pairs, fresh in answers:
        found |= fresh
        for article, name in pairs:
            met[name].append(article)
    return met, found


def _silent(owned: Mapping[str, Mapping[str, str]], found: Collection[str]) -> dict[str, tuple[str, ...]]:
    silent_terms = {
        owner: tuple(term for term, query in terms.items() if query not in found)
        for owner, terms in owned.items()
    }
    return {owner: terms for owner, terms in silent_terms.items() if terms}


def _gained_and_lost(met: Mapping[str, list[int]], topic: str) -> tuple[list[int], list[int]]:
    before, after = met[BEFORE + topic], met[AFTER + topic]
    return _without(after, before), _without(before, after)


def _without(articles: Sequence[int], others: Iterable[int]) -> list[int]:
    left_out = set(others)
    return [article for article in articles if article not in left_out]


def _shown(changes: Mapping[str, tuple[list[int], list[int]]], most: int) -> dict[str, list[int]]:
    """Edition and topic → the articles to be shown."""
    gained = {AFTER + topic: articles[: most or None] for topic, (articles, _) in changes.items()}
    return gained | {BEFORE + topic: articles[: most or None] for topic, (_, articles) in changes.items()}


def _told(
    database: Database, shown: Mapping[str, list[int]], job: Comparison
) -> dict[str, tuple[Found, ...]]:
    """The same with evidence; each article is read once, whatever number of topics it came to or left."""
    chosen = list(dict.fromkeys(article for articles in shown.values() for article in articles))
    found: dict[tuple[str, int], Found] = {}
    with database.session() as session:
        heads = article_heads(session, chosen)
        for article in chosen:
            for match in job.matcher.match(load_for_match(session, article)):
                found[match.topic, article] = Found(heads[article], match.score, match.evidence)
    return {name: tuple(found[name, article] for article in articles) for name, articles in shown.items()}


def found_in(database: Database, articles: Sequence[int], matcher: Matcher) -> Iterator[Found]:
    """These articles with the evidence of their best match, sentence pairs and all."""
    with database.session() as session:
        heads = article_heads(session, articles)
        for article in articles:
            for match in matcher.match(load_for_match(session, article))[:1]:
                yield Found(heads[article], match.score, match.evidence)
