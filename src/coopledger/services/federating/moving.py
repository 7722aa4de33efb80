"""A member goes from one enterprise of a federation to another, capital and all."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from itertools import chain
from itertools import count
from typing import TYPE_CHECKING
from typing import NamedTuple

from coopledger.domain.amounts import ZERO
from coopledger.domain.capital import CAPITAL
from coopledger.domain.members import MOVED
from coopledger.domain.revolving import REVOLVING
from coopledger.domain.revolving import RevolvingFund
from coopledger.domain.transfers import CAPITAL_MOVED
from coopledger.domain.transfers import name_of
from coopledger.errors import CoopledgerError
from coopledger.errors import ResolutionUnknownError
from coopledger.errors import offer_nearest
from coopledger.journal.chart import RoleMissingError
from coopledger.journal.joint import proposal_for
from coopledger.journal.loading import load_sound_book
from coopledger.journal.planning import Planned
from coopledger.journal.planning import PlannedLeg
from coopledger.journal.planning import quoted
from coopledger.services.naming import free_name

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Hashable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import TypeVar

    from coopledger.domain.members import Membership
    from coopledger.journal.joint import Proposal
    from coopledger.journal.loading import Book
    from coopledger.services.federating.gathering import Federation

    _Key = TypeVar("_Key", bound=Hashable)


class MemberNotMovedError(CoopledgerError):
    """A member cannot go to another enterprise, for the reason given."""

    def __init__(self, member: str, why: str) -> None:
        """Keep the reason as the end of the sentence."""
        super().__init__(f"{member} cannot be moved: {why}")


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to go where, and what is asked for beyond that.

    Attributes:
        member: Id of the member where they leave.
        giver: Id of the enterprise that they leave.
        receiver: Id of the one that they join.
        on: Last day there and first day here.
        resolution: Id of the federation's decision; "" for a draft.
        as_: Their id where they join; the same one by default.
        member_class: Their class there; the same one by default.
        person: The id by which the whole federation knows them, where no register has
            one yet; a new one by default.
    """

    member: str
    giver: str
    receiver: str
    on: datetime.date
    resolution: str = ""
    as_: str = ""
    member_class: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Moving:
    """A member's way from one enterprise to another, as both books will have it.

    Attributes:
        wish: What was asked for.
        name: Their name.
        member: Their id where they join.
        member_class: Their class there.
        person: The id by which the whole federation knows them.
        transfer: Id of the transfer.
        capital: Capital that goes along, by role.
        allotted: What was retained of it, by role and year of allotment.
        proposals: The entries, for the book that they leave and for the other one.
    """

    wish: Wish
    name: str
    member: str
    member_class: str
    person: str
    transfer: str
    capital: Mapping[str, Decimal]
    allotted: Mapping[tuple[str, int], Decimal]
    proposals: tuple[Proposal, ...] = ()

    @property
    def amount(self) -> Decimal:
        """All capital that goes along."""
        return sum(self.capital.values(), ZERO)


def move(federation: Federation, wish: Wish) -> Moving:
    """Propose both sides of a member's way to another enterprise.

    Raises:
        MemberUnknownError: Nobody of that id is in the register that they leave.
        ResolutionUnknownError: The federation's book has no such resolution.
        MemberNotMovedError: An enterprise is none of the federation's, its book cannot
            be had or lacks an account, they are no member of the one or have another's
            id in the other, or there is nothing that could go along.
    """
    _refuse_undecided(federation, wish)
    giver = _book(federation, wish, wish.giver)
    receiver = _book(federation, wish, wish.receiver)
    _refuse_currencies(wish, giver, receiver)
    standing = _standing(giver, wish)
    person = _person(federation, giver, wish)
    member = _id_there(receiver, wish, person)
    held = _held(giver, wish)
    moving = Moving(
        wish,
        standing.name,
        member,
        wish.member_class or standing.member_class,
        person,
        _free_id(federation, wish),
        _added((one.role, one.amount) for one in held),
        _added(((one.role, one.year), one.amount) for one in held if one.year),
    )
    if moving.amount <= 0:
        why = (
            f"they hold no capital in '{wish.giver}' on {wish.on} that could go along. "
            f'Write both lines of the registers by hand: "leave" with exit: "{MOVED}" '
            'there and "join" here, each with peer and federation-member.'
        )
        raise MemberNotMovedError(wish.member, why)
    leaving = _planned(
        wish, wish.giver, lambda: _leaving(moving, giver, receiver, held)
    )
    joining = _planned(
        wish, wish.receiver, lambda: _joining(moving, giver, receiver, held)
    )
    proposals = (
        proposal_for(giver, free_name(giver, f"move-{wish.member}"), (leaving,)),
        proposal_for(receiver, free_name(receiver, f"move-{member}"), (joining,)),
    )
    return replace(moving, proposals=proposals)


