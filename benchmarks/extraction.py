"""Extraction beside trafilatura's defaults, newspaper4k and news-please, on collected pages.

    python benchmarks/extraction.py [--pages ../shared/real/pages] [--only monitor,trafilatura]

Each other tool runs in an environment of its own, made in a temporary folder from PyPI. Measures: wanted
strings kept, unwanted strings let through, dates and titles as the page's record states them, precision,
recall and F1 of the 4-word groups of whole bodies, and milliseconds a page (second of two passes).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
OTHERS = {
    "trafilatura": ["trafilatura"],
    "newspaper4k": ["newspaper4k"],
    "news-please": ["news-please"],
}
#: what runs inside the other environments: reads [{"html", "url"}], writes texts, titles, dates and seconds
WORKER = """
import json, sys, time, logging
logging.disable(logging.CRITICAL)
tool, pages = sys.argv[1], json.load(open(sys.argv[2]))
if tool == "trafilatura":
    import trafilatura
    def run(raw, url):
        found = trafilatura.bare_extraction(raw, url=url, with_metadata=True)
        return (found.text or "", found.title or "", found.date or "") if found else ("", "", "")
elif tool == "newspaper4k":
    import newspaper
    def run(raw, url):
        article = newspaper.Article(url, fetch_images=False)
        article.download(input_html=raw.decode("utf-8", "replace"))
        article.parse()
        return article.text, article.title, str(article.publish_date or "")
else:
    from newsplease import NewsPlease
    def run(raw, url):
        found = NewsPlease.from_html(raw.decode("utf-8", "replace"), url, fetch_images=False)
        return found.maintext or "", found.title or "", str(found.date_publish or "")
def guarded(page):
    try:
        return run(open(page["html"], "rb").read(), page["url"])
    except Exception as error:
        return "", "", ""
out = [guarded(page) for page in pages]
start = time.perf_counter()
out = [guarded(page) for page in pages]
json.dump({"seconds": time.perf_counter() - start, "pages": out}, open(sys.argv[3], "w"))
"""


def ours(pages: list[dict[str, Any]]) -> dict[str, Any]:
    """Run this project's extraction as ``monitor extract`` does."""
    sys.path.insert(0, str(ROOT))
    from monitor.steps.extract import extract_page, zone_of

    def one(page: dict[str, Any]) -> tuple[str, str, str]:
        found = extract_page(Path(page["html"]).read_bytes(), page["url"], timezone=zone_of(page["url"]))
        return found.text, found.title, found.published_local.isoformat() if found.published_local else ""

    out = [one(page) for page in pages]
    start = time.perf_counter()
    out = [one(page) for page in pages]
    return {"seconds": time.perf_counter() - start, "pages": out}


def theirs(tool: str, pages: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Run another tool in its own environment."""
    home = folder / tool
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-qq", "--upgrade", "pip"], check=True)
    subprocess.run([python, "-m", "pip", "install", "-qq", *OTHERS[tool]], check=True)
    (folder / "worker.py").write_text(WORKER)
    (folder / "pages.json").write_text(
        json.dumps([{"html": page["html"], "url": page["url"]} for page in pages])
    )
    out = folder / f"{tool}.json"
    subprocess.run(
        [python, str(folder / "worker.py"), tool, str(folder / "pages.json"), str(out)], check=True
    )
    return dict(json.loads(out.read_text()))


def load(folder: Path) -> list[dict[str, Any]]:
    """The pages' records, each with the path of its HTML."""
    records = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    return [{**record, "html": str(folder / f"{record['id']}.html")} for record in records]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def groups(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[place : place + 4]) for place in range(len(words) - 3))


def agreement(text: str, body: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of 4-word groups, as multisets."""
    found, wanted = groups(text), groups(body)
    same = sum((found & wanted).values())
    precision, recall = same / max(1, found.total()), same / max(1, wanted.total())
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def score(pages: list[dict[str, Any]], result: dict[str, Any]) -> dict[str, Any]:
    """All measures of one tool."""
    counts: Counter[str] = Counter()
    bodies = []
    for page, (raw, title, date) in zip(pages, result["pages"], strict=True):
        text = squeezed(raw)
        wanted, unwanted = page.get("with") or [], page.get("without") or []
        counts["with"] += len(wanted)
        counts["kept"] += sum(squeezed(part) in text for part in wanted)
        counts["without"] += len(unwanted)
        counts["leaked"] += sum(squeezed(part) in text for part in unwanted)
        counts["dates"] += bool(page.get("publishing_date"))
        counts["date"] += bool(page.get("publishing_date")) and date[:10] == page["publishing_date"][:10]
        counts["titles"] += bool(page.get("title"))
        counts["title"] += bool(page.get("title")) and squeezed(title) == squeezed(page["title"])
        if page.get("body"):
            bodies.append(agreement(raw, page["body"]))
    means = [sum(body[place] for body in bodies) / max(1, len(bodies)) for place in range(3)]
    return {**counts, "means": means, "ms": 1000 * result["seconds"] / len(pages)}


def row(tool: str, found: dict[str, Any]) -> str:
    precision, recall, f1 = found["means"]
    return (
        f"| {tool} | {found['kept']}/{found['with']} | {found['leaked']}/{found['without']} "
        f"| {found['date']}/{found['dates']} | {found['title']}/{found['titles']} "
        f"| {precision:.3f} | {recall:.3f} | {f1:.3f} | {found['ms']:.0f} |"
    )


def differences(pages: list[dict[str, Any]], result: dict[str, Any]) -> list[str]:
    """Where date or title are not those of the page's record, to be looked up in the page itself."""
    told = []
    for page, (_, title, date) in zip(pages, result["pages"], strict=True):
        pairs = [(date[:10], str(page.get("publishing_date") or "")[:10]), (title, page.get("title") or "")]
        told += [
            f"{page['id']}: {ours!r}, record {record!r}"
            for ours, record in pairs
            if record and squeezed(ours) != squeezed(record)
        ]
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=ROOT.parent / "shared" / "real" / "pages")
    parser.add_argument("--only", default=",".join(["monitor", *OTHERS]))
    options = parser.parse_args()
    pages = load(options.pages)
    print("| tool | wanted kept | unwanted leaked | dates | titles | P | R | F1 | ms/page |")
    print("|---|---|---|---|---|---|---|---|---|")
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for tool in options.only.split(","):
            result = ours(pages) if tool == "monitor" else theirs(tool, pages, Path(folder))
            print(row(tool, score(pages, result)), flush=True)
            if tool == "monitor":
                notes = differences(pages, result)
    print("", *notes, sep="\n")


if __name__ == "__main__":
    main()
