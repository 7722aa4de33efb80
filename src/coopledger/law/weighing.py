"""Who takes part in a year's result, with which weight, and whose work it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import share
from coopledger.domain.patronage import bases_in_force
from coopledger.domain.patronage import measured
from coopledger.domain.patronage import weights
from coopledger.domain.periods import add_months
from coopledger.domain.weights import Weights
from coopledger.law.presence import Presence

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.domain.books import Books
    from coopledger.domain.books import Labour
    from coopledger.domain.books import PatronageBasis
    from coopledger.domain.books import YearFigures
    from coopledger.domain.steps import Audience
    from coopledger.law.policy import Policy


#: How many months after a member left their last pay may be booked, as the language
#: reference says.
LAST_PAY_MONTHS = 1

#: Everybody who takes part, by all bases.
ALL: Audience = ((), ())


def weights_of(counts: Counting, named: Collection[str] = ()) -> Weights[str]:
    """Return the exact patronage weight of everybody who takes part.

    Args:
        counts: Who takes part in which year, and on which of its days.
        named: Only these bases; all that hold for the year without any.

    Returns:
        Weight by member.  Somebody takes part who was a member on any day of the
        year, with what was done in a class that takes part; a leaver's last pay
        counts.
    """
    bases, quantities = _quantities(counts, named)
    end = counts.figures.fiscal.end
    combination = counts.policy.text("patronage.combination", end, "weighted-sum")
    return weights(quantities, bases, combination)


def units_of(counts: Counting, named: Collection[str] = ()) -> Weights[str]:
    """Return everybody's quantity of patronage, however it is weighed.

    Args:
        counts: As for `weights_of`.
        named: As for `weights_of`.
    """
    _, quantities = _quantities(counts, named)
    total: Weights[str] = Weights({})
    for column in quantities.values():
        total = total.plus(Weights.of(column))
    return total


def _quantities(
    counts: Counting, named: Collection[str]
) -> tuple[list[PatronageBasis], dict[str, dict[str, Decimal]]]:
    bases = bases_of(counts.books, counts.figures, named)
    return bases, {
        basis.basis: measured(counts.figures, basis, counts, counts.throughout)
        for basis in bases
    }


def bases_of(
    books: Books, figures: YearFigures, named: Collection[str] = ()
) -> list[PatronageBasis]:
    """Return the patronage bases that hold for a year, or those of them that count."""
    found = bases_in_force(books.bases, figures.fiscal, books.founded)
    return [basis for basis in found if not named or basis.basis in named]


def counting_of(
    books: Books,
    policy: Policy,
    figures: YearFigures,
    switch: str,
    classes: Collection[str] = (),
) -> Counting:
    """Return who counts on which day of a year, for a surplus or for a loss."""
    return Counting(books, policy, figures, switch, classes)


class Counting:
    """Says whether what a member did on a day counts towards the year's patronage."""

    def __init__(
        self,
        books: Books,
        policy: Policy,
        figures: YearFigures,
        switch: str,
        classes: Collection[str] = (),
    ) -> None:
        self.books = books
        self.register = books.register
        self.policy = policy
        self.figures = figures
        self.switch = switch
        self.classes = classes
        fiscal = figures.fiscal
        self.minimum = policy.find_number("patronage.minimum-hours", fiscal.end) or ZERO
        self.presence = Presence(books, policy, figures)
        self._law_changes = policy.changes(fiscal.start, fiscal.end)
        self._all_year: dict[str, bool | None] = {}
        self._takes_part: dict[tuple[str, datetime.date], bool] = {}
        self._asks_for_work = bool(self.minimum) or self.presence.is_asked_for

    def __call__(self, member: str, day: datetime.date) -> bool:
        """Answer for a member and a day."""
        answer = self.throughout(member)
        return self.belongs_on(member, day) if answer is None else answer

    def throughout(self, member: str) -> bool | None:
        """Answer for all days of the year; None where something changes within it."""
        if self._asks_for_work and self._works_too_little(member):
            return False
        return self.belongs(member)

    def belongs(self, member: str) -> bool | None:
        """Say of the whole year whether a member takes part, however little they work.

        None where something changes within the year.
        """
        try:
            answer = self._all_year[member]
        except KeyError:
            answer = self._all_year[member] = self._belongs(member)
        return answer

    def _belongs(self, member: str) -> bool | None:
        fiscal = self.figures.fiscal
        if self._law_changes or self.register.changes(member, fiscal.start, fiscal.end):
            was_one = self.register.was_member(member, fiscal.start, fiscal.end)
            return None if was_one else False
        return self.belongs_on(member, fiscal.end)

    def belongs_on(self, member: str, day: datetime.date) -> bool:
        """Say whether a member takes part on a day, however little they work."""
        standing = self.register.standing(member, day)
        if standing is None or standing.joined is None:
            return False
        # The last pay often comes after the last day; what is later is nobody's.
        if standing.left and day > add_months(standing.left, LAST_PAY_MONTHS):
            return False
        # There are few classes, and very many members.
        key = (standing.member_class, day)
        if key not in self._takes_part:
            self._takes_part[key] = self._class_takes_part(*key)
        return self._takes_part[key]

    def _class_takes_part(self, name: str, day: datetime.date) -> bool:
        own = self.policy.class_on(name, day)
        if own is None or (self.classes and own.id not in self.classes):
            return False
        return bool(getattr(own, self.switch))

    def _works_too_little(self, member: str) -> bool:
        if self.presence.is_too_short(member, is_member=True):
            return True
        labour = self.figures.members.get(member) if self.minimum else None
        return labour is not None and labour.hours < self.minimum


