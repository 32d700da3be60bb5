"""What one running application holds: its settings, its keys, its Redis and its storage."""

from dataclasses import dataclass

import redis
from flask import Flask, current_app

from mspaudit.adapters.storage import Storage
from mspaudit.config import Settings


@dataclass(frozen=True)
class Runtime:
    """Built once by the factory; reach it with ``runtime()``."""

    settings: Settings
    context_key: bytes
    redis: redis.Redis
    storage: Storage


def attach(app: Flask, settings: Settings) -> None:
    """Connect lazily: nothing is opened before the first use."""
    app.extensions["mspaudit"] = Runtime(
        settings=settings,
        context_key=settings.context_key.get_secret_value().encode(),
        redis=redis.Redis.from_url(
            settings.redis_url or "", socket_connect_timeout=2, socket_timeout=60, health_check_interval=30
        ),
        storage=Storage.from_url(settings.storage_url or (settings.data / "files").resolve().as_uri()),
    )


def runtime() -> Runtime:
    """The running application's own."""
    found: Runtime = current_app.extensions["mspaudit"]
    return found
