"""The tie-out sheet: what has to agree, by how much it does not, and one flag."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.phrases import Phrase
from coopledger.services.exporting.agreeing import checks_of
from coopledger.services.exporting.description import CHECK
from coopledger.services.exporting.description import OK
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import Formula
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopledger.services.exporting.agreeing import Check
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.subject import Subject

CHECKS = "Checks"

#: Name of the one flag over everything.
FLAG = "checks_overall"

_CHECKS = Columns.of(
    Column("what", "What has to agree", 74),
    Column("here", "Here", 18),
    Column("there", "Compared with", 18),
    Column("difference", "Difference", 16),
    Column("status", "Status", 12, "checks_statuses"),
)


def checks_sheet(subject: Subject, sheets: Sequence[Sheet]) -> Sheet:
    """Make the sheet on which everything is tied out.

    Args:
        subject: The year.
        sheets: The sheets made so far; their cells say what the flag is now.
    """
    draft = subject.draft(CHECKS, "What has to agree, and one flag for all of it")
    draft.begin(
        "Checks",
        subject.subtitle,
        subject.state,
        Phrase(
            "A difference counts to the last unit; an error counts as {word}. One "
            "{word} here, and the flag on the first sheet says {word}.",
            word=CHECK,
        ),
    )
    checks = list(checks_of(subject, sheets))
    draft.table(
        "checks",
        _CHECKS,
        checks,
        lambda check, at: _row(subject, check, at),
        total=lambda over: _total(checks, over),
    )
    return draft.done


def _row(subject: Subject, check: Check, at: Addresses) -> Row:
    difference = _amount(check.here) - _amount(check.there)
    gap = subject.arithmetic.net(f"{at['here']}-{at['there']}")
    return {
        "what": text(check.what, "wrapped"),
        "here": check.here,
        "there": check.there,
        "difference": live(gap, difference, check.form),
        "status": live(
            f'IF({at["difference"]}=0,"{OK}","{CHECK}")', _flag(difference), "status"
        ),
    }


def _total(checks: Sequence[Check], over: Addresses) -> Row:
    agree = all(_amount(check.here) == _amount(check.there) for check in checks)
    statuses = over["status"]
    formula = f'IF(COUNTIF({statuses},"{OK}")=ROWS({statuses}),"{OK}","{CHECK}")'
    return {
        "what": Cell(Phrase("Everything"), "strong", "total"),
        "status": summed(formula, OK if agree else CHECK, "status", FLAG),
    }


def _flag(difference: Decimal) -> str:
    return CHECK if difference else OK


def _amount(cell: Cell) -> Decimal:
    content = cell.content
    value = content.value if isinstance(content, Formula) else content
    return value if isinstance(value, Decimal) else ZERO
