"""The register of members, readable as of any date.

A member who leaves on a day is a member on that day and no longer on the next one; a
member who joins on a day is a member from that day on.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Literal
from typing import NamedTuple
from typing import get_args

from coopledger.errors import MemberUnknownError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from coopledger.domain.findings import Origin

EventName = Literal[
    "apply", "join", "class", "pause", "resume", "leave", "die", "withhold", "release"
]
Status = Literal["applicant", "member", "paused", "left", "deceased"]
ExitKind = Literal[
    "justified",
    "unjustified",
    "minimum-stay",
    "expulsion",
    "death",
    "retirement",
    "transfer",
]

EVENTS: tuple[str, ...] = get_args(EventName)
#: Kinds of exit; what may be kept, and how soon the rest is due, depends on them.
EXIT_KINDS: tuple[str, ...] = get_args(ExitKind)

#: Goes to another enterprise of the federation, and their capital with them.
MOVED: ExitKind = "transfer"

#: Why tax has to be withheld from payments to somebody: no number that is right, or
#: income that was not declared (26 U.S.C. 3406(a)(1), (A) and (B), (C) and (D)).
CAUSES = ("tin", "underreporting")
#: Whether tax forms are due to somebody: not to corporations and exempt bodies.
PAYEES = ("person", "exempt")
#: What a member may be that is no person; some limits leave some of them out.
ENTITIES = ("company", "co-operative", "co-operative-owned", "non-profit")

_STATUS: dict[str, Status] = {
    "apply": "applicant",
    "join": "member",
    "resume": "member",
    "pause": "paused",
    "leave": "left",
    "die": "deceased",
}
ENDINGS = ("leave", "die")
#: They say that tax has to be withheld, and no longer; the standing stays.
_WITHHOLDINGS = ("withhold", "release")

#: Which events may follow which standing ("" = nobody yet).
_FOLLOWS: dict[str, tuple[str, ...]] = {
    "": ("apply", "join"),
    "applicant": ("join", "leave", "die", "class"),
    "member": ("class", "pause", "leave", "die", *_WITHHOLDINGS),
    "paused": ("resume", "class", "leave", "die", *_WITHHOLDINGS),
    "left": ("apply", "join", *_WITHHOLDINGS),
    "deceased": _WITHHOLDINGS,
}


@dataclass(frozen=True, slots=True)
class MemberEvent:
    """One line of the register.

    Attributes:
        member: Id of the member, as in account names.
        event: What happened.
        date: When; an exit counts from the end of that day.
        name: Full name, where the line gives it.
        member_class: Class, where the line gives it.
        reason: Why a member left, in the words of the book.
        consent: Day of the consent to qualified notices, where given.
        exit: Kind of exit, "" where the line gives none.
        person: Who it is, where the name alone does not tell.
        cause: Why tax has to be withheld: ``tin`` or ``underreporting``, or "".
        payee: ``exempt`` where no tax form is due, ``person``, or "".
        entity: What a member is that is no person, one of `ENTITIES`, or "".
        federal: The id by which the whole federation knows them, or "".
        peer: The enterprise that they come from or go to, or "".
        language: The language that they are written to in, where the line says it.
        origin: Where the line stands.
    """

    member: str
    event: EventName
    date: datetime.date
    origin: Origin
    name: str = ""
    member_class: str = ""
    reason: str = ""
    consent: datetime.date | None = None
    exit: str = ""
    person: str = ""
    cause: str = ""
    payee: str = ""
    entity: str = ""
    federal: str = ""
    peer: str = ""
    language: str = ""

    @property
    def exit_kind(self) -> str:
        """Kind of exit; a death is one of its own kind."""
        return self.exit or ("death" if self.event == "die" else "")


class Membership(NamedTuple):
    """Who somebody is on a given day.

    Attributes:
        member: Id.
        name: Latest known name, or the id.
        member_class: Class on that day, "" when none was recorded.
        status: Standing on that day.
        joined: First day of the present membership, None for applicants.
        left: Last day of membership, None while it lasts.
        origin: Where the deciding line of the register stands.
    """

    member: str
    name: str
    member_class: str
    status: Status
    joined: datetime.date | None
    left: datetime.date | None
    origin: Origin

    @property
    def is_member(self) -> bool:
        """Whether the person is a member (a paused member still is one)."""
        return self.status in {"member", "paused"}


@dataclass(slots=True)
class Register:
    """All events, by member, each member's in order of date.

    Attributes:
        events: Events by member id.
        disordered: Events that cannot follow what stood before, with that standing.
        federated: Members whom a whole federation knows by an id of its own, or who
            came from one of its enterprises or went there.
    """

    events: dict[str, list[MemberEvent]] = field(default_factory=dict)
    disordered: list[tuple[MemberEvent, str]] = field(default_factory=list)
    federated: set[str] = field(default_factory=set)
    _after_each: dict[str, list[Membership]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _ids: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @classmethod
    def of(cls, events: Iterable[MemberEvent]) -> Register:
        """Build a register; events that make no sense are set aside and kept."""
        register = cls()
        standing: dict[str, str] = {}
        for event in sorted(events, key=lambda event: event.date):
            before = standing.get(event.member, "")
            if event.event not in _FOLLOWS[before]:
                register.disordered.append((event, before))
                continue
            standing[event.member] = _STATUS.get(event.event, before)
            register.events.setdefault(event.member, []).append(event)
            if event.federal or event.peer:
                register.federated.add(event.member)
        return register

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids ever registered, in order of first membership, then id."""
        if len(self._ids) != len(self.events):
            self._ids = tuple(sorted(self.events, key=self.rank))
        return self._ids

    def refuse_unknown(self, member: str) -> None:
        """Refuse an id that nobody ever had.

        Raises:
            MemberUnknownError: With the nearest id.
        """
        if member not in self.events:
            raise MemberUnknownError(member, self.events)

    def rank(self, member: str) -> tuple[str, str]:
        """Return what ties go by: first join date (ISO), then member id."""
        for event in self.events.get(member, ()):
            if event.event == "join":
                return (event.date.isoformat(), member)
        return ("9999", member)

    def name(self, member: str) -> str:
        """Return the latest recorded name of a member, or the id."""
        for event in reversed(self.events.get(member, ())):
            if event.name:
                return event.name
        return member

    def people(self) -> dict[str, list[str]]:
        """Return the ids of everybody whose name or person is on record.

        Two ids are one person where both say so, or bear one name and say nothing.
        """
        found: dict[str, list[str]] = {}
        for member, events in self.events.items():
            said = [event.person or event.name for event in events]
            persons = [event.person for event in events if event.person]
            who = next(reversed(persons or [one for one in said if one]), "")
            if who:
                found.setdefault(who, []).append(member)
        return found

    def entity(self, member: str, on: datetime.date) -> str:
        """Return what a member is that is no person, as far as it is said by a day."""
        said = [e.entity for e in self.events.get(member, ()) if e.date <= on]
        return next((entity for entity in reversed(said) if entity), "")

    def language(self, member: str) -> str:
        """Return the language that a member is written to in, as said last, or ""."""
        said = [event.language for event in self.events.get(member, ())]
        return next((one for one in reversed(said) if one), "")

    def federal(self, member: str) -> str:
        """Return the id by which the whole federation knows a member, or ""."""
        said = [event.federal for event in self.events.get(member, ())]
        return next((one for one in reversed(said) if one), "")

    def standing(self, member: str, on: datetime.date) -> Membership | None:
        """Return who a member is at the end of a day; None before the first event."""
        return self._standing(member, on, ended_before=False)

    def during(self, member: str, on: datetime.date) -> Membership | None:
        """Return who a member is in the course of a day; exits count from its end."""
        return self._standing(member, on, ended_before=True)

    def as_of(self, on: datetime.date) -> list[Membership]:
        """Return everybody known on a day, by join date, then id.

        A member who leaves on that very day is still listed as a member.
        """
        found = (self.during(member, on) for member in self.ids)
        return [membership for membership in found if membership]

    def was_member(self, member: str, start: datetime.date, end: datetime.date) -> bool:
        """Say whether somebody was a member on any day from start to end."""
        joined: datetime.date | None = None
        for event in self.events.get(member, ()):
            if event.event == "join":
                joined = event.date
            elif event.event in ENDINGS and joined:
                if joined <= end and event.date >= start:
                    return True
                joined = None
        return joined is not None and joined <= end

    def ending(self, member: str, on: datetime.date) -> MemberEvent | None:
        """Return the line by which somebody's last membership ended by a day."""
        ended: MemberEvent | None = None
        for event in self.events.get(member, ()):
            if event.date > on:
                break
            if event.event in ENDINGS:
                ended = event
            elif event.event == "join":
                ended = None
        return ended

    def withheld_for(self, member: str, on: datetime.date) -> str:
        """Return why tax has to be withheld from somebody on a day; "" where not."""
        events = (e for e in self.events.get(member, ()) if e.date <= on)
        latest = [event for event in events if event.event in _WITHHOLDINGS]
        if not latest or latest[-1].event == "release":
            return ""
        return latest[-1].cause or CAUSES[0]

    def is_exempt_payee(self, member: str, on: datetime.date) -> bool:
        """Say whether no tax form is due to somebody on a day, as to a corporation."""
        known = [e.payee for e in self.events.get(member, ()) if e.date <= on]
        return next((payee for payee in reversed(known) if payee), "") == "exempt"

    def changes(self, member: str, start: datetime.date, end: datetime.date) -> bool:
        """Say whether anything changes for a member after the first day."""
        events = self.events.get(member)
        if not events or events[-1].date <= start:
            return False
        return any(start < event.date <= end for event in events)

    def classes(
        self, member: str, start: datetime.date, end: datetime.date
    ) -> tuple[str, ...]:
        """Return the classes somebody held from start to end, in order."""
        held: list[str] = [""]
        for event in self.events.get(member, ()):
            if event.date > end:
                break
            if event.member_class:
                held = ([] if event.date <= start else held) + [event.member_class]
        return tuple(dict.fromkeys(name for name in held if name))

    def _standing(
        self, member: str, on: datetime.date, *, ended_before: bool
    ) -> Membership | None:
        happened = 0
        for event in self.events.get(member, ()):
            if event.date > on:
                break
            if ended_before and event.date == on and event.event in ENDINGS:
                break
            happened += 1
        return self._memberships(member)[happened - 1] if happened else None

    def _memberships(self, member: str) -> list[Membership]:
        """Return who a member is after each event; a year asks this very often."""
        if member not in self._after_each:
            name = self.name(member)
            known: list[Membership] = []
            for event in self.events[member]:
                known.append(_after(event, known[-1] if known else None, name))
            self._after_each[member] = known
        return self._after_each[member]


def _after(event: MemberEvent, before: Membership | None, name: str) -> Membership:
    joined = before.joined if before else None
    left = before.left if before else None
    if event.event == "join":
        joined, left = event.date, None
    if event.event in ENDINGS:
        left = event.date
    old_class = before.member_class if before else ""
    old_status = before.status if before else "applicant"
    return Membership(
        event.member,
        name,
        event.member_class or old_class,
        _STATUS.get(event.event, old_status),
        joined,
        left,
        event.origin,
    )
