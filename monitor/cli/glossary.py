"""``monitor glossary``: check the analysts' terms, find names that were translated in two ways."""

import json
import sys
from pathlib import Path
from typing import BinaryIO

import click

from monitor.bootstrap import config_file
from monitor.cli.filters import decoded, error_object, json_object
from monitor.cli.settings import prepared
from monitor.config.documents import schema_json
from monitor.config.glossary import SCHEMA, load_glossary
from monitor.errors import ConfigError, InputError, MonitorError
from monitor.steps.translate.suggest import Suggestion, suggestions


@click.group()
def glossary() -> None:
    """Names and terms with the English form that every translation uses."""


@glossary.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
def check(file: Path | None) -> None:
    """Check a glossary file (default: the one in force); every error with its line and column."""
    path = file or config_file(prepared(), "glossary.yaml")
    try:
        found = load_glossary(path)
    except ConfigError as error:
        for one in error.errors or (error,):
            click.echo(str(one), err=True)
        sys.exit(1)
    click.echo(f"{path}: {len(found.entries)} spellings, no error")


@glossary.command()
def schema() -> None:
    """Write the JSON Schema of the file, for editors."""
    click.echo(schema_json(SCHEMA), nl=False)


@glossary.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON line for each suggestion.")
def suggest(file: BinaryIO, as_json: bool) -> None:
    """Name what was translated in different ways: candidates for the glossary.

    Reads JSON lines {"source", "target"} of sentence pairs, with an optional "language", from FILE
    or standard input.
    """
    pairs, broken = [], 0
    for number, raw in enumerate(file, 1):
        try:
            pairs.append(_pair(decoded(raw)))
        except MonitorError as error:
            broken += 1
            click.echo(error_object(number, error), err=True)
    for found in suggestions(pairs):
        click.echo(_line(found, as_json))
    sys.exit(1 if broken else 0)


def _pair(line: str) -> tuple[str, str]:
    wanted = json_object(line)
    source, target = wanted.get("source"), wanted.get("target")
    if not isinstance(source, str) or not isinstance(target, str):
        raise InputError('"source" and "target" must be text')
    return source, target


def _line(found: Suggestion, as_json: bool) -> str:
    if as_json:
        return json.dumps(
            {"term": found.term, "kept": found.kept, "changed": found.changed, "forms": found.forms},
            ensure_ascii=False,
        )
    forms = f", perhaps to {' or '.join(found.forms)}" if found.forms else ""
    return f"{found.term}: {found.kept} times left as it is, {found.changed} times changed{forms}"
