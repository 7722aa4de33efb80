"""The one way in: every request is looked at here before anything answers it."""

from __future__ import annotations

import io
import ipaddress
import logging
import re
import sqlite3
import threading
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import parse_qs

from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from coopledger.errors import CoopledgerError
from coopledger.journal.asking import is_tame
from coopledger.phrases import Phrase
from coopledger.portal import entering
from coopledger.portal import roles
from coopledger.portal.noting import SAFE
from coopledger.portal.noting import details_of
from coopledger.portal.noting import refused_word
from coopledger.portal.noting import sent_in
from coopledger.portal.publishing import NoBookError
from coopledger.portal.serving import LEDGER
from coopledger.portal.serving import PREFIX
from coopledger.portal.serving import ROLE
from coopledger.portal.serving import SLUG
from coopledger.services.shielding import shielded

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIApplication
    from wsgiref.types import WSGIEnvironment

    from flask import Flask

    from coopledger.portal.auditing import AuditLog
    from coopledger.portal.people import Person
    from coopledger.portal.publishing import Shelf
    from coopledger.portal.serving import Current
    from coopledger.portal.sessions import Sessions

#: What the gate tells the portal's own pages.
PERSON = "coopledger.person"
TOKEN = "coopledger.token"  # noqa: S105 - the name of a place, no secret
ADDRESS = "coopledger.address"
#: What a server puts into a request to be told that all of it has been read.
READ = "coopledger.read"

#: A member's own book, and the full one, in addresses.
MINE, FULL = "mine", "all"

#: So many bytes may be sent at once.
LARGEST = 256 * 1024

#: Words of an address that Fava takes as patterns, or compares with all entries.
_FILTERS = ("account", "filter", "time", "conversion", "interval")
_LONGEST_FILTER = 300

#: Pages that another site may link to: they show nobody's figures and do nothing.
_LINKED = re.compile(r"/|/sign-in|/invitation/[\w-]+")
_WRONG_PATH = re.compile(r"[\x00-\x1f\x7f\\]|//|(^|/)\.{1,2}(/|$)")

_log = logging.getLogger(__name__)


