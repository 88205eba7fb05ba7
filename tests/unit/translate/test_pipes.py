import os
import signal
import threading
import time

import pytest

from monitor.errors import EngineFailed, EngineMissing
from monitor.steps.translate import apertium as apertium_room
from monitor.steps.translate.apertium import Apertium, Words
from monitor.steps.translate.pipes import NullPipe
from monitor.steps.translate.workers import Workers, cores


def test_a_pipe_answers_each_request_also_a_long_one() -> None:
    pipe = NullPipe(lambda: "cat", "the cat")
    assert [pipe.ask("uno"), pipe.ask("á" * 100_000), pipe.ask("")] == ["uno", "á" * 100_000, ""]
    assert pipe.ask("a\0b\ud800") == "ab?"
    pipe.close()
    assert pipe.ask("again") == "again"
    pipe.close()


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("head -c 2", "ended"),
        ("sleep 60", "no answer within 0.3 s"),
        (r"head -c 1 > /dev/null; printf '\377\0'; sleep 9", "utf-8"),
        ("exit 3", "broke"),
    ],
)
def test_a_process_that_ends_hangs_or_talks_nonsense_is_one_clear_error(command: str, reason: str) -> None:
    commands = iter([command, "cat"])
    pipe = NullPipe(lambda: next(commands), "the engine", timeout=0.3)
    with pytest.raises(EngineFailed, match=reason):
        pipe.ask("una frase")
    assert pipe.ask("otra frase") == "otra frase"  # the next call finds a new process
    pipe.close()


def test_a_shell_that_cannot_start_is_a_missing_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", refuse)
    with pytest.raises(EngineMissing, match="temporarily unavailable"):
        NullPipe(lambda: "cat", "the engine").ask("x")


def test_apertium_killed_in_the_middle_of_a_sentence_costs_one_sentence() -> None:
    apertium = Apertium()
    apertium.translate("Hola.")
    process = apertium._pipe._process
    assert process is not None
    killer = threading.Timer(0.05, os.killpg, (process.pid, signal.SIGKILL))
    killer.start()

    def work() -> None:
        for _ in range(20_000):
            apertium.translate("El presidente viajó a la capital con su ministro. " * 20)

    with pytest.raises(EngineFailed, match="starts anew"):
        work()
    assert apertium.translate("la vaca") == "a vaca"
    apertium.close()


def test_a_process_that_is_gone_already_is_cleared_away() -> None:
    pipe = NullPipe(lambda: "cat", "the cat")
    pipe.ask("x")
    assert pipe._process is not None
    os.killpg(pipe._process.pid, signal.SIGKILL)
    time.sleep(0.05)
    with pytest.raises(EngineFailed):
        pipe.ask("y")
    pipe.close()
    pipe.close()


def test_apertium_marks_unknown_words_and_keeps_what_it_reserves() -> None:
    apertium = Apertium()
    assert (
        apertium.translate("Los rescatistas [x] {y} ^5$ a/b <c> \\d.")
        == "Os *rescatistas [x] {e} ^5$ a/b <c> \\d."
    )
    assert apertium.translate("") == ""
    apertium.close()


def test_a_missing_apertium_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    with pytest.raises(EngineMissing, match="apt-get install apertium"):
        Apertium(mode="xx-yy").translate("hola")
    monkeypatch.setattr(apertium_room.shutil, "which", lambda _: None)
    with pytest.raises(EngineMissing, match="apt-get install apertium"):
        Words("pt").__contains__("casa")


def test_a_broken_mode_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apertium_room.shutil, "which", lambda _: "/bin/false")
    with pytest.raises(EngineFailed, match="cannot be read"):
        Apertium().translate("hola")


def test_words_of_a_language_are_known() -> None:
    portuguese = Words("pt")
    assert ["ausência" in portuguese, "inasistencia" in portuguese] == [True, False]
    assert ["dos palabras" in portuguese, 5 in portuguese, "ausência" in portuguese] == [False, False, True]
    portuguese.close()


def test_a_model_that_cannot_be_loaded_is_a_clear_error(tmp_path: object) -> None:
    workers = Workers("fast", tmp_path, 1)  # type: ignore[arg-type]
    with pytest.raises(EngineFailed, match="reinstall it"):
        workers.translate("O presidente")
    workers.close()
    assert cores() > 0
