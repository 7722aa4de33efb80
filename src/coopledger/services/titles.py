"""What a member's figures are called on every face, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.domain.capital import CapitalLine
    from coopledger.domain.members import Membership
    from coopledger.domain.steps import Line

#: The components of capital, and what is owed besides, in plain words.
COMPONENTS = {
    "contribution": "Contribution",
    "voluntary": "Voluntary contribution",
    "redeemable": "Redeemable contribution",
    "uncalled": "Still to be paid in",
    "patronage": "Retained patronage",
    "nonqualified": "Nonqualified patronage",
    "member-interest": "Interest added",
    "member-loss": "Losses borne",
    "per-unit-retain": "Retained per unit",
    "member-payable": "Payable to the member",
    "redemption-payable": "Capital being paid out",
}

#: What each kind of movement is.
MOVEMENTS = {
    "contribution": "Contribution",
    "entry-fee": "Entry fee",
    "patronage": "Patronage",
    "interest": "Interest on capital",
    "revaluation": "Revaluation",
    "loss": "Share of a loss",
    "loss-restored": "Loss made good",
    "transfer": "Transfer",
    "redemption": "Redemption",
    "conversion": "Conversion",
    "deduction": "Deduction",
    "fine": "Fine",
    "unclaimed": "Unclaimed",
    "payment": "Payment",
    "appropriation": "Distribution",
    "statutory": "Movement under the statutes",
    "transfer-by-law": "Movement under the law",
    "opening": "Opening balance",
    "correction": "Correction",
}

#: The columns of a capital account's way through a period.
COLUMNS = {
    "opening": "Opening",
    "contributions": "Contributions",
    "patronage": "Patronage",
    "interest": "Interest",
    "losses": "Losses",
    "transfers": "Transfers",
    "redemptions": "Redemptions",
    "other": "Other",
    "closing": "Closing",
}

#: The same components in a sentence, to the member whose they are.
COMPONENT_NOTES = {
    "contribution": "paid in to be a member",
    "voluntary": "paid in by your own choice",
    "redeemable": "paid in, and repaid by rules of its own",
    "uncalled": "promised and not paid yet, so that it is taken off",
    "patronage": "your part of surpluses that stayed in the co-operative",
    "nonqualified": "your part of surpluses that is taxed once it is paid",
    "member-interest": "interest that was added to your capital",
    "member-loss": "your part of losses, which is taken off",
    "per-unit-retain": "kept back of what was paid for your deliveries",
}

#: What a column has done to a member's capital.
COLUMN_NOTES = {
    "opening": "what you had before",
    "contributions": "what you paid in or promised",
    "patronage": "your part of surpluses",
    "interest": "interest on your capital",
    "losses": "your part of losses",
    "transfers": "moved from or to somebody else's account, or another co-operative",
    "redemptions": "paid out, or owed to you instead",
    "other": "whatever else changed it: see the movements",
    "closing": "what is yours at the end",
}

STATUS = {
    "applicant": "applicant",
    "member": "member",
    "paused": "paused",
    "left": "left",
    "deceased": "deceased",
}

#: What members did, by how it is counted.
MEASURES = {"hours": "hours", "amount": "pay", "units": "units"}


#: What becomes of a member's part of a surplus.
_USES = {
    ("cash",): "Of it paid or payable in money",
    ("retained", "nonqualified"): "Of it added to the capital",
    ("replenished",): "Of it to make good earlier losses",
    ("withheld",): "Withheld of the money for tax",
}


def uses_of(line: Line | None) -> dict[str, Decimal]:
    """Say what becomes of a member's part, without what is nothing."""
    if line is None:
        return {}
    sums = {w: sum((getattr(line, f) for f in of), ZERO) for of, w in _USES.items()}
    return {words: amount for words, amount in sums.items() if amount}


def columns_of(line: CapitalLine) -> dict[str, str]:
    """Return the columns of one line that have a figure, with their names."""
    return {
        column: name
        for column, name in COLUMNS.items()
        if getattr(line, column) or column in {"opening", "closing"}
    }


def status_of(membership: Membership) -> Phrase:
    """Say how somebody stands, with the day of leaving."""
    words = STATUS[membership.status]
    if membership.left and not membership.is_member:
        return Phrase(f"{words} on {{day}}", day=membership.left)
    return Phrase(words)


def standing_of(membership: Membership) -> Phrase:
    """Say since when, or from when to when, somebody is or was a member."""
    joined, left = membership.joined, membership.left
    if joined and membership.status == "member":
        return Phrase("member since {joined}", joined=joined)
    if joined and membership.is_member:
        return Phrase("paused, member since {joined}", joined=joined)
    if joined and left:
        return Phrase(
            "member from {joined} to {left} ({status})",
            joined=joined,
            left=left,
            status=Phrase(STATUS[membership.status]),
        )
    return Phrase(STATUS[membership.status])