# --- what has to be so ----------------------------------------------------------------


def _refuse_undecided(federation: Federation, wish: Wish) -> None:
    decisions = {one.id: one.date for one in federation.own.decisions}
    if not wish.resolution:
        return
    if wish.resolution not in decisions:
        raise ResolutionUnknownError(wish.resolution, decisions)
    if wish.on < decisions[wish.resolution]:
        why = (
            f"{wish.on} is before resolution {wish.resolution} of "
            f"{decisions[wish.resolution]}, which decides it. Give a later day with "
            "--on, or name another resolution."
        )
        raise MemberNotMovedError(wish.member, why)


def _book(federation: Federation, wish: Wish, name: str) -> Book:
    """Return the book of one of the federation's enterprises."""
    for trouble in federation.troubles:
        if trouble.id == name:
            why = f"the book of '{name}' is missing. {trouble.why}"
            raise MemberNotMovedError(wish.member, why)
    if name not in federation.enterprises:
        nearest = offer_nearest(name, federation.enterprises)
        why = f"there is no enterprise '{name}' in the federation{nearest}"
        raise MemberNotMovedError(wish.member, why)
    if wish.giver == wish.receiver:
        why = f"they are to leave '{name}' and to join it. Name two enterprises."
        raise MemberNotMovedError(wish.member, why)
    return load_sound_book(federation.paths[name])


def _refuse_currencies(wish: Wish, giver: Book, receiver: Book) -> None:
    one, two = giver.case.books.currency, receiver.case.books.currency
    if one != two:
        why = (
            f"'{wish.giver}' keeps its book in {one} and '{wish.receiver}' in {two}, "
            "and nothing says at which rate capital would arrive whole. Settle it with "
            "'exit' in the one book and let them subscribe in the other."
        )
        raise MemberNotMovedError(wish.member, why)


def _standing(giver: Book, wish: Wish) -> Membership:
    """Return who they are where they leave."""
    register = giver.case.books.register
    register.refuse_unknown(wish.member)
    standing = register.standing(wish.member, wish.on)
    later = [one for one in register.events[wish.member] if one.date > wish.on]
    if standing is None or not standing.is_member or later:
        why = (
            f"the register of '{wish.giver}' does not have them as a member on "
            f"{wish.on}, or says something of them after that day. Look at its lines, "
            "or give another day with --on."
        )
        raise MemberNotMovedError(wish.member, why)
    return standing


def _person(federation: Federation, giver: Book, wish: Wish) -> str:
    """Return the id by which the whole federation knows them, a new one if need be."""
    known = giver.case.books.register.federal(wish.member)
    if known and wish.person not in {"", known}:
        why = (
            f"the federation knows them as '{known}' already, and not as "
            f"'{wish.person}'. Leave --federation-member out, or correct the register."
        )
        raise MemberNotMovedError(wish.member, why)
    if known or wish.person:
        return known or wish.person
    taken = {one.person for book in federation.books.values() for one in book.persons}
    plain = name_of(wish.giver)
    return next(
        one for one in (f"{plain}-{number}" for number in count(1)) if one not in taken
    )


def _id_there(receiver: Book, wish: Wish, person: str) -> str:
    """Return their id where they join: nobody else's."""
    register, member = receiver.case.books.register, wish.as_ or wish.member
    if member not in register.events:
        return member
    standing = register.standing(member, wish.on)
    if register.federal(member) != person:
        why = (
            f"'{member}' is somebody in the register of '{wish.receiver}' already, "
            "whom the federation does not know as the same person. Give them another "
            "id there with --as, or the same federation-member in both registers."
        )
        raise MemberNotMovedError(wish.member, why)
    if standing is not None and standing.is_member:
        why = f"they are a member of '{wish.receiver}' on {wish.on} already."
        raise MemberNotMovedError(wish.member, why)
    return member


class _Held(NamedTuple):
    """What stands on one of their capital accounts, of one year where it is of any."""

    account: str
    role: str
    year: int | None
    amount: Decimal


