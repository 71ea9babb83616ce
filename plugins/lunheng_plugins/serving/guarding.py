"""Keeps what is served on this machine to its user: headers, and what a change must bring along."""

from __future__ import annotations

import hmac
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
LARGEST_BODY = 1 << 20


class SafeHeaders:
    """Adds the headers above to every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=_raw(message))
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


def _raw(message: Message) -> MutableMapping[str, Any]:
    message.setdefault("headers", [])
    return message


def refusal(request: Request, token: str) -> str | None:
    """Return why a request may change nothing, ``None`` where it may.

    A page from elsewhere can make a browser send a request here; it cannot know the token, set
    the header that carries it, or send JSON without being asked first.
    """
    headers: Headers = request.headers
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return "expected application/json"
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return "expected a request from the page itself"
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{headers.get('host', '')}":
        return "expected a request from the page itself"
    if not hmac.compare_digest(headers.get("x-csrf-token", "").encode(), token.encode()):
        return "expected the token of the page; load it again"
    if int(headers.get("content-length") or 0) > LARGEST_BODY:
        return f"expected at most {LARGEST_BODY} bytes"
    return None