class Refusal(Exception):  # noqa: N818 - it is an answer, no mistake
    """What is answered in place of what was asked for."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers


#: What the log says of by itself, with the reason.
_NOTED = frozenset({422})

_NOTHING = "There is nothing at this address."
_OTHER_SITE = (
    "This server answers only to its own pages: open its address in the browser's "
    "address line instead of following a link from another site."
)
_SIGN_IN = "Please sign in."
_LATER = "The server cannot answer at the moment. Please try again later."
_NO_LENGTH = "The length of what is sent has to be said first."
_TOO_MUCH = "That is too much at once."
_BUSY = "The filter is too long, or has a pattern in which too much is repeated: {name}"


@dataclass(frozen=True)
class Setting:
    """How the portal is reached.

    Attributes:
        hosts: Names under which it may be asked for, with the port where it is odd.
        is_secure: Whether browsers reach it by HTTPS.
        is_behind_proxy: Whether requests come from a proxy that names their address.
        needs_factor: Roles that must have a second factor.
    """

    hosts: Collection[str]
    is_secure: bool = True
    is_behind_proxy: bool = False
    needs_factor: Collection[str] = field(default_factory=frozenset)

    @property
    def cookie(self) -> str:
        """The name of the cookie; browsers hold the longer one to its promises."""
        return "__Host-coopledger" if self.is_secure else "coopledger"

    @property
    def scheme(self) -> str:
        """How addresses begin."""
        return "https" if self.is_secure else "http"


@dataclass
class Gate:
    """Lets through what somebody may see, and nothing else.

    Attributes:
        setting: How the portal is reached.
        sessions: Who is there.
        log: Where it is written down.
        pages: The portal's own pages.
        refusal: The page that says a sentence, by the request and the status.
        fava: Genuine Fava.
        full: The full book; None where this process has none.
        shelf: Members' books; None where members are served elsewhere.
    """

    setting: Setting
    sessions: Sessions
    log: AuditLog
    pages: WSGIApplication
    refusal: Callable[[WSGIEnvironment, int, str], Response]
    fava: Flask
    full: Current | None
    shelf: Shelf | None
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request, or refuse it."""
        is_lasting = environ.get("PATH_INFO", "").startswith(f"{PREFIX}/static/")
        keep = "private, max-age=3600" if is_lasting else "private, no-store"
        more = [("Cache-Control", keep)]
        if self.setting.is_secure:
            more.append(("Strict-Transport-Security", "max-age=31536000"))
        start = shielded(start_response, *more)
        try:
            return self._answer(environ, start)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody sees it
            # A log that cannot be written, above all: then nothing is shown.
            _log.exception("The request could not be answered.")
            status = 503 if isinstance(error, (OSError, sqlite3.Error)) else 500
            return self._refused(environ, Refusal(status, _LATER))(environ, start)

    def _answer(
        self, environ: WSGIEnvironment, start: StartResponse
    ) -> Iterable[bytes]:
        try:
            return self._admit(environ, start)
        except Refusal as refusal:
            self._note_refusal(Request(environ), refusal.status)
            return self._refused(environ, refusal)(environ, start)

    def _admit(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        self._look_at_address(request)
        self._look_at_origin(request)
        _read_body(environ)
        token = request.cookies.get(self.setting.cookie, "")
        person = self.sessions.whose(token) if token else None
        environ[PERSON], environ[TOKEN] = person, token
        environ[ADDRESS] = self._address(request)
        path = request.path
        if path in roles.STYLES and request.method in SAFE:
            return Response(roles.STYLES[path], mimetype="text/css")(environ, start)
        if path == PREFIX or path.startswith(f"{PREFIX}/"):
            return self._books(request, person, start)
        return self.pages(environ, start)

    # --- what any request has to be ---------------------------------------------------

    def _look_at_address(self, request: Request) -> None:
        if request.environ.get("HTTP_HOST", "") not in self.setting.hosts:
            raise Refusal(421, "This server does not go by that name.")
        if _WRONG_PATH.search(request.environ.get("PATH_INFO", "")):
            raise Refusal(404, _NOTHING)

    def _look_at_origin(self, request: Request) -> None:
        """Let nothing be asked for by another site's page."""
        site = request.headers.get("Sec-Fetch-Site", "")
        origin = request.headers.get("Origin", "")
        own = {f"{self.setting.scheme}://{host}" for host in self.setting.hosts}
        is_navigation = request.headers.get("Sec-Fetch-Mode", "") == "navigate"
        if request.method in SAFE:
            is_linked = is_navigation and bool(_LINKED.fullmatch(request.path))
            is_own = site in {"", "none", "same-origin"} or is_linked
            if not is_own or (origin and origin not in own and not is_linked):
                raise Refusal(403, _OTHER_SITE)
        elif site not in {"", "same-origin"} or origin not in own:
            raise Refusal(403, _OTHER_SITE)

    def _address(self, request: Request) -> str:
        """Return where a request comes from; the proxy adds it as the last one.

        The proxy is on this machine; whoever comes from elsewhere is not believed.
        """
        remote = request.remote_addr or ""
        if self.setting.is_behind_proxy and is_this_machine(remote):
            named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]
            return named.strip()[:45] or remote
        return remote

    # --- books ------------------------------------------------------------------------

    def _books(
        self, request: Request, person: Person | None, start: StartResponse
    ) -> Iterable[bytes]:
        rest = request.path.removeprefix(PREFIX) or "/"
        if person is None:
            raise _must_sign_in(request)
        if person.role in self.setting.needs_factor and not person.secret:
            raise Refusal(303, "", Location="/account")
        slug = MINE if person.role == "member" else FULL
        endpoint = self._endpoint(request, rest, person, slug)
        _look_at_filters(request)
        environ = request.environ
        environ[ROLE], environ[SLUG] = person.role, slug
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = PREFIX, rest
        is_writing = request.method not in SAFE
        if is_writing:
            self._look_at_entries(request, person, endpoint)
        if endpoint not in roles.UNLOGGED:
            self._note(request, person, "write" if is_writing else "read")
        if is_writing:
            return self._write(request, person, start)
        environ[LEDGER] = self._ledger(person)
        return self.fava(environ, start)

    def _write(
        self, request: Request, person: Person, start: StartResponse
    ) -> Iterable[bytes]:
        """Let Fava write, one after the other; note where it came to nothing."""
        status = "500"

        def begin(told: str, *more: Any) -> Any:
            nonlocal status
            status = told
            return start(told, *more)

        with self._writing:
            try:
                request.environ[LEDGER] = self._ledger(person)
                return self.fava(request.environ, begin)
            finally:
                if not status.startswith("2"):
                    self._note(request, person, "write-failed", why=status)

    def _endpoint(self, request: Request, rest: str, person: Person, slug: str) -> str:
        """Return what Fava calls an address, if the role may ask for it."""
        adapter = self.fava.url_map.bind("localhost")
        method = "GET" if request.method == "HEAD" else request.method
        try:
            endpoint, words = adapter.match(rest, method)
        except HTTPException as error:
            found = getattr(error, "new_url", "")
            if found and method == "GET":
                # Fava's way to say that a slash is missing.
                query = request.query_string.decode("latin-1")
                where = f"{request.path}/" + (f"?{query}" if query else "")
                raise Refusal(308, "", Location=where) from None
            raise Refusal(404, _NOTHING) from None
        is_there = words.get("bfile", slug) == slug
        report = words.get("report_name", "")
        if not is_there or not roles.may(person.role, method, endpoint, report):
            raise Refusal(404, _NOTHING)
        return str(endpoint)

    def _ledger(self, person: Person) -> Any:
        if person.role != "member":
            if self.full is None:
                raise Refusal(404, _NOTHING)
            return self.full.snapshot()
        if self.shelf is None:
            raise Refusal(404, _NOTHING)
        try:
            return self.shelf.ledger_of(person.member)
        except NoBookError as error:
            raise Refusal(503, str(error)) from None

    def _look_at_entries(self, request: Request, person: Person, endpoint: str) -> None:
        if endpoint == "json_api.put_add_entries" and person.role != "administrator":
            try:
                entering.refuse_unsafe(request.get_data())
            except CoopledgerError as error:
                self._note(request, person, "write-refused", why=str(error))
                raise Refusal(422, str(error)) from None
            request.environ["wsgi.input"].seek(0)

    def _note(self, request: Request, person: Person, what: str, **more: str) -> None:
        details = details_of(request, person, request.environ[ADDRESS])
        self.log.note(person.name, what, **details, **sent_in(request), **more)

    def _note_refusal(self, request: Request, status: int) -> None:
        """Note what somebody who is signed in was refused, as often as they try."""
        if not 400 <= status < 500 or status in _NOTED:
            return
        token = request.cookies.get(self.setting.cookie, "")
        person = self.sessions.whose(token) if token else None
        if person:
            details = details_of(request, person, self._address(request))
            what = refused_word(request.method)
            self.log.note_refused(person.name, what, status=status, **details)

    # --- refusals ---------------------------------------------------------------------

    def _refused(self, environ: WSGIEnvironment, refusal: Refusal) -> Response:
        """Answer in the words of whoever asked: programs get JSON, people a page."""
        status, sentence = refusal.status, refusal.sentence
        if 300 <= status < 400:
            return redirect(refusal.headers["Location"], status, Response)
        request = Request(environ)
        if "/api/" in environ.get("PATH_INFO", ""):
            text = self.fava.json.dumps({"error": sentence})
            return Response(text, status, mimetype="application/json")
        if status == 421 or _is_part(request):
            return Response(f"{sentence}\n", status, mimetype="text/plain")
        return self.refusal(environ, status, sentence)


