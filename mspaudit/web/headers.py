"""Security headers on every response. No page needs an inline script, an inline style or a third party."""

from flask import Flask, Response, request

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: the CSRF check over HTTPS reads the Referer of our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def content_security_policy(**more: str) -> str:
    """The policy of every page; `form_action="https://…"` adds a source to one directive for one response.

    A view that needs it sets the header itself, and it is kept. Raises KeyError on an unknown directive.
    """
    policy = dict(_POLICY)
    for directive, source in more.items():
        policy[directive.replace("_", "-")] += f" {source}"
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


_DEFAULT_POLICY = content_security_policy()


def secure(response: Response) -> Response:
    """Add what protects the reader; a page is never stored unless its view said who may."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _DEFAULT_POLICY)
    for name, value in _FIXED.items():
        headers.setdefault(name, value)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if not (response.cache_control.public or response.cache_control.private):
        headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Apply `secure` to every response of the application."""
    app.after_request(secure)
