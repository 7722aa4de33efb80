"""Playing vectors of federations: pooling, funds and aid."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from coopledger.domain import solidarity as federal
from coopledger.domain.amounts import ZERO
from coopledger.domain.books import ParameterChoice
from coopledger.domain.books import PolicyChoice
from coopledger.domain.findings import Origin
from coopledger.law.policy import Policy
from coopledger.law.preset import load_preset
from coopledger.services.vectors.comparing import compared

if TYPE_CHECKING:
    from decimal import Decimal

    from coopledger.services.vectors.comparing import Difference
    from coopledger.services.vectors.format import FederationVector

_HERE = Origin("vectors", 1)


class _Decided:
    """A federation's decisions, as they hold for each enterprise."""

    def __init__(self, vector: FederationVector) -> None:
        first = datetime.date.min
        choices = [
            ParameterChoice(
                first, name, value, "statutes", "", _HERE, enterprise=enterprise
            )
            for enterprise, chosen in (
                ("", vector.choices),
                *((own, one.choices) for own, one in vector.enterprises.items()),
            )
            for name, value in chosen.items()
        ]
        presets = [PolicyChoice(first, vector.preset, _HERE)]
        policy = Policy(vector.name, presets, choices)
        self._on = vector.on
        self._own = {one: policy.for_enterprise(one) for one in vector.enterprises}

    def number(self, enterprise: str, name: str) -> Decimal:
        return self._own[enterprise].number(name, self._on)

    def text(self, enterprise: str, name: str) -> str:
        return self._own[enterprise].text(name, self._on, "")

    def switch(self, enterprise: str, name: str) -> bool:
        return self._own[enterprise].setting(name, self._on).value is True

    def is_decided(self, enterprise: str, name: str) -> bool:
        return self._own[enterprise].find(name, self._on) is not None


def federation(vector: FederationVector) -> list[Difference]:
    """Compare what each receives less what it gives, and what funds hold."""
    standings = [
        federal.Standing(
            name,
            one.result,
            one.tax,
            {"payroll": one.payroll, "members": one.members, "hours": one.hours},
            one.allocated,
        )
        for name, one in vector.enterprises.items()
    ]
    steps = load_preset(vector.preset).federation
    decided = _Decided(vector)
    shares = federal.share_out(steps, standings, vector.funds, decided, vector.unit)
    nets = {share.step.id: share.nets for share in shares}
    held = {share.step.fund: share.fund for share in shares if share.step.fund}
    named = {name: held.get(name, ZERO) for name in vector.expect_funds}
    return [
        *(
            difference
            for step, expected in vector.expect.items()
            for difference in compared(step, expected, nets.get(step, {}))
        ),
        *compared("funds", vector.expect_funds, named),
    ]
