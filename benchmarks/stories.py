"""Grouping of articles into stories: ours with its shipped threshold, others with the best one afterwards.

    python -m benchmarks.stories [--clusters FILE] [--pairs FILE …] [--noise FILE …] [--plain] [--sweep]

Clusters: JSON lines with ``cluster, date, lang, title, text``. Pairs: ``group`` and ``event`` instead of the
cluster; two articles of one event are a true pair, of one group (a kind of event) and two events a false one.
Noise: ordinary articles; prints what would be joined among them, for reading. What has no English gets it
from the embedded engine; ``--plain`` leaves the English out. ``--sweep`` shows other thresholds.
"""

import argparse
import json
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from monitor.steps.cluster import (
    THRESHOLD,
    Story,
    StoryItem,
    UseEmbedder,
    assign,
    english_to_embed,
    likeness,
    opening,
    texts_to_embed,
    vectors,
)
from monitor.text.fold import fold_words

ROOT = Path(__file__).parents[1]
CLUSTERS = ROOT.parent / "shared" / "real" / "clusters" / "efe2000_half.jsonl"
PAIRS = sorted((ROOT / "tests" / "quality" / "data").glob("story_pairs*.jsonl"))
#: thresholds of ``--sweep``, from and to, in hundredths
SWEEP = range(36, 51, 2)
#: what a row has without any translation
PLAIN = frozenset(("lang", "date", "title", "text", "country"))
Labels = Sequence[object]


def pairwise_f1(found: Labels, gold: Labels) -> float:
    pairs = [(i, j) for i in range(len(gold)) for j in range(i)]
    both = sum(found[i] == found[j] and gold[i] == gold[j] for i, j in pairs)
    either = sum((found[i] == found[j]) + (gold[i] == gold[j]) for i, j in pairs)
    return 2 * both / either if either else 1.0


def b_cubed_f1(found: Labels, gold: Labels) -> float:
    def mean(ours: Labels, theirs: Labels) -> float:
        sizes, shared = Counter(ours), Counter(zip(ours, theirs, strict=True))
        return sum(count * count / sizes[one] for (one, _), count in shared.items()) / len(ours)

    precision, recall = mean(found, gold), mean(gold, found)
    return 2 * precision * recall / (precision + recall)


def group(items: Sequence[StoryItem], order: Sequence[int], rest: timedelta = timedelta.max) -> list[int]:
    """Stories of the items when they arrive in this order; the labels stand in the order of the items.

    :param rest: a story that rested longer is told anew; the product's is ``REST``. The clusters are narrow
        topics of months, so it is left out there.
    """
    label: dict[int, int] = {}  # number of an item → its story
    number_of = {item.article_id: number for number, item in enumerate(items)}
    for number in order:
        stories: dict[int, list[StoryItem]] = {}
        for member, key in label.items():
            stories.setdefault(key, []).append(items[member])
        near = {key: held for key, held in stories.items() if is_near(items[number], held, rest)}
        placement = assign(items[number], [Story(key, tuple(held)) for key, held in near.items()])
        home = label[number] = placement.story or number + 1
        moved = [number_of[article] for article in placement.drawn]
        label |= dict.fromkeys([one for one, key in label.items() if key in placement.merged] + moved, home)
    return [label[number] for number in range(len(items))]


def is_near(item: StoryItem, members: Sequence[StoryItem], rest: timedelta) -> bool:
    """In time to these; what states none is near to everything."""
    times = [one.published_at for one in members if one.published_at is not None]
    at = item.published_at
    return at is None or not times or (min(times) - at <= rest and at - max(times) <= rest)


def pair_shares(
    items: Sequence[StoryItem], rows: Sequence[dict[str, Any]], threshold: float = THRESHOLD
) -> tuple[float, float, int, int]:
    """Shares of true and of false pairs joined, and their numbers; a false pair is of one kind of event."""
    joined: dict[bool, list[bool]] = {True: [], False: []}
    for i, one in enumerate(rows):
        for j, other in enumerate(rows[:i]):
            if one["group"] == other["group"]:
                close = likeness(items[i], items[j]) >= threshold
                joined[one["event"] == other["event"]].append(close)
    true, false = joined[True], joined[False]
    return sum(true) / len(true), sum(false) / len(false), len(true), len(false)


