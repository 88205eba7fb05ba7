"""Language of sentences, of their first five words and of headlines, beside what a user would otherwise pick.

    python benchmarks/language.py [--shared ../shared/real]

Sentences: flores-dev in Spanish, Portuguese and English. Headlines: the collected articles. *monitor* is
measured with the outlet's declaration switched off and on, langdetect and py3langid as they come.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import langdetect

ROOT = Path(__file__).resolve().parents[1]
SETS = {
    "es": "mt/es-en/flores-dev/src.es",
    "pt": "mt/pt-en/flores-dev/src.pt",
    "en": "mt/es-en/flores-dev/ref.en",
}
Detector = Callable[[str, str], str]


def detectors() -> dict[str, Detector]:
    """Name → what gives a language for a text and a declared language."""
    sys.path.insert(0, str(ROOT))
    import py3langid

    from monitor.steps.detect import detect_language

    langdetect.DetectorFactory.seed = 0
    return {
        "monitor": lambda text, _: detect_language(text).language,
        "monitor, declared": lambda text, declared: detect_language(text, declared).language,
        "langdetect": lambda text, _: str(langdetect.detect(text)),
        "py3langid": lambda text, _: str(py3langid.classify(text)[0]),
    }


def sentences(shared: Path) -> dict[str, list[str]]:
    return {language: (shared / path).read_text("utf-8").splitlines() for language, path in SETS.items()}


def headlines(shared: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"es": [], "pt": []}
    for path in sorted((shared / "articles").glob("*.jsonl")):
        records = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
        for record in records:
            if record.get("title") and record.get("lang") in found:
                found[record["lang"]].append(record["title"])
    return found


def first_five(text: str) -> str:
    return " ".join(text.split()[:5])


def measured(detect: Detector, texts: dict[str, list[str]]) -> str:
    """Right answers in percent a language, and milliseconds a text."""
    start, parts = time.perf_counter(), []
    for language, lines in texts.items():
        right = sum(guarded(detect, line, language) == language for line in lines)
        parts.append(f"{language} {100 * right / len(lines):.2f}")
    each = 1000 * (time.perf_counter() - start) / sum(map(len, texts.values()))
    return f"{', '.join(parts)} ({each:.2f} ms)"


def guarded(detect: Detector, text: str, declared: str) -> str:
    try:
        return detect(text, declared)
    except langdetect.LangDetectException:
        return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "real")
    options = parser.parse_args()
    whole = sentences(options.shared)
    five = {language: [first_five(line) for line in lines] for language, lines in whole.items()}
    titles = headlines(options.shared)
    print("| detector | sentences | first five words | headlines |\n|---|---|---|---|")
    for name, detect in detectors().items():
        detect("Un texto para cargar los modelos", "es")
        print(
            f"| {name} | {measured(detect, whole)} | {measured(detect, five)} | {measured(detect, titles)} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
