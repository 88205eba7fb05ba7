"""``monitor match``: texts in, topics with their evidence out."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from monitor.bootstrap import config_file, embedder
from monitor.cli.filters import filter_lines, json_object
from monitor.cli.settings import prepared
from monitor.config.exemplars import load_exemplars
from monitor.config.watchlist import load_watchlist
from monitor.errors import InputError
from monitor.model import ArticleForMatch, Evidence, TopicMatch
from monitor.steps.match import KnownReports, Likeness, compile_watchlist

#: key of an input line → whether it must be there
_KEYS = {
    "language": True,
    "title": True,
    "text": True,
    "title_en": False,
    "text_en": False,
    "outlet": False,
    "country": False,
    "kind": False,
}


@click.command()
@click.option(
    "--watchlist",
    "path",
    type=click.Path(path_type=Path),
    help="The file of topics (default: config/watchlist.yaml, else the one shipped with the program).",
)
def match(path: Path | None) -> None:
    """Match articles against the watchlist.

    Reads JSON lines {"id", "language", "title", "text"} from standard input, with "title_en", "text_en",
    "outlet", "country", "kind" where known; writes {"id", "matches": [{"topic", "score", "evidence"}]} for
    each.
    Nothing is translated: an article matches on the sides that are given. A term that begins with ≈ names a
    known report of config/exemplars.tsv that the article is like. A broken line gives an error object in its
    place, and exit status 1 at the end.
    """
    settings = prepared()
    watchlist = load_watchlist(path or config_file(settings, "watchlist.yaml"))
    matcher = compile_watchlist(watchlist.topics, watchlist.lists)
    known = KnownReports(load_exemplars(config_file(settings, "exemplars.tsv")), embedder())
    likeness = Likeness(known, watchlist.topics, watchlist.lists)

    def work(line: str) -> str:
        given = json_object(line)
        article = article_of(given)
        matches = likeness.beyond(article, matcher.match(article))
        answer = {"id": given["id"], "matches": [_told(found) for found in matches]}
        # a lone half of a surrogate pair in the input cannot be written as UTF-8
        return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace").decode()

    sys.exit(1 if filter_lines(work) else 0)


def article_of(given: dict[str, Any]) -> ArticleForMatch:
    """One input object as an article.

    :raises InputError: when a key is missing or is no text.
    """
    if "id" not in given:
        raise InputError('"id" is missing; give every line one')
    texts = {key: _text(given, key, needed) for key, needed in _KEYS.items()}
    return ArticleForMatch(id=str(given["id"]), **texts)  # type: ignore[arg-type]


def _text(given: dict[str, Any], key: str, needed: bool) -> str:
    if key not in given and needed:
        raise InputError(f'"{key}" is missing; write "" where there is none')
    value = given.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f'"{key}" must be a text, not a {type(value).__name__}')
    return value


def _told(match: TopicMatch) -> dict[str, object]:
    return {
        "topic": match.topic,
        "score": match.score,
        "evidence": [_shown(found) for found in match.evidence],
    }


def _shown(found: Evidence) -> dict[str, object]:
    shown: dict[str, object] = {
        "term": found.term,
        "field": found.field.value,
        "start": found.start,
        "end": found.end,
        "sentence": found.sentence,
    }
    return shown | ({"sentence_en": found.sentence_en} if found.sentence_en else {})
