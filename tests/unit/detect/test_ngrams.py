"""Our n-grams are langdetect's own, counted faster."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

from monitor.steps.detect.evidence import _grams, _ngrams

LETTERS = "abCDñÑÁ .,’\nţșЖد漢한ạẠあアㄅ\u0301ê  "


def factory() -> DetectorFactory:
    made = DetectorFactory()
    made.load_json_profile([Path(PROFILES_DIRECTORY, name).read_text("utf-8") for name in ("es", "pt", "en")])
    return made


FACTORY = factory()


@given(st.text(LETTERS, max_size=80))
def test_the_ngrams_of_any_text_are_those_of_langdetect(text: str) -> None:
    detector = FACTORY.create()
    detector.append(text := " ".join(text.split()))
    known = FACTORY.word_lang_prob_map
    assert sorted(detector._extract_ngrams()) == sorted(gram for gram in _ngrams(text) if gram in known)


def test_a_space_alone_says_nothing() -> None:
    assert " " not in _grams()[0]
