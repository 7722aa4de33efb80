"""The operators: each makes one thing wrong that a person could get wrong.

Each docstring's first line says what was done; the table of mutants quotes it.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Protocol

from beancount.core import data
from beancount.core.amount import Amount

from tests.mutants.stock import customs
from tests.mutants.stock import place_of
from tests.mutants.stock import replaced
from tests.mutants.stock import transactions

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from tests.mutants.stock import Change
    from tests.mutants.stock import Stock


class Operator(Protocol):
    """A way to make one thing wrong: all places of a book in which it can be done."""

    __name__: str

    def __call__(self, stock: Stock, /) -> Iterator[Change]:
        """Yield each place with the book's entries as they are then."""


TAG = "coop-appropriation"
CENT = Decimal("0.01")
#: Accounts of members' capital and of what is owed to members.
OWN = {"contribution", "voluntary", "patronage", "nonqualified", "member-payable"}
RESERVES = {"collective", "mandatory-reserve", "voluntary-reserve", "entry-fees"}


def _number(posting: data.Posting) -> Decimal:
    assert posting.units is not None
    assert posting.units.number is not None
    return posting.units.number


def _units(posting: data.Posting, number: Decimal) -> data.Posting:
    assert posting.units is not None
    return posting._replace(units=Amount(number, posting.units.currency))


def _plus(posting: data.Posting, number: Decimal) -> data.Posting:
    return _units(posting, _number(posting) + number)


def _with_postings(
    entry: data.Transaction, changes: dict[int, data.Posting | None]
) -> data.Transaction:
    kept = [changes.get(i, posting) for i, posting in enumerate(entry.postings)]
    return entry._replace(postings=[posting for posting in kept if posting])


def _on_account(posting: data.Posting, account: str) -> data.Posting:
    return posting._replace(account=account)


def _legs(
    stock: Stock, roles: set[str]
) -> Iterator[tuple[int, data.Transaction, list[int]]]:
    """Yield transactions with the places of the postings that have some roles."""
    for index, entry in transactions(stock):
        legs = [
            i for i, p in enumerate(entry.postings) if stock.role(p.account) in roles
        ]
        if legs:
            yield index, entry, legs


def _distributions(stock: Stock) -> Iterator[tuple[int, data.Transaction]]:
    return ((i, e) for i, e in transactions(stock) if TAG in e.tags)


def _peers(stock: Stock, posting: data.Posting) -> Iterator[str]:
    """Yield accounts of the same role that belong to other members."""
    place = stock.place(posting.account)
    for other in sorted({m for _, m in _joins(stock)}):
        if place and other != place.member:
            yield posting.account.replace(f":{place.member}:", f":{other}:").replace(
                f":{place.member}", f":{other}"
            )


def _joins(stock: Stock) -> Iterator[tuple[int, str]]:
    for index, entry in customs(stock, "coop-member"):
        if entry.values[1].value == "join":
            yield index, str(entry.values[0].value)


def drop_a_leg(stock: Stock) -> Iterator[Change]:
    """Leave out one leg of a movement of capital."""
    for index, entry, legs in _legs(stock, OWN | RESERVES):
        yield (
            place_of(entry),
            replaced(stock, index, _with_postings(entry, {legs[0]: None})),
        )


def swap_members(stock: Stock) -> Iterator[Change]:
    """Exchange two members' amounts in a distribution."""
    for index, entry, legs in _legs(stock, {"patronage", "member-payable"}):
        by_amount = {entry.postings[leg].units: leg for leg in legs}
        if len(by_amount) > 1 and TAG in entry.tags:
            (a, first), (b, second) = sorted(by_amount.items(), key=lambda at: at[1])[
                :: len(by_amount) - 1
            ]
            changes = {
                first: entry.postings[first]._replace(units=b),
                second: entry.postings[second]._replace(units=a),
            }
            yield (
                place_of(entry),
                replaced(stock, index, _with_postings(entry, dict(changes))),
            )


