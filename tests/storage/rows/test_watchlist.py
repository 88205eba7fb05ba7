"""Versions of the watchlist and of its topics."""

from sqlalchemy.orm import Session

from monitor.storage.watchlist import (
    AppliedWatchlist,
    TopicForStore,
    apply_watchlist,
    config_states,
    newest_watchlist,
    record_config,
    record_config_error,
    topic_versions,
    watchlist_log,
)
from tests.fakes import NOW


def version(source: str) -> AppliedWatchlist:
    return AppliedWatchlist(0, NOW, "ana", f"hash of {source}", source, {"added": ["iran"]})


IRAN, CUBA = TopicForStore("iran", "Iran", "h1"), TopicForStore("cuba", "Cuba", "h2")


def test_each_changed_topic_gets_a_new_version(session: Session) -> None:
    assert newest_watchlist(session) is None
    assert apply_watchlist(session, version("a"), [IRAN, CUBA]) == {"iran": 1, "cuba": 1}
    changed = TopicForStore("iran", "Iran", "h3")
    assert apply_watchlist(session, version("b"), [changed, CUBA]) == {"iran": 2, "cuba": 1}
    assert topic_versions(session) == {"iran": 2, "cuba": 1}


def test_the_same_file_is_applied_once(session: Session) -> None:
    apply_watchlist(session, version("a"), [IRAN])
    assert apply_watchlist(session, version("a"), [IRAN]) == {"iran": 1}
    assert len(watchlist_log(session)) == 1


def test_the_log_is_newest_first(session: Session) -> None:
    for source in "abc":
        apply_watchlist(session, version(source), [IRAN])
    assert [applied.source for applied in watchlist_log(session)] == ["c", "b", "a"]
    assert [applied.source for applied in watchlist_log(session, limit=2)] == ["c", "b"]
    newest = newest_watchlist(session)
    assert newest is not None
    assert (newest.who, dict(newest.changes)) == ("ana", {"added": ["iran"]})


def test_a_bad_edit_keeps_the_last_good_text(session: Session) -> None:
    record_config(session, "watchlist.yaml", "h", "topics: []", NOW)
    record_config_error(session, "watchlist.yaml", "line 3: …", NOW)
    session.expire_all()
    state = config_states(session)["watchlist.yaml"]
    assert (state.source, state.error, state.error_at) == ("topics: []", "line 3: …", NOW)
    record_config(session, "watchlist.yaml", "h2", "topics: [1]", NOW)
    session.expire_all()
    state = config_states(session)["watchlist.yaml"]
    assert (state.source, state.error) == ("topics: [1]", "")
