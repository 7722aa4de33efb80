"""What all of the portal's own pages share: what they know, and how they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from flask import abort
from flask import redirect
from flask import render_template
from flask import request

from coopledger.portal.gate import ADDRESS
from coopledger.portal.gate import PERSON
from coopledger.portal.gate import TOKEN
from coopledger.portal.noting import refused_word
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

    from werkzeug.exceptions import HTTPException

    from coopledger.errors import CoopledgerError
    from coopledger.portal.auditing import AuditLog
    from coopledger.portal.gate import Setting
    from coopledger.portal.people import Person
    from coopledger.portal.sessions import Sessions
    from coopledger.portal.storing import Store

_NOTHING = "There is nothing at this address."
_SENSELESS = "The server could make nothing of what was sent."

Answer = Any


@dataclass
class Answering:
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

    def need(self, page: str) -> Person:
        """Return who is there, if they have a page; others learn nothing of it."""
        person = signed_in_person()
        is_late = person.role in self.setting.needs_factor and not person.secret
        if page not in pages_of(person.role) or is_late:
            abort(404)
        return person

    def note(self, who: str, what: str, **more: str) -> None:
        """Write into the log that somebody did something, and from where."""
        self.log.note(who, what, address=address(), **more)

    def note_refused(self, who: str, what: str, **more: str | int) -> None:
        """Write into the log that somebody was refused; many times are one line."""
        self.log.note_refused(who, what, address=address(), **more)

    def form(self, template: str, **more: Any) -> str:
        """Lay a page out in the reader's language."""
        person = person_there()
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

    def error(self, error: HTTPException) -> Answer:
        """Say that there is no such page, or nothing to be made of what was sent."""
        person = person_there()
        if person:
            what = refused_word(request.method)
            asked = {"method": request.method, "path": request.path}
            status = error.code or 500
            self.note_refused(person.name, what, status=status, **asked)
        sentence = _SENSELESS if error.code == 400 else _NOTHING
        return self.form("message.html", wrong=sentence), error.code

    def sentence(self, text: str) -> str:
        """Say on a page of its own why something is not shown."""
        return self.form("message.html", wrong=text)


def _language() -> str:
    """Return the first of the reader's languages that there is."""
    wanted = [tag.partition("-")[0] for tag in request.accept_languages.values()]
    return next((one for one in wanted if one in languages()), OWN)


def person_there() -> Person | None:
    """Return who has signed in; None where nobody has."""
    found: Person | None = request.environ.get(PERSON)
    return found


def signed_in_person() -> Person:
    """Return who has signed in; others are led to where one does."""
    person = person_there()
    if person is None:
        abort(redirect("/sign-in", 303))
    return person


def token_sent() -> str:
    """Return the token of the session; "" without one."""
    return str(request.environ.get(TOKEN, ""))


def address() -> str:
    """Return where the request comes from."""
    return str(request.environ.get(ADDRESS, ""))


def said(error: CoopledgerError) -> Any:
    """Return an error's sentence, so that it can be said in another language."""
    return error.args[0]


def given(name: str) -> str:
    """Return what a form has in a field; "" without it."""
    return request.form.get(name, "")
