"""Working out what patrons' tax forms report: a worksheet, never a filing.

What each member was paid in a calendar year stands under the box it belongs into, by
meaning; numbers of boxes come from the edition of the form.  Boxes that rest on the
co-op's own tax return are left empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.amounts import ZERO
from coopledger.domain.delimited import delimited
from coopledger.domain.filings import KNOWN
from coopledger.domain.filings import PATRON_BOXES
from coopledger.domain.filings import PATRON_FORM
from coopledger.errors import CoopledgerError
from coopledger.law.forms import counted
from coopledger.law.forms import forms_on_file
from coopledger.law.forms import terms_of
from coopledger.law.forms import year_end
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.filings import Filing
    from coopledger.law.case import Case
    from coopledger.law.forms import FormTerms
    from coopledger.services.taxforms.columns import ColumnMap

#: What every worksheet says of itself.
LABEL = "worksheet, not a filing"


class NoPatronFormError(CoopledgerError):
    """There is no such form for a co-op of that tax regime."""

    def __init__(self, book: str, on: datetime.date, regime: str) -> None:
        """Name the regime, and what a partnership gives instead."""
        instead = (
            "; a partnership gives each member a Schedule K-1 instead"
            if regime == "sub-k"
            else ""
        )
        super().__init__(
            f"{book} has no {PATRON_FORM} to work out: the form is for co-operatives "
            f"under Subchapter T, and tax.regime on {on} is {regime}{instead}."
        )


@dataclass(frozen=True, slots=True)
class WorksheetLine:
    """What is reported of one member.

    Attributes:
        member: Id.
        name: Name.
        boxes: Amount by meaning; the boxes that the books can fill.
        is_due: Whether a form is due.
        filing: The form that is on record, or None.
    """

    member: str
    name: str
    boxes: Mapping[str, Decimal]
    is_due: bool
    filing: Filing | None

    @property
    def counted(self) -> Decimal:
        """The sum that decides whether a form is due."""
        return counted(self.boxes)

    @property
    def filed(self) -> datetime.date | None:
        """The day of the form on record, where it says what this worksheet says."""
        filing = self.filing
        agrees = filing and all(filing.amount(box) == self.boxes[box] for box in KNOWN)
        return filing.date if filing and agrees else None


@dataclass(frozen=True, slots=True)
class Worksheet:
    """What is reported of the payments of a calendar year.

    Attributes:
        year: Calendar year of payment.
        currency: The book's currency.
        terms: For whom a form is due, and until when.
        lines: Line by member, in order of join date and id.
    """

    year: int
    currency: str
    terms: FormTerms
    lines: tuple[WorksheetLine, ...]

    @property
    def total(self) -> dict[str, Decimal]:
        """All lines added up, by box."""
        return {
            box: sum((line.boxes[box] for line in self.lines), ZERO) for box in KNOWN
        }

    @property
    def missing(self) -> tuple[WorksheetLine, ...]:
        """Lines whose form is due and not on record as it should be."""
        return tuple(line for line in self.lines if line.is_due and not line.filed)


def patron_worksheet(case: Case, year: int) -> Worksheet:
    """Work out the patrons' forms on the payments of a calendar year.

    Raises:
        NoPatronFormError: The co-op is not under Subchapter T at that year's end.
    """
    terms = terms_of(case.policy, year)
    if terms is None:
        on = year_end(year)
        regime = case.policy.text("tax.regime", on, "none")
        raise NoPatronFormError(case.books.title or case.books.path, on, regime)
    paid, forms = case.reports.boxes(year), forms_on_file(case.books)
    register = case.books.register
    named = {*paid, *(member for when, member in forms if when == year)}
    lines = []
    for member in sorted(named, key=register.rank):
        boxes = {box: paid.get(member, {}).get(box, ZERO) for box in KNOWN}
        lines.append(
            WorksheetLine(
                member=member,
                name=register.name(member),
                boxes=boxes,
                is_due=terms.is_due(register, member, boxes),
                filing=forms.get((year, member)),
            )
        )
    return Worksheet(year, case.books.currency, terms, tuple(lines))


def worksheet_shape(sheet: Worksheet, edition: ColumnMap) -> dict[str, Any]:
    """Return a worksheet as plain data, see ``docs/json.md``."""
    return {
        "schema": SCHEMA,
        "document": LABEL,
        "form": PATRON_FORM,
        "layout": edition.id,
        "year": sheet.year,
        "currency": sheet.currency,
        "due": sheet.terms.due.isoformat(),
        "minimum": str(sheet.terms.minimum),
        "members": [
            {
                "member": line.member,
                "name": line.name,
                "boxes": _boxes(line.boxes, edition),
                "counted": str(line.counted),
                "required": line.is_due,
                "filed": line.filed.isoformat() if line.filed else None,
            }
            for line in sheet.lines
        ],
        "total": _boxes(sheet.total, edition),
    }


def _boxes(boxes: Mapping[str, Decimal], edition: ColumnMap) -> list[dict[str, Any]]:
    numbers = edition.numbers
    return [
        {
            "box": numbers[box],
            "meaning": box,
            "amount": str(boxes[box]) if box in boxes else None,
        }
        for box in numbers
    ]


def worksheet_csv(sheet: Worksheet) -> str:
    """Return a worksheet as comma-separated values, a column for each meaning."""
    names = ("member", "name", *PATRON_BOXES, "required", "filed", "document")
    return delimited(names, [_row(line) for line in sheet.lines])


def _row(line: WorksheetLine) -> tuple[object, ...]:
    amounts = (line.boxes.get(box) for box in PATRON_BOXES)
    required = "yes" if line.is_due else "no"
    return (line.member, line.name, *amounts, required, line.filed, LABEL)


def filing_lines(sheet: Worksheet) -> str:
    """Return the directives that record the missing forms, as of their last day."""
    return "".join(_lines(sheet, line) for line in sheet.missing)


def _lines(sheet: Worksheet, line: WorksheetLine) -> str:
    head = f'custom "coop-filing" "{PATRON_FORM}" "{sheet.year}" "{line.member}"'
    boxes = "".join(
        f"  {box}: {amount}\n" for box, amount in line.boxes.items() if amount
    )
    return f"{sheet.terms.due} {head}\n{boxes}"
