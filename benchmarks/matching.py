"""Articles a second for 20, 200 and 2,000 topics of 30 terms, beside one compiled ``re`` alternation.

    python -m benchmarks.matching [--articles 30] [--present 0] [--texts FOLDER]

Texts are 3,000 words in a row out of ``../shared/real/articles``, paragraphs kept, where that folder is, else
words made up by a seeded generator. A topic asks for (20 terms of its own) AND, for every second topic
NEAR/10, (10 terms of context). Context terms are drawn from 60 common words that all topics share, as
countries and verbs are shared in a real watchlist. Own terms are one third words, two thirds phrases.

What an article costs depends on how many topics it meets, for each is told with its evidence, so that must be
held still to see what the number of topics costs: the own terms of the first 20 topics are all drawn from the
texts, of the others a share of ``--present`` (0); the rest is made up and occurs nowhere. ``--present 1``
shows the other end: every term of every topic is somewhere in these few hundred articles, and the matches
grow with the topics.

Processor time of one core, best of five rounds; building is not counted. The alternation gets the text folded
beforehand and the same terms as whole words: the cheapest way in which a user of ``re`` could do it, and it
only lists hits: no topics, no overlapping terms, no evidence. It gets fewer articles, for it is slow.
"""

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from monitor.model import ArticleForMatch
from monitor.steps.match import TopicQuery, compile_watchlist
from monitor.text.fold import fold

WORDS, TERMS, SIZES = 3_000, 30, (20, 200, 2_000)
#: words a million: own terms are rarer than the first, words of context lie between both
RARE, COMMON = 20, 300
CONTEXT = 10
TEXTS = Path(__file__).parents[1].parent / "shared" / "real" / "articles"


@dataclass(frozen=True)
class Row:
    """What one size gave."""

    topics: int
    articles_per_second: float
    hits: float
    matches: float
    re_articles_per_second: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--articles", type=int, default=30)
    options.add_argument("--present", type=float, default=0.0)
    options.add_argument("--texts", type=Path, default=TEXTS)
    given = options.parse_args()
    dice = random.Random(3)
    words = load_words(given.texts, dice)
    texts = cut_texts(words, given.articles, dice)
    terms = Terms("".join(words), given.present, dice)
    topics = [terms.topic(number) for number in range(max(SIZES))]
    rows = [measure(texts, topics[:size]) for size in SIZES]
    print("topics  articles/s  ms each  hits  matches   re articles/s  times faster")
    for row in rows:
        faster = row.articles_per_second / row.re_articles_per_second
        print(
            f"{row.topics:6}  {row.articles_per_second:10.0f}  {1000 / row.articles_per_second:7.2f}"
            f"  {row.hits:4.0f}  {row.matches:7.1f}  {row.re_articles_per_second:14.2f}  {faster:12.0f}"
        )
    ratio = rows[0].articles_per_second / rows[-1].articles_per_second
    print(f"{SIZES[-1]} topics cost {ratio:.2f} times as much as {SIZES[0]}")


def load_words(folder: Path, dice: random.Random) -> list[str]:
    """Words with the white space after them."""
    words = [word for path in sorted(folder.glob("*.jsonl")) for word in _words(path)]
    return words or [f"{word} " for word in made_words(dice)]


def _words(path: Path) -> list[str]:
    texts = [json.loads(line)["text"] for line in path.open(encoding="utf-8") if line.strip()]
    return [word for text in texts for word in re.findall(r"\S+\s*", text + "\n")]


def cut_texts(words: Sequence[str], count: int, dice: random.Random) -> list[str]:
    starts = [dice.randrange(len(words) - WORDS) for _ in range(count)]
    return ["".join(words[start : start + WORDS]) for start in starts]


def made_words(dice: random.Random, count: int = 400_000) -> list[str]:
    syllables = [c + v for c in "bcdfglmnprstv" for v in "aeiou"] + ["ción", "dad", "ar", "es", "os"]
    vocabulary = ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(40_000)]
    weights = [1 / (rank + 10) for rank in range(len(vocabulary))]
    return dice.choices(vocabulary, weights, k=count)


class Terms:
    """Draws terms from texts, and makes up others."""

    def __init__(self, text: str, present: float, dice: random.Random) -> None:
        line = fold(text).stream.split()
        counts = Counter(word for word in line if len(word) > 4 and word.isalpha())
        million = len(line) / 1_000_000
        self._dice, self._present = dice, present
        self._words = sorted(word for word, seen in counts.items() if seen <= RARE * million)
        between = sorted(word for word, seen in counts.items() if RARE * million < seen <= COMMON * million)
        self._shared = dice.sample(between, 60)
        rare = set(self._words)
        self._pairs = sorted({f"{a} {b}" for a, b in pairwise(line) if rare & {a, b}})

    def topic(self, number: int) -> list[str]:
        """Terms of context, then own ones."""
        share = 1.0 if number < SIZES[0] else self._present
        own = [self._own(number, share) for number in range(TERMS - CONTEXT)]
        return self._dice.sample(self._shared, CONTEXT) + own

    def _own(self, number: int, share: float) -> str:
        term = self._dice.choice(self._pairs if number % 3 else self._words)
        if self._dice.random() < share:
            return term
        return " ".join(f"{word[:3]}{self._dice.choice('bdgkz')}{word[2:]}" for word in term.split())


def measure(texts: Sequence[str], topics: Sequence[list[str]]) -> Row:
    size = len(topics)
    matcher = compile_watchlist([TopicQuery(f"t{n}", query(found, n)) for n, found in enumerate(topics)], {})
    articles = [ArticleForMatch(str(n), "es", "", text) for n, text in enumerate(texts)]
    matches = sum(len(matcher.match(article)) for article in articles) / len(articles)
    ours = best_rate(lambda: [matcher.match(article) for article in articles], len(articles))
    pattern = re.compile(
        rf" (?:{'|'.join(sorted({t for found in topics for t in found}, key=len, reverse=True))})(?= )"
    )
    few = [fold(text).stream for text in texts[: max(1, min(len(texts), 4_000 // size))]]
    hits = sum(len(pattern.findall(text)) for text in few) / len(few)
    theirs = best_rate(lambda: [pattern.findall(text) for text in few], len(few), rounds=1)
    return Row(size, ours, hits, matches, theirs)


def query(terms: Sequence[str], number: int) -> str:
    context, own = (" OR ".join(f'"{term}"' for term in part) for part in (terms[:CONTEXT], terms[CONTEXT:]))
    return f"({own}) {'AND' if number % 2 else 'NEAR/10'} ({context})"


def best_rate(work: Callable[[], object], count: int, rounds: int = 5) -> float:
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return count / best


if __name__ == "__main__":
    main()
