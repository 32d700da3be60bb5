"""The application factory, on one screen."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from mspaudit import errors, features, navigation, runtime, telemetry, web
from mspaudit.config import Settings, load_settings
from mspaudit.extensions import csrf, db, limiter
from mspaudit.tenancy import blueprints, lifecycle
from mspaudit.web import gallery


def create_app(settings: Settings | None = None) -> Flask:
    """The application for ``settings`` (the environment's by default).

    Raises:
        ConfigError: a setting is missing or wrong.
        UndeclaredAudience: a route says not for whom it is.
    """
    settings = settings or load_settings()
    telemetry.init(settings)
    features.load_models()
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(configuration(settings))
    app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.trusted_proxies] * 4)  # type: ignore[method-assign]
    runtime.attach(app, settings)
    for extension in (db, csrf, limiter):
        extension.init_app(app)
    lifecycle.init_app(app)
    web.register(app)
    errors.register(app)
    navigation.register(app)
    features.modules(features.JOBS)
    for blueprint in features.blueprints():
        app.register_blueprint(blueprint)
    if settings.debug:
        shown = blueprints.public_blueprint("gallery", "mspaudit.web.gallery", prefix="/_galerie")
        gallery.add_pages(shown)
        app.register_blueprint(shown)
    blueprints.fill_urls(app)
    blueprints.check(app)
    return app


def configuration(settings: Settings) -> dict[str, object]:
    """Flask's own settings, from ours."""
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # No prepared statements: PgBouncer in transaction mode would lose them between two servers.
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": settings.threads,
            "max_overflow": 2,
            "pool_pre_ping": True,
            "pool_recycle": 1800,
            # An error message must not carry what was being written.
            "hide_parameters": True,
            "connect_args": {"prepare_threshold": None, "connect_timeout": 3},
        },
        "SESSION_COOKIE_NAME": "__Host-mspaudit_form" if settings.secure_cookies else "mspaudit_form",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.secure_cookies,
        "MAX_CONTENT_LENGTH": (settings.upload_limit_mib + 1) * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "RATELIMIT_STORAGE_URI": settings.redis_url,
        # A Redis that is away must not lock everyone out: each process then counts for itself.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_HEADERS_ENABLED": False,
    }
