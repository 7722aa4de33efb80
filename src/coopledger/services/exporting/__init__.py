"""Exporting a year as a workbook: what it holds is decided here, a writer makes it.

Sheets are made in order, because later ones call cells of earlier ones: by name where
it is one figure of the year, by address where it is one member's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.services.exporting.description import Workbook
from coopledger.services.exporting.inputs import inputs_sheet
from coopledger.services.exporting.parts import parts_sheets
from coopledger.services.exporting.reading import readme_sheet
from coopledger.services.exporting.registers import capital_sheet
from coopledger.services.exporting.registers import members_sheet
from coopledger.services.exporting.subject import subject_of
from coopledger.services.exporting.tying import checks_sheet
from coopledger.services.exporting.waterfall import appropriation_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.journal.loading import Book
    from coopledger.services.exporting.description import Writer

__all__ = ["export", "workbook_of"]


def workbook_of(book: Book, year: int) -> Workbook:
    """Describe a year as a workbook with live formulas.

    Args:
        book: The book.
        year: Label of the fiscal year.

    Returns:
        The workbook as data; the same book and year always give the same.

    Raises:
        YearUnknownError: The book does not reach that year.
        CoopledgerError: A parameter that a step needs is unknown, undated or undecided.
    """
    subject = subject_of(book, year)
    sheets = [
        inputs_sheet(subject),
        members_sheet(subject),
        capital_sheet(subject),
        appropriation_sheet(subject),
        *parts_sheets(subject),
    ]
    sheets.append(checks_sheet(subject, sheets))
    return Workbook(
        title=subject.title,
        period=subject.period,
        sheets=(readme_sheet(subject, sheets), *sheets),
        decimals=subject.arithmetic.decimals,
        dated=subject.end,
    )


def export(
    book: Book, year: int, path: Path, writer: Writer, *, force: bool = False
) -> Workbook:
    """Describe a year as a workbook and have it written.

    Args:
        book: The book.
        year: Label of the fiscal year.
        path: The file to write.
        writer: Who writes it.
        force: Whether a file that is there already may be replaced.

    Returns:
        The workbook that was written.

    Raises:
        FileExistsAlreadyError: The file is there already.
        CoopledgerError: As for `workbook_of`.
    """
    workbook = workbook_of(book, year)
    writer(workbook, path, force=force)
    return workbook