def pay_another_member(stock: Stock) -> Iterator[Change]:
    """Book a member's leg to another member's account."""
    for index, entry, legs in _legs(stock, OWN):
        posting = entry.postings[legs[0]]
        opened = {e.account for e in stock.entries if isinstance(e, data.Open)}
        other = next((a for a in _peers(stock, posting) if a in opened), "")
        if other:
            yield (
                place_of(entry),
                replaced(
                    stock,
                    index,
                    _with_postings(entry, {legs[0]: _on_account(posting, other)}),
                ),
            )


def pay_a_stranger(stock: Stock) -> Iterator[Change]:
    """Book a member's leg to the account of somebody nobody knows."""
    for index, entry, legs in _legs(stock, OWN):
        posting = entry.postings[legs[0]]
        name = posting.account.replace(stock.member(posting.account), "Nobody")
        opening = data.Open(entry.meta, entry.date, name, [], None)
        changed = _with_postings(entry, {legs[0]: _on_account(posting, name)})
        yield place_of(entry), replaced(stock, index, opening, changed)


def hours_of_a_stranger(stock: Stock) -> Iterator[Change]:
    """Pay wages to the account of somebody nobody knows."""
    for index, entry, legs in _legs(stock, {"advance"}):
        posting = entry.postings[legs[0]]
        name = posting.account.replace(stock.member(posting.account), "Nobody")
        opening = data.Open(entry.meta, entry.date, name, [], None)
        changed = _with_postings(entry, {legs[0]: _on_account(posting, name)})
        yield place_of(entry), replaced(stock, index, opening, changed)


def _moved(days: int) -> Callable[[Stock], Iterator[Change]]:
    def change(stock: Stock) -> Iterator[Change]:
        for index, entry in _distributions(stock):
            day = entry.date + datetime.timedelta(days=days)
            yield place_of(entry), replaced(stock, index, entry._replace(date=day))

    return change


def distribute_before_the_year_ends(stock: Stock) -> Iterator[Change]:
    """Date a distribution into the year that it distributes."""
    yield from _moved(-200)(stock)


def distribute_a_day_before_its_resolution(stock: Stock) -> Iterator[Change]:
    """Date a distribution one day before its resolution."""
    decided = {str(e.values[0].value): e.date for _, e in customs(stock, "coop-res")}
    for index, entry in _distributions(stock):
        days = [decided[link] for link in entry.links if link in decided]
        for day in days:
            moved = entry._replace(date=day - datetime.timedelta(days=1))
            yield place_of(entry), replaced(stock, index, moved)


def distribute_a_year_late(stock: Stock) -> Iterator[Change]:
    """Pay a distribution out a year late."""
    yield from _moved(365)(stock)


def join_across_the_year_end(stock: Stock) -> Iterator[Change]:
    """Enter a member a year too early in the register."""
    for index, _ in _joins(stock):
        entry = stock.entries[index]
        moved = entry._replace(date=entry.date - datetime.timedelta(days=365))
        yield place_of(entry), replaced(stock, index, moved)


def join_a_year_late(stock: Stock) -> Iterator[Change]:
    """Enter a member years too late in the register."""
    for index, _ in _joins(stock):
        entry = stock.entries[index]
        moved = entry._replace(date=datetime.date(2025, 6, 30))
        yield place_of(entry), replaced(stock, index, moved)


def one_cent_more(stock: Stock) -> Iterator[Change]:
    """Give one member one cent more, and the reserve or bank one less."""
    yield from _cents(stock, -CENT)


def one_cent_less(stock: Stock) -> Iterator[Change]:
    """Give one member one cent less, and another leg one more."""
    yield from _cents(stock, CENT)


