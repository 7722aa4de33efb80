"""Exporting a year as a workbook: what it holds is decided here, a writer makes it.

Sheets are made in order, because later ones call cells of earlier ones: by name where
it is one figure of the year, by address where it is one member's.  A layout then says
which of them are shown, and in which order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.services.exporting.arranging import arranged
from coopledger.services.exporting.asked import own_sheets
from coopledger.services.exporting.charting import CHARTS
from coopledger.services.exporting.charting import charts_sheet
from coopledger.services.exporting.components import components_sheet
from coopledger.services.exporting.description import Workbook
from coopledger.services.exporting.exchanging import SOLIDARITY
from coopledger.services.exporting.exchanging import solidarity_sheets
from coopledger.services.exporting.funding import funds_sheet
from coopledger.services.exporting.inputs import inputs_sheet
from coopledger.services.exporting.judging import RULES
from coopledger.services.exporting.judging import rules_sheet
from coopledger.services.exporting.layouts import layout_for
from coopledger.services.exporting.ledgering import Ledger
from coopledger.services.exporting.parts import parts_sheets
from coopledger.services.exporting.reading import readme_sheet
from coopledger.services.exporting.registers import capital_sheet
from coopledger.services.exporting.registers import members_sheet
from coopledger.services.exporting.saying import said
from coopledger.services.exporting.statementing import Statements
from coopledger.services.exporting.subject import Subject
from coopledger.services.exporting.subject import subject_of
from coopledger.services.exporting.trialing import JOURNAL
from coopledger.services.exporting.trialing import journal_sheet
from coopledger.services.exporting.trialing import trial_sheet
from coopledger.services.exporting.tying import checks_sheet
from coopledger.services.exporting.waterfall import appropriation_sheet
from coopledger.services.exporting.wishing import QUERIES
from coopledger.services.exporting.wishing import Wish
from coopledger.services.wording import OWN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.description import Writer

__all__ = ["OWN", "Wish", "export", "layout_for", "workbook_of"]


def workbook_of(book: Book, year: int, wish: Wish | None = None) -> Workbook:
    """Describe a year as a workbook with live formulas.

    Args:
        book: The book.
        year: Label of the fiscal year.
        wish: How it is wanted; None for as it comes.

    Returns:
        The workbook as data; the same book and year always give the same.

    Raises:
        YearUnknownError: The book does not reach that year.
        CoopledgerError: A parameter that a step needs is unknown, undated or undecided,
            or the layout names what there is not.
    """
    subject = subject_of(book, year, wish)
    sheets = [
        inputs_sheet(subject),
        members_sheet(subject),
        capital_sheet(subject),
        appropriation_sheet(subject),
        *parts_sheets(subject),
        *_accounts(subject),
        *_unneeded(subject),
    ]
    checks = checks_sheet(subject, sheets)
    layout = subject.wish.layout
    if subject.shows(QUERIES):
        sheets += own_sheets(subject, [*sheets, checks])
    shown = arranged([*sheets, checks], layout)
    readme = readme_sheet(subject, shown)
    workbook = Workbook(
        title=subject.title,
        period=subject.period,
        sheets=arranged([readme, *sheets, checks], layout),
        decimals=subject.arithmetic.decimals,
        dated=subject.end,
        negatives=layout.negatives,
        days=layout.date,
    )
    return said(workbook, subject.wish.wording)


def _accounts(subject: Subject) -> Iterator[Sheet]:
    """Make the sheets of accounts and the statements over them."""
    ledger = Ledger.of(subject.book, subject.fiscal.label)
    statements = Statements(subject, ledger)
    yield trial_sheet(subject, ledger)
    if subject.shows(JOURNAL):
        yield journal_sheet(subject, ledger)
    yield components_sheet(subject, ledger)
    yield funds_sheet(subject, ledger)
    yield statements.income_sheet()
    yield statements.balance_sheet()
    yield statements.equity_sheet()


def _unneeded(subject: Subject) -> Iterator[Sheet]:
    """Make the sheets that no formula needs, where the layout shows them."""
    if subject.shows(SOLIDARITY):
        yield from solidarity_sheets(subject)
    if subject.shows(RULES):
        yield rules_sheet(subject)
    if subject.shows(CHARTS):
        yield charts_sheet(subject)


def export(  # noqa: PLR0913 - what is written, how, and where
    book: Book,
    year: int,
    path: Path,
    writer: Writer,
    *,
    wish: Wish | None = None,
    force: bool = False,
) -> Workbook:
    """Describe a year as a workbook and have it written.

    Args:
        book: The book.
        year: Label of the fiscal year.
        path: The file to write.
        writer: Who writes it.
        wish: How the workbook is wanted; None for as it comes.
        force: Whether a file that is there already may be replaced.

    Returns:
        The workbook that was written.

    Raises:
        FileExistsAlreadyError: The file is there already.
        CoopledgerError: As for `workbook_of`.
    """
    workbook = workbook_of(book, year, wish)
    writer(workbook, path, force=force)
    return workbook
