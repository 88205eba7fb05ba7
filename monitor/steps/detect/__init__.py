"""The language of a text, with what the outlet declares as a prior."""

from monitor.steps.detect.evidence import CANDIDATES, OURS
from monitor.steps.detect.guess import detect_article, detect_language, other_languages

__all__ = ["CANDIDATES", "OURS", "detect_article", "detect_language", "other_languages"]