def _cents(stock: Stock, cent: Decimal) -> Iterator[Change]:
    for index, entry in _distributions(stock):
        legs = [i for i, p in enumerate(entry.postings) if stock.member(p.account)]
        if legs:
            other = next(i for i in range(len(entry.postings)) if i not in legs)
            changes = {
                legs[0]: _plus(entry.postings[legs[0]], cent),
                other: _plus(entry.postings[other], -cent),
            }
            yield (
                place_of(entry),
                replaced(stock, index, _with_postings(entry, dict(changes))),
            )


def a_cent_to_the_neighbour(stock: Stock) -> Iterator[Change]:
    """Move one cent from one member's part to the next member's."""
    for index, entry in _distributions(stock):
        legs = [
            i
            for i, p in enumerate(entry.postings)
            if stock.role(p.account) == "patronage"
        ]
        if len(legs) > 1:
            changes = {
                legs[0]: _plus(entry.postings[legs[0]], -CENT),
                legs[1]: _plus(entry.postings[legs[1]], CENT),
            }
            yield (
                place_of(entry),
                replaced(stock, index, _with_postings(entry, dict(changes))),
            )


def turn_signs(stock: Stock) -> Iterator[Change]:
    """Book a movement of capital the wrong way round."""
    for index, entry, _ in _legs(stock, OWN | RESERVES):
        postings = [_units(p, -_number(p)) for p in entry.postings]
        yield place_of(entry), replaced(stock, index, entry._replace(postings=postings))


def forget_the_resolution(stock: Stock) -> Iterator[Change]:
    """Leave out the link to the resolution."""
    for index, entry in _distributions(stock):
        yield place_of(entry), replaced(stock, index, entry._replace(links=frozenset()))


def name_a_resolution_that_is_not_on_file(stock: Stock) -> Iterator[Change]:
    """Name a resolution that nobody filed."""
    for index, entry in _distributions(stock):
        changed = entry._replace(links=frozenset({"GA-1999-77"}))
        yield place_of(entry), replaced(stock, index, changed)


def lose_the_minutes(stock: Stock) -> Iterator[Change]:
    """Take a resolution off file that a distribution rests on."""
    used = {link for _, entry in _distributions(stock) for link in entry.links}
    for index, entry in customs(stock, "coop-resolution"):
        if entry.values[0].value in used:
            yield place_of(entry), replaced(stock, index)


def forget_the_tag(stock: Stock) -> Iterator[Change]:
    """Leave out the tag of a distribution."""
    for index, entry in _distributions(stock):
        yield place_of(entry), replaced(stock, index, entry._replace(tags=frozenset()))


def _without(meta: data.Meta, key: str) -> data.Meta:
    return {name: value for name, value in meta.items() if name != key}


def _with_meta(
    entry: data.Transaction, key: str, value: str | None
) -> data.Transaction:
    meta = _without(entry.meta, key)
    return entry._replace(meta=meta if value is None else {**meta, key: value})


def forget_the_year(stock: Stock) -> Iterator[Change]:
    """Leave out the year that a distribution is of."""
    for index, entry in _distributions(stock):
        yield (
            place_of(entry),
            replaced(stock, index, _with_meta(entry, "coop-year", None)),
        )


def name_another_year(stock: Stock) -> Iterator[Change]:
    """Name the year before for a distribution."""
    for index, entry in _distributions(stock):
        year = str(int(entry.meta["coop-year"]) - 1)
        yield (
            place_of(entry),
            replaced(stock, index, _with_meta(entry, "coop-year", year)),
        )


def name_another_kind(stock: Stock) -> Iterator[Change]:
    """Call a distribution a redemption."""
    for index, entry in _distributions(stock):
        yield (
            place_of(entry),
            replaced(stock, index, _with_meta(entry, "coop-kind", "redemption")),
        )


def misspell_a_key(stock: Stock) -> Iterator[Change]:
    """Misspell a cooperative metadata key."""
    for index, entry in _distributions(stock):
        changed = _with_meta(_with_meta(entry, "coop-year", None), "coop-yaer", "2024")
        yield place_of(entry), replaced(stock, index, changed)


