"""Playing a published case through the product, as a treasurer would.

A book is written out, loaded, closed year by year, each proposal written beside it,
the money paid, and everything checked by the plugin in the end.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError
from coopledger.journal.loading import Book
from coopledger.journal.loading import load_sound_book
from coopledger.journal.writing import ProposalUncleanError
from coopledger.services.checking import check_path
from coopledger.services.closing import close_year
from coopledger.services.closing import write_closing
from tests import books

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

    from coopledger.services.closing import Closing
    from tests.published.figures import Basis
    from tests.published.figures import BookFigures
    from tests.published.figures import Year

_OPEN = re.compile(r"^\S+ open .*\n", re.MULTILINE)

#: Turned over in every year besides what the figures say.
_TURNOVER = 1000


# --- the book as text -----------------------------------------------------------------


def text_of(figures: BookFigures) -> str:
    """Write a book out, all years of it, without any proposal."""
    first = figures.year[0].label
    lines = [
        f'option "title" "{figures.name}"',
        f'option "operating_currency" "{figures.currency}"',
        'plugin "coopledger.plugin"',
        f'{first}-01-01 custom "coop-enterprise" "{figures.name}"',
        f'{first}-01-01 custom "coop-policy" "{figures.preset}"',
        *(line for basis in figures.basis for line in _basis(basis, first)),
        *_choices(figures, first),
        *(
            f'{first}-01-01 custom "coop-member" "{member}" "join"\n'
            f'  class: "{figures.member_class}"'
            for member in figures.members
        ),
        *(line for year in figures.year for line in _year(year, figures)),
        figures.entries,
    ]
    return "\n".join(lines) + "\n"


def _basis(basis: Basis, first: int) -> Iterator[str]:
    yield f'{first}-01-01 custom "coop-patronage" "{basis.id}" "{basis.account}"'
    yield f'  measure: "{basis.measure}"'
    if basis.currency:
        yield f'  currency: "{basis.currency}"'
    if basis.weight is not None:
        yield f"  weight: {basis.weight}"
    if basis.share is not None:
        yield f"  share: {basis.share}"


def _choices(figures: BookFigures, first: int) -> Iterator[str]:
    for choice in figures.parameter:
        value = f'"{choice.value}"' if isinstance(choice.value, str) else choice.value
        since = choice.since or first
        yield f'{since}-01-01 custom "coop-parameter" "{choice.name}" {value}'


def _year(year: Year, figures: BookFigures) -> Iterator[str]:
    after, currency = year.label + 1, figures.currency
    yield (
        f'{after}-03-31 custom "coop-resolution" "GA-{after}" '
        f'"What becomes of the result of {year.label}"'
    )
    effect = 0 * (year.result or 0)
    for basis in figures.basis:
        for member, quantity in year.use.get(basis.id, {}).items():
            yield from _use(basis, member, quantity, year.label, currency)
            effect += quantity * _sign_in_result(basis)
    if year.result is not None:
        rest = year.result - effect
        yield f'{year.label}-12-31 * "Everything else of the year"'
        yield f"  Income:Other     {-rest - _TURNOVER} {currency}"
        yield f"  Expenses:Other   {_TURNOVER} {currency}"
        yield f"  Assets:Bank      {rest} {currency}"
    yield year.distribution


def _use(
    basis: Basis, member: str, quantity: Decimal, year: int, currency: str
) -> Iterator[str]:
    account = basis.account.format(member=member)
    is_debit = account.startswith(("Assets", "Expenses"))
    sign = 1 if is_debit else -1
    price = f"{basis.currency} @ 1 {currency}" if basis.currency else currency
    yield f'{year}-06-30 * "{member}: {basis.id}"'
    yield f"  {account}  {sign * quantity} {price}"
    if basis.measure not in {"amount", "units"}:
        yield f"    {basis.measure}: {quantity}"
    yield f"  Assets:Bank  {-sign * quantity} {currency}"


def _sign_in_result(basis: Basis) -> int:
    return {"Income": 1, "Expenses": -1}.get(basis.account.partition(":")[0], 0)


# --- the book played ------------------------------------------------------------------


@dataclass
class Outcome:
    """What came of one year.

    Attributes:
        closing: The closing; None when it was refused or booked by hand.
        refusal: The words of the refusal.
        findings: Rules that the distribution broke when it was booked.
        again: What a second closing proposed.
        booked_twice: Rules that booking it a second time broke.
    """

    closing: Closing | None = None
    refusal: str = ""
    findings: list[str] = field(default_factory=list)
    again: str = ""
    booked_twice: list[str] = field(default_factory=list)


@dataclass
class Played:
    """A book after its last year.

    Attributes:
        book: The book.
        outcomes: What came of each year, by label.
        findings: What the plugin finds in the end.
    """

    book: Book
    outcomes: dict[int, Outcome]
    findings: list[str]


def play(figures: BookFigures, folder: Path) -> Played:
    """Write a book into a folder and go through its years."""
    # Some of the books are older than the accounts that other tests open.
    text = books.with_opens(text_of(figures)).replace(
        "2000-01-01 open", "1800-01-01 open"
    )
    main = folder / "main.beancount"
    main.write_text(text, "utf-8")
    outcomes = {year.label: _play_year(main, year) for year in figures.year}
    return Played(load_sound_book(main), outcomes, _findings(main))


def _findings(main: Path) -> list[str]:
    return sorted({finding.rule for finding in check_path(main).findings})


def _play_year(main: Path, year: Year) -> Outcome:
    if year.distribution:
        return Outcome(findings=_findings(main))
    try:
        closing = _close(main, year)
    except CoopledgerError as error:
        return Outcome(refusal=str(error))
    outcome = Outcome(closing)
    if closing.planned:
        outcome.findings = _book(main, closing)
        _append(main, "\n".join(_payments(closing)))
    outcome.again = _close(main, year).text
    if year.booked_twice:
        outcome.booked_twice = _book_twice(main, closing)
    return outcome


def _close(main: Path, year: Year) -> Closing:
    asked_on = year.asked_on or datetime.date(year.label + 1, 12, 31)
    book = load_sound_book(main)
    return close_year(book, year.label, f"GA-{year.label + 1}", asked_on)


def _book(main: Path, closing: Closing) -> list[str]:
    """Write the proposal, or, where it is refused, book it as somebody would."""
    try:
        write_closing(load_sound_book(main), closing)
    except ProposalUncleanError:
        _append(main, closing.text)
        return _findings(main)
    return []


def _payments(closing: Closing) -> Iterator[str]:
    label = closing.figures.fiscal.label
    for posting in (leg for plan in closing.planned for leg in plan.legs):
        if posting.account.endswith(":Payable"):
            yield f'{label + 1}-06-01 * "Paid"'
            yield '  coop-kind: "payment"'
            yield f'  coop-year: "{label}"'
            yield f"  {posting.account}  {-posting.amount} CURRENCY"
            yield f"  Assets:Bank  {posting.amount} CURRENCY"


def _append(main: Path, text: str) -> None:
    old = main.read_text("utf-8")
    currency = re.search(r'"operating_currency" "(\w+)"', old)
    assert currency
    main.write_text(old + "\n" + text.replace("CURRENCY", currency[1]) + "\n", "utf-8")


def _book_twice(main: Path, closing: Closing) -> list[str]:
    twice = main.with_name("twice.beancount")
    second = _OPEN.sub("", closing.text)
    twice.write_text(main.read_text("utf-8") + "\n" + second, "utf-8")
    return _findings(twice)
