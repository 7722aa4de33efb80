"""The portal's own pages: signing in and out, one's account, the people, the log."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from flask import Flask
from flask import abort
from flask import redirect
from flask import render_template
from flask import request
from werkzeug.exceptions import HTTPException

from coopledger.errors import CoopledgerError
from coopledger.portal import secondfactor
from coopledger.portal.gate import ADDRESS
from coopledger.portal.gate import PERSON
from coopledger.portal.gate import TOKEN
from coopledger.portal.people import HOURS
from coopledger.portal.people import ROLES
from coopledger.portal.people import SHORTEST
from coopledger.portal.people import People
from coopledger.portal.publishing import LookedAt
from coopledger.portal.roles import pages_of
from coopledger.portal.serving import PREFIX
from coopledger.portal.throttling import Throttle
from coopledger.services.wording import OWN
from coopledger.services.wording import languages
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from wsgiref.types import WSGIEnvironment

    from werkzeug.wrappers import Response

    from coopledger.portal.auditing import AuditLog
    from coopledger.portal.gate import Setting
    from coopledger.portal.people import Person
    from coopledger.portal.sessions import Sessions
    from coopledger.portal.storing import Store

_NOT_RIGHT = "Name, password or code are not right."
_TOO_MANY = "Too many attempts. Please wait a quarter of an hour."
_VOID = "This invitation has been used already, or its time is over. Ask for another."
_YOURSELF = "You cannot do this to yourself; ask another administrator."
_NOT_SAME = "The two passwords are not the same."
_NOTHING = "There is nothing at this address."
_SENSELESS = "The server could make nothing of what was sent."

#: So many events of the log are on one page.
_EVENTS = 200

Answer = Any


@dataclass
class Pages:
    """What the pages need to know.

    Attributes:
        title: Name of the co-operative.
        store: Where people are kept.
        sessions: Who is there.
        log: Where it is written down.
        setting: How the portal is reached.
        members: Gives the ids of all members who have a book; empty where unknown.
        looked_at: Says which members' books are not shown, and why.
    """

    title: str
    store: Store
    sessions: Sessions
    log: AuditLog
    setting: Setting
    members: Callable[[], Iterable[str]] = tuple
    looked_at: Callable[[], LookedAt] = LookedAt

    def __post_init__(self) -> None:
        self.people = People(self.store)
        self.throttle = Throttle(self.store)

    # --- signing in and out -----------------------------------------------------------

    def home(self) -> Answer:
        """Lead on to the books, or to signing in."""
        person = _person()
        return redirect("/sign-in" if person is None else f"{PREFIX}/", 303)

    def sign_in(self) -> Answer:
        """Show the form."""
        return self._form("sign_in.html")

    def do_sign_in(self) -> Answer:
        """Begin a session for whoever knows name, password and code."""
        name = _given("name").strip().lower()
        if not self.throttle.admit(name, _address()):
            self._note(name[:64], "sign-in-throttled")
            return self._form("sign_in.html", wrong=_TOO_MANY), 429
        person = self.people.verify(name, _given("password"))
        if not person or not secondfactor.passes(self.people, person, _given("code")):
            self._note(name[:64], "sign-in-refused")
            return self._form("sign_in.html", wrong=_NOT_RIGHT), 401
        self.throttle.forgive(name, _address())
        return self._signed_in(person)

    def do_sign_out(self) -> Answer:
        """End the session."""
        person = _person()
        if person:
            self.sessions.end(_token())
            self._note(person.name, "sign-out")
        answer = redirect("/sign-in", 303)
        answer.delete_cookie(self.setting.cookie, secure=self.setting.is_secure)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    def _signed_in(self, person: Person) -> Response:
        """Begin a session; whatever the browser had before is over."""
        self.sessions.end(_token())
        token = self.sessions.begin(person, _address())
        self._note(person.name, "sign-in", role=person.role)
        answer = redirect(f"{PREFIX}/", 303)
        answer.set_cookie(
            self.setting.cookie,
            token,
            secure=self.setting.is_secure,
            httponly=True,
            samesite="Strict",
        )
        return answer

    # --- invitations ------------------------------------------------------------------

    def invitation(self, token: str) -> Answer:
        """Show the form in which a password is chosen."""
        person = self.people.invited(token)
        if person is None:
            return self._form("message.html", wrong=_VOID), 404
        return self._form("invitation.html", name=person.name, shortest=SHORTEST)

    def do_accept(self, token: str) -> Answer:
        """Take the password and use the invitation up."""
        person = self.people.invited(token)
        if person is None:
            return self._form("message.html", wrong=_VOID), 404
        try:
            accepted = self.people.accept(token, _password())
        except CoopledgerError as error:
            form = self._form(
                "invitation.html",
                name=person.name,
                shortest=SHORTEST,
                wrong=_said(error),
            )
            return form, 422
        if accepted is None:
            return self._form("message.html", wrong=_VOID), 404
        self._note(person.name, "invitation-accepted")
        return redirect("/sign-in", 303)

    # --- one's own account ------------------------------------------------------------

    def account(self) -> Answer:
        """Show somebody's own sessions, password and second factor."""
        return self._account(_signed_in_person())

    def _account(self, person: Person, **more: Any) -> str:
        is_missing = person.role in self.setting.needs_factor and not person.secret
        secret = "" if person.secret else secondfactor.new_secret()
        return self._form(
            "account.html",
            sessions=self.sessions.of(person),
            current=self.sessions.digest(_token()),
            secret=secret,
            telephone=secondfactor.address_of(secret, person.name) if secret else "",
            is_missing=is_missing,
            shortest=SHORTEST,
            **more,
        )

    def do_end_session(self) -> Answer:
        """End one of somebody's own sessions, or all but this one."""
        person = _signed_in_person()
        if _given("session"):
            self.sessions.end_one(person, _given("session"))
        else:
            self.sessions.end_others(person, _token())
        self._note(person.name, "session-ended")
        return redirect("/account", 303)

    def do_password(self) -> Answer:
        """Change somebody's own password; all their sessions end but a new one."""
        person = _signed_in_person()
        if not self.throttle.admit(person.name, _address()):
            return self._account(person, wrong=_TOO_MANY), 429
        if not self.people.verify(person.name, _given("old")):
            return self._account(person, wrong=_NOT_RIGHT), 403
        self.throttle.forgive(person.name, _address())
        try:
            self.people.set_password(person.name, _password())
        except CoopledgerError as error:
            return self._account(person, wrong=_said(error)), 422
        self._note(person.name, "password-changed")
        return self._signed_in(self.people.named(person.name))

    def do_factor(self) -> Answer:
        """Take a second factor, once a code of it was right; or take it away."""
        person = _signed_in_person()
        secret, code = _given("secret"), _given("code")
        if not self.throttle.admit(person.name, _address()):
            return self._account(person, wrong=_TOO_MANY), 429
        if person.secret:
            if not secondfactor.passes(self.people, person, code):
                return self._account(person, wrong=_NOT_RIGHT), 422
            self.people.set_secret(person.name, "")
            self._note(person.name, "second-factor-removed")
        else:
            is_secret = secondfactor.is_secret(secret)
            counter = secondfactor.counter_of(secret, code) if is_secret else 0
            if not counter:
                return self._account(person, wrong=_NOT_RIGHT), 422
            self.people.set_secret(person.name, secret)
            self.people.use_counter(person.name, counter)
            self._note(person.name, "second-factor-set")
        self.throttle.forgive(person.name, _address())
        return redirect("/account", 303)

    # --- the people -------------------------------------------------------------------

    def everybody(self) -> Answer:
        """Show everybody to an administrator."""
        self._need("people")
        return self._people()

    def _people(self, **more: Any) -> str:
        return self._form(
            "people.html",
            everybody=self.people.all(),
            roles=ROLES,
            members=sorted(self.members()),
            looked_at=self.looked_at(),
            hours=HOURS,
            **more,
        )

    def do_people(self) -> Answer:
        """Do what an administrator asked for."""
        admin = self._need("people")
        doing, name = _given("do"), _given("name").strip().lower()
        try:
            link = self._do(admin, doing, name)
        except CoopledgerError as error:
            return self._people(wrong=_said(error)), 422
        self._note(admin.name, f"people-{doing}", person=name)
        return self._people(link=link, invited=name)

    def _do(self, admin: Person, doing: str, name: str) -> str:
        """Do something about somebody; return the link for them, if there is one."""
        if name == admin.name and doing in {"disable", "reset", "role"}:
            raise CoopledgerError(_YOURSELF)
        role = _given("role")
        member = _given("member").strip() if role == "member" else ""
        deeds: dict[str, Callable[[], object]] = {
            "add": lambda: self.people.add(name, role, member),
            "role": lambda: self.people.change_role(name, role, member),
            "disable": lambda: self.people.disable(name),
            "enable": lambda: self.people.disable(name, is_disabled=False),
            "reset": lambda: self.people.reset(name),
            "end": lambda: self.sessions.end_all(name),
            "invite": lambda: self.people.named(name),
        }
        deeds.get(doing, lambda: abort(400))()
        if doing not in {"add", "invite", "reset"}:
            return ""
        token = self.people.invite(name)
        return f"{self.setting.scheme}://{request.host}/invitation/{token}"

    # --- the log ----------------------------------------------------------------------

    def events(self) -> Answer:
        """Show who saw or changed what, the latest first."""
        person = self._need("log")
        self._note(person.name, "log-read")
        who, what = request.args.get("who", ""), request.args.get("what", "")
        found = [
            event
            for event in reversed(self.log.events())
            if (not who or event.get("who") == who)
            and (not what or str(event.get("what", "")).startswith(what))
        ]
        return self._form(
            "log.html",
            events=found[:_EVENTS],
            number=len(found),
            broken=self.log.broken_at(),
            who=who,
            what=what,
        )

    # --- what all share ---------------------------------------------------------------

    def _need(self, page: str) -> Person:
        """Return who is there, if they have a page; others learn nothing of it."""
        person = _signed_in_person()
        is_late = person.role in self.setting.needs_factor and not person.secret
        if page not in pages_of(person.role) or is_late:
            abort(404)
        return person

    def _note(self, who: str, what: str, **more: str) -> None:
        self.log.note(who, what, address=_address(), **more)

    def _form(self, template: str, **more: Any) -> str:
        person = _person()
        language = _language()
        more.setdefault("wrong", "")
        return render_template(
            template,
            _=wording_of(language),
            language=language,
            title=self.title,
            person=person,
            own_pages=pages_of(person.role) if person else (),
            books=f"{PREFIX}/",
            **more,
        )

    def _error(self, error: HTTPException) -> Answer:
        sentence = _SENSELESS if error.code == 400 else _NOTHING
        return self._form("message.html", wrong=sentence), error.code

    def sentence(self, text: str) -> str:
        """Say on a page of its own why something is not shown."""
        return self._form("message.html", wrong=text)


