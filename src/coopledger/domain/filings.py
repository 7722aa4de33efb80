"""What is reported to tax offices and members: forms, and their boxes by meaning.

A box has changed its number from one edition of a form to the next, and what it means
never has.  A book therefore names the meaning; the number is looked up to be shown
(`coopledger.services.taxforms`).
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from decimal import Decimal

    from coopledger.domain.findings import Origin

#: The form on what each patron was paid in a calendar year.
PATRON_FORM = "1099-PATR"
#: The co-op's own return of a fiscal year, as far as it deducts what patrons got.
RETURN = "1120-C"
#: What patrons are told when one unit's loss is set against another one's earnings.
NETTING_NOTICE = "netting-notice"

#: Boxes of the patron's form: what each holds, in the order of the form.
PATRON_BOXES = {
    "patronage-dividends": "Patronage dividends, in money and on qualified paper",
    "nonpatronage-distributions": "Nonpatronage distributions (farmers' co-operatives)",
    "per-unit-retains": "Per-unit retain allocations",
    "withheld": "Federal income tax withheld",
    "redeemed-nonqualified": "Redeemed nonqualified notices and retains",
    "production-deduction": "Deduction passed through, section 199A(g)",
    "qualified-payments": "Qualified payments, section 199A(b)(7)",
    "trade-items": "Qualified items, section 199A(a)",
    "service-items": "Items of specified service trades, section 199A(a)",
    "investment-credit": "Investment credit",
    "work-opportunity-credit": "Work opportunity credit",
    "other-credits": "Other credits and deductions",
}

#: Each form with its boxes.
FORMS: dict[str, tuple[str, ...]] = {
    PATRON_FORM: tuple(PATRON_BOXES),
    RETURN: ("patronage-dividends", "per-unit-retains", "redeemed-nonqualified"),
    NETTING_NOTICE: (),
}

#: All boxes of all forms.
BOXES = frozenset(box for boxes in FORMS.values() for box in boxes)

#: Boxes whose sum decides whether a form is due.
COUNTED = (
    "patronage-dividends",
    "nonpatronage-distributions",
    "per-unit-retains",
    "redeemed-nonqualified",
)
#: Boxes that the books can fill; the others rest on the co-op's own tax return.
KNOWN = (
    "patronage-dividends",
    "per-unit-retains",
    "withheld",
    "redeemed-nonqualified",
)
#: Boxes that only a specified co-operative fills, one that sells what farmers grow.
SPECIFIED = ("qualified-payments", "trade-items", "service-items")


@dataclass(frozen=True, slots=True)
class Filing:
    """A form that was filed, or a notice that was given.

    Attributes:
        form: Which one.
        year: Calendar year of payment; for a return and a notice the fiscal year.
        member: Whom it is about, or "".
        boxes: Amount by meaning.
        is_specified: Whether it is marked as a specified co-operative's.
        date: When it was filed or given.
        origin: Where the line stands.
    """

    form: str
    year: int
    member: str
    date: datetime.date
    origin: Origin
    boxes: Mapping[str, Decimal] = field(default_factory=dict)
    is_specified: bool = False

    def amount(self, box: str) -> Decimal:
        """Return what stands in a box; an empty one counts as nothing."""
        return self.boxes.get(box, ZERO)

    @property
    def counted(self) -> Decimal:
        """The sum of the boxes that decide whether a form is due."""
        return sum((self.amount(box) for box in COUNTED), ZERO)
