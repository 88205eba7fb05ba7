"""The CSS selectors that analysts write into ``config/outlets.yaml``.

Tag, ``.class``, ``#id``, ``[attribute]``, ``[attribute="value"]`` (also ``^=``, ``$=`` and ``*=``), the
space and ``>`` between them, and the comma. lxml's own support needs one more library for what five lines
of XPath can say.
"""

import re
from functools import lru_cache

from lxml.etree import XPath

from monitor.errors import InputError
from monitor.steps.extract.tree import Element

_PART = re.compile(
    r"""(?P<tag>^[A-Za-z][\w-]*|^\*)|\.(?P<cls>[\w-]+)|\#(?P<id>[\w-]+)
    |\[\s*(?P<attr>[\w:-]+)\s*(?:(?P<op>[*^$]?=)\s*(?P<quote>["']?)(?P<value>[^"'\]]*)(?P=quote)\s*)?\]""",
    re.VERBOSE,
)
_STEPS = re.compile(r"\s*(>)\s*|\s+(?![^\[]*\])")


def select(tree: Element, selector: str) -> list[Element]:
    """The elements that a selector names.

    :raises InputError: when the selector cannot be read.
    """
    return list(_compiled(selector)(tree))


def check_selector(selector: str) -> None:
    """Compile a selector.

    :raises InputError: when it cannot be read.
    """
    _compiled(selector)


@lru_cache(maxsize=512)
def _compiled(selector: str) -> XPath:
    return XPath(" | ".join(_path(part.strip(), selector) for part in selector.split(",")))


def _path(alternative: str, selector: str) -> str:
    path, axis = "", "//"
    for step in _STEPS.split(alternative):
        if step == ">":
            axis = "/"
        elif step:
            path, axis = f"{path or '.'}{axis}{_step(step, selector)}", "//"
    if not path or axis == "/":
        raise _unreadable(selector)
    return path


def _step(step: str, selector: str) -> str:
    tag, conditions, end = "*", "", 0
    for found in _PART.finditer(step):
        if found.start() != end:
            break
        end = found.end()
        tag = found["tag"] or tag
        conditions += _condition(found)
    if end != len(step):
        raise _unreadable(selector)
    return tag.lower() + conditions


def _condition(found: re.Match[str]) -> str:
    if found["cls"]:
        return f"[contains(concat(' ', normalize-space(@class), ' '), ' {found['cls']} ')]"
    if found["id"]:
        return f"[@id='{found['id']}']"
    if not found["attr"]:
        return ""
    attribute, value = f"@{found['attr']}", found["value"]
    tests = {
        "=": f"{attribute}='{value}'",
        "*=": f"contains({attribute}, '{value}')",
        "^=": f"starts-with({attribute}, '{value}')",
        "$=": f"substring({attribute}, string-length({attribute}) - {len(value or ' ') - 1})='{value}'",
    }
    return f"[{tests.get(found['op'] or '', attribute)}]"


def _unreadable(selector: str) -> InputError:
    return InputError(
        f'the selector {selector!r} cannot be read; use a tag, .class, #id or [attribute="value"], '
        "with a space or > between them"
    )
