"""Every limit to the cent: at the limit nothing is found, one cent beyond the rule is.

The ledgers stand after the preamble of their preset (``preambles/``): two members, Ana
with three quarters of the work and Bea with one, and a surplus of 1,000.00 in 2024.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from coopledger.rules import RULES
from tests import books
from tests.rules.boundaries_of_dealings import OF_DEALINGS
from tests.rules.boundaries_of_losses import OF_LOSSES
from tests.rules.boundaries_of_surpluses import OF_SURPLUSES
from tests.rules.ledgers import found

if TYPE_CHECKING:
    from pathlib import Path

    from coopledger.rules import Rule
    from tests.rules.boundary import Boundary

BOUNDARIES = OF_SURPLUSES + OF_LOSSES + OF_DEALINGS

each_boundary = pytest.mark.parametrize("boundary", BOUNDARIES, ids=str)


def rules_found(folder: Path, preset: str, ledger: str) -> set[str]:
    """Return the ids of all findings in a ledger after its preset's preamble."""
    return {finding.rule for finding in found(folder, preset, ledger)}


@each_boundary
def test_nothing_is_found_at_the_limit(boundary: Boundary, tmp_path: Path) -> None:
    ledger = boundary.ledger.format(*boundary.at)
    assert rules_found(tmp_path, boundary.preset, ledger) == set()


@each_boundary
def test_one_cent_beyond_is_found(boundary: Boundary, tmp_path: Path) -> None:
    ledger = boundary.ledger.format(*boundary.beyond)
    assert rules_found(tmp_path, boundary.preset, ledger) == {boundary.rule}


#: Rules that name a limit and are broken by something else than a cent too many.
NOT_BY_CENTS = {
    "COOP-APP-11": "a part of a year, whatever its amount, without the rest",
    "COOP-EXIT-08": "the day of the letter; its Breaks is one day beyond",
    "COOP-MEM-06": "the day on which the class changes; its Breaks is one day before",
    "COOP-RED-01": "a later request; in its Breaks a cent of the older one is unpaid",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_with_a_limit_is_broken_by_one_cent(
    rule: Rule, tmp_path: Path
) -> None:
    (tmp_path / "included.beancount").touch()
    text = books.preamble(rule.example, with_policy=rule.id != "COOP-LAW-01")
    gaps = [
        abs(one.amount - one.limit)
        for one in found(tmp_path, rule.example, rule.breaks, text)
        if one.amount is not None and one.limit is not None
    ]
    by_cents = any(gap <= Decimal("0.01") for gap in gaps)
    listed = any(boundary.rule == rule.id for boundary in BOUNDARIES)
    assert not gaps or by_cents or listed or rule.id in NOT_BY_CENTS


def test_what_is_said_to_break_otherwise_has_no_boundary_of_a_cent() -> None:
    assert NOT_BY_CENTS.keys() <= {rule.id for rule in RULES}
    assert NOT_BY_CENTS.keys().isdisjoint(boundary.rule for boundary in BOUNDARIES)
