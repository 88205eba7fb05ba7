"""Hostile lines through the embedded engine: one line out for each line in, and the slowest of them.

    python -m benchmarks.translation_fuzz [--lines 2000]

One worker and one line at a time, so that a line's seconds are its own; on a busy machine they are too many.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from monitor.steps.translate import build_translator


def fuzz(seed: int, count: int) -> list[str]:
    """Hostile lines of every kind that broke an engine before."""
    chance = random.Random(seed)
    words = [
        "el",
        "presidente",
        "ção",
        "Petro",
        "3.500",
        "[",
        "]",
        "^",
        "$",
        "\\",
        "{",
        "}",
        "<b>",
        "*",
        "@x",
        "#y",
        "/",
        "Q30",
    ]
    alphabets = [
        "\x01\x02\x07\x1b\x7f",
        "🚀🇧🇷👩‍👩‍👧",
        "مرحبا שלום",
        "中文字",
        "a",
        "áéñ",
        "«»“”—…¿¡",
        "\u202e\u200f\ufeff",
        "\ud7ff\ue000",
    ]

    def line() -> str:
        kind = chance.randrange(6)
        if kind == 0:
            return ""
        if kind == 1:
            return chance.choice("aáñЖ中") * chance.choice((50, 20_000))
        if kind == 2:
            return "".join(chance.choice(chance.choice(alphabets)) for _ in range(chance.randrange(60)))
        if kind == 3:
            return chance.choice(("x ", "[ ", "1 ", "a. ")) * chance.randrange(40)
        return " ".join(chance.choice(words) for _ in range(chance.randrange(25)))

    return [line() for _ in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=2000)
    lines = fuzz(11, parser.parse_args().lines)
    translator = build_translator("embedded", Path(tempfile.gettempdir()), 1)
    for language in ("es", "pt"):
        translator.translate(["Uno.", "Dos."], language)
        worst, longest = 0.0, ""
        for line in lines:
            started = time.perf_counter()
            (english,) = translator.translate([line], language)
            assert "\n" not in english
            assert bool(english) or not line.strip() or not line.isprintable()
            if time.perf_counter() - started > worst:
                worst, longest = time.perf_counter() - started, line
        print(f"{language}: {len(lines)} lines, the slowest {worst:.2f} s: {longest[:60]!r}", flush=True)
    translator.close()


if __name__ == "__main__":
    main()
