"""The portal's own pages: signing in and out, one's account, the people, the log."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from typing import Any

from flask import Flask
from flask import redirect
from werkzeug.exceptions import HTTPException

from coopledger.errors import CoopledgerError
from coopledger.portal import secondfactor
from coopledger.portal.answering import Answer
from coopledger.portal.answering import address
from coopledger.portal.answering import given
from coopledger.portal.answering import person_there
from coopledger.portal.answering import said
from coopledger.portal.answering import signed_in_person
from coopledger.portal.answering import token_sent
from coopledger.portal.people import SHORTEST
from coopledger.portal.serving import PREFIX
from coopledger.portal.staffpages import StaffPages

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIEnvironment

    from werkzeug.wrappers import Response

    from coopledger.portal.people import Person

_NOT_RIGHT = "Name, password or code are not right."
_TOO_MANY = "Too many attempts. Please wait a quarter of an hour."
_VOID = "This invitation has been used already, or its time is over. Ask for another."
_NOT_SAME = "The two passwords are not the same."


class Pages(StaffPages):
    """All of them."""

    # --- signing in and out -----------------------------------------------------------

    def home(self) -> Answer:
        """Lead on to the books, or to signing in."""
        person = person_there()
        return redirect("/sign-in" if person is None else f"{PREFIX}/", 303)

    def sign_in(self) -> Answer:
        """Show the form."""
        return self.form("sign_in.html")

    def do_sign_in(self) -> Answer:
        """Begin a session for whoever knows name, password and code."""
        name = given("name").strip().lower()
        if not self.throttle.admit(name, address()):
            self._note_attempt(name, "sign-in-throttled")
            return self.form("sign_in.html", wrong=_TOO_MANY), 429
        person = self.people.verify(name, given("password"))
        if not person or not secondfactor.passes(self.people, person, given("code")):
            self._note_attempt(name, "sign-in-refused")
            return self.form("sign_in.html", wrong=_NOT_RIGHT), 401
        self.throttle.forgive(name, address())
        return self._signed_in(person)

    def _note_attempt(self, name: str, what: str) -> None:
        """Note who could not sign in; names that nobody has are one kind together."""
        known = self.people.find(name)
        if known:
            self.note_refused(known.name, what)
        else:
            self.note_refused("", what, person=name[:64])

    def do_sign_out(self) -> Answer:
        """End the session."""
        person = person_there()
        if person:
            self.sessions.end(token_sent())
            self.note(person.name, "sign-out")
        answer = redirect("/sign-in", 303)
        answer.delete_cookie(self.setting.cookie, secure=self.setting.is_secure)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    def _signed_in(self, person: Person) -> Response:
        """Begin a session; whatever the browser had before is over."""
        self.sessions.end(token_sent())
        token = self.sessions.begin(person, address())
        self.note(person.name, "sign-in", role=person.role)
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
            return self.form("message.html", wrong=_VOID), 404
        return self.form("invitation.html", name=person.name, shortest=SHORTEST)

    def do_accept(self, token: str) -> Answer:
        """Take the password and use the invitation up."""
        person = self.people.invited(token)
        if person is None:
            return self.form("message.html", wrong=_VOID), 404
        try:
            accepted = self.people.accept(token, _password())
        except CoopledgerError as error:
            form = self.form(
                "invitation.html",
                name=person.name,
                shortest=SHORTEST,
                wrong=said(error),
            )
            return form, 422
        if accepted is None:
            return self.form("message.html", wrong=_VOID), 404
        self.note(person.name, "invitation-accepted")
        return redirect("/sign-in", 303)

    # --- one's own account ------------------------------------------------------------

    def account(self) -> Answer:
        """Show somebody's own sessions, password and second factor."""
        return self._account(signed_in_person())

    def _account(self, person: Person, **more: Any) -> str:
        is_missing = person.role in self.setting.needs_factor and not person.secret
        secret = "" if person.secret else secondfactor.new_secret()
        return self.form(
            "account.html",
            sessions=self.sessions.of(person),
            current=self.sessions.digest(token_sent()),
            secret=secret,
            telephone=secondfactor.address_of(secret, person.name) if secret else "",
            is_missing=is_missing,
            shortest=SHORTEST,
            **more,
        )

    def do_end_session(self) -> Answer:
        """End one of somebody's own sessions, or all but this one."""
        person = signed_in_person()
        if given("session"):
            self.sessions.end_one(person, given("session"))
        else:
            self.sessions.end_others(person, token_sent())
        self.note(person.name, "session-ended")
        return redirect("/account", 303)

    def do_password(self) -> Answer:
        """Change somebody's own password; all their sessions end but a new one."""
        person = signed_in_person()
        if not self.throttle.admit(person.name, address()):
            return self._not_taken(person, "password", _TOO_MANY, 429)
        if not self.people.verify(person.name, given("old")):
            return self._not_taken(person, "password", _NOT_RIGHT, 403)
        self.throttle.forgive(person.name, address())
        try:
            self.people.set_password(person.name, _password())
        except CoopledgerError as error:
            return self._account(person, wrong=said(error)), 422
        self.note(person.name, "password-changed")
        return self._signed_in(self.people.named(person.name))

    def _not_taken(
        self, person: Person, what: str, sentence: str, status: int
    ) -> Answer:
        """Note that a password or code was not right, and say so."""
        self.note_refused(person.name, f"{what}-refused", status=status)
        return self._account(person, wrong=sentence), status

    def do_factor(self) -> Answer:
        """Take a second factor, once a code of it was right; or take it away."""
        person = signed_in_person()
        secret, code = given("secret"), given("code")
        if not self.throttle.admit(person.name, address()):
            return self._not_taken(person, "second-factor", _TOO_MANY, 429)
        if person.secret:
            if not secondfactor.passes(self.people, person, code):
                return self._not_taken(person, "second-factor", _NOT_RIGHT, 422)
            self.people.set_secret(person.name, "")
            self.note(person.name, "second-factor-removed")
        else:
            is_secret = secondfactor.is_secret(secret)
            counter = secondfactor.counter_of(secret, code) if is_secret else 0
            if not counter:
                return self._not_taken(person, "second-factor", _NOT_RIGHT, 422)
            self.people.set_secret(person.name, secret)
            self.people.use_counter(person.name, counter)
            self.note(person.name, "second-factor-set")
        self.throttle.forgive(person.name, address())
        return redirect("/account", 303)


def make_pages(pages: Pages) -> Flask:
    """Make the application of the portal's own pages."""
    app = Flask(__name__)
    # What goes wrong unforeseen is the gate's to say, whoever's page it was.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.jinja_env.filters["moment"] = _moment
    app.register_error_handler(HTTPException, pages.error)
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


def _moment(seconds: float) -> str:
    """Write a moment as a reader anywhere understands it."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _password() -> str:
    """Return the password that was typed twice."""
    if given("password") != given("again"):
        raise CoopledgerError(_NOT_SAME)
    return given("password")
