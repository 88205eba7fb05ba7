"""``monitor watchlist``: the analysts' file of topics."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from monitor.bootstrap import config_file, embedder
from monitor.cli import watchlist_history
from monitor.cli.filters import decoded, json_object
from monitor.cli.match import article_of
from monitor.cli.precision import measured
from monitor.cli.settings import prepared
from monitor.config.documents import schema_json
from monitor.config.exemplars import keep_vectors, load_exemplars, vectors_file
from monitor.config.watchlist import read_watchlist
from monitor.config.watchlist_check import Finding, check_watchlist
from monitor.config.watchlist_schema import SCHEMA
from monitor.errors import ConfigError, InputError
from monitor.model import ArticleForMatch


@click.group()
def watchlist() -> None:
    """The topics that are watched, and whether their queries are sound."""


for _verb in (*watchlist_history.VERBS, measured):
    watchlist.add_command(_verb)


@watchlist.command()
def schema() -> None:
    """Write the JSON Schema of the file, for completion in an editor."""
    click.echo(schema_json(SCHEMA), nl=False)


@watchlist.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Articles as JSON lines (as for `monitor match`): name terms that never hit or hit everywhere.",
)
def check(file: Path | None, as_json: bool, corpus: Path | None) -> None:
    """Check a watchlist file (default: the one in force).

    Runs every topic's own examples and traps, names shadowed terms and those that no example proves. Errors
    carry line and column; exit status 1 where there is one.
    """
    path = file or config_file(prepared(), "watchlist.yaml")
    findings, topics = _findings(path, corpus)
    errors = sum(finding.level == "error" for finding in findings)
    if as_json:
        shown = {"file": str(path), "topics": topics, "findings": [asdict(found) for found in findings]}
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        for found in findings:
            click.echo(f"{path}:{found.line}:{found.column}: {found.level}: {found.message}")
        click.echo(f"{path}: {topics} topics, {errors} errors, {len(findings) - errors} warnings and hints")
    sys.exit(1 if errors else 0)


@watchlist.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def exemplars(file: Path | None, as_json: bool) -> None:
    """Count the known reports of each topic, and keep their vectors beside the file.

    FILE is a table of known reports (default: the exemplars.tsv in force). Without the vectors beside it all
    works as well, but reports that were added are read anew at every start.
    """
    path = file or config_file(prepared(), "exemplars.tsv")
    counts = Counter(topic or "(none)" for one in load_exemplars(path) for topic in one.topics or {""})
    keep_vectors(path, embedder())
    if as_json:
        click.echo(json.dumps({"file": str(path), "topics": dict(sorted(counts.items()))}))
        return
    for topic, number in sorted(counts.items()):
        click.echo(f"{number:6} {topic}")
    click.echo(f"Vectors kept in {vectors_file(path)}.")


def _findings(path: Path, corpus: Path | None) -> tuple[list[Finding], int]:
    try:
        read, document = read_watchlist(path)
    except ConfigError as error:
        return [Finding("error", one.message, "", one.line, one.column) for one in error.errors], 0
    articles = _articles(corpus) if corpus else None
    return check_watchlist(read, document, articles), len(read.topics)


def _articles(path: Path) -> Iterator[ArticleForMatch]:
    """The articles of a corpus.

    :raises InputError: for the first line that is none; it names the line.
    """
    try:
        with path.open("rb") as lines:
            for number, raw in enumerate(lines, 1):
                if raw.strip():
                    yield _article(path, number, raw)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error


def _article(path: Path, number: int, raw: bytes) -> ArticleForMatch:
    try:
        given = json_object(decoded(raw))
        return article_of({"id": number, "language": "", "title": "", "text": ""} | given)
    except InputError as error:
        raise InputError(f"{path}:{number}: {error}") from error
