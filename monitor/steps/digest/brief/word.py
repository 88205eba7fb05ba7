"""A brief as a Word document: excerpt and original side by side in a table."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Protocol

from docx import Document

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
    document.add_paragraph(f"{cited.citation} {cited.link}".strip())
    sides = [side for side in (cited.excerpt_en, cited.excerpt) if side]
    if sides:
        row = document.add_table(rows=1, cols=len(sides)).rows[0]
        for cell, text in zip(row.cells, sides, strict=True):
            cell.text = text
    if cited.mark and cited.excerpt_en:
        document.add_paragraph().add_run(cited.mark).italic = True
