import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import documents
from monitor.config.documents import load_document, schema_json, write_atomically
from monitor.config.places import within_scalar
from monitor.errors import ConfigError

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "uniqueItems": True,
            "uniqueBy": "id",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id"],
                "properties": {
                    "id": {
                        "type": "string",
                        "pattern": "^[a-z-]+$",
                        "minLength": 1,
                        "description": "small letters",
                    },
                    "kind": {"enum": ["state-run", "party"]},
                    "size": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 9,
                        "exclusiveMinimum": 0,
                        "multipleOf": 1,
                    },
                    "name": {"type": ["string", "null"], "minLength": 3, "maxLength": 8},
                    "on": {"type": "string"},
                },
            },
        }
    },
}


def load(tmp_path: Path, text: str | bytes) -> documents.Document:
    path = tmp_path / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return load_document(path, SCHEMA)


def complaints(tmp_path: Path, text: str | bytes) -> list[tuple[int, int, str]]:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert caught.value.errors[0] is caught.value
    return [(error.line, error.column, error.message) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("", 0, 0, "the file is empty"),
        ("# only a comment\n", 0, 0, "the file is empty"),
        ("items:\n  - id: x\n\tkind: y\n", 3, 1, "a tab stands here"),
        ("a: b: c", 1, 5, "in quotes"),
        ("items:\n - id: a\n   kind: b\n  size: 3\n", 4, 3, "indentation"),
        ("items:\n  - id: 'abc\n", 3, 1, "never closed"),
        ("a: 1\na: 2\n", 2, 1, "'a' stands twice"),
        ("a: *b\n", 1, 4, "alias"),
        ("a: @b\n", 1, 4, "cannot start"),
        ("a: [b\n", 0, 0, "not closed"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second document"),
        ("[[[[", 1, 5, "not YAML"),
        ("a: 2001-13-45", 0, 0, "not YAML"),
        ("a\x01b: 1", 1, 2, "no text file"),
        ("{" * 500, 0, 0, "nested too deeply"),
        (b"a: 1\nb: \xff\n", 2, 4, "UTF-8"),
        ("- a\n", 1, 1, "the file must be keys"),
        ("items:\n  - kind: party\n", 2, 5, "'id' is missing here; add “id:” with small letters"),
        ("items:\n  - id: A\n", 2, 9, "'id' cannot be 'A'; write small letters"),
        ("items:\n  - id: a\n    kin: party\n", 3, 5, "unknown key 'kin'; did you mean 'kind'?"),
        ("items:\n  - id: a\n    zzz: 1\n", 3, 5, "known here: id, kind"),
        ("items:\n  - id: a\n    kind: state\n", 3, 11, "did you mean 'state-run'?"),
        ("items:\n  - id: a\n    size: 0\n", 3, 11, "at least 1"),
        ("items:\n  - id: a\n    size: 10\n", 3, 11, "at most 9"),
        ("items:\n  - id: a\n    size: big\n", 3, 11, "a whole number, not 'big'"),
        ("items:\n  - id: a\n    name: ab\n", 3, 11, "too short"),
        ("items:\n  - id: a\n    name: ''\n", 3, 11, "'name' is empty"),
        ("items:\n  - id: a\n    name: abcdefghi\n", 3, 11, "too long"),
        ("items:\n  - id: a\n    name: {a: 1}\n", 3, 11, "not keys with values"),
        ("items:\n  - id: ok\n  - id: ok\n    size: 1\n", 3, 9, "taken by item 1"),
        ("items:\n  - id: ok\n  - id: ok\n", 2, 3, "same item twice"),
        ("items: []\n", 1, 8, "'items' is empty"),
        ("items:\n", 0, 0, "a list"),
        ("items:\n" + "".join(f"  - id: {c}\n" for c in "abcd"), 2, 3, "at most 3"),
    ],
)
def test_every_error_names_its_place_and_what_to_write(
    tmp_path: Path, text: str | bytes, line: int, column: int, part: str
) -> None:
    found = complaints(tmp_path, text)
    assert any(part in message for _, _, message in found)
    assert not line or any((line, column) == (row, where) and part in said for row, where, said in found)