def is_this_machine(host: str) -> bool:
    """Say whether an address is this machine's own, which nobody else reaches."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_part(request: Request) -> bool:
    """Say whether Fava's own script asks, and puts what it gets into a page."""
    return request.args.get("partial") == "true"


def _must_sign_in(request: Request) -> Refusal:
    if "/api/" in request.path or _is_part(request):
        return Refusal(401, _SIGN_IN)
    return Refusal(303, "", Location="/sign-in")


def _look_at_filters(request: Request) -> None:
    """Refuse patterns that would keep the server busy."""
    asked = parse_qs(request.query_string.decode("latin-1"), keep_blank_values=True)
    for name in _FILTERS:
        for text in asked.get(name, ()):
            if len(text) > _LONGEST_FILTER or not is_tame(text):
                raise Refusal(400, Phrase(_BUSY, name=name))


def _read_body(environ: WSGIEnvironment) -> None:
    """Read all that was sent, as far as it is not too much."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or environ.get("wsgi.input_terminated"):
        raise Refusal(411, _NO_LENGTH)
    if int(length) > LARGEST:
        raise Refusal(413, _TOO_MUCH)
    body = environ["wsgi.input"].read(int(length)) if int(length) else b""
    environ["wsgi.input"] = io.BytesIO(body)
    environ.get(READ, lambda: None)()
