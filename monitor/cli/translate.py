"""``monitor translate``: one text a line in, one English line out."""

import queue
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import click

from monitor.bootstrap import translator as build
from monitor.cli.filters import decoded, error_object
from monitor.cli.settings import prepared
from monitor.errors import MonitorError
from monitor.ports import Translator
from monitor.steps.translate import ENGINES

#: lines in work at once; answers come in order, so this is also how far reading runs ahead
_AHEAD = 16


@click.command()
@click.option(
    "--from", "language", type=click.Choice(["es", "pt"]), required=True, help="Language of the input."
)
@click.option("--engine", type=click.Choice(ENGINES), help="Engine to use instead of the configured one.")
@click.option("--progress", is_flag=True, help="Count the lines on standard error.")
def translate(language: str, engine: str | None, progress: bool) -> None:
    """Translate one text a line from standard input into one English line each.

    \b
    A line that cannot be used gives a JSON object with its number and the reason in its place,
    and exit status 1 at the end:
      echo 'El presidente viajó a La Plata.' | monitor translate --from es
    """
    translator = build(prepared(engine=engine))
    broken = 0
    try:
        translator.provenance(language)
        for number, (line, failed) in enumerate(_answers(sys.stdin.buffer, language, translator), 1):
            broken += failed
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            if progress:
                click.echo(f"\r{number} lines", err=True, nl=False)
    finally:
        translator.close()
    if progress:
        click.echo(err=True)
    sys.exit(1 if broken else 0)


def _answers(source: Iterable[bytes], language: str, translator: Translator) -> Iterator[tuple[str, bool]]:
    """Each line's answer in order and whether it was broken; reading runs ahead in a thread of its own,
    so that an answer never waits for the next line."""
    answers: queue.Queue[Future[tuple[str, bool]] | None] = queue.Queue(_AHEAD)

    def read() -> None:
        for number, raw in enumerate(source, 1):
            answers.put(pool.submit(_answer, number, raw, language, translator))
        answers.put(None)

    with ThreadPoolExecutor(_AHEAD) as pool:
        threading.Thread(target=read, daemon=True).start()
        while (answer := answers.get()) is not None:
            yield answer.result()


def _answer(number: int, raw: bytes, language: str, translator: Translator) -> tuple[str, bool]:
    try:
        return translator.translate([decoded(raw)], language)[0], False
    except MonitorError as error:
        return error_object(number, error), True