def forget_the_steps(stock: Stock) -> Iterator[Change]:
    """Leave out the step on the legs of a distribution."""
    for index, entry in _distributions(stock):
        postings = [
            p._replace(
                meta={k: v for k, v in (p.meta or {}).items() if k != "coop-step"}
            )
            for p in entry.postings
        ]
        yield place_of(entry), replaced(stock, index, entry._replace(postings=postings))


def book_twice(stock: Stock) -> Iterator[Change]:
    """Book a distribution twice."""
    for index, entry in _distributions(stock):
        yield place_of(entry), replaced(stock, index, entry, entry)


def forget_a_distribution(stock: Stock) -> Iterator[Change]:
    """Leave out a distribution while later years follow or it was paid."""
    for index, entry in _distributions(stock):
        yield place_of(entry), replaced(stock, index)


def keep_the_entry_fee_for_the_member(stock: Stock) -> Iterator[Change]:
    """Book an entry fee to the member's contribution, called an entry fee."""
    for index, entry, legs in _legs(stock, {"entry-fees"}):
        own = [
            p.account for p in entry.postings if stock.role(p.account) == "contribution"
        ]
        if own:
            changed = _with_postings(
                entry, {legs[0]: _on_account(entry.postings[legs[0]], own[0])}
            )
            changed = _with_meta(changed, "coop-kind", "entry-fee")
            yield place_of(entry), replaced(stock, index, changed)


def take_from_the_collective(stock: Stock) -> Iterator[Change]:
    """Pay a member out of the collective reserve instead of the year's surplus."""
    for index, entry in _distributions(stock):
        legs = {
            i: _on_account(p, _reserve(stock))
            for i, p in enumerate(entry.postings)
            if stock.role(p.account) == "surplus-appropriated"
        }
        if legs and _reserve(stock):
            yield (
                place_of(entry),
                replaced(stock, index, _with_postings(entry, dict(legs))),
            )


def _reserve(stock: Stock) -> str:
    roles = {"collective", "mandatory-reserve"}
    accounts = [e.account for e in stock.entries if isinstance(e, data.Open)]
    return next((a for a in accounts if stock.role(a) in roles), "")


def sell_the_reserve(stock: Stock) -> Iterator[Change]:
    """Pay a trader's bill out of the collective reserve."""
    reserve = _reserve(stock)
    for index, entry in transactions(stock):
        bank = [i for i, p in enumerate(entry.postings) if ":Ban" in p.account]
        spent = [i for i, p in enumerate(entry.postings) if "Expenses:" in p.account]
        if reserve and bank and len(spent) == 1 and entry.date.year == 2025:
            changed = _with_postings(
                entry, {spent[0]: _on_account(entry.postings[spent[0]], reserve)}
            )
            yield place_of(entry), replaced(stock, index, changed)


def pay_without_a_debt(stock: Stock) -> Iterator[Change]:
    """Pay a member twice what is owed to them."""
    for index, entry, legs in _legs(stock, {"member-payable"}):
        bank = [i for i, p in enumerate(entry.postings) if ":Ban" in p.account]
        if bank and TAG not in entry.tags:
            leg, other = entry.postings[legs[0]], entry.postings[bank[0]]
            changes = {
                legs[0]: _plus(leg, _number(leg)),
                bank[0]: _plus(other, -_number(leg)),
            }
            yield (
                place_of(entry),
                replaced(stock, index, _with_postings(entry, dict(changes))),
            )


def hold_back_the_cash(stock: Stock) -> Iterator[Change]:
    """Keep a member's cash part in capital."""
    for index, entry in _distributions(stock):
        cash = next(
            (
                i
                for i, p in enumerate(entry.postings)
                if stock.role(p.account) == "member-payable"
            ),
            None,
        )
        if cash is not None:
            member = stock.member(entry.postings[cash].account)
            own = [
                p.account
                for p in entry.postings
                if stock.role(p.account) == "patronage"
                and stock.member(p.account) == member
            ]
            if own:
                changed = _on_account(entry.postings[cash], own[0])
                yield (
                    place_of(entry),
                    replaced(stock, index, _with_postings(entry, {cash: changed})),
                )


