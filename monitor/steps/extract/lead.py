"""The lead that stands between headline and text: *bajada*, *copete*, *entradilla*, *linha fina*."""

from monitor.steps.extract.phrases import is_credit, is_invitation, is_service
from monitor.steps.extract.prune import is_card, is_furniture, words_of
from monitor.steps.extract.tree import Element, leaves, link_share, text_of

_MARKS = """subtitle subtitulo subtitulos subtitles bajada lead lede lide sumario summary entradilla copete
    standfirst dek deck subheadline subhead resumen resumo linhafina olho gravata epigraph excerpt hook
    intro sinopsis description sutia desc subtit drophead chapeu bigode"""
_CLASSES = frozenset(_MARKS.split())
_SHORTEST, _LONGEST = 40, 700
#: blocks after the headline among which a lead stands
_WINDOW = 60
#: letters of a paragraph of the article itself, and how many of them say that its lead is past
_RUNNING, _BEGUN = 90, 3


def find_lead(tree: Element, title: str, descriptions: list[str]) -> str:
    """The first block below the headline that is marked as a lead, or says what the description says; ""
    without one.

    :param descriptions: what the page's metadata give as its summary
    """
    wanted = {_key(text) for text in descriptions if len(text) >= _SHORTEST}
    described, prose = "", 0
    for place, leaf in enumerate(_below_headline(tree, title)):
        line = text_of(leaf)
        prose += len(line) >= _RUNNING and not _is_marked(leaf)
        if not _SHORTEST <= len(line) <= _LONGEST or leaf.tag == "h1":
            continue
        is_known = _key(line) in wanted
        if _is_other(leaf, line, is_known):
            continue
        if _is_marked(leaf) and prose < _BEGUN:
            return "\n".join(map(text_of, leaf.getparent().iter("li"))) if leaf.tag == "li" else line
        if not described and (is_known or _is_second_headline(leaf, place)):
            described = line
    return described


def _is_second_headline(leaf: Element, place: int) -> bool:
    """A heading that follows the headline at once, whatever its class."""
    return place == 1 and leaf.tag in {"h2", "h3", "h4"}


def _below_headline(tree: Element, title: str) -> list[Element]:
    blocks = [leaf for leaf in leaves(tree) if leaf.text or len(leaf)]
    heads = [
        place
        for place, leaf in enumerate(blocks)
        if leaf.tag in {"h1", "h2"} and text_of(leaf).startswith(title[:60])
    ]
    return blocks[heads[0] : heads[0] + _WINDOW] if heads and title else blocks


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))[:120]


def _is_other(leaf: Element, line: str, is_known: bool) -> bool:
    """Whether a block is none of the article; its class does not matter where the description says it too."""
    if any(is_card(up) for up in leaf.iterancestors("article", "li")):
        return True
    if not is_known and any(map(is_furniture, (leaf, *list(leaf.iterancestors())[:1]))):
        return True
    return link_share(leaf) > 0.5 or is_invitation(line) or is_service(line) or is_credit(line)


def _is_marked(leaf: Element) -> bool:
    near = [leaf, *list(leaf.iterancestors())[:1]]
    if any("figure" in element.tag or "caption" in words_of(element) for element in leaf.iterancestors()):
        return False
    return any(
        element.get("itemprop") == "alternativeHeadline" or not _CLASSES.isdisjoint(words_of(element))
        for element in near
    )
