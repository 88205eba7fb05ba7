"""What the operator sets, from the environment and ``.env``, parsed once and passed on as values."""

import sys
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from monitor.errors import SettingsError


class Settings(BaseSettings):
    """Every setting is ``MONITOR_<NAME>``; the database may also be given as ``DATABASE_URL``."""

    model_config = SettingsConfigDict(env_prefix="MONITOR_", env_file=".env", extra="ignore", frozen=True)

    #: where everything that is stored lives: database, models, digests
    data: Path = Path("data")
    #: the analysts' files; the shipped ones are used for those that are missing
    config: Path = Path("config")
    #: a server's Postgres instead of the embedded one
    database_url: SecretStr = Field(default=SecretStr(""), validation_alias="DATABASE_URL")
    #: reroutes every fetch, e.g. ``http://127.0.0.1:9000/{url}``
    gateway: str = ""
    #: named in the User-Agent so that an outlet can reach the operator
    contact: str = ""
    #: translation engine: auto, embedded, argos or firefox
    engine: Literal["auto", "embedded", "argos", "firefox"] = "auto"
    #: articles read at a time; 0: one for each core
    workers: int = Field(default=0, ge=0, le=64)
    #: pages fetched at a time, over all hosts
    connections: int = Field(default=16, ge=1, le=256)
    #: hosts or networks that may be fetched although they are private, separated by commas
    allow_private: str = ""
    #: address of the web pages, for links in mails
    base_url: str = ""
    #: log lines as "human" or "json"
    log_format: Literal["human", "json"] = "human"
    #: auto: warnings only for commands in the foreground, everything for services
    log_level: Literal["auto", "debug", "info", "warning", "error"] = "auto"

    @field_validator("contact", "gateway")
    @classmethod
    def _ascii(cls, value: str) -> str:
        if not value.isascii() or any(ord(c) < 32 for c in value):
            raise ValueError("only plain ASCII characters are allowed here")
        return value

    @field_validator("gateway")
    @classmethod
    def _has_place(cls, value: str) -> str:
        if value and "{url}" not in value:
            raise ValueError("the gateway needs a place for the address: http://127.0.0.1:9000/{url}")
        return value


def load(**overrides: object) -> Settings:
    """Read the environment and ``.env``; keyword arguments win over both.

    :raises SettingsError: naming the variable and what is wrong with it.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        name = name if name.startswith("DATABASE") else f"MONITOR_{name}"
        raise SettingsError(f"{name}: {first['msg']}") from error


def shipped(name: str) -> Path:
    """The folder ``config``, ``seeds`` or ``alembic`` as it came with the program.

    In a checkout it lies beside the package, after an installation under the prefix's ``share/monitor``.
    """
    beside = Path(__file__).resolve().parents[1] / name
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / "monitor" / name
