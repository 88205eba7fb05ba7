"""Articles against the watchlist: one query language, one automaton, evidence for every hit."""