def make_pages(pages: Pages) -> Flask:
    """Make the application of the portal's own pages."""
    app = Flask(__name__)
    # What goes wrong unforeseen is the gate's to say, whoever's page it was.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.jinja_env.filters["moment"] = _moment
    app.register_error_handler(HTTPException, pages._error)  # noqa: SLF001 - our own
    for rule, method, view in (
        ("/", "GET", pages.home),
        ("/sign-in", "GET", pages.sign_in),
        ("/sign-in", "POST", pages.do_sign_in),
        ("/sign-out", "POST", pages.do_sign_out),
        ("/invitation/<token>", "GET", pages.invitation),
        ("/invitation/<token>", "POST", pages.do_accept),
        ("/account", "GET", pages.account),
        ("/account/sessions", "POST", pages.do_end_session),
        ("/account/password", "POST", pages.do_password),
        ("/account/factor", "POST", pages.do_factor),
        ("/people", "GET", pages.everybody),
        ("/people", "POST", pages.do_people),
        ("/log", "GET", pages.events),
    ):
        app.add_url_rule(rule, view.__name__, view, methods=[method])
    return app


def refusals(pages: Pages, app: Flask) -> Callable[..., Response]:
    """Return what makes a page of a sentence for a request that led nowhere."""

    def answer(environ: WSGIEnvironment, status: int, sentence: str) -> Response:
        with app.request_context(environ):
            return app.response_class(pages.sentence(sentence), status)

    return answer


def _language() -> str:
    """Return the first of the reader's languages that there is."""
    wanted = [tag.partition("-")[0] for tag in request.accept_languages.values()]
    return next((one for one in wanted if one in languages()), OWN)


def _moment(seconds: float) -> str:
    """Write a moment as a reader anywhere understands it."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _person() -> Person | None:
    found: Person | None = request.environ.get(PERSON)
    return found


def _signed_in_person() -> Person:
    person = _person()
    if person is None:
        abort(redirect("/sign-in", 303))
    return person


def _token() -> str:
    return str(request.environ.get(TOKEN, ""))


def _address() -> str:
    return str(request.environ.get(ADDRESS, ""))


def _password() -> str:
    """Return the password that was typed twice."""
    if _given("password") != _given("again"):
        raise CoopledgerError(_NOT_SAME)
    return _given("password")


def _said(error: CoopledgerError) -> Any:
    """Return an error's sentence, so that it can be said in another language."""
    return error.args[0]


def _given(name: str) -> str:
    return request.form.get(name, "")
