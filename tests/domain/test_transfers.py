"""What a movement between enterprises can be, by the accounts that it touches."""

from __future__ import annotations

import pytest

from coopledger.domain.transfers import GIVES
from coopledger.domain.transfers import RECEIVES
from coopledger.domain.transfers import natures_by


@pytest.mark.parametrize(
    ("roles", "side", "natures"),
    [
        (("pool-paid",), GIVES, ("pool",)),
        (("pool-received",), RECEIVES, ("pool",)),
        (("solidarity-paid",), GIVES, ("solidarity", "central", "education")),
        (("solidarity-received",), RECEIVES, ("aid", "central", "education")),
        (("education-fund",), GIVES, ("education",)),
        (("education-expense",), GIVES, ("education",)),
        (("fund",), RECEIVES, ("solidarity", "central", "education")),
        (("fund",), GIVES, ("aid", "central", "education")),
        (("solidarity-paid", "education-fund"), GIVES, ("education",)),
        (("pool-paid", "fund"), GIVES, ()),
        (("due-to",), GIVES, ()),
        ((), RECEIVES, ()),
    ],
)
def test_roles_tell_what_a_transfer_can_be(
    roles: tuple[str, ...], side: str, natures: tuple[str, ...]
) -> None:
    assert natures_by(roles, side) == natures
