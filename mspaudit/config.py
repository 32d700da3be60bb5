"""Typed configuration: every setting is an environment variable that starts with MSPAUDIT_.

An unset database or Redis address means the embedded server started under ``data``.
The process refuses to boot on a bad value and names it.
"""

import ipaddress
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, StringConstraints, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PostgresUrl = Annotated[str, StringConstraints(pattern=r"^postgresql(\+psycopg)?://")]
RedisUrl = Annotated[str, StringConstraints(pattern=r"^(rediss?|unix)://")]
MailAddress = Annotated[str, StringConstraints(pattern=r"^[^@+\s<>]+@[^@\s<>]+\.[^@\s<>.]+$")]
SmtpUrl = Annotated[str, StringConstraints(pattern=r"^smtps?://")]


class ConfigError(Exception):
    """A setting is missing or wrong; the message names it and is fit for an operator."""


class Settings(BaseSettings):
    """What the operator decides. Secrets never appear in ``repr``."""

    model_config = SettingsConfigDict(env_prefix="MSPAUDIT_", extra="ignore")

    data: Path = Path("var")
    database_url: PostgresUrl | None = None
    dispatcher_url: PostgresUrl | None = None
    migrator_url: PostgresUrl | None = None
    redis_url: RedisUrl | None = None
    storage_url: str | None = None
    smtp_url: SmtpUrl | None = None
    mail_from: str = "mspaudit <ne-pas-repondre@localhost>"
    # The mailbox of backup reports (its server keeps what stands after a +), and where to fetch it:
    # imaps://user:password@host/folder.
    backup_mail: MailAddress | None = None
    imap_url: SecretStr | None = None
    secret_key: SecretStr = Field(min_length=32)
    context_key: SecretStr = Field(min_length=32)
    public_url: str = Field(default="http://127.0.0.1:8000", pattern=r"^https?://[^/]+$")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    threads: int = Field(default=8, ge=1, le=64)
    web_processes: int = Field(default=2, ge=1, le=64)
    tenants: Path = Path("tenants")
    trusted_proxies: int = Field(default=0, ge=0, le=4)
    upload_limit_mib: int = Field(default=20, ge=1, le=200)
    sentry_dsn: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    demo_token: SecretStr | None = None
    debug: bool = False

    @model_validator(mode="after")
    def _demo_stays_home(self) -> "Settings":
        """The one-click links of the demonstration open any account: loopback only."""
        if self.demo_token is not None and not _is_loopback(self.host):
            raise ValueError("demo_token: le mode démonstration n'écoute que sur la machine elle-même")
        return self

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def mail_folder(self) -> Path:
        """Where mails are written as .eml files when no SMTP server is configured."""
        return self.data / "mail"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment.

    Raises:
        ConfigError: naming each refused variable, without its value (it may be a secret).
    """
    try:
        return Settings(**overrides)
    except ValidationError as refused:
        lines = [f"MSPAUDIT_{_variable(e['loc'])} : {e['msg']}" for e in refused.errors(include_input=False)]
        raise ConfigError("Configuration refusée.\n" + "\n".join(lines)) from None


def _variable(location: tuple[int | str, ...]) -> str:
    return str(location[0]).upper() if location else "(plusieurs réglages)"
