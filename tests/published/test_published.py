"""Figures that others published come out of the product's own code.

Each case of ``cases`` names its source.  The same few tests hold for all of them; what
a case adds is figures.
"""

from __future__ import annotations

import tomllib
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.amounts import split
from coopledger.domain.patronage import measured
from coopledger.law.building import read_preset
from coopledger.law.case import Posted
from coopledger.law.weighing import bases_of
from coopledger.services.stating import capital_between
from coopledger.services.stating import statement_of
from tests.published.conftest import OWN_PRESETS
from tests.published.figures import CASES
from tests.published.figures import HERE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from collections.abc import Iterable
    from decimal import Decimal

    from coopledger.domain.capital import CapitalLine
    from coopledger.journal.loading import Book
    from tests.published.figures import Amounts
    from tests.published.figures import BookFigures
    from tests.published.figures import Case
    from tests.published.figures import Split
    from tests.published.figures import Statement
    from tests.published.figures import Year
    from tests.published.playing import Outcome
    from tests.published.playing import Played

    Play = Callable[[BookFigures], Played]

#: A published lower limit is rounded down by less than this.
_PRESS_ROUNDING = 100_000

BOOKS = {f"{case.id}/{book.name}": book for case in CASES for book in case.book}
SPLITS = {case.id: split for case in CASES for split in case.split}


def books_that(applies: Callable[[BookFigures], object]) -> pytest.MarkDecorator:
    """Parametrize a test by the books that a question applies to."""
    found = {name: book for name, book in BOOKS.items() if applies(book)}
    return pytest.mark.parametrize("book", list(found.values()), ids=list(found))


def closed(book: BookFigures) -> list[Year]:
    """Return the years that are closed by a proposal."""
    return [year for year in book.year if not year.distribution and not year.refused]


def closings(book: BookFigures, played: Played) -> Iterable[tuple[Year, Outcome]]:
    """Return the years that are closed by a proposal, with what came of them."""
    for year in closed(book):
        outcome = played.outcomes[year.label]
        assert not outcome.refusal
        assert outcome.closing
        yield year, outcome