def read(path: Path) -> list[dict[str, Any]]:
    # a text may hold other ends of lines than "\n"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def moment(stated: str) -> datetime | None:
    """A date or time in ISO form; None for any other, as some collections state it."""
    try:
        return datetime.fromisoformat(stated).replace(tzinfo=UTC)
    except ValueError:
        return None


def story_items(rows: Sequence[dict[str, Any]]) -> list[StoryItem]:
    """Rows with ``lang, title, text``; where known ``date``, ``country``, ``title_en``, ``text_en``."""
    items = [
        StoryItem(
            number,
            row["lang"],
            row["title"],
            opening(row["text"]),
            row.get("title_en", ""),
            opening(row.get("text_en", "")),
            published_at=moment(row.get("date", "")),
            home=row.get("country", ""),
        )
        for number, row in enumerate(rows, 1)
    ]
    sides = [(texts_to_embed(item.title, item.lead), english_to_embed(item)) for item in items]
    # all at once, shortest first: half the time of one article after the other
    texts = sorted({text for both in sides for side in both for text in side}, key=len)
    vector = dict(zip(texts, UseEmbedder().embed(texts), strict=True))
    return [
        replace(
            item,
            meaning=vectors([vector[text] for text in original]),
            meaning_en=vectors([vector[text] for text in english]),
        )
        for item, (original, english) in zip(items, sides, strict=True)
    ]


def by_date(rows: Sequence[dict[str, Any]]) -> list[int]:
    return sorted(range(len(rows)), key=lambda number: str(rows[number]["date"]))


def shuffled(order: Sequence[int], seed: int) -> list[int]:
    mixed = list(order)
    random.Random(seed).shuffle(mixed)
    return mixed


def translate(rows: list[dict[str, Any]]) -> None:
    """Add the English of headline and opening, by the embedded engine."""
    from monitor.steps.translate import build_translator
    from monitor.text.sentences import split_sentences

    engine = build_translator("embedded", Path("none"))
    for row in rows:
        if row.get("title_en"):
            continue
        lead = [sentence for part in opening(row["text"]).split("\n") for sentence in split_sentences(part)]
        title_en, *lead_en = engine.translate([row["title"], *lead], row["lang"])
        row |= {"title_en": title_en, "text_en": " ".join(lead_en)}


def tfidf(rows: Sequence[dict[str, Any]]) -> np.ndarray:
    """Cosines of TF-IDF vectors over the English where there is one, else over the original."""
    texts = [f"{row.get('title_en') or row['title']} {row.get('text_en') or row['text']}" for row in rows]
    counts = [Counter(word for word in fold_words(text) if len(word) > 2) for text in texts]
    frequency = Counter(word for words in counts for word in words)
    place = {word: number for number, word in enumerate(frequency)}
    matrix = np.zeros((len(rows), len(place)))
    for number, words in enumerate(counts):
        for word, count in words.items():
            matrix[number, place[word]] = (1 + math.log(count)) * math.log(len(rows) / frequency[word])
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    return matrix @ matrix.T


def linked(likes: np.ndarray, order: Sequence[int], threshold: float, pick: Callable[..., Any]) -> list[int]:
    groups: list[list[int]] = []
    for number in order:
        scores = [float(pick(likes[number, members])) for members in groups]
        best = max(range(len(groups)), key=scores.__getitem__, default=-1)
        if best >= 0 and scores[best] >= threshold:
            groups[best].append(number)
        else:
            groups.append([number])
    label = {member: key for key, members in enumerate(groups) for member in members}
    return [label[number] for number in range(len(order))]


