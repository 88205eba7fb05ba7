"""The lead that stands between headline and text: *bajada*, *copete*, *entradilla*, *linha fina*."""

from monitor.steps.extract.phrases import is_credit, is_invitation, is_service
from monitor.steps.extract.prune import words_of
from monitor.steps.extract.tree import Element, leaves, link_share, text_of

_CLASSES = frozenset(
    """subtitle subtitulo subtitulos subtitles bajada lead lede lide sumario summary entradilla copete
    standfirst dek deck subheadline subhead resumen resumo linhafina olho gravata epigraph excerpt hook
    intro sinopsis description sutia desc subtit drophead chapeu bigode""".split()
)
_SHORTEST, _LONGEST = 40, 700


def find_lead(tree: Element, descriptions: list[str]) -> str:
    """The first block that is marked as a lead, or says what the page's description says; "" without one.

    :param descriptions: what the page's metadata give as its summary
    """
    wanted = {_key(text) for text in descriptions if len(text) >= _SHORTEST}
    marked = ""
    for leaf in leaves(tree):
        line = text_of(leaf)
        if not _SHORTEST <= len(line) <= _LONGEST or leaf.tag == "h1" or _is_other(leaf, line):
            continue
        if _key(line) in wanted:
            return line
        if not marked and _is_marked(leaf):
            marked = line
    return marked


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))[:120]


def _is_other(leaf: Element, line: str) -> bool:
    return link_share(leaf) > 0.5 or is_invitation(line) or is_service(line) or is_credit(line)


def _is_marked(leaf: Element) -> bool:
    near = [leaf, *list(leaf.iterancestors())[:1]]
    if any("figure" in element.tag or "caption" in words_of(element) for element in leaf.iterancestors()):
        return False
    return any(
        element.get("itemprop") == "alternativeHeadline" or not _CLASSES.isdisjoint(words_of(element))
        for element in near
    )
