"""Dockerfile and compose.yaml: the main rules of hadolint, and what an operator relies on."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.cli import VERBS
from monitor.settings import Settings, variable

HERE = Path(__file__).resolve().parents[2]
DOCKERFILE = (HERE / "Dockerfile").read_text()


def instructions() -> list[tuple[str, str]]:
    lines = [line for line in DOCKERFILE.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines())]


def final() -> list[tuple[str, str]]:
    found = instructions()
    return found[max(number for number, (name, _) in enumerate(found) if name == "FROM") :]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(HERE / "compose.yaml")
    return found


def test_every_base_image_has_a_tag_and_none_is_latest() -> None:
    bases = [rest.split()[0] for name, rest in instructions() if name == "FROM"]
    assert len(bases) == 2
    assert all(":" in base and not base.endswith(":latest") for base in bases)


def test_packages_are_installed_without_leftovers() -> None:
    installs = [rest for name, rest in instructions() if name == "RUN" and "apt-get install" in rest]
    assert installs
    for run in installs:
        assert "apt-get update" in run
        assert "--no-install-recommends" in run
        assert "--yes" in run
        assert "rm -rf /var/lib/apt/lists/*" in run
    assert not re.search(r"\bsudo\b|\bcd /|curl .*\| *sh|ADD ", DOCKERFILE)


def test_libraries_come_pinned_with_hashes() -> None:
    pips = re.findall(r"pip install ([^&]*)", DOCKERFILE.replace("\\\n", " "))
    assert all("--no-cache-dir" in pip for pip in pips)
    assert all("--require-hashes" in pip or "--no-deps" in pip for pip in pips)


def test_nothing_that_compiles_is_in_the_last_stage() -> None:
    text = " ".join(rest for _, rest in final())
    assert not re.search(r"build-essential|\bgcc\b|\bg\+\+|-dev\b|python3-venv|\bpip\b", text)
    assert "pip uninstall --yes setuptools pip" in DOCKERFILE


def test_the_program_runs_as_a_user_that_has_a_name_and_is_not_root() -> None:
    [user] = [rest for name, rest in final() if name == "USER"]
    assert user == "10001:10001"
    assert "useradd --uid 10001 --gid monitor" in DOCKERFILE


def test_the_image_has_a_health_check_and_commands_in_exec_form() -> None:
    last = dict(final())
    assert "HEALTHCHECK" in last
    assert json.loads(last["ENTRYPOINT"]) == ["monitor"]
    assert json.loads(last["CMD"])[0] in VERBS
    assert str(Settings.model_fields["health_port"].default) in last["EXPOSE"]


def test_everything_that_is_installed_reaches_the_builder() -> None:
    allowed = set(re.findall(r"^!(\S+)$", (HERE / ".dockerignore").read_text(), re.MULTILINE))
    copied = {
        word
        for name, rest in instructions()
        if name == "COPY" and "--from" not in rest
        for word in rest.split()[:-1]
    }
    assert copied == allowed
    project = tomllib.loads((HERE / "pyproject.toml").read_text())
    data = project["tool"]["setuptools"]["data-files"]
    folders = {pattern.split("/")[0] for patterns in data.values() for pattern in patterns}
    assert folders <= copied


def test_every_service_runs_a_verb_that_exists_with_variables_that_exist(compose: dict[str, Any]) -> None:
    ours = [one for one in compose["services"].values() if one.get("image") == "monitor:latest"]
    assert len(ours) == 4
    assert {one["command"][0] for one in ours} <= set(VERBS)
    known = {variable(field) for field in Settings.model_fields}
    for service in ours:
        assert {name.removesuffix("_FILE") for name in service["environment"]} <= known


def test_every_service_is_shut_in_and_has_time_to_stop(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        if service.get("image") == "monitor:latest":
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
            assert int(service["stop_grace_period"].removesuffix("s")) > 30


def test_secrets_stand_in_files_only(compose: dict[str, Any]) -> None:
    text = (HERE / "compose.yaml").read_text()
    assert not re.search(r"://\w+:\w+@", text)
    declared = set(compose["secrets"])
    used = {name for service in compose["services"].values() for name in service.get("secrets", ())}
    assert used == declared


def test_services_wait_for_what_exists_and_volumes_are_declared(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        named = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert {name for name in named if not name.startswith(".")} <= set(compose["volumes"])
    assert "pgvector" in services["database"]["image"]
    assert services["mail"]["profiles"] == ["mail"]
