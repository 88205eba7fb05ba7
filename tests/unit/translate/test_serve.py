import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.errors import EngineFailed
from monitor.steps.translate import serve
from monitor.steps.translate.embedded import bundled_model
from monitor.steps.translate.pipes import NullPipe
from monitor.steps.translate.workers import Workers
from tests.unit.translate import tiny


def answers(load: object, data: bytes) -> list[str]:
    target = io.BytesIO()
    serve.serve(load, io.BytesIO(data), target)  # type: ignore[arg-type]
    return target.getvalue().decode().split("\0")[:-1]


def test_each_request_gets_one_answer_and_an_error_is_no_end() -> None:
    def translate(text: str) -> str:
        if text == "bad":
            raise MemoryError
        return text.upper()

    assert answers(lambda: translate, b"uno\0bad\0dos\0rest") == ["UNO", "\x01MemoryError", "DOS"]


def test_a_model_that_does_not_load_is_tried_again_with_each_request(tmp_path: Path) -> None:
    assert [one[0] for one in answers(lambda: serve.firefox(tmp_path), b"a\0b\0")] == ["\x01", "\x01"]


def test_the_three_kinds_translate(tmp_path: Path) -> None:
    assert serve.fast(bundled_model())("O presidente viajou.") == "The president traveled."
    firefox = serve.firefox(tiny.firefox_folder(tmp_path / "pten"))
    assert firefox("O presidente viajou.") == "The president traveled."
    assert isinstance(serve.argos(tiny.argos_folder(tmp_path / "es"))("el presidente"), str)


def test_an_argos_package_with_byte_pairs_translates(tmp_path: Path) -> None:
    encode, decode = serve._bpe(tiny.bpe_folder(tmp_path / "es"))
    assert encode("el presidente.")[:3] == ["el", "pr@@", "e@@"]
    assert decode(["pr@@", "esident", "."]) == "president."
    assert isinstance(serve.argos(tmp_path / "es")("el presidente"), str)


def test_the_server_runs_by_path(monkeypatch: pytest.MonkeyPatch) -> None:
    script = [sys.executable, "-P", serve.__file__, "fast", str(bundled_model())]
    done = subprocess.run(script, input=b"Bom dia.\0", capture_output=True, check=True)
    assert done.stdout == b"Good morning.\0"


def test_main_takes_kind_and_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    monkeypatch.setattr("builtins.open", lambda *_, **__: io.FileIO(empty))
    serve.main(["fast", str(tmp_path)])


def test_a_truncated_model_is_an_error_of_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(bundled_model(), folder)
    model = next(folder.glob("model.*.bin"))
    model.write_bytes(model.read_bytes()[:100_000])
    workers = Workers("fast", folder, 1)
    with pytest.raises(EngineFailed):
        workers.translate("O presidente viajou.")
    shutil.copy(next(bundled_model().glob("model.*.bin")), model)
    assert workers.translate("O presidente viajou.") == "The president traveled."
    workers.close()


def test_a_worker_out_of_memory_costs_one_sentence() -> None:
    server = f"exec {sys.executable} -P {serve.__file__} fast {bundled_model()}"
    commands = iter([f"ulimit -v 60000; {server}", server])
    pipe = NullPipe(lambda: next(commands), "the model")
    try:
        short = pipe.ask("Bom dia.")
        pipe.close()
    except EngineFailed:
        short = serve.FAILED
    assert short.startswith(serve.FAILED)
    assert pipe.ask("Bom dia.") == "Good morning."
    pipe.close()
