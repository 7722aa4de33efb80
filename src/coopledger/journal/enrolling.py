"""Lines of the register: who joins, changes, comes and goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from beancount.core import account

from coopledger.domain.members import ENDINGS
from coopledger.domain.members import MOVED
from coopledger.domain.members import MemberEvent
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from coopledger.journal.directives import Directive
    from coopledger.journal.records import Records

#: An id that Beancount takes as a part of an account without a closer look.
_PLAIN = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")


def is_component(member: str) -> bool:
    """Say whether a member id can be a part of an account's name.

    Beancount's own test takes its time, and nearly all ids are plain.
    """
    is_plain = _PLAIN.fullmatch(member)
    return bool(is_plain) or (
        ":" not in member and account.is_valid(f"Assets:{member}")
    )


def read_member(directive: Directive, records: Records) -> None:
    """Read a line of the register."""
    member = directive.text("member")
    if member not in records.members and not is_component(member):
        found = Phrase(
            "The member id '{member}' can be no part of an account name.", member=member
        )
        fix = Phrase(
            "Begin it with a capital, and write letters, digits and hyphens only."
        )
        records.remark(directive, found, fix)
    records.members.add(member)
    exit_ = _exit(directive, records)
    peer = _peer(directive, records, exit_)
    records.events.append(
        MemberEvent(
            member=member,
            event=directive.values["event"],
            date=directive.date,
            name=directive.text("name"),
            person=directive.text("person"),
            entity=directive.text("entity"),
            member_class=directive.text("class"),
            reason=directive.text("reason"),
            consent=directive.metadata.get("consent"),
            exit=exit_,
            cause=directive.text("cause"),
            payee=directive.text("payee"),
            federal=directive.text("federation-member"),
            peer=peer,
            language=directive.text("language"),
            origin=directive.origin,
        )
    )


def _exit(directive: Directive, records: Records) -> str:
    """Return the kind of an exit, or "" where the line is none of that kind."""
    kind, event = directive.text("exit"), directive.values["event"]
    is_fitting = event in ENDINGS and (event != "die" or kind == "death")
    if not kind or is_fitting:
        return kind
    found = Phrase(
        "'{event}' of {member} is no exit of kind '{kind}'.",
        event=event,
        member=directive.text("member"),
        kind=kind,
    )
    fix = Phrase("Take exit: out, or correct it; it says why a membership ends.")
    records.remark(directive, found, fix)
    return ""


def _peer(directive: Directive, records: Records, exit_: str) -> str:
    """Return the enterprise that a member comes from or goes to, or ""."""
    peer, event = directive.text("peer"), directive.values["event"]
    member = directive.text("member")
    if exit_ == MOVED and not peer:
        found = Phrase(
            "{member} goes to another enterprise, and nothing says to which.",
            member=member,
        )
        records.remark(directive, found, Phrase("Add peer, the id of that enterprise."))
    elif peer and exit_ != MOVED and event != "join":
        found = Phrase(
            "'{event}' of {member} names a peer, and nobody moves by it.",
            event=event,
            member=member,
        )
        fix = Phrase(
            'Take peer: out, or say exit: "{kind}" where somebody goes there.',
            kind=MOVED,
        )
        records.remark(directive, found, fix)
        return ""
    return peer
