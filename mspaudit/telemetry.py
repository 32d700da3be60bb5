"""Logs and error reports that carry no secret and no content of a client."""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import sentry_sdk
import structlog

from mspaudit.config import Settings

DEEPEST = 12
KEPT_HEADERS = {"content-type", "content-length", "user-agent"}


def init(settings: Settings) -> None:
    """One line of JSON an event on standard error; Sentry only when a DSN is set."""
    logging.basicConfig(
        level=settings.log_level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    # It writes whose limit was passed, and when; that the storage is away still shows.
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    if settings.sentry_dsn is not None:
        sentry_sdk.init(
            dsn=settings.sentry_dsn.get_secret_value(),
            send_default_pii=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            # They count requests by the minute.
            auto_session_tracking=False,
            before_send=scrub,
            before_breadcrumb=lambda _crumb, _hint: None,
        )


def scrub(event: Any, _hint: Any) -> Any:
    """Leave the type and place of an error; drop addresses, query strings, cookies and messages.

    A path may carry a single-use token or a client's name, so only the route's pattern remains
    (``transaction``).
    """
    request = event.get("request", {})
    event["request"] = {
        "method": request.get("method"),
        "headers": {k: v for k, v in request.get("headers", {}).items() if k.lower() in KEPT_HEADERS},
    }
    for key in ("user", "extra", "breadcrumbs", "server_name", "logentry"):
        event.pop(key, None)
    for exception in event.get("exception", {}).get("values", []):
        exception.pop("value", None)
    return event


def report(error: BaseException) -> list[str]:
    """Tell Sentry, if there is one, and return where the error comes from, for the log.

    Its message is left out: PostgreSQL's quotes the very values that were being written.
    """
    sentry_sdk.capture_exception(error)
    return places(error)


def places(error: BaseException) -> list[str]:
    """Where an error comes from, the last call last; nothing of what it was about."""
    found = traceback.extract_tb(error.__traceback__)
    return [f"{Path(p.filename).name}:{p.lineno} {p.name}" for p in found[-DEEPEST:]]
