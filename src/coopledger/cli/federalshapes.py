"""The JSON shapes of ``federation``, documented in ``docs/json.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from coopledger.cli.shapes import amount_text
from coopledger.cli.shapes import check_shape
from coopledger.services.federating.sharing import booked_by
from coopledger.services.federating.sharing import held_after
from coopledger.services.federating.status import people_of
from coopledger.services.shaping import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopledger.domain.solidarity import FederalShare
    from coopledger.services.federating.checking import FederationCheck
    from coopledger.services.federating.closings import FederalClosing
    from coopledger.services.federating.closings import YearTotals
    from coopledger.services.federating.gathering import Federation
    from coopledger.services.federating.moving import Moving
    from coopledger.services.federating.proposing import JointProposal
    from coopledger.services.federating.sharing import Shared
    from coopledger.services.federating.status import Line


def troubles_of(federation: Federation) -> list[dict[str, str]]:
    """Return the books that could not be had."""
    return [
        {"enterprise": one.id, "path": str(one.path), "why": one.why}
        for one in federation.troubles
    ]


def status_shape(federation: Federation, lines: Sequence[Line]) -> dict[str, Any]:
    """Return the shape of ``federation status``."""
    people = people_of(lines)
    return {
        "schema": SCHEMA,
        "federation": federation.own.id,
        "enterprises": [_line(one) for one in lines],
        "memberships": people.memberships,
        "persons": people.persons,
        "interrupted": federation.is_interrupted,
        "troubles": troubles_of(federation),
    }


def move_shape(moving: Moving) -> dict[str, Any]:
    """Return the shape of ``federation move``."""
    wish = moving.wish
    return {
        "schema": SCHEMA,
        "member": wish.member,
        "from": wish.giver,
        "to": wish.receiver,
        "as": moving.member,
        "class": moving.member_class or None,
        "federation-member": moving.person,
        "date": wish.on.isoformat(),
        "resolution": wish.resolution or None,
        "transfer": moving.transfer,
        "capital": {role: amount_text(one) for role, one in moving.capital.items()},
        "allotted": [
            {"role": role, "year": year, "amount": amount_text(one)}
            for (role, year), one in moving.allotted.items()
        ],
        "amount": amount_text(moving.amount),
    }


def _line(line: Line) -> dict[str, Any]:
    book, year = line.book, line.year
    return {
        "enterprise": book.id,
        "title": book.title,
        "currency": book.currency,
        "findings": book.found,
        "year": year.label if year else None,
        "end": year.end.isoformat() if year else None,
        "closed": year.is_closed if year else None,
        "result": amount_text(year.result if year else None),
        "members": year.work.members if year else None,
        "payroll": amount_text(_payroll(line)),
        "owed": amount_text(line.owed),
        "owing": amount_text(line.owing),
    }


def _payroll(line: Line) -> Any:
    work = line.year.work if line.year else None
    return work.payroll_members + work.payroll_hired if work else None


def federation_check_shape(check: FederationCheck) -> dict[str, Any]:
    """Return the shape of ``federation check``."""
    own = check_shape(check.federation.own.id, check.findings)
    return {
        "schema": SCHEMA,
        "federation": check.federation.own.id,
        "days": check.days,
        "matched": len(check.pairing.matched),
        "unread": [one.transfer.id for one in check.pairing.unread],
        "findings": own["findings"],
        "interrupted": check.federation.is_interrupted,
        "troubles": troubles_of(check.federation),
    }


def close_shape(closing: FederalClosing) -> dict[str, Any]:
    """Return the shape of ``federation close``."""
    return {
        "schema": SCHEMA,
        "federation": closing.federation.own.id,
        "year": closing.year,
        "enterprises": [
            {
                "enterprise": name,
                "state": one.state,
                "why": one.why or None,
                "pending": list(closing.pending.get(name, ())),
                **_year_totals(one),
            }
            for name, one in closing.enterprises.items()
        ],
        "totals": [_year_totals(one) for one in closing.totals.values()],
        "doubt": closing.doubt or None,
        "troubles": troubles_of(closing.federation),
    }


def _year_totals(one: YearTotals) -> dict[str, Any]:
    is_known = one.base is not None
    return {
        "currency": one.currency,
        "result": amount_text(one.result),
        "base": amount_text(one.base),
        "members": one.members if is_known else None,
        "cash": amount_text(one.cash if is_known else None),
        "retained": amount_text(one.retained if is_known else None),
        "steps": [
            {
                "step": step.id,
                "title": step.title,
                "amount": amount_text(step.amount),
                "members": step.members,
                "cash": amount_text(step.cash),
                "retained": amount_text(step.retained),
            }
            for step in one.steps
        ],
    }


def joint_shape(joint: JointProposal) -> dict[str, Any]:
    """Return the shape of ``federation pool``, ``solidarity`` and ``aid``."""
    return {
        "schema": SCHEMA,
        "federation": joint.shared.federation.own.id,
        "currency": joint.shared.federation.own.currency,
        "year": joint.shared.year,
        "booked": joint.is_booked,
        "steps": [_share(share, joint.shared) for share in joint.shares],
        "transfers": [
            {
                "id": one.id,
                "nature": one.step.nature,
                "enterprise": one.enterprise,
                "net": amount_text(one.net),
                "date": one.date.isoformat(),
            }
            for one in joint.transfers
        ],
    }


def _share(share: FederalShare, shared: Shared) -> dict[str, Any]:
    booked = booked_by(shared, share.step)
    return {
        "step": share.step.id,
        "title": share.step.title,
        "kind": share.step.kind,
        "fund": share.step.fund,
        "holds": amount_text(held_after(shared, share)) if share.step.fund else None,
        "parts": [
            {
                "enterprise": name,
                "base": amount_text(part.base),
                "rate": amount_text(part.rate),
                "given": amount_text(part.given),
                "wanted": amount_text(part.wanted),
                "received": amount_text(part.received),
                "net": amount_text(part.net),
                "booked": amount_text(booked.get(name)),
            }
            for name, part in share.parts.items()
        ],
    }
