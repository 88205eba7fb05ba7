"""``monitor models``: which translation models are there, install, remove and try them."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from monitor.cli.settings import prepared
from monitor.steps.translate import build_translator
from monitor.steps.translate.build import best_model
from monitor.steps.translate.catalogue import PublishedFile, published
from monitor.steps.translate.installed import LANGUAGES, QUALITY, installed_models
from monitor.steps.translate.packages import Progress, download, install, remove

_LANGUAGE = click.Choice(LANGUAGES)
_ENGINE = click.option(
    "--engine", type=click.Choice(["argos", "firefox"]), default="argos", show_default=True
)
_SAMPLES = {
    "es": "El Gobierno anunció este lunes un acuerdo de 3,5 millones de dólares con la empresa.",
    "pt": "O governo anunciou nesta segunda-feira um acordo de 3,5 milhões de dólares com a empresa.",
}


@click.group()
def models() -> None:
    """Translation models on this machine.

    Without any, the embedded engine translates both languages.
    """


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def list_models(as_json: bool) -> None:
    """List the models and say which one "auto" uses, by measured quality."""
    rows = list(_rows(prepared().data / "models"))
    if as_json:
        click.echo(json.dumps({"models": rows}, ensure_ascii=False))
        return
    for row in rows:
        used = "used by auto" if row["auto"] else ""
        quality = f"BLEU {row['bleu']:.1f}" if row["bleu"] else "not measured"
        click.echo(f"{row['language']}  {row['engine']:9} {quality:13} {used:13} {row['folder']}")


@models.command("install")
@click.argument("language", type=_LANGUAGE)
@_ENGINE
@click.option(
    "--from", "source", default="", help="A file, a folder or an http(s) address; else the newest published."
)
@click.option("--sha256", default="", help="Digest that the downloaded file must have.")
@click.option("--index", default="", help="Another address of the publisher's index.")
def install_model(language: str, engine: str, source: str, sha256: str, index: str) -> None:
    """Install a model package; it is tried before it replaces anything.

    \b
      monitor models install es                      the newest of Argos' index
      monitor models install es --engine firefox     the newest that Firefox uses
    Argos: an .argosmodel file. Firefox: a folder (or zip) with model.*.bin and vocab.*.spm.
      monitor models install es --from translate-es_en-1_9.argosmodel
    """
    folder = prepared().data / "models"
    downloads = folder / "downloads" / f"{engine}-{language}en"
    if not source:
        path = _fetched(published(language, engine, index), downloads)
    elif source.startswith(("http://", "https://")):
        path = _fetched([PublishedFile("", source, sha256)], downloads)
    else:
        path = Path(source)
    model = install(path, language, engine, folder)
    shutil.rmtree(downloads, ignore_errors=True)
    click.echo(f"installed {model.engine} for {model.language} in {model.folder}")


def _fetched(files: list[PublishedFile], folder: Path) -> Path:
    """The downloaded package: its only file, or the folder that holds its files."""
    with _bar() as progress:
        paths = [download(file.url, folder, file.sha256, progress, file.name) for file in files]
    return paths[0] if len(paths) == 1 else folder


@models.command("remove")
@click.argument("language", type=_LANGUAGE)
@_ENGINE
def remove_model(language: str, engine: str) -> None:
    """Delete the installed models of a language."""
    for folder in remove(language, engine, prepared().data / "models"):
        click.echo(f"removed {folder}")


@models.command("test")
@click.argument("language", type=_LANGUAGE)
@click.option("--engine", default="auto", show_default=True, help="auto, embedded, argos or firefox")
def test_model(language: str, engine: str) -> None:
    """Translate a sample sentence and time it."""
    translator = build_translator(engine, prepared().data / "models", workers=1)
    try:
        started = time.perf_counter()
        english = translator.translate([_SAMPLES[language]], language)[0]
        seconds = time.perf_counter() - started
        provenance = translator.provenance(language)
    finally:
        translator.close()
    click.echo(f"{_SAMPLES[language]}\n{english}")
    click.echo(f"{provenance.engine} ({provenance.model} {provenance.version}), {seconds:.2f} s with loading")


def _rows(folder: Path) -> Iterator[dict[str, object]]:
    installed = installed_models(folder)
    for language in LANGUAGES:
        best = best_model("auto", folder, language)
        yield _row("embedded", language, "", "", best is None)
        for model in installed:
            if model.language == language:
                yield _row(model.engine, language, str(model.folder), model.version, model == best)


def _row(engine: str, language: str, folder: str, version: str, auto: bool) -> dict[str, object]:
    quality = QUALITY[engine, language]
    return {
        "language": language,
        "engine": engine,
        "version": version,
        "folder": folder,
        "bleu": quality.bleu,
        "chrf": quality.chrf,
        "quality_source": quality.source,
        "auto": auto,
    }


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar on standard error."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True)) as bar:
        task = bar.add_task("downloading", total=None)
        yield lambda there, total: bar.update(task, completed=there, total=total or None)