def _held(giver: Book, wish: Wish) -> list[_Held]:
    """Return what stands on each of their capital accounts on the day."""
    books = giver.case.books
    sums: dict[tuple[str, str], Decimal] = {}
    fund = RevolvingFund(books.year_end)
    for booking, leg in books.traces_in(CAPITAL):
        if leg.member == wish.member and booking.date <= wish.on:
            key = (leg.account, leg.role)
            sums[key] = sums.get(key, ZERO) + leg.amount
            if leg.role in REVOLVING:
                fund.note(booking, leg)
    return [
        _Held(account, role, year, part)
        for (account, role), amount in sums.items()
        for year, part in _by_year(fund.held(wish.member, account), amount)
    ]


def _by_year(
    held: Mapping[int, Decimal], amount: Decimal
) -> Iterator[tuple[int | None, Decimal]]:
    """Divide what an account holds by year, and keep what is of none."""
    left = amount
    for year, own in held.items():
        part = min(left, own)
        if part > 0:
            yield year, part
            left -= part
    if left:
        yield None, left


def _added(parts: Iterable[tuple[_Key, Decimal]]) -> dict[_Key, Decimal]:
    found: dict[_Key, Decimal] = {}
    for key, amount in parts:
        found[key] = found.get(key, ZERO) + amount
    return found


def _free_id(federation: Federation, wish: Wish) -> str:
    """Return an id that no transfer of the federation has."""
    taken = {one.id for book in federation.books.values() for one in book.transfers}
    plain = f"MOVE-{wish.on}-{name_of(wish.giver)}"
    numbered = (f"{plain}-{number}" for number in count(2))
    return next(one for one in chain([plain], numbered) if one not in taken)


# --- entries --------------------------------------------------------------------------


def _planned(wish: Wish, name: str, plan: Callable[[], Planned]) -> Planned:
    """Plan an entry; where it cannot be booked, say in which of both books."""
    try:
        return plan()
    except RoleMissingError as error:
        why = f"in the book of '{name}' there is nowhere to book it. {error}"
        raise MemberNotMovedError(wish.member, why) from None


def _leaving(
    moving: Moving, giver: Book, receiver: Book, held: Iterable[_Held]
) -> Planned:
    """Return what the book has that they leave: each account at nothing."""
    peer = moving.wish.receiver
    legs = [PlannedLeg(one.account, one.amount, year=one.year) for one in held]
    owed = giver.chart.account("due-to", peer=name_of(peer))
    legs.append(PlannedLeg(owed, -moving.amount))
    words = {"exit": MOVED, "peer": peer, "federation-member": moving.person}
    before = _register_line(moving.wish, moving.wish.member, "leave", words)
    text = f"Goes to {receiver.case.books.title}, and the capital too"
    return _entry(moving, peer, text, legs, before)


def _joining(
    moving: Moving, giver: Book, receiver: Book, held: Iterable[_Held]
) -> Planned:
    """Return what the book has that they join: the same capital, by role and year."""
    peer, chart = moving.wish.giver, receiver.chart
    parts = _added(((one.role, one.year), one.amount) for one in held)
    legs = [
        PlannedLeg(chart.account("due-from", peer=name_of(peer)), moving.amount),
        *(
            PlannedLeg(chart.account(role, member=moving.member), -amount, year=year)
            for (role, year), amount in parts.items()
        ),
    ]
    words = {
        "name": moving.name,
        "class": moving.member_class,
        "peer": peer,
        "federation-member": moving.person,
    }
    before = _register_line(moving.wish, moving.member, "join", words)
    text = f"Comes from {giver.case.books.title}, and the capital too"
    return _entry(moving, peer, text, legs, before)


def _entry(
    moving: Moving, peer: str, text: str, legs: list[PlannedLeg], before: str
) -> Planned:
    return Planned(
        date=moving.wish.on,
        payee=moving.name,
        narration=text,
        year=None,
        kind="transfer",
        link=moving.wish.resolution,
        legs=tuple(legs),
        tags=frozenset(),
        metadata={
            "coop-transfer": moving.transfer,
            "coop-peer": peer,
            "coop-nature": CAPITAL_MOVED,
        },
        before=before,
    )


def _register_line(
    wish: Wish, member: str, event: str, words: Mapping[str, str]
) -> str:
    listed = "".join(
        f'  {key}: "{quoted(word)}"\n' for key, word in words.items() if word
    )
    return f'{wish.on} custom "coop-member" "{member}" "{event}"\n{listed}\n'
