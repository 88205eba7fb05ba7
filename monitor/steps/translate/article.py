"""A whole article into pairs of sentences."""

from collections.abc import Sequence

from monitor.errors import EngineError, EngineFailed, EngineMissing
from monitor.model import BilingualText, Provenance, SentencePair, UnsafeMark
from monitor.ports import Translator
from monitor.steps.translate.marks import marks
from monitor.text.sentences import split_sentences

_UNTRANSLATED = Provenance("none", "", "")


def translate_article(title: str, text: str, language: str, translator: Translator) -> BilingualText:
    """An article as pairs of sentences, in the order of the text.

    :param text: paragraphs separated by a newline; empty ones are left out.
    :param language: "es" or "pt"; "en" gives the text itself beside itself, with engine "none".
    :raises EngineMissing: when no engine for the language is installed.
    :raises EngineFailed: when the engine translates no sentence at all.
    """
    paragraphs = [split_sentences(line) for line in text.split("\n") if line.strip()]
    sentences = [title, *(sentence for paragraph in paragraphs for sentence in paragraph)]
    if language == "en":
        pairs, provenance = [SentencePair(one, one) for one in sentences], _UNTRANSLATED
    else:
        pairs, provenance = _pairs(sentences, language, translator), translator.provenance(language)
    body = iter(pairs[1:])
    return BilingualText(
        language,
        pairs[0],
        tuple(tuple(next(body) for _ in paragraph) for paragraph in paragraphs),
        provenance,
    )


def translate_title(title: str, language: str, translator: Translator) -> SentencePair:
    """A headline alone, so that triage need not wait for the body.

    :raises EngineError: when it cannot be translated.
    """
    if language == "en":
        return SentencePair(title, title)
    return _pair(title, translator.translate([title], language)[0], language)


def _pairs(sentences: Sequence[str], language: str, translator: Translator) -> list[SentencePair]:
    try:
        english = translator.translate(sentences, language)
    except EngineFailed as error:
        return _one_by_one(sentences, language, translator, error)
    return [_pair(source, target, language) for source, target in zip(sentences, english, strict=True)]


def _one_by_one(
    sentences: Sequence[str], language: str, translator: Translator, error: EngineError
) -> list[SentencePair]:
    """The sentences that can be translated; the others stand in the original, marked."""
    pairs = []
    for sentence in sentences:
        try:
            pairs.append(_pair(sentence, translator.translate([sentence], language)[0], language))
        except EngineMissing:
            raise
        except EngineError:
            pairs.append(SentencePair(sentence, sentence, (UnsafeMark.FAILED,)))
    if all(UnsafeMark.FAILED in pair.marks for pair in pairs if pair.source.strip()):
        raise error
    return pairs


def _pair(source: str, target: str, language: str) -> SentencePair:
    return SentencePair(source, target, marks(source, target, language))
