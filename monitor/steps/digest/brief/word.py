"""A brief as a Word document: each citation with excerpt and original side by side, on one page."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Protocol

from babel import Locale
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from monitor.model import BriefContent, BriefSource
from monitor.steps.digest.clean import clean

_ENGLISH = Locale.parse("en")
#: the lightest of Word's own table styles: a line around each cell
_GRID = "Table Grid"
_MARGIN, _SMALL = Cm(2.5), Pt(9)
_BLUE = RGBColor(0x05, 0x63, 0xC1)


class _Cited(Protocol):
    @property
    def source(self) -> BriefSource: ...
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


def word_document(content: BriefContent, sources: Sequence[_Cited], drafted: str) -> bytes:
    """The bytes of a .docx file.

    :param drafted: the day of the draft, "" for none.
    """
    document = Document()
    document.core_properties.title = clean(content.heading)[:255]
    document.core_properties.author = "monitor"
    if content.drafted_at:
        document.core_properties.created = content.drafted_at.replace(tzinfo=None)
    _lay_out(document)
    document.add_heading(clean(content.heading), level=1)
    if content.summary:
        document.add_paragraph(clean(content.summary))
    for cited in sources:
        _source(document, cited)
    if drafted:
        _small(document.add_paragraph(), f"Drafted {drafted}.")
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _lay_out(document: Any) -> None:
    """Even margins, and the number of the page at its foot."""
    section = document.sections[0]
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    foot = section.footer.paragraphs[0]
    foot.alignment = 1
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    foot._p.append(number)


def _source(document: Any, cited: _Cited) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(14)
    # headlines in two languages and names: nothing that a spelling checker could judge
    paragraph.add_run(cited.citation).font.no_proof = True
    if cited.link:
        paragraph.add_run(" ")
        _link(paragraph, cited.link)
    sides = list(_sides(cited))
    if sides:
        paragraph.paragraph_format.keep_with_next = True
        _table(document, sides)
    if cited.mark and cited.excerpt_en:
        _small(document.add_paragraph(), cited.mark).italic = True


def _sides(cited: _Cited) -> Iterator[tuple[str, str, str]]:
    """(what it is, language, text) of the excerpts that there are."""
    if cited.excerpt_en:
        yield "English", "en", cited.excerpt_en
    if cited.excerpt:
        language = cited.source.language
        yield f"Original ({_ENGLISH.languages.get(language, language)})", language, cited.excerpt


def _table(document: Any, sides: Sequence[tuple[str, str, str]]) -> None:
    table = document.add_table(rows=2, cols=len(sides), style=_GRID)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for number, (name, language, text) in enumerate(sides):
        head, body = (row.cells[number].paragraphs[0] for row in table.rows)
        _small(head, name).bold = True
        _tongue(body.add_run(text), language)
        for paragraph in (head, body):
            paragraph.paragraph_format.space_after = Pt(4)
            # with what follows: the excerpt after its head, the mark after the excerpt
            paragraph.paragraph_format.keep_with_next = True


def _small(paragraph: Any, text: str) -> Any:
    run = paragraph.add_run(text)
    run.font.size = _SMALL
    return run


def _tongue(run: Any, language: str) -> None:
    """The language of a text, so that Word takes the right dictionary (ECMA-376, 17.3.2.20)."""
    held = OxmlElement("w:lang")
    held.set(qn("w:val"), language)
    run._r.get_or_add_rPr().append(held)


def _link(paragraph: Any, address: str) -> None:
    """An address that can be clicked; python-docx has no call for it (ECMA-376, 17.16.22)."""
    held = OxmlElement("w:hyperlink")
    held.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(address)
    run.font.underline = True
    run.font.no_proof = True
    run.font.color.rgb = _BLUE
    held.append(run._r)
    paragraph._p.append(held)
