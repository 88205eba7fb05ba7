"""Pinned floors of language detection on a part of flores; all of it: ``benchmarks/language.py``."""

from pathlib import Path

import pytest

from benchmarks.language import first_five, sentences
from monitor.steps.detect import detect_language

SHARED = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the collected sets are not beside this checkout")


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str]]:
    """Every ninth sentence with its language."""
    return [(line, language) for language, lines in sentences(SHARED).items() for line in lines[::9]]


def test_sentences_are_right_without_a_declaration(texts: list[tuple[str, str]]) -> None:
    right = sum(detect_language(text).language == language for text, language in texts)
    assert right / len(texts) >= 0.998


def test_five_words_are_right_without_a_declaration(texts: list[tuple[str, str]]) -> None:
    right = sum(detect_language(first_five(text)).language == language for text, language in texts)
    assert right / len(texts) >= 0.98


def test_five_words_are_right_with_the_outlets_declaration(texts: list[tuple[str, str]]) -> None:
    right = sum(detect_language(first_five(text), language).language == language for text, language in texts)
    assert right / len(texts) >= 0.995
