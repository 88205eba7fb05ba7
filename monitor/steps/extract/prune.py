"""Take the furniture out of a page before its text is looked for.

Rules of the kind that every layout family shares (words in class names, blocks that consist of links,
phrases that lead to another article); what only one outlet needs stands in its ``drop`` selectors. An
element that holds much of the page's running text is never removed, whatever its class says.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from itertools import pairwise

from monitor.steps.extract.phrases import is_credit, is_invitation, is_service, is_way_around
from monitor.steps.extract.selectors import select
from monitor.steps.extract.tree import BLOCKS, Element, Prose, drop, leaves, link_share, text_of

_LISTED = [
    word
    for line in files(__package__).joinpath("furniture.txt").read_text("utf-8").splitlines()
    for word in line.split()
    if not line.startswith("#")
]
_WORDS = frozenset(word for word in _LISTED if "-" not in word)
_PAIRS = frozenset(word for word in _LISTED if "-" in word)
_SPLIT = re.compile(r"[^a-zA-Z]+|(?<=[a-z])(?=[A-Z])")
_NEVER = frozenset({"html", "body", "head", "main", "script", "h1", "title", "meta", "link"})
_PICTURES = ("figure", "figcaption", "picture")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
#: an element with this part of the page's prose is the article, or holds it
ARTICLE_SHARE = 0.3
#: letters of a box that is nothing but a card
SMALL_CARD = 400
#: an aside, or a section that is a landmark of its own, goes where it holds less than this
ASIDE_SHARE = 0.1
_BATCH = ("a", "strong", "b", "em", "i", "span", "u")


def prune(tree: Element, keep: Sequence[str] = (), drop_also: Sequence[str] = ()) -> None:
    """Remove, in place, what surrounds and interrupts the article.

    :param keep: CSS selectors of elements that are left alone
    :param drop_also: CSS selectors of elements that go in any case
    :raises InputError: when a selector cannot be read.
    """
    kept = {element for selector in keep for found in select(tree, selector) for element in _family(found)}
    for selector in drop_also:
        for element in select(tree, selector):
            drop(element)
    _Pruner(tree, kept).run()


def _family(element: Element) -> list[Element]:
    return [element, *element.iterancestors(), *element.iterdescendants()]


def words_of(element: Element) -> list[str]:
    """The words in an element's class and id, lower case: ``c-relatedNews`` → c, related, news."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return [word.lower() for word in _SPLIT.split(names) if word]


def is_furniture(element: Element) -> bool:
    """Whether class, id or role of an element say that it is not part of an article."""
    if element.get("hidden") is not None or element.get("role") in {
        "dialog",
        "navigation",
        "complementary",
        "alertdialog",
    }:
        return True
    if _HIDDEN.search(element.get("style") or ""):
        return True
    words = words_of(element)
    return not _WORDS.isdisjoint(words) or any(f"{a}-{b}" in _PAIRS for a, b in pairwise(words))


def is_card(element: Element) -> bool:
    """A story within the page that is headed by a link to its own page, not to a place in this one."""
    head = next(element.iter("h2", "h3", "h4", "h5"), None)
    return (
        head is not None
        and element.find(".//h1") is None
        and (link_share(head) > 0.9 or next(head.iterancestors("a"), None) is not None)
        and not any("#" in (link.get("href") or "") for link in _links(head))
    )


def is_small_card(element: Element) -> bool:
    """A card in a box that could also be a section: a linked heading comes first, and little after it."""
    if not is_card(element):
        return False
    head, text = next(element.iter("h2", "h3", "h4", "h5")), text_of(element)
    return len(text) <= SMALL_CARD and text.startswith(text_of(head))


def is_linked_card(link: Element) -> bool:
    """A link around a heading and what belongs to it."""
    return link.find(".//h1") is None and next(link.iter("h2", "h3", "h4", "h5"), None) is not None


def _links(head: Element) -> list[Element]:
    """The links of a heading, or the one that it stands in."""
    return [*head.iter("a"), *head.iterancestors("a")]


