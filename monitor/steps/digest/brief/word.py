"""A brief as a Word document: excerpt and original side by side in a table."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Protocol

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from monitor.model import BriefContent
from monitor.steps.digest.clean import clean


class _Cited(Protocol):
    @property
    def citation(self) -> str: ...
    @property
    def link(self) -> str: ...
    @property
    def excerpt(self) -> str: ...
    @property
    def excerpt_en(self) -> str: ...
    @property
    def mark(self) -> str: ...


def word_document(content: BriefContent, sources: Sequence[_Cited]) -> bytes:
    """The bytes of a .docx file."""
    document = Document()
    document.core_properties.title = clean(content.heading)[:255]
    document.core_properties.author = "monitor"
    if content.drafted_at:
        document.core_properties.created = content.drafted_at.replace(tzinfo=None)
    document.add_heading(clean(content.heading), level=1)
    if content.summary:
        document.add_paragraph(clean(content.summary))
    for cited in sources:
        _source(document, cited)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _source(document: Any, cited: _Cited) -> None:
    paragraph = document.add_paragraph(cited.citation)
    if cited.link:
        paragraph.add_run(" ")
        _link(paragraph, cited.link)
    sides = [side for side in (cited.excerpt_en, cited.excerpt) if side]
    if sides:
        row = document.add_table(rows=1, cols=len(sides)).rows[0]
        for cell, text in zip(row.cells, sides, strict=True):
            cell.text = text
    if cited.mark and cited.excerpt_en:
        document.add_paragraph().add_run(cited.mark).italic = True


def _link(paragraph: Any, address: str) -> None:
    """An address that can be clicked; python-docx has no call for it (ECMA-376, 17.16.22)."""
    held = OxmlElement("w:hyperlink")
    held.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(address)
    run.font.underline = True
    held.append(run._r)
    paragraph._p.append(held)
