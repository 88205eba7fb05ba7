"""What the operator sets, from the environment and ``.env``, parsed once and passed on as values."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from monitor.errors import SettingsError


class Settings(BaseSettings):
    """Every setting is ``MONITOR_<NAME>``; the database is given as ``DATABASE_URL``.

    A secret may also be in a file, named by the same variable with ``_FILE`` at its end.
    """

    model_config = SettingsConfigDict(env_prefix="MONITOR_", env_file=".env", extra="ignore", frozen=True)

    #: where everything that is stored lives: database, models, digests
    data: Path = Path("data")
    #: the analysts' files; the shipped ones are used for those that are missing
    config: Path = Path("config")
    #: a server's Postgres instead of the embedded one
    database_url: SecretStr = Field(default=SecretStr(""), validation_alias="DATABASE_URL")
    #: password of that server, where the address has none
    database_password: SecretStr = Field(default=SecretStr(""))
    #: reroutes every fetch, e.g. ``http://127.0.0.1:9000/{url}``
    gateway: str = ""
    #: named in the User-Agent so that an outlet can reach the operator
    contact: str = ""
    #: translation engine: auto, embedded, argos or firefox
    engine: Literal["auto", "embedded", "argos", "firefox"] = "auto"
    #: articles read at a time; 0: one for each core
    workers: int = Field(default=0, ge=0, le=64)
    #: pages fetched at a time, over all hosts
    connections: int = Field(default=48, ge=1, le=256)
    #: hosts (with or without a port) or networks that may be fetched although they are private, or their port
    #: is another service's, separated by commas
    allow_private: str = ""
    #: where the health port is reached from outside, for links in mails to the stories that it shows
    base_url: str = ""
    #: mail server for digests, "" for none: they are written to files only
    smtp_host: str = ""
    #: 0: 465 with tls, 587 with starttls, 25 with none
    smtp_port: int = Field(default=0, ge=0, le=65535)
    #: starttls and tls check the server's certificate; none is for a relay on this machine
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = Field(default=SecretStr(""))
    #: who digests come from, e.g. Monitor <monitor@example.org>
    smtp_sender: str = ""
    #: seconds to wait for each answer of the mail server
    smtp_timeout: float = Field(default=30.0, gt=0, le=600)
    #: address to which each digest is posted as JSON, "" for none
    webhook_url: str = ""
    #: key that signs what is posted
    webhook_secret: SecretStr = Field(default=SecretStr(""))
    #: seconds to wait for the receiver's answer
    webhook_timeout: float = Field(default=30.0, gt=0, le=600)
    #: where services answer for their health and figures; "" for nowhere
    health_host: str = "127.0.0.1"
    health_port: int = Field(default=9464, ge=0, le=65535)
    #: what the address of an Atom feed on that port must hold; "": no feed is served
    feed_token: SecretStr = Field(default=SecretStr(""))
    #: days after which the texts of articles without an alert are removed, 0: never
    keep_days: int = Field(default=0, ge=0, le=36500)
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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the files of secrets behind what the environment itself says."""
        return init_settings, env_settings, dotenv_settings, FileSource(settings_cls)


class FileSource(PydanticBaseSettingsSource):
    """Secrets that stand in a file, for those that are mounted into a container."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Give the content of the file that ``<VARIABLE>_FILE`` names, without its line end.

        :raises SettingsError: when it cannot be read.
        """
        name = f"{variable(field_name)}_FILE"
        path = _environment().get(name.lower()) if field.annotation is SecretStr else None
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").rstrip("\r\n"), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}: {path} cannot be read: {error}") from error

    def __call__(self) -> dict[str, Any]:
        """Everything that stands in files."""
        found = {
            field.validation_alias or name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {str(name): value for name, value in found.items() if value is not None}


def _environment() -> Mapping[str, str | None]:
    """Variables of ``.env`` and of the environment, which wins, in lower case."""
    dotenv, env = DotEnvSettingsSource(Settings), EnvSettingsSource(Settings)
    return {**dotenv.env_vars, **env.env_vars}


def variable(field: str) -> str:
    """The name of a setting's variable."""
    return str(Settings.model_fields[field].validation_alias or f"MONITOR_{field.upper()}")


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as people may see it."""

    variable: str
    #: "****" for a secret that is set
    value: str
    #: "default", "environment", ".env", "file" or "command"
    origin: str


def listed(settings: Settings) -> list[Shown]:
    """Every setting with its value, secrets hidden, and where it came from."""
    origins = {
        "environment": EnvSettingsSource(Settings)(),
        ".env": DotEnvSettingsSource(Settings)(),
        "file": FileSource(Settings)(),
    }
    default = Settings.model_construct()
    shown = []
    for field in Settings.model_fields:
        name, value = variable(field), getattr(settings, field)
        key = str(Settings.model_fields[field].validation_alias or field)
        unset = "default" if value == getattr(default, field) else "command"
        origin = next((origin for origin, values in origins.items() if key in values), unset)
        shown.append(Shown(name, "" if value is None else str(value), origin))
    return shown


def load(**overrides: object) -> Settings:
    """Read the environment and ``.env``; keyword arguments win over both.

    :raises SettingsError: naming the variable and what is wrong with it.
    """
    try:
        return _with_password(Settings(**overrides))  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        name = name if name == "DATABASE_URL" else f"MONITOR_{name}"
        raise SettingsError(f"{name}: {first['msg']}") from error


def _with_password(settings: Settings) -> Settings:
    """The password in the address of the database, where it was given apart."""
    password, url = settings.database_password.get_secret_value(), settings.database_url.get_secret_value()
    user, at, place = urlsplit(url).netloc.rpartition("@")
    if not (password and at) or ":" in user:
        return settings
    whole = url.replace(f"{user}@{place}", f"{user}:{quote(password, safe='')}@{place}", 1)
    return settings.model_copy(update={"database_url": SecretStr(whole)})


def shipped(name: str) -> Path:
    """The folder ``config``, ``seeds`` or ``alembic`` as it came with the program.

    In a checkout it lies beside the package, after an installation under the prefix's ``share/monitor``.
    """
    beside = Path(__file__).resolve().parents[1] / name
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / "monitor" / name
