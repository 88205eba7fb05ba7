"""Two editions of the watchlist in one matcher, so that every article is read once for both."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from monitor.config.watchlist import Topic, Watchlist
from monitor.config.watchlist_changes import written
from monitor.model import ArticleForMatch
from monitor.steps.match import Matcher, TopicQuery
from monitor.steps.match.inspect import lists_used, terms_used, walk
from monitor.steps.match.parse import parse_query
from monitor.steps.match.syntax import Listed

BEFORE, AFTER, TERM = "before:", "after:", "term:"
#: (article, topic of an edition) of every topic met, and the terms found for the first time
Answer = tuple[list[tuple[int, str]], set[str]]
#: ends the name of a list of the older edition
_OLDER = "__before"


@dataclass
class Comparison:
    """Finds which topics of either edition articles meet, and which terms are found at all.

    Pickled without its matcher, which each process builds for itself.
    """

    queries: tuple[TopicQuery, ...]
    lists: Mapping[str, str]
    #: terms found by this process so far; they are not looked for again
    found: set[str] = field(default_factory=set)

    @cached_property
    def matcher(self) -> Matcher:
        """Topics under "before:" and "after:", single terms under "term:"."""
        return Matcher(self.queries, dict(self.lists))

    def __call__(self, articles: Sequence[ArticleForMatch]) -> Answer:
        """(article, topic) of every topic met, and the terms found for the first time."""
        pairs, fresh = [], set[str]()
        for article in articles:
            for name in self.matcher.met(article, self.found):
                if name.startswith(TERM):
                    self.found.add(name)
                    fresh.add(name.removeprefix(TERM))
                else:
                    pairs.append((int(article.id), name))
        return pairs, fresh


def comparison(old: Watchlist, new: Watchlist, topics: Collection[str], terms: Collection[str]) -> Comparison:
    """What compares these topics of two editions.

    :param terms: as :func:`owned_terms` names them.
    """
    queries = [_query(AFTER, topic, topic.query) for topic in new.topics if topic.id in topics]
    queries += [_query(BEFORE, topic, _older(topic.query)) for topic in old.topics if topic.id in topics]
    queries += [TopicQuery(TERM + term, term) for term in terms]
    older = {name + _OLDER: _older(query) for name, query in old.lists.items()}
    return Comparison(tuple(queries), {**new.lists, **older})


def owned_terms(watchlist: Watchlist, topics: Collection[str]) -> dict[str, dict[str, str]]:
    """Topic, or "@list" that one of them uses → its own terms: as it writes them → as a query.

    The words under NOT belong to it too: one that is never found keeps nothing out.
    """
    chosen = [topic for topic in watchlist.topics if topic.id in topics]
    lists = {name for topic in chosen for name in lists_used(topic.query, watchlist.lists)}
    queries = {topic.id: topic.query for topic in chosen}
    queries |= {f"@{name}": query for name, query in watchlist.lists.items() if name in lists}
    return {owner: _terms(query) for owner, query in queries.items()}


def _terms(query: str) -> dict[str, str]:
    return {
        written(use.text, use.exact, use.negated): f'{"=" if use.exact else ""}"{use.text}"'
        for use in terms_used(query)
    }


def _query(edition: str, topic: Topic, query: str) -> TopicQuery:
    return TopicQuery(edition + topic.id, query, topic.threshold)


def _older(query: str) -> str:
    """A query with the older edition's lists."""
    places = [part for part in walk(parse_query(query)) if isinstance(part, Listed)]
    for part in sorted(places, key=lambda part: part.at, reverse=True):
        end = part.at + 1 + len(part.name)
        query = query[:end] + _OLDER + query[end:]
    return query
