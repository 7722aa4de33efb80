"""What the log says of a request."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from coopledger.portal.people import Person

#: Methods that change nothing.
SAFE = frozenset({"GET", "HEAD"})


def refused_word(method: str) -> str:
    """Return what the log calls a request that was refused."""
    return "read-refused" if method in SAFE else "write-refused"


def details_of(request: Request, person: Person, address: str) -> dict[str, str]:
    """Say who asked for what, and from where."""
    return {
        "role": person.role,
        "address": address,
        "method": request.method,
        "path": f"{request.root_path}{request.path}",
        "query": request.query_string.decode("latin-1"),
    }


def sent_in(request: Request) -> dict[str, str]:
    """Return what is sent to be written, and the digest of all of it."""
    body = request.get_data()
    if not body:
        return {}
    request.environ["wsgi.input"].seek(0)
    digest = hashlib.sha256(body).hexdigest()
    return {"sent": body.decode("utf-8", "replace"), "sent_digest": digest}
