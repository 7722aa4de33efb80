"""What our pages call things: in English, which catalogues say in other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopledger.domain.words import Phrase

if TYPE_CHECKING:
    from coopledger.domain.members import Membership

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

#: Columns that are left out where nothing stands in them.
RARE = frozenset({"interest", "losses", "transfers", "other"})

STATUS = {
    "applicant": "applicant",
    "member": "member",
    "paused": "paused",
    "left": "left",
    "deceased": "deceased",
}

#: What members did, by how it is counted.
MEASURES = {"hours": "hours", "amount": "pay", "units": "units"}


def status_of(membership: Membership) -> Phrase:
    """Say how somebody stands, with the day of leaving."""
    words = STATUS[membership.status]
    if membership.left and not membership.is_member:
        return Phrase(f"{words} on {{day}}", day=membership.left)
    return Phrase(words)


def standing_of(membership: Membership) -> Phrase:
    """Say since when, or from when to when, somebody is or was a member."""
    joined, left = membership.joined, membership.left
    if membership.status == "member":
        return Phrase("member since {joined}", joined=joined)
    if membership.is_member:
        return Phrase("paused, member since {joined}", joined=joined)
    if joined and left:
        return Phrase(
            "member from {joined} to {left} ({status})",
            joined=joined,
            left=left,
            status=Phrase(STATUS[membership.status]),
        )
    return Phrase(STATUS[membership.status])