def _begins_with(outer: Element, inner: Element) -> bool:
    """Whether nothing is read in an element before one of its children."""
    return not (outer.text or "").strip() and not any(map(text_of, inner.itersiblings(preceding=True)))


class _Pruner:
    def __init__(self, tree: Element, kept: set[Element]) -> None:
        self.tree, self.kept, self.prose = tree, kept, Prose(tree)

    def run(self) -> None:
        self._tables_of_layout()
        self._unwrapped()
        self._drop_where(self.tree.iter(*_PICTURES, "nav", "footer", "form"), lambda _: True)
        self._drop_where(self.tree.iter(), is_furniture)
        asides = [*self.tree.iter("aside"), *self.tree.iterfind(".//section[@role='region']")]
        self._drop_where(asides, lambda aside: self.prose.share(aside) < ASIDE_SHARE)
        self._drop_where(self.tree.iter("article", "li"), is_card)
        self._drop_where(self.tree.iter("div", "section"), is_small_card)
        self._drop_where(self.tree.iter("a"), is_linked_card)
        self._boxes_with_a_way_around()
        self._drop_where(self.tree.iter("ul", "ol", "dl"), lambda block: link_share(block) > 0.7)
        self._teasers()
        self._inline_teasers()

    def _drop_where(self, elements: Iterable[Element], test: Callable[[Element], bool]) -> None:
        for element in list(elements):
            if self._may_go(element) and test(element):
                drop(element)

    def _may_go(self, element: Element) -> bool:
        return (
            element.tag not in _NEVER
            and element not in self.kept
            and self.prose.share(element) < ARTICLE_SHARE
        )

    def _tables_of_layout(self) -> None:
        """Tables that arrange a page become plain boxes: those with a cell that holds much of its prose."""
        cells = [cell for cell in self.tree.iter("td") if self.prose.share(cell) >= ARTICLE_SHARE]
        for table in {table for cell in cells for table in cell.iterancestors("table")}:
            for part in table.iter("table", "tbody", "tr", "td", "th"):
                part.tag = "div"

    def _unwrapped(self) -> None:
        """A table or a quoted post comes out of its ``figure``, and of the boxes that hold nothing else."""
        for inner in self.tree.xpath(".//figure//table | .//blockquote[contains(@class, 'tweet')]"):
            text = text_of(inner)
            boxes = inner.iterancestors("figure", "div")
            wraps = [box for box in boxes if box.tag == "figure" or text_of(box) == text]
            if wraps and wraps[-1].getparent() is not None:
                wraps[-1].addprevious(inner)
                drop(wraps[-1])

    def _boxes_with_a_way_around(self) -> None:
        """What a line *Saltar … y continuar leyendo* leads around: the widest box that begins with it."""
        for leaf in [leaf for leaf in leaves(self.tree) if is_way_around(text_of(leaf))]:
            box = leaf
            while (up := box.getparent()) is not None and self._may_go(up) and _begins_with(up, box):
                box = up
            drop(box)

    def _teasers(self) -> None:
        for leaf in leaves(self.tree):
            if not self._may_go(leaf) or leaf.getparent() is None:
                continue
            line, linked = text_of(leaf), link_share(leaf)
            if is_invitation(line, linked):
                self._with_followers(leaf)
            elif linked > 0.9 or is_service(line) or is_credit(line):
                drop(leaf)

    def _with_followers(self, leaf: Element) -> None:
        """A heading such as *Lea también* goes with the list of links that it announces."""
        for follower in list(leaf.itersiblings())[:8]:
            if follower.tag not in BLOCKS or link_share(follower) < 0.7:
                break
            drop(follower)
        drop(leaf)

    def _inline_teasers(self) -> None:
        for element in list(self.tree.iter(*_BATCH)):
            if self._may_go(element) and element.find(".//p") is None:
                line = text_of(element)
                if len(line) > 15 and link_share(element) > 0.4 and is_invitation(line, 0.0):
                    drop(element)
