"""Where the newest published model of a language lies: Argos' index, and Firefox' settings server."""

import re
from dataclasses import dataclass
from typing import Any

import httpx

from monitor.errors import EngineFailed, EngineMissing

#: index of Argos' packages: https://github.com/argosopentech/argospm-index
ARGOS = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json"
#: what Firefox itself asks; ``attachments`` there says where the files are
FIREFOX = "https://firefox.settings.services.mozilla.com/v1/"
_RECORDS = "buckets/main/collections/translations-models/records"
_FILES = {"model", "lex", "vocab", "srcvocab", "trgvocab"}
_RELEASE = re.compile(r"\d+(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of a model."""

    name: str
    url: str
    #: SHA-256, "" where the publisher states none
    sha256: str = ""


def published(language: str, engine: str, index: str = "") -> list[PublishedFile]:
    """The files of the newest release of an engine's model from a language into English.

    :param index: another address of the index, for a mirror.
    :raises EngineFailed: when the index cannot be read.
    :raises EngineMissing: when it has no such model.
    """
    try:
        if engine == "argos":
            files = _argos(language, index or ARGOS)
        else:
            files = _firefox(language, index or FIREFOX)
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineFailed(
            f"the index of {engine} models cannot be read: {str(error) or type(error).__name__}; "
            "fetch the package elsewhere and give it with --from"
        ) from error
    if not files:
        raise EngineMissing(f"the index of {engine} models has none from {language!r} into English")
    return files


def _argos(language: str, index: str) -> list[PublishedFile]:
    fitting = [
        package
        for package in _json(index)
        if (package.get("from_code"), package.get("to_code")) == (language, "en")
    ]
    newest = max(fitting, key=lambda package: _release(package["package_version"]), default=None)
    links = [link for link in (newest["links"] if newest else []) if link.startswith("http")]
    return [PublishedFile(links[0].rpartition("/")[2], links[0])] if links else []


def _firefox(language: str, root: str) -> list[PublishedFile]:
    root = root.rstrip("/") + "/"
    records = [
        record
        for record in _json(root + _RECORDS)["data"]
        if (record.get("fromLang"), record.get("toLang")) == (language, "en")
        and record["fileType"] in _FILES
        and _RELEASE.fullmatch(record["version"])
    ]
    if not records:
        return []
    newest = max((record["version"] for record in records), key=_release)
    base = _json(root)["capabilities"]["attachments"]["base_url"]
    return [_file(record, base) for record in records if record["version"] == newest]


def _file(record: dict[str, Any], base: str) -> PublishedFile:
    attachment = record["attachment"]
    return PublishedFile(str(record["name"]), base + str(attachment["location"]), str(attachment["hash"]))


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _json(url: str) -> Any:
    return httpx.get(url, follow_redirects=True, timeout=30).raise_for_status().json()
