"""Original to English, sentence beside sentence, offline.

``build_translator`` gives a translator, ``translate_article`` a bilingual article with marks on what looks
unsafe, ``translate_title`` a headline alone.
"""

from monitor.steps.translate.article import translate_article, translate_title
from monitor.steps.translate.build import ENGINES, build_translator

__all__ = ["ENGINES", "build_translator", "translate_article", "translate_title"]
