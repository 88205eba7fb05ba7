"""Articles against the watchlist: one query language, one automaton, evidence for every hit."""

from monitor.steps.match.likeness import KnownReports, Likeness
from monitor.steps.match.matcher import Matcher, TopicQuery, compile_watchlist
from monitor.steps.match.parse import parse_query

__all__ = ["KnownReports", "Likeness", "Matcher", "TopicQuery", "compile_watchlist", "parse_query"]
