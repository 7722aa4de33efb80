"""The page *Register*: who belongs, who votes, who came and went, who works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from fava.ext import extension_endpoint

from coopledger.fava_ext import words
from coopledger.fava_ext.adapter import CooperativePage
from coopledger.fava_ext.adapter import View
from coopledger.services import titles
from coopledger.services.registering import register_of
from coopledger.services.shaping import SCHEMA
from coopledger.services.stating import last_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from coopledger.services.registering import RegisterPage


@dataclass(slots=True, kw_only=True)
class RegisterView(View):
    """What the page shows.

    Attributes:
        found: The register.
        events: What the lines of the register are called.
        standings: How each of the others stands, by id.
    """

    found: RegisterPage
    events: Mapping[str, str]
    standings: Mapping[str, str]


class Register(CooperativePage):
    """Members at a date, votes, joins and leaves, hours and pay."""

    title = "Register"

    def view(self) -> View:
        """Return the register at the end of the period, and what happened in it."""
        period = self.period()
        found = self._register()
        view = RegisterView(
            template="coopledger/register.html",
            found=found,
            events=words.EVENTS,
            standings={
                one.membership.member: titles.status_of(one.membership)
                for one in (*found.members, *found.others)
            },
        )
        self.framed(view, period)
        return view

    def _register(self) -> RegisterPage:
        books, period = self.books, self.period()
        # A line of the register may be later than the last transaction.
        end = period.end if period.start else last_day(books)
        return register_of(self.book, period.first, end)

    @extension_endpoint
    def members(self) -> Response:
        """Answer with the register at the end of the period."""
        return self.answer(lambda: _shape(self._register()))


def _shape(found: RegisterPage) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "on": found.on.isoformat(),
        "votes": found.votes,
        "joined": found.joined,
        "left": found.left,
        "members": [
            {
                "member": one.membership.member,
                "name": one.membership.name,
                "class": one.membership.member_class,
                "status": one.membership.status,
                "votes": one.votes,
            }
            for one in found.members
        ],
        "changes": [
            {
                "date": one.event.date.isoformat(),
                "member": one.event.member,
                "event": one.event.event,
            }
            for one in found.changes
        ],
        "years": [
            {
                "year": one.label,
                "hours_members": str(one.work.hours_members),
                "hours_hired": str(one.work.hours_hired),
                "pay_members": str(one.work.payroll_members),
                "pay_hired": str(one.work.payroll_hired),
                "hired": one.work.hired,
                "pay_ratio": None if one.ratio is None else str(one.ratio_shown),
                "pay_ratio_cap": None if one.cap is None else str(one.cap),
            }
            for one in found.years
        ],
    }
