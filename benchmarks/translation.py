"""Quality, speed and memory of the embedded engine, beside what one would otherwise pick.

    python benchmarks/translation.py [--sets flores-dev,wmt09] [--lines 200]

Baselines: fxtranslate's own ``translate_long`` for Portuguese; Apertium es-pt and the model without any rule
for Spanish. The sets lie beside the checkout in shared/real/mt.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import sacrebleu

from monitor.steps.translate import build_translator
from monitor.steps.translate.apertium import Apertium
from monitor.steps.translate.embedded import bundled_model
from monitor.steps.translate.workers import Workers

ROOT = Path(__file__).resolve().parents[1]
SETS = ROOT.parent / "shared" / "real" / "mt"


def lines(language: str, name: str, count: int) -> tuple[list[str], list[str]]:
    folder = SETS / f"{language}-en" / name
    source = (folder / f"src.{language}").read_text("utf-8").rstrip("\n").split("\n")
    reference = (folder / "ref.en").read_text("utf-8").rstrip("\n").split("\n")
    return source[:count], reference[:count]


def row(title: str, source: list[str], reference: list[str], work: Callable[[list[str]], list[str]]) -> None:
    started = time.perf_counter()
    english = work(source)
    speed = sum(len(line.split()) for line in source) / (time.perf_counter() - started)
    bleu = sacrebleu.corpus_bleu(english, [reference]).score
    chrf = sacrebleu.corpus_chrf(english, [reference]).score
    print(f"| {title} | {len(source)} | {bleu:.2f} | {chrf:.2f} | {speed:,.0f} |", flush=True)


def embedded(language: str, workers: int) -> Callable[[list[str]], list[str]]:
    """A fresh translator, so that no sentence is remembered; loaded before the clock runs."""
    translator = build_translator("embedded", Path(tempfile.gettempdir()), workers)
    translator.translate(["Hola.", "Adiós."], language)

    def work(source: list[str]) -> list[str]:
        try:
            return translator.translate(source, language)
        finally:
            translator.close()

    return work


def without_rules(source: list[str]) -> list[str]:
    apertium, model = Apertium(), Workers("fast", bundled_model(), 1)
    english = [model.translate(apertium.translate(line).replace("*", "")) for line in source]
    apertium.close()
    model.close()
    return english


def plain_fxtranslate(source: list[str]) -> list[str]:
    from fxtranslate import Translator

    folder = bundled_model()
    model, vocabulary = (next(folder.glob(name)).read_bytes() for name in ("model.*.bin", "vocab.*.spm"))
    translator = Translator(model, vocabulary, vocabulary)
    return [translator.translate_long(line) for line in source]


def memory() -> None:
    """Proportional memory of everything both languages start, and seconds to the first sentence."""
    translator = build_translator("embedded", Path(tempfile.gettempdir()), 2)
    for language, text in (("es", "El presidente viajó ayer."), ("pt", "O presidente viajou ontem.")):
        started = time.perf_counter()
        translator.translate([text], language)
        print(f"first {language} sentence after {time.perf_counter() - started:.2f} s")
    for language in ("es", "pt"):
        translator.translate(lines(language, "flores-dev", 60)[0], language)
    me = psutil.Process()
    used = sum(process.memory_full_info().pss for process in (me, *me.children(recursive=True)))
    print(f"memory of all processes (PSS): {used / 1e6:.0f} MB, {len(me.children(recursive=True))} children")
    translator.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default="flores-dev")
    parser.add_argument("--lines", type=int, default=10**6)
    parser.add_argument("--memory", action="store_true", help="only memory and time to the first sentence")
    chosen = parser.parse_args()
    if chosen.memory:
        memory()
        return
    subprocess.run([sys.executable, __file__, "--memory"], check=True)
    print("| engine and set | sentences | BLEU | chrF | source words a second |\n|---|---|---|---|---|")
    few = min(chosen.lines, 200)
    source, reference = lines("pt", "flores-dev", chosen.lines)
    row("pt embedded, 2 workers, flores-dev", source, reference, embedded("pt", 2))
    row("pt embedded, 1 worker, flores-dev", source[:few], reference[:few], embedded("pt", 1))
    row("pt embedded, 2 workers, flores-dev", source[:few], reference[:few], embedded("pt", 2))
    row("pt fxtranslate translate_long, flores-dev", source[:few], reference[:few], plain_fxtranslate)
    for name in chosen.sets.split(","):
        source, reference = lines("es", name, chosen.lines)
        row(f"es embedded, 2 workers, {name}", source, reference, embedded("es", 2))
    source, reference = lines("es", "flores-dev", few)
    row("es embedded, 1 worker, flores-dev", source, reference, embedded("es", 1))
    row("es embedded, 2 workers, flores-dev", source, reference, embedded("es", 2))
    row("es Apertium + model without rules, flores-dev", source, reference, without_rules)


if __name__ == "__main__":
    main()