def best_afterwards(likes: np.ndarray, order: Sequence[int], gold: Labels) -> tuple[float, float, float, str]:
    """(pairwise F1, B³ F1, threshold, linkage) of the threshold and linkage that suit it best."""
    tried = [
        (pairwise_f1(found, gold), b_cubed_f1(found, gold), threshold, pick.__name__)
        for pick in (np.mean, np.max)
        for threshold in np.linspace(0.01, 0.9, 90)
        for found in [linked(likes, order, threshold, pick)]
    ]
    return max(tried, key=lambda one: one[0] + one[1])


def prepared(rows: list[dict[str, Any]], *, plain: bool) -> list[StoryItem]:
    """Rows as items, with English or without any."""
    if plain:
        return story_items([{key: row[key] for key in row.keys() & PLAIN} for row in rows])
    translate(rows)
    return story_items(rows)


def show_clusters(path: Path, *, plain: bool) -> None:
    rows = read(path)
    items = prepared(rows, plain=plain)
    order, gold = by_date(rows), [row["cluster"] for row in rows]
    start = time.perf_counter()
    found = group(items, order)
    seconds = time.perf_counter() - start
    print(f"{len(rows)} articles, {len(set(gold))} clusters")
    shares = f"pairs {pairwise_f1(found, gold):.3f}  B³ {b_cubed_f1(found, gold):.3f}"
    print(f"ours, threshold {THRESHOLD}: {shares}")
    orders = [b_cubed_f1(group(items, shuffled(order, seed)), gold) for seed in range(10)]
    print(f"  in ten random orders: B³ {min(orders):.3f} to {max(orders):.3f}; {seconds:.2f} s for all")
    embeddings = np.array([item.meaning[0] for item in items])
    for name, likes in (("TF-IDF", tfidf(rows)), ("embeddings", embeddings @ embeddings.T)):
        pairs, b_cubed, threshold, linkage = best_afterwards(likes, order, gold)
        print(f"{name}, best afterwards ({linkage} {threshold:.2f}): pairs {pairs:.3f}  B³ {b_cubed:.3f}")


def show_pairs(path: Path, *, plain: bool, sweep: bool) -> None:
    everything = read(path)
    for number in sorted({row.get("set", 1) for row in everything}):
        rows = [row for row in everything if row.get("set", 1) == number]
        items = prepared(rows, plain=plain)
        true, false, trues, falses = pair_shares(items, rows)
        b_cubed = b_cubed_f1(group(items, by_date(rows)), [row["event"] for row in rows])
        print(
            f"{path.name}, set {number}: {true:.3f} of {trues} true pairs joined, {false:.3f} of {falses} "
            f"false ones, B³ {b_cubed:.3f}"
        )
        for threshold in SWEEP if sweep else ():
            true, false, *_ = pair_shares(items, rows, threshold / 100)
            print(f"  {threshold / 100:.2f}: {true:.3f} {false:.3f}")


def show_noise(paths: Sequence[Path]) -> None:
    """What would be joined among ordinary articles, the largest story first."""
    rows = [row for path in paths for row in read(path)]
    found = group(story_items(rows), range(len(rows)))
    stories = Counter(found)
    joined = [label for label, count in stories.most_common() if count > 1]
    print(f"{len(rows)} ordinary articles: {len(stories)} stories, {len(joined)} of several articles")
    for label in joined:
        print(f"- {stories[label]}")
        for row, own in zip(rows, found, strict=True):
            if own == label:
                print(f"    {row.get('source', '')}: {row['title']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clusters", type=Path, default=CLUSTERS)
    parser.add_argument("--pairs", type=Path, nargs="*", default=PAIRS)
    parser.add_argument("--noise", type=Path, nargs="*", default=[])
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--sweep", action="store_true")
    options = parser.parse_args()
    if options.noise:
        show_noise(options.noise)
        return
    show_clusters(options.clusters, plain=options.plain)
    for path in options.pairs:
        show_pairs(path, plain=options.plain, sweep=options.sweep)


if __name__ == "__main__":
    main()
