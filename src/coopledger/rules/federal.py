"""Rules that only several books together can break.

They are run by `coopledger federation check` and have no example ledger of one book;
the tests break each of them in a federation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopledger.domain import mismatches
from coopledger.domain.findings import Finding

if TYPE_CHECKING:
    from coopledger.domain.mismatches import Side

_SOURCES = ("coopledger federation reference, docs/federation.md",)


@dataclass(frozen=True, slots=True)
class FederalRule:
    """A rule between books.

    Attributes:
        id: Id; it never changes meaning and is never used again.
        kind: The kind of mismatch that breaks it.
        statement: The rule in one sentence.
        fix: What to do, one sentence.
        catalogue: Numbers in the project's catalogue of checkable rules.
    """

    id: str
    kind: str
    statement: str
    fix: str
    catalogue: tuple[str, ...] = ("R73",)

    def finding(self, side: Side) -> Finding:
        """Return what is wrong in one of the books, in the rule's own words."""
        return Finding(
            rule=self.id,
            basis="federation",
            severity="error",
            found=side.found,
            why=self.statement,
            fix=self.fix,
            origin=side.origin,
            date=side.date,
            amount=side.amount,
            limit=side.limit,
            sources=_SOURCES,
            book=side.book,
        )


#: What pooling says that is not a mismatch of two lines.
POOL = "pool"

FEDERAL_RULES = (
    FederalRule(
        "COOP-FED-01",
        mismatches.MISSING,
        "Every transfer stands in both books, under one id.",
        "Book it in the other book too, or give both sides the same id.",
    ),
    FederalRule(
        "COOP-FED-02",
        mismatches.TWICE,
        "A transfer stands once in each of its two books.",
        "Take the second one out, or give it an id of its own.",
    ),
    FederalRule(
        "COOP-FED-03",
        mismatches.AMOUNT,
        "Both sides of a transfer are of the same amount.",
        "Compare with the bank statement, and correct the side that is wrong.",
    ),
    FederalRule(
        "COOP-FED-04",
        mismatches.CURRENCY,
        "Both sides of a transfer are in the same currency.",
        "Book the currency in which it was agreed, at its price where it is another.",
    ),
    FederalRule(
        "COOP-FED-05",
        mismatches.SIDE,
        "One side of a transfer gives what the other receives.",
        "Turn the side around that is wrong.",
    ),
    FederalRule(
        "COOP-FED-06",
        mismatches.DATE,
        "Both sides of a transfer are dated no more than a few days apart.",
        "Correct the date that is wrong; how many days may lie between them is "
        "'transfer.days'.",
    ),
    FederalRule(
        "COOP-FED-07",
        mismatches.NATURE,
        "Both sides of a transfer are of the same nature.",
        "Correct the account or the coop-nature of the side that is wrong.",
    ),
    FederalRule(
        "COOP-FED-08",
        mismatches.PEER,
        "Each side of a transfer names the other one, and nobody else has its id.",
        "Correct the coop-peer, or give the transfer an id of its own.",
    ),
    FederalRule(
        "COOP-FED-09",
        mismatches.DUES,
        "What one enterprise owes another is the same in both books, on every day.",
        "Look for what was booked since then in one of the books only.",
    ),
    FederalRule(
        "COOP-FED-10",
        POOL,
        "Each enterprise's part in a year's pool, funds and aid is what the "
        "federation's decisions give it.",
        "Correct what was booked, or decide otherwise for that enterprise.",
        ("R74", "R76", "R78", "R79"),
    ),
    FederalRule(
        "COOP-FED-22",
        mismatches.YEAR,
        "Both sides of a transfer are for the same fiscal year.",
        "Correct the coop-year of the side that is wrong.",
    ),
    FederalRule(
        "COOP-FED-23",
        mismatches.PERSON,
        "Capital that moves to another enterprise is of the same person in both books.",
        "Give the member the same federation-member in both registers.",
    ),
    FederalRule(
        "COOP-FED-24",
        mismatches.MOVE,
        "Who goes to another enterprise leaves in one register and joins in the other.",
        "Add the line that is missing, with peer and federation-member, or correct it.",
        (),
    ),
    FederalRule(
        "COOP-FED-25",
        mismatches.CAPITAL,
        "Who goes to another enterprise takes all of their capital along.",
        "Book what is missing as a transfer of nature capital, in both books.",
        (),
    ),
    FederalRule(
        "COOP-FED-26",
        mismatches.ALLOTMENT,
        "What was retained keeps its years of allotment in another enterprise.",
        "Give each posting of the transfer the coop-year for which it was allotted.",
        (),
    ),
)

BY_KIND = {rule.kind: rule for rule in FEDERAL_RULES}
