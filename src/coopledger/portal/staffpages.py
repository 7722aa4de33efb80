"""The pages that only some of the staff have: the people, the log."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from flask import abort
from flask import request

from coopledger.errors import CoopledgerError
from coopledger.errors import NobodyError
from coopledger.portal.answering import Answer
from coopledger.portal.answering import Answering
from coopledger.portal.answering import given
from coopledger.portal.answering import said
from coopledger.portal.answering import token_sent
from coopledger.portal.people import HOURS
from coopledger.portal.people import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopledger.portal.people import Person

_YOURSELF = "You cannot do this to yourself; ask another administrator."

#: So many events of the log are on one page.
_EVENTS = 200


class StaffPages(Answering):
    """The people and the log."""

    # --- the people -------------------------------------------------------------------

    def everybody(self) -> Answer:
        """Show everybody to an administrator."""
        self.need("people")
        return self._people()

    def _people(self, **more: Any) -> str:
        return self.form(
            "people.html",
            everybody=self.people.all(),
            roles=ROLES,
            members=sorted(self.members()),
            looked_at=self.looked_at(),
            sessions=self.sessions.all(),
            current=self.sessions.digest(token_sent()),
            hours=HOURS,
            **more,
        )

    def do_people(self) -> Answer:
        """Do what an administrator asked for."""
        admin = self.need("people")
        doing, name = given("do"), given("name").strip().lower()
        try:
            link = self._do(admin, doing, name)
        except CoopledgerError as error:
            return self._people(wrong=said(error)), 422
        self.note(admin.name, f"people-{doing}", person=name)
        return self._people(link=link, invited=name)

    def _do(self, admin: Person, doing: str, name: str) -> str:
        """Do something about somebody; return the link for them, if there is one."""
        if name == admin.name and doing in {"disable", "reset", "role"}:
            raise CoopledgerError(_YOURSELF)
        role = given("role")
        member = given("member").strip() if role == "member" else ""
        if member and doing in {"add", "role"}:
            self._refuse_unknown(member)
        deeds: dict[str, Callable[[], object]] = {
            "add": lambda: self.people.add(name, role, member),
            "role": lambda: self.people.change_role(name, role, member),
            "disable": lambda: self.people.disable(name),
            "enable": lambda: self.people.disable(name, is_disabled=False),
            "reset": lambda: self.people.reset(name),
            "end": lambda: self._end_sessions(name, given("session")),
            "invite": lambda: self.people.named(name),
        }
        deeds.get(doing, lambda: abort(400))()
        if doing not in {"add", "invite", "reset"}:
            return ""
        token = self.people.invite(name)
        return f"{self.setting.scheme}://{request.host}/invitation/{token}"

    def _refuse_unknown(self, member: str) -> None:
        """Refuse an id that the book does not have, where this process has the book."""
        known = sorted(self.members())
        if known and member not in known:
            raise NobodyError(member, known)

    def _end_sessions(self, name: str, digest: str) -> None:
        """End one of somebody's sessions, or all of them."""
        person = self.people.named(name)
        if digest:
            self.sessions.end_one(person, digest)
        else:
            self.sessions.end_all(person.name)

    # --- the log ----------------------------------------------------------------------

    def events(self) -> Answer:
        """Show who saw or changed what, the latest first."""
        person = self.need("log")
        self.note(person.name, "log-read")
        who, what = request.args.get("who", ""), request.args.get("what", "")
        found = [
            event
            for event in reversed(self.log.events())
            if (not who or event.get("who") == who)
            and (not what or str(event.get("what", "")).startswith(what))
        ]
        return self.form(
            "log.html",
            events=found[:_EVENTS],
            number=len(found),
            broken=self.log.broken_at(),
            who=who,
            what=what,
        )
