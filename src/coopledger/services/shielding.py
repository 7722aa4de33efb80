"""What every answer to a browser carries, whichever face gives it.

Nothing that stands in a book may run as a script, no other site may put a page of ours
into one of its own, and nothing is read as another kind of file than it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import StartResponse

    from _typeshed import OptExcInfo

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; object-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)

HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
)


def shielded(start_response: StartResponse, *more: tuple[str, str]) -> StartResponse:
    """Return what starts an answer with these headers.

    Args:
        start_response: What starts it without them.
        more: Further headers; they replace what the application says itself.
    """
    added = (*HEADERS, *more)
    ours = {name.lower() for name, _ in added}

    def start(
        status: str,
        headers: list[tuple[str, str]],
        exc_info: OptExcInfo | None = None,
        /,
    ) -> Callable[[bytes], object]:
        kept = [header for header in headers if header[0].lower() not in ours]
        return start_response(status, [*kept, *added], exc_info)

    return start