def pay_late(stock: Stock) -> Iterator[Change]:
    """Pay what is owed to members two years late."""
    for index, entry, _ in _legs(stock, {"member-payable"}):
        if TAG not in entry.tags and entry.date.year == 2024:
            day = entry.date + datetime.timedelta(days=730)
            yield place_of(entry), replaced(stock, index, entry._replace(date=day))


def another_currency(stock: Stock) -> Iterator[Change]:
    """Keep a movement of capital in another currency."""
    for index, entry, _ in _legs(stock, OWN | RESERVES):
        postings = [
            p._replace(units=Amount(_number(p), "CHF"))
            for p in entry.postings
            if p.units
        ]
        yield place_of(entry), replaced(stock, index, entry._replace(postings=postings))


def pad_capital(stock: Stock) -> Iterator[Change]:
    """Let a pad fill a member's account."""
    for index, entry, legs in _legs(stock, OWN):
        pad = data.Pad(
            entry.meta, entry.date, entry.postings[legs[0]].account, "Assets:Bank"
        )
        yield place_of(entry), replaced(stock, index, entry, pad)


def _hours(stock: Stock, value: Callable[[Decimal], object]) -> Iterator[Change]:
    for index, entry in transactions(stock):
        legs = [i for i, p in enumerate(entry.postings) if p.meta and "hours" in p.meta]
        if legs:
            posting = entry.postings[legs[0]]
            assert posting.meta is not None
            meta = {**posting.meta, "hours": value(posting.meta["hours"])}
            if meta["hours"] is None:
                del meta["hours"]
            changed = _with_postings(entry, {legs[0]: posting._replace(meta=meta)})
            yield place_of(entry), replaced(stock, index, changed)


def hours_as_words(stock: Stock) -> Iterator[Change]:
    """Write a member's hours in quotes."""
    yield from _hours(stock, str)


def hours_forgotten(stock: Stock) -> Iterator[Change]:
    """Forget a member's hours."""
    yield from _hours(stock, lambda _: None)


def hours_of_ten_months(stock: Stock) -> Iterator[Change]:
    """Slip the decimal point of a member's hours."""
    yield from _hours(stock, lambda hours: hours * 10)


def hours_below_zero(stock: Stock) -> Iterator[Change]:
    """Give a member's hours a minus sign."""
    yield from _hours(stock, lambda hours: -hours)


def pay_ten_times(stock: Stock) -> Iterator[Change]:
    """Pay one member ten times the wage for the same hours."""
    for index, entry in transactions(stock):
        legs = [i for i, p in enumerate(entry.postings) if p.meta and "hours" in p.meta]
        bank = [i for i, p in enumerate(entry.postings) if ":Ban" in p.account]
        if legs and bank:
            posting, other = entry.postings[legs[0]], entry.postings[bank[0]]
            more = _number(posting) * 9
            changes = {legs[0]: _plus(posting, more), bank[0]: _plus(other, -more)}
            yield (
                place_of(entry),
                replaced(stock, index, _with_postings(entry, dict(changes))),
            )


def leave_before_joining(stock: Stock) -> Iterator[Change]:
    """Let a member leave before they joined."""
    for index, member in _joins(stock):
        entry = stock.entries[index]
        assert isinstance(entry, data.Custom)
        values = [entry.values[0], entry.values[1]._replace(value="leave")]
        gone = entry._replace(
            date=entry.date - datetime.timedelta(days=1), values=values, meta=entry.meta
        )
        yield f"{place_of(gone)} {member}", replaced(stock, index, entry, gone)


def forget_to_register(stock: Stock) -> Iterator[Change]:
    """Leave a member out of the register."""
    for index, _ in _joins(stock):
        yield place_of(stock.entries[index]), replaced(stock, index)


