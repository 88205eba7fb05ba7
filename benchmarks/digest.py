"""How long a digest of many alerts takes, and how large it becomes.

python -m benchmarks.digest [--alerts 1000]
"""

import argparse
import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.model import (
    Coverage,
    DigestContent,
    DigestStory,
    DigestTopic,
    Evidence,
    Field,
    RenderedDigest,
    StoredAlert,
)
from monitor.steps.digest import render_digest

END = datetime(2026, 11, 22, 11, tzinfo=UTC)
SENTENCE = "La Policía Federal incautó {n} toneladas de cocaína en el puerto y detuvo a dos personas."
ENGLISH = "The Federal Police seized {n} tonnes of cocaine in the port and arrested two people."


def alert(number: int) -> StoredAlert:
    """An alert with a marked headline and two marked sentences, unlike any other."""
    title = f"Incautan cargamento {number} del Primeiro Comando da Capital en el puerto de Santos"
    sentences = [(SENTENCE.format(n=n), ENGLISH.format(n=n)) for n in (number, number + 5000)]
    start = title.index("Primeiro")
    evidence = [Evidence("Primeiro Comando da Capital", Field.TITLE, start, start + 27, title)]
    evidence += [Evidence("incaut*", Field.TEXT, 900, 907, source, target) for source, target in sentences]
    evidence += [Evidence("cocaine", Field.TEXT_EN, 900, 907, target) for _, target in sentences]
    return StoredAlert(
        id=number,
        topic="t",
        topic_version=1,
        created_at=END,
        article_id=number,
        content="page",
        url=f"https://example.org/{number}",
        title=title,
        title_en=f"Shipment {number} seized in Santos",
        language="es",
        outlet="diario",
        outlet_name="El Diario",
        country="AR",
        kind="independent",
        published_at=END,
        score=2.0,
        evidence=tuple(evidence),
        lead_en=f"Agents found load {number} at dawn.",
    )


def content(alerts: int) -> DigestContent:
    """Ten topics, two alerts a story."""
    stories = [
        DigestStory((alert(n), replace(alert(n + 1), outlet_name="O Jornal"))) for n in range(0, alerts, 2)
    ]
    topics = [DigestTopic(f"t{n}", f"Topic {n}", 1, tuple(stories[n::10])) for n in range(10)]
    start = END - timedelta(days=1)
    return DigestContent("b", "Benchmark", start, END, tuple(topics), Coverage((), alerts), limit=alerts)


def measured(wanted: DigestContent) -> tuple[RenderedDigest, list[float]]:
    """The digest, and the seconds of five renderings."""
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        rendered = render_digest(wanted)
        seconds.append(time.perf_counter() - start)
    return rendered, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=1000)
    count = parser.parse_args().alerts
    for name, size in (("within 96 kB", 96_000), ("whole", 10**9)):
        rendered, seconds = measured(replace(content(count), size=size))
        middle = statistics.median(seconds)
        print(f"{count} alerts, {name}: first {seconds[0]:.2f} s, median of five {middle:.2f} s")
    sizes = [len(part.encode()) / count for part in (rendered.html, rendered.text)]
    print(f"HTML {sizes[0]:.0f} bytes an alert, text {sizes[1]:.0f}")


if __name__ == "__main__":
    main()