def among(figures: Amounts, found: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return what was found under the names that were published, all of them."""
    return {name: found[name] for name in figures}


# --- every case is accounted for ------------------------------------------------------


def test_each_published_case_is_reproduced_or_is_said_to_lie_outside() -> None:
    known = (HERE / "catalogue.txt").read_text("utf-8").split()
    reasons = tomllib.loads((HERE / "out_of_scope.toml").read_text("utf-8"))
    assert sorted([*(case.id for case in CASES), *reasons]) == sorted(known)
    assert all(reasons.values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_stands_in_the_file_of_its_name_and_brings_figures(case: Case) -> None:
    assert (HERE / "cases" / f"{case.id}.toml").is_file()
    assert case.book or case.split


@books_that(lambda book: len(closed(book)) < len(book.year))
def test_a_year_without_a_proposal_expects_none_of_its_figures(
    book: BookFigures,
) -> None:
    for year in book.year:
        if year not in closed(book):
            assert not any((year.steps, year.parts, year.cash, year.retained))
            assert not any((year.misprints, year.rates, year.by_basis, year.pools))


@pytest.mark.parametrize("preset", OWN_PRESETS)
def test_a_form_that_does_not_ship_is_carried_by_data_alone(preset: str) -> None:
    found = read_preset(OWN_PRESETS[preset])
    assert found.id == preset
    assert found.surplus
    assert found.loss


# --- years ----------------------------------------------------------------------------


@books_that(closed)
def test_a_year_is_divided_into_the_published_amounts(
    book: BookFigures, played: Play
) -> None:
    for year, outcome in closings(book, played(book)):
        assert outcome.closing
        applied = outcome.closing.appropriation
        steps = {step.step.id: step.amount for step in applied.steps}
        assert among(year.steps, steps) == year.steps
        assert sum(steps.values()) == abs(applied.pool)
        assert all(steps[name] != printed for name, printed in year.misprints.items())
        assert all(steps[name] < printed for name, printed in year.below.items())
        assert all(steps[name] > printed for name, printed in year.above.items())


@books_that(closed)
def test_members_receive_the_published_parts(book: BookFigures, played: Play) -> None:
    for year, outcome in closings(book, played(book)):
        assert outcome.closing
        lines = outcome.closing.appropriation.lines
        parts = {
            member: part
            for step in outcome.closing.appropriation.steps
            for member, part in step.parts.items()
        }
        cash = {line.member: line.cash for line in lines}
        retained = {line.member: line.retained for line in lines}
        nonqualified = {line.member: line.nonqualified for line in lines}
        assert among(year.parts, parts) == year.parts
        assert among(year.cash, cash) == year.cash
        assert among(year.retained, retained) == year.retained
        assert among(year.nonqualified, nonqualified) == year.nonqualified
        assert all(
            line.cash + line.retained + line.nonqualified == line.amount
            for line in lines
        )


@books_that(lambda book: any(year.by_step or year.withheld for year in book.year))
def test_members_receive_the_published_parts_of_each_step(
    book: BookFigures, played: Play
) -> None:
    for year, outcome in closings(book, played(book)):
        assert outcome.closing
        steps = outcome.closing.appropriation.steps
        parts = {step.step.id: dict(step.parts) for step in steps}
        assert {name: parts[name] for name in year.by_step} == year.by_step
        withheld: dict[str, Decimal] = {}
        for line in (line for step in steps for line in step.lines):
            withheld[line.member] = withheld.get(line.member, ZERO) + line.withheld
        assert among(year.withheld, withheld) == year.withheld


@books_that(lambda book: any(y.rates or y.weights for y in book.year))
def test_each_unit_of_use_weighs_what_was_published(
    book: BookFigures, played: Play
) -> None:
    done = played(book)
    for year, outcome in closings(book, done):
        assert outcome.closing
        amounts = {o.member: o.amount for o in outcome.closing.appropriation.lines}
        used = {
            member: sum(column.get(member, ZERO) for column in year.use.values())
            for member in year.rates
        }
        rates = {member: amounts[member] / used[member] for member in used}
        weights = done.book.case.facts(year.label).weights
        assert rates == year.rates
        assert {member: weights[member] for member in year.weights} == year.weights


@books_that(lambda book: any(y.by_basis or y.pools for y in book.year))
def test_each_basis_divides_its_published_pool(book: BookFigures, played: Play) -> None:
    done = played(book)
    for year, outcome in closings(book, done):
        assert outcome.closing
        pool = sum((o.amount for o in outcome.closing.appropriation.lines), ZERO)
        pools, parts = by_basis(done.book, year, pool)
        assert among(year.pools, pools) == year.pools
        for basis, members in year.by_basis.items():
            assert among(members, parts[basis]) == members


def by_basis(
    book: Book, year: Year, pool: Decimal
) -> tuple[dict[str, Decimal], dict[str, dict[str, Decimal]]]:
    """Divide a pool among bases by their shares, and each basis's by its measure."""
    books = book.case.books
    figures = books.years[year.label]
    bases = {basis.basis: basis for basis in bases_of(books, figures)}
    shares = {name: Fraction(basis.share or 1) for name, basis in bases.items()}
    pools = split(pool, shares, books.unit, list(bases))
    parts = {
        name: split(
            pools[name],
            measured(figures, basis, lambda *_: True),
            books.unit,
            books.register.ids,
        )
        for name, basis in bases.items()
    }
    return pools, parts


@books_that(lambda book: any(y.rounded_down or y.paid_out for y in book.year))
def test_money_and_redemptions_reach_the_published_totals(
    book: BookFigures, played: Play
) -> None:
    done = played(book)
    for year, outcome in closings(book, done):
        assert outcome.closing
        lines = outcome.closing.appropriation.lines
        cash = sum((line.cash for line in lines), ZERO)
        found: dict[str, Decimal] = {
            "cash": cash,
            "retained": sum((line.retained for line in lines), ZERO),
            "paid-out": cash + redeemed(done.book, year.label + 1),
        }
        for what, least in year.rounded_down.items():
            assert least <= found[what] < least + _PRESS_ROUNDING
        assert year.paid_out in {None, found["paid-out"]}


def redeemed(book: Book, label: int) -> Decimal:
    """Return the capital that was repaid in a year."""
    fiscal = book.case.books.year_end.year(label)
    table = capital_between(book.case.books, fiscal.start, fiscal.end)
    return -table.total.redemptions


@books_that(lambda book: any(year.terms for year in book.year))
def test_the_books_show_the_published_facts_of_a_year(
    book: BookFigures, played: Play
) -> None:
    case = played(book).book.case
    for year in book.year:
        facts = {
            **case.facts(year.label).terms,
            "net-worth": case.books.years[year.label].net_worth,
        }
        assert among(year.terms, facts) == year.terms


@books_that(closed)
def test_a_closed_year_proposes_nothing_more(book: BookFigures, played: Play) -> None:
    assert [outcome.again for _, outcome in closings(book, played(book))] == [
        "" for _ in closed(book)
    ]


# --- refusals -------------------------------------------------------------------------


@books_that(lambda book: any(year.refused for year in book.year))
def test_a_year_that_cannot_be_divided_is_refused(
    book: BookFigures, played: Play
) -> None:
    for year in book.year:
        refusal = played(book).outcomes[year.label].refusal
        assert year.refused in refusal
        assert bool(year.refused) is bool(refusal)


@pytest.mark.parametrize("book", BOOKS.values(), ids=list(BOOKS))
def test_rules_find_what_a_source_refuses_and_nothing_else(
    book: BookFigures, played: Play
) -> None:
    done = played(book)
    assert done.findings == book.findings
    for year in book.year:
        assert done.outcomes[year.label].findings == year.findings


@books_that(lambda book: any(year.booked_twice for year in book.year))
def test_a_distribution_that_is_booked_a_second_time_is_found(
    book: BookFigures, played: Play
) -> None:
    for year, outcome in closings(book, played(book)):
        assert outcome.booked_twice == year.booked_twice


@books_that(lambda book: any(year.roles for year in book.year))
def test_a_distribution_by_hand_gives_each_role_the_published_amount(
    book: BookFigures, played: Play
) -> None:
    books = played(book).book.case.books
    for year in book.year:
        posted = Posted(year.label, books.appropriations(year.label))
        assert {role: posted.to_role(role) for role in year.roles} == year.roles


# --- statements -----------------------------------------------------------------------


@books_that(lambda book: book.statement)
def test_capital_accounts_show_the_published_balances(
    book: BookFigures, played: Play
) -> None:
    done = played(book).book
    for statement in book.statement:
        line = line_of(done, statement)
        columns = {name: getattr(line, name) for name in statement.columns}
        assert columns == statement.columns
        assert statement.closing in {None, line.closing}


def line_of(book: Book, wanted: Statement) -> CapitalLine:
    """Return the roll-forward that a statement is about."""
    books = book.case.books
    if wanted.member:
        return statement_of(books, wanted.member, wanted.start, wanted.end).line
    start: datetime.date = wanted.start or next(iter(books.years.values())).fiscal.start
    return capital_between(books, start, wanted.end or books.last).total


@books_that(lambda book: any(one.member for one in book.statement))
def test_statements_show_every_movement_with_the_published_balance(
    book: BookFigures, played: Play
) -> None:
    books = played(book).book.case.books
    for wanted in book.statement:
        if not wanted.member:
            continue
        found = statement_of(books, wanted.member, wanted.start, wanted.end)
        rows = [row.balance for row in found.rows]
        assert wanted.rows in ([], rows)
        assert among(wanted.components, found.components) == wanted.components
        assert wanted.uncalled in {None, found.uncalled}


# --- funds without a key --------------------------------------------------------------


@pytest.mark.parametrize("fund", SPLITS.values(), ids=list(SPLITS))
def test_a_fund_is_met_to_the_cent_under_any_key(fund: Split) -> None:
    order = [f"coop-{number:03}" for number in range(fund.parties)]
    for power in (0, 1, 2, 7):
        key = {name: Fraction(place + 1) ** power for place, name in enumerate(order)}
        parts = split(fund.pool, key, fund.unit, order)
        assert sum(parts.values()) == fund.pool
        for name, part in parts.items():
            exact = Fraction(fund.pool) * key[name] / sum(key.values())
            assert abs(Fraction(part) - exact) < fund.unit
    equal = round_to(fund.pool / fund.parties, fund.average_unit)
    assert equal == fund.average