def leave_too_early(stock: Stock) -> Iterator[Change]:
    """Let a member have left before the years that were distributed."""
    for index, member in _joins(stock):
        entry = stock.entries[index]
        assert isinstance(entry, data.Custom)
        values = [entry.values[0], entry.values[1]._replace(value="leave")]
        day = entry.date + datetime.timedelta(days=30)
        gone = entry._replace(date=day, values=values, meta=entry.meta)
        yield f"{place_of(gone)} {member}", replaced(stock, index, entry, gone)


def misspell_a_class(stock: Stock) -> Iterator[Change]:
    """Misspell a member's class."""
    for index, _ in _joins(stock):
        entry = stock.entries[index]
        if "class" in entry.meta:
            changed = entry._replace(meta={**entry.meta, "class": "werker"})
            yield place_of(entry), replaced(stock, index, changed)


def call_a_member_a_candidate(stock: Stock) -> Iterator[Change]:
    """Enter a member in a class that takes no part in the surplus."""
    for index, _ in _joins(stock):
        entry = stock.entries[index]
        changed = entry._replace(meta={**entry.meta, "class": "candidate"})
        yield place_of(entry), replaced(stock, index, changed)


def misspell_a_directive(stock: Stock) -> Iterator[Change]:
    """Misspell a cooperative directive."""
    for index, entry in customs(stock):
        changed = entry._replace(type=entry.type[:-1])
        yield place_of(entry), replaced(stock, index, changed)


def misspell_a_parameter(stock: Stock) -> Iterator[Change]:
    """Misspell a parameter."""
    for index, entry in customs(stock, "coop-parameter"):
        name = entry.values[0]._replace(value=f"{entry.values[0].value}s")
        changed = entry._replace(values=[name, *entry.values[1:]])
        yield place_of(entry), replaced(stock, index, changed)


def date_a_parameter_late(stock: Stock) -> Iterator[Change]:
    """Date a by-law's choice years later than it was made."""
    for index, entry in customs(stock, "coop-parameter"):
        changed = entry._replace(date=datetime.date(2026, 1, 1))
        yield place_of(entry), replaced(stock, index, changed)


def choose_another_number(stock: Stock) -> Iterator[Change]:
    """Halve a by-law's choice after the years were distributed."""
    for index, entry in customs(stock, "coop-parameter"):
        if isinstance(entry.values[1].value, Decimal):
            half = entry.values[1]._replace(value=entry.values[1].value / 2)
            changed = entry._replace(values=[entry.values[0], half, *entry.values[2:]])
            yield place_of(entry), replaced(stock, index, changed)


def name_an_unknown_law(stock: Stock) -> Iterator[Change]:
    """Name a law that nobody knows."""
    for index, entry in customs(stock, "coop-policy"):
        name = entry.values[0]._replace(value=f"{entry.values[0].value}x")
        yield place_of(entry), replaced(stock, index, entry._replace(values=[name]))


def forget_the_law(stock: Stock) -> Iterator[Change]:
    """Leave out which law governs."""
    for index, entry in customs(stock, "coop-policy"):
        yield place_of(entry), replaced(stock, index)


def measure_something_else(stock: Stock) -> Iterator[Change]:
    """Measure patronage otherwise than the by-laws said when it was distributed."""
    for index, entry in customs(stock, "coop-patronage"):
        other = "amount" if entry.meta.get("measure") == "hours" else "hours"
        changed = entry._replace(meta={**entry.meta, "measure": other})
        yield place_of(entry), replaced(stock, index, changed)


