import csv
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO

import html5lib
import pytest
from arro3.io import read_parquet
from docx import Document
from docx.oxml.ns import qn

from monitor.errors import InputError
from monitor.model import BriefContent, BriefSource
from monitor.steps.digest import export_csv, export_jsonl, export_parquet, render_brief
from tests.unit.digest.samples import HOSTILE, SANTOS

LATER = BriefSource(
    "https://example.org/b_b",
    "Segundo *título* <script>",
    "Second headline",
    "es",
    "El Diario",
    "Argentine daily",
    datetime(2023, 10, 17, 2, tzinfo=UTC),
    "Primer párrafo.\n\n1. Segundo \u202epárrafo.",
    "First paragraph.\n# Second paragraph.",
    "embedded: es-pt + pten",
)
EARLIER = replace(
    LATER,
    url="https://example.org/a",
    title="Primero",
    title_en="First",
    published_at=datetime(2023, 10, 15, 12, tzinfo=UTC),
)
BARE = BriefSource("javascript:x", "Solo", "", "es", "Otro", "", None, "", "")
CONTENT = BriefContent(
    "Ports & cocaine",
    "What happened.",
    (BARE, LATER, EARLIER),
    "America/Bogota",
    datetime(2026, 11, 22, tzinfo=UTC),
)


def test_markdown_cites_in_order_of_time_as_the_founding_documents_do() -> None:
    text = render_brief(CONTENT).decode()
    assert text.startswith("# Ports & cocaine\n\nWhat happened.\n")
    first = "“Primero (First),” El Diario (Argentine daily), 15 October 2023. <https://example.org/a>"
    second = "(Second headline),” El Diario (Argentine daily), 16 October 2023. <https://example.org/b_b>"
    third = "“Solo,” Otro, no date."
    assert text.index(first) < text.index(second) < text.index(third)
    assert "*Machine translation (embedded: es-pt + pten); check against the original.*" in text
    assert "> First paragraph.  \n> \\# Second paragraph." in text
    assert "> Primer párrafo.  \n> \\1. Segundo párrafo." in text
    assert "\\*título\\* \\<script\\>" in text
    assert "javascript" not in text
    assert text.endswith("Drafted 21 November 2026.\n")


@pytest.mark.parametrize(
    ("country", "kind", "description", "shown"),
    [
        ("CU", "state-run", "news agency (wire)", "El Diario (Cuba, state-run; news agency, wire),"),
        ("", "public", "", "El Diario (public),"),
        ("XX", "", "", "El Diario (XX),"),
        ("", "", "", "El Diario,"),
    ],
)
def test_a_citation_says_what_the_outlet_is(country: str, kind: str, description: str, shown: str) -> None:
    source = replace(LATER, country=country, kind=kind, description=description)
    written = render_brief(BriefContent("x", "", (source,)), "html").decode()
    assert shown in written


def test_html_holds_the_same_and_is_valid() -> None:
    html = render_brief(CONTENT, "html").decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    shown = "".join(tree.find("body").itertext())
    assert "“Primero (First),” El Diario (Argentine daily), 15 October 2023." in shown
    assert "<script>" in shown
    assert list(tree.iter("script")) == []
    assert [link.get("href") for link in tree.iter("a")] == [
        "https://example.org/a",
        "https://example.org/b_b",
    ]


def test_word_puts_the_original_beside_the_english() -> None:
    document = Document(BytesIO(render_brief(CONTENT, "docx")))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert paragraphs[:2] == ["Ports & cocaine", "What happened."]
    assert "“Solo,” Otro, no date." in paragraphs
    links = [link.address for paragraph in document.paragraphs for link in paragraph.hyperlinks]
    assert links == ["https://example.org/a", "https://example.org/b_b"]
    assert [len(table.columns) for table in document.tables] == [2, 2]
    assert [cell.text for cell in document.tables[0].rows[0].cells] == ["English", "Original (Spanish)"]
    left, right = document.tables[0].rows[1].cells
    assert left.text.startswith("First paragraph.")
    assert right.text.startswith("Primer párrafo.")
    assert paragraphs.count("Machine translation (embedded: es-pt + pten); check against the original.") == 2
    assert paragraphs[-1].startswith("Drafted ")


def test_word_checks_the_spelling_of_each_language_and_parts_no_source_by_a_page() -> None:
    document = Document(BytesIO(render_brief(CONTENT, "docx")))
    [table, _] = document.tables
    assert [lang.get(qn("w:val")) for lang in table._tbl.iter(qn("w:lang"))] == ["en", "es"]
    held = [paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs]
    cited = next(paragraph for paragraph in document.paragraphs if paragraph.hyperlinks)
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in (cited, *held))


@pytest.mark.parametrize("form", ["md", "html", "docx"])
def test_a_brief_of_almost_nothing_is_still_one(form: str) -> None:
    untranslated = replace(LATER, excerpt_en="", engine="")
    assert render_brief(BriefContent("Nothing", "", ()), form)  # type: ignore[arg-type]
    assert b"Machine" not in render_brief(BriefContent("One", "", (untranslated,)), form)  # type: ignore[arg-type]


@pytest.mark.parametrize("nasty", ["=1+1", "+x", "-x", "@x", "\t=x", " =x", "＝x", '=cmd|"/c calc"!A1'])
def test_no_cell_of_a_csv_is_a_formula(nasty: str) -> None:
    alert = replace(
        SANTOS, topic=nasty, title=nasty, outlet_name=nasty, published_at=None, evidence=(), story_id=0
    )
    (row,) = csv.DictReader(StringIO(export_csv([alert])))
    assert row["title"] == row["topic"] == row["outlet_name"] == f"'{nasty}"
    assert row["published_at"] == row["sentence"] == row["story_id"] == ""


MARKED = replace(SANTOS, status="relevant", story_id=12)


def test_exports_read_back() -> None:
    rows = list(csv.DictReader(StringIO(export_csv([MARKED, HOSTILE]))))
    assert rows[0]["title"] == SANTOS.title
    assert rows[0]["terms"] == "primeiro comando da capital; incaut*; cocaine"
    assert (rows[0]["score"], rows[0]["alert_id"], rows[0]["story_id"]) == ("3.0", "1", "12")
    assert (rows[0]["status"], rows[0]["raised_at"]) == ("relevant", "2026-11-22T11:00:00+00:00")
    lines = [json.loads(line) for line in export_jsonl([MARKED, HOSTILE]).splitlines()]
    assert lines[1]["title"] == HOSTILE.title
    assert lines[0]["evidence"][1]["sentence"] == SANTOS.evidence[1].sentence
    assert (lines[0]["topic"], lines[0]["published_at"]) == ("drugs", "2026-11-22T11:00:00+00:00")


def test_parquet_keeps_numbers_moments_and_text_as_they_are() -> None:
    table = read_parquet(BytesIO(export_parquet([MARKED, HOSTILE]))).read_all()
    rows = {name: table[name].to_pylist() for name in table.column_names}
    assert rows["alert_id"] == [1, 3]
    assert rows["story_id"] == [12, None]
    assert rows["published_at"] == [SANTOS.published_at, None]
    assert rows["score"] == [3.0, 1.0]
    assert rows["title"] == [SANTOS.title, HOSTILE.title]
    assert list(rows) == export_csv([]).strip().split(",")


def test_without_its_libraries_parquet_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "arro3.io", None)
    with pytest.raises(InputError, match="pip install arro3-core arro3-io"):
        export_parquet([SANTOS])