def test_several_errors_are_reported_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = complaints(tmp_path, "items:\n  - id: A\n    kin: 1\n  - size: x\n")
    assert [line for line, _, _ in found] == [2, 3, 4, 4]


def test_a_missing_file_and_a_folder_are_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_document(tmp_path / "no.yaml", SCHEMA)
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_document(tmp_path, SCHEMA)


def test_aliases_can_be_used_and_cannot_make_a_file_endless(tmp_path: Path) -> None:
    document = load(tmp_path, "items:\n  - &one {id: a, name: long}\n  - {<<: *one, id: b}\n")
    assert document.data["items"][1] == {"id": "b", "name": "long"}
    assert document.place("items", 1, "name") == (3, 5)
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "endless" in complaints(tmp_path, bomb)[0][2]


def test_an_unknown_key_that_is_merged_in_is_told_where_it_is_merged(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("items:\n  - &first {id: a, colour: red}\n  - <<: *first\n    id: b\n")
    with pytest.raises(ConfigError) as caught:
        load_document(file, SCHEMA)
    assert [(error.line, error.column) for error in caught.value.errors] == [(2, 20), (3, 5)]


def test_values_are_plain_and_dates_are_text(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(
        "a: 2023-05-01\nb: 0x10\nc: 1.50\nd: 'x'\ne: yes\nf: !odd z\ng: ~\nh: true\n1: 2\n"
    )
    data = load_document(tmp_path / "f.yaml", {}).data
    assert data == {
        "a": "2023-05-01",
        "b": 16,
        "c": 1.5,
        "d": "x",
        "e": "yes",
        "f": "z",
        "g": None,
        "h": True,
        "1": 2,
    }
    assert [type(data[key]) for key in "bcd"] == [int, float, str]


def test_places_are_found_down_to_the_character(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(
        "# top\nfolded: >-\n  one two\n  three\n"
        "plain: uno dos\nquoted: \"a\\u00e9 b\"\nsingle: 'it''s x'\n3: {a: 1}\n"
    )
    document = load_document(path, {})
    assert document.place_in(8, "folded") == (4, 3)
    assert document.place_in(4, "plain") == (5, 12)
    assert document.place_in(3, "quoted") == (6, 18)
    assert document.place_in(5, "single") == (7, 16)
    assert document.place_in(99, "plain") == (5, 15)
    assert document.place("3", "a") == (8, 8)
    assert document.place("folded", "deeper") == (2, 9)
    assert document.place("plain", 0) == (5, 8)
    assert document.error("no", "plain").line == 5


def test_a_place_beyond_the_text_is_its_beginning() -> None:
    assert within_scalar("a: >-", (1, 4), 5) == (1, 4)


def test_a_changed_file_keeps_comments_quotes_and_indentation(tmp_path: Path) -> None:
    text = "# why\nitems:\n- id: 'a'  # first\n  name: long\n# end\n"
    document = load(tmp_path, text)
    document.tree["items"][0]["name"] = "other"
    document.path.chmod(0o640)
    document.save()
    assert document.path.read_text() == text.replace("long", "other")
    assert document.path.stat().st_mode & 0o777 == 0o640
    document.save(tmp_path / "copy.yaml")
    assert (tmp_path / "copy.yaml").read_text() == document.dump()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.yaml", "file.yaml"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ConfigError, match="No space left on device; the old file is unchanged"):
        write_atomically(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["f.yaml"]
    assert path.read_text() == "old"
    with pytest.raises(ConfigError, match="cannot be written"):
        write_atomically(tmp_path / "no" / "f.yaml", "new")


def test_a_schema_is_written_for_editors() -> None:
    assert schema_json({"type": "object"}).startswith('{\n  "$schema": "https://json-schema.org')


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=80), st.text("items:- id\n\t'\"[]{}&*!|>#%@`a1\\", max_size=60).map(str.encode)
    )
)
def test_any_bytes_are_a_document_or_our_error(tmp_path: Path, raw: bytes) -> None:
    try:
        load(tmp_path, raw)
    except ConfigError:
        return
