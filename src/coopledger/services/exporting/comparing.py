"""What a workbook's amounts are compared with: as booked, or else as proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.services.exporting.subject import CONTRA

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from decimal import Decimal

    from coopledger.domain.division import Person
    from coopledger.domain.steps import AppliedStep
    from coopledger.domain.steps import Step
    from coopledger.services.exporting.stepping import Stepping
    from coopledger.services.exporting.subject import Subject

    #: What a step gives somebody: paid, retained, nonqualified, made good.
    Given = tuple[Decimal, ...]


class Shares(Mapping["Person", "Given"]):
    """What a step gives each person, looked up when it is asked for and not kept."""

    def __init__(
        self, applied: AppliedStep, given: Callable[[bool, str], Given]
    ) -> None:
        """Name the step, and say how it is looked up: whether hired, and by name."""
        self._applied = applied
        self._given = given

    def __getitem__(self, who: Person) -> Given:
        """Look up what somebody is given."""
        return self._given(*who)

    def __iter__(self) -> Iterator[Person]:
        """Return who they are, in the order of the step."""
        return iter(people_of(self._applied))

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self._applied.parts) + len(self._applied.hired)


def people_of(applied: AppliedStep) -> list[Person]:
    """Return everybody who divides a step: members, then hired workers."""
    hired = [(True, name) for name in applied.hired]
    return [*((False, name) for name in applied.parts), *hired]


def given_by(applied: AppliedStep) -> Shares:
    """Return what a step gives each."""
    lines = {line.member: line for line in applied.lines}

    def given(is_hired: bool, name: str) -> Given:  # noqa: FBT001 - as in Person
        if is_hired:
            return applied.hired[name], ZERO, ZERO, ZERO
        line = lines[name]
        paid = line.cash - line.withheld
        return paid, line.retained, line.nonqualified, line.replenished

    return Shares(applied, given)


def received_by(one: Stepping) -> Shares:
    """Return what everybody got by a step.

    What is withheld goes to the tax office and is no part of what is paid.
    """
    if not one.subject.is_booked:
        return given_by(one.applied)
    roles = (one.applied.step.role, "nonqualified", "member-loss")
    paid = _booked(one, "member-payable")
    kept = [_booked(one, role) for role in roles]
    hired = _booked(one, "worker-payable")

    def given(is_hired: bool, name: str) -> Given:  # noqa: FBT001 - as in Person
        if is_hired:
            return hired.get(name, ZERO), ZERO, ZERO, ZERO
        return paid.get(name, ZERO), *(sums.get(name, ZERO) for sums in kept)

    return Shares(one.applied, given)


def borne_by(one: Stepping) -> dict[str, Decimal]:
    """Return what each member bears of a loss by a step."""
    if not one.subject.is_booked:
        return dict(one.applied.parts)
    booked = _booked(one, one.applied.step.role)
    return {member: -booked.get(member, ZERO) for member in one.applied.parts}


def _booked(one: Stepping, role: str) -> dict[str, Decimal]:
    """Add up what was booked; only where steps share a kind does the id count."""
    step, subject = one.applied.step, one.subject
    alike = [s for s in subject.steps if s.step.kind == step.kind and s.parts]
    is_only = len(alike) == 1 and not _names_steps(subject)
    sums: dict[str, Decimal] = {}
    for _, leg in subject.posted.legs():
        name = leg.member or (leg.name if role == "worker-payable" else "")
        if leg.role == role and name and (is_only or leg.step == step.id):
            sums[name] = sums.get(name, ZERO) + leg.amount
    return sums


# --- by role --------------------------------------------------------------------------


def received_of(subject: Subject) -> dict[str, Decimal]:
    """Return what each role received, in the order of the steps."""
    if subject.is_booked:
        return {role: _booked_to(subject, role) for role in subject.roles}
    return {role: subject.appropriation.to_role(role) for role in subject.roles}


def _booked_to(subject: Subject, role: str) -> Decimal:
    posted = subject.posted
    if _names_steps(subject):
        steps = [one.step for one in subject.steps if one.step.role == role]
        return sum((_booked_by(subject, step) for step in steps), ZERO)
    if role == "patronage":
        return sum(posted.patronage.values(), ZERO)
    if role == "member-loss":
        return sum(posted.losses.values(), ZERO)
    received = posted.to_role(role)
    return -received if subject.is_loss else received


def _names_steps(subject: Subject) -> bool:
    """Say whether every posting of the distribution names the step it belongs to."""
    known = {one.step.id for one in subject.steps}
    return all(leg.step in known for _, leg in subject.posted.legs())


def _booked_by(subject: Subject, step: Step) -> Decimal:
    """Add up what a step's own postings gave, whatever account they went to."""
    charged = {CONTRA, step.expense_role} if step.expense_role else {CONTRA}
    given = sum(
        (
            leg.amount
            for _, leg in subject.posted.legs()
            if leg.step == step.id and leg.role not in charged
        ),
        ZERO,
    )
    is_borne = subject.is_loss and step.treatment == "appropriation"
    return -given if is_borne else given
