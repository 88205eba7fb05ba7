"""The seeds agree with each other and with the analysts' files."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from monitor.config.outlets import load_outlets

ROOT = Path(__file__).parents[3]
TOPICS = {
    "venezuela-narco-regime",
    "china-critical-minerals",
    "colombia-petro-scandal",
    "iran-latin-america",
    "taiwan-prc-recognition",
    "china-mexico",
    "ecuador-organized-crime",
    "brazil-ukraine-mediation",
    "el-salvador-state-of-exception",
    "latam-ukraine-neutrality",
    "mexico-cartel-violence",
    "russia-influence-latin-america",
    "china-infrastructure-influence",
    "us-military-action-cartels",
    "cuba-venezuela-axis",
    "venezuela-great-powers",
    "us-mexico-counternarcotics",
    "honduras-narco-politics",
    "us-mexico-tariffs-border",
}


@cache
def read(name: str) -> list[dict[str, Any]]:
    data = YAML(typ="safe").load((ROOT / "seeds" / f"{name}.yaml").read_text("utf-8"))
    assert list(data) == [name]
    return list(data[name])


def ids(name: str) -> set[str]:
    found = [entry["id"] for entry in read(name)]
    assert len(found) == len(set(found))
    return set(found)


def test_there_are_five_documents_with_their_topics() -> None:
    documents = read("documents")
    assert len(documents) == 5
    for document in documents:
        assert document["title"]
        assert document["covers"]
        assert document["date"] or document["date_note"]
        assert set(document["topics"]) <= TOPICS


def test_all_twenty_citations_are_whole() -> None:
    citations = read("citations")
    assert len(ids("citations")) == len(citations) == 20
    assert len({citation["url"] for citation in citations}) == 20
    for citation in citations:
        assert citation["headline"]
        assert citation["headline_en"]
        assert citation["url"].startswith("https://")
        assert isinstance(citation["date"], date)
        assert citation["language"] in ("es", "pt")


def test_citations_name_known_outlets_documents_sections_and_topics() -> None:
    sections = {document["id"]: document.get("sections", []) for document in read("documents")}
    for citation in read("citations"):
        assert citation["outlet"] in ids("outlets")
        assert citation["section"] in sections[citation["document"]]
        assert {citation["topic"], *citation.get("also", [])} <= TOPICS


def test_every_section_with_citations_has_two_of_them() -> None:
    cited = [citation["section"] for citation in read("citations")]
    assert {cited.count(section) for section in cited} == {2}


def test_sixteen_outlets_are_described_with_their_citations() -> None:
    outlets = read("outlets")
    assert len(outlets) == 16
    told = {(outlet["id"], citation) for outlet in outlets for citation in outlet["citations"]}
    assert told == {(citation["outlet"], citation["id"]) for citation in read("citations")}
    assert all(outlet["described_as"] for outlet in outlets)


def test_every_topic_has_its_sources() -> None:
    topics = read("topics")
    assert {topic["id"] for topic in topics} == TOPICS
    for topic in topics:
        assert topic["documents"]
        assert topic["documents"] == [doc["id"] for doc in read("documents") if topic["id"] in doc["topics"]]
        of_topic = [citation["id"] for citation in read("citations") if citation["topic"] == topic["id"]]
        assert topic["citations"] == of_topic


def test_every_cited_outlet_is_in_the_catalogue_with_a_way_in_or_a_reason() -> None:
    catalogue = {outlet.id: outlet for outlet in load_outlets(ROOT / "config" / "outlets.yaml")}
    for cited in ids("outlets"):
        found = catalogue[cited]
        assert found.feeds if found.enabled else found.note