def redeem_too_much(stock: Stock) -> Iterator[Change]:
    """Repay a member more capital than they have."""
    for index, entry, legs in _legs(stock, {"contribution", "patronage"}):
        posting = entry.postings[legs[0]]
        assert posting.units is not None
        if TAG not in entry.tags and _number(posting) < 0:
            more = Amount(Decimal(100_000), posting.units.currency)
            bank = _on_account(posting, "Assets:Bank")
            opening = data.Open(entry.meta, entry.date, "Assets:Extra", [], None)
            paid = entry._replace(
                narration="Repays a member",
                postings=[
                    posting._replace(units=more),
                    _units(_on_account(bank, "Assets:Extra"), Decimal(-100_000)),
                ],
            )
            yield place_of(entry), replaced(stock, index, opening, entry, paid)


def _debts(stock: Stock) -> Iterator[tuple[int, data.Transaction, int]]:
    """Yield what turns capital into a debt to a leaver, or pays it."""
    for index, entry, legs in _legs(stock, {"redemption-payable"}):
        yield index, entry, legs[0]


def keep_a_cent_of_a_leaver(stock: Stock) -> Iterator[Change]:
    """Keep a cent of a leaver's capital as a deduction."""
    for index, entry, debt in _debts(stock):
        own = [i for i, p in enumerate(entry.postings) if stock.role(p.account) in OWN]
        if own:
            kept = {"coop-kind": "deduction"}
            leg = entry.postings[own[0]]
            more = [
                _units(leg, CENT)._replace(meta={**(leg.meta or {}), **kept}),
                _units(_on_account(leg, _reserve(stock)), -CENT),
            ]
            changes = {
                own[0]: _plus(leg, -CENT),
                debt: _plus(entry.postings[debt], CENT),
            }
            changed = _with_postings(entry, dict(changes))
            changed = changed._replace(postings=[*changed.postings, *more])
            yield place_of(entry), replaced(stock, index, changed)


def pay_an_instalment_late(stock: Stock) -> Iterator[Change]:
    """Pay a leaver's instalment a month late."""
    for index, entry, debt in _debts(stock):
        if _number(entry.postings[debt]) > 0:
            late = entry._replace(date=entry.date + datetime.timedelta(days=31))
            yield place_of(entry), replaced(stock, index, late)


def bring_a_debt_up_to_date(stock: Stock) -> Iterator[Change]:
    """Bring what a leaver is owed up to date, at the co-op's expense."""
    for index, entry, debt in _debts(stock):
        leg = entry.postings[debt]
        spent = next(
            (
                posting.account
                for _, other in transactions(stock)
                for posting in other.postings
                if posting.account.startswith("Expenses:")
                and not stock.role(posting.account)
            ),
            "",
        )
        if _number(leg) < 0:
            raised = entry._replace(
                narration="Brought up to date",
                meta={**_without(entry.meta, "coop-due"), "coop-kind": "revaluation"},
                postings=[_units(leg, -CENT), _units(_on_account(leg, spent), CENT)],
            )
            yield place_of(entry), replaced(stock, index, entry, raised)


def redeem_the_youngest_year(stock: Stock) -> Iterator[Change]:
    """Redeem a cent of what was allotted last, before all that is older."""
    for index, entry, legs in _legs(stock, {"patronage"}):
        leg = entry.postings[legs[0]]
        if TAG in entry.tags and _number(leg) < 0:
            debt = leg.account.split(":")
            owed = f"Liabilities:Members:{debt[2]}:Payable"
            if stock.role(owed) != "member-payable":
                owed = f"Liabilities:Socias:{debt[2]}:RetornosAPagar"
            paid = entry._replace(
                narration="Redeemed",
                tags=frozenset(),
                meta={**entry.meta, "coop-kind": "redemption"},
                postings=[_units(leg, CENT), _units(_on_account(leg, owed), -CENT)],
            )
            yield place_of(entry), replaced(stock, index, entry, paid)


def join_under_two_names(stock: Stock) -> Iterator[Change]:
    """Enter one person in the register twice."""
    for index, member in _joins(stock):
        entry = stock.entries[index]
        assert isinstance(entry, data.Custom)
        twice = entry.values[0]._replace(value=f"{member}Two")
        second = entry._replace(values=[twice, *entry.values[1:]])
        if "name" in entry.meta:
            yield place_of(entry), replaced(stock, index, entry, second)