def hired_weights_of(counts: Counting) -> Weights[str]:
    """Return the patronage weight of people who are no members, by name.

    They are measured as members are: by hours where the basis counts hours, by pay
    otherwise.

    Args:
        counts: Who takes part in which year.
    """
    books, figures = counts.books, counts.figures
    by_hours = any(basis.measure == "hours" for basis in bases_of(books, figures))
    measure = "hours" if by_hours else "amount"
    found = {
        name: one.worked(measure)
        for name, one in figures.hired.items()
        if not counts.presence.is_too_short(name, is_member=False)
    }
    return Weights.of(found).above_zero


# --- whose work brought it in ---------------------------------------------------------


def member_labour_result(counts: Counting) -> Decimal:
    """Return the part of the cooperative result that is due to members.

    The cooperative result is divided by hours or by pay (parameter
    ``labour.measure``) between members and other workers; what others worked is no
    patronage of members.  A form whose patronage is no labour has no such parameter:
    there all of it is the members', and business with others is extra-cooperative.

    Args:
        counts: Who takes part in which year.
    """
    figures, policy = counts.figures, counts.policy
    cooperative = figures.result.get("cooperative", ZERO)
    measure = policy.text("labour.measure", figures.fiscal.end, "")
    if not measure:
        return cooperative
    own = sum(
        [
            _counted(labour, member, measure, counts)
            for member, labour in figures.members.items()
        ],
        ZERO,
    )
    everybody = [*figures.members.values(), *figures.hired.values()]
    whole = labour_of(everybody, measure)
    if whole == 0:
        return cooperative
    return share(cooperative, own, whole, counts.books.unit)


def _counted(labour: Labour, member: str, measure: str, counts: Counting) -> Decimal:
    """Add up what somebody worked while being a member of a class with patronage.

    A candidate's labour, though it stands on a member's account, is no member's.
    """
    # Who worked too little for a part of the surplus was a member all the same.
    whole = counts.belongs(member)
    if whole is not None:
        return labour.worked(measure) if whole else ZERO
    return sum(
        (
            worked if measure == "hours" else paid
            for day, paid, worked in labour.rows
            if counts.belongs_on(member, day)
        ),
        ZERO,
    )


def labour_of(people: Iterable[Labour], measure: str) -> Decimal:
    """Add up what people worked, in hours or in pay."""
    return sum([one.worked(measure) for one in people], ZERO)