def _pays_in(
    stock: Stock, role: str
) -> Iterator[tuple[int, data.Transaction, int, int]]:
    """Yield who joins: the transaction, and its postings in a role and to the bank."""
    for index, entry, legs in _legs(stock, {"contribution"}):
        roles = [stock.role(posting.account) for posting in entry.postings]
        banks = [
            i for i, p in enumerate(entry.postings) if p.account.startswith("Assets:")
        ]
        joins = role in roles and len(banks) == 1 and len(legs) == 1
        if joins and _number(entry.postings[legs[0]]) < 0:
            yield index, entry, roles.index(role), banks[0]


def charge_three_fees(stock: Stock) -> Iterator[Change]:
    """Charge three times the entry fee on joining."""
    for index, entry, fee, bank in _pays_in(stock, "entry-fees"):
        more = 2 * _number(entry.postings[fee])
        changes = {
            fee: _plus(entry.postings[fee], more),
            bank: _plus(entry.postings[bank], -more),
        }
        changed = _with_postings(entry, dict(changes))
        yield place_of(entry), replaced(stock, index, changed)


def pay_a_cent_less_on_joining(stock: Stock) -> Iterator[Change]:
    """Leave one cent more unpaid on joining."""
    for index, entry, unpaid, bank in _pays_in(stock, "uncalled"):
        changes = {
            unpaid: _plus(entry.postings[unpaid], CENT),
            bank: _plus(entry.postings[bank], -CENT),
        }
        changed = _with_postings(entry, dict(changes))
        yield place_of(entry), replaced(stock, index, changed)


def call_capital_a_debt(stock: Stock) -> Iterator[Change]:
    """Say that a contribution in equity has to be repaid."""
    for index, entry, legs in _legs(stock, {"contribution"}):
        posting = entry.postings[legs[0]]
        meta = {**(posting.meta or {}), "coop-refund-class": "a"}
        changed = _with_postings(entry, {legs[0]: posting._replace(meta=meta)})
        yield place_of(entry), replaced(stock, index, changed)


OPERATORS: tuple[Operator, ...] = (
    drop_a_leg,
    swap_members,
    pay_another_member,
    pay_a_stranger,
    hours_of_a_stranger,
    distribute_before_the_year_ends,
    distribute_a_day_before_its_resolution,
    distribute_a_year_late,
    join_across_the_year_end,
    join_a_year_late,
    one_cent_more,
    one_cent_less,
    a_cent_to_the_neighbour,
    turn_signs,
    forget_the_resolution,
    name_a_resolution_that_is_not_on_file,
    lose_the_minutes,
    forget_the_tag,
    forget_the_year,
    name_another_year,
    name_another_kind,
    misspell_a_key,
    forget_the_steps,
    book_twice,
    forget_a_distribution,
    keep_the_entry_fee_for_the_member,
    take_from_the_collective,
    sell_the_reserve,
    pay_without_a_debt,
    hold_back_the_cash,
    pay_late,
    another_currency,
    pad_capital,
    hours_as_words,
    hours_forgotten,
    hours_of_ten_months,
    hours_below_zero,
    pay_ten_times,
    leave_before_joining,
    forget_to_register,
    leave_too_early,
    misspell_a_class,
    call_a_member_a_candidate,
    misspell_a_directive,
    misspell_a_parameter,
    date_a_parameter_late,
    choose_another_number,
    name_an_unknown_law,
    forget_the_law,
    measure_something_else,
    redeem_too_much,
    keep_a_cent_of_a_leaver,
    pay_an_instalment_late,
    bring_a_debt_up_to_date,
    redeem_the_youngest_year,
    join_under_two_names,
    charge_three_fees,
    pay_a_cent_less_on_joining,
    call_capital_a_debt,
)
