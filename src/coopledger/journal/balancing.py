"""Beancount's last check, that every transaction balances, without its slow sums.

It adds every transaction up as a list of lots and infers what may be missing from it.
Where all amounts are of one currency, with neither cost nor price, and come to exactly
nothing, a plain sum says the same; all other transactions are left to Beancount.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data
from beancount.core import interpolate
from beancount.ops import validation

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

_BEANCOUNTS = validation.validate_check_transaction_balances


@contextmanager
def quick_sums() -> Iterator[None]:
    """Have Beancount check only what does not balance at a glance, for one load."""
    checks: list[Any] = validation.VALIDATIONS
    validation.VALIDATIONS = [
        _doubtful_balances if check is _BEANCOUNTS else check for check in checks
    ]
    try:
        yield
    finally:
        validation.VALIDATIONS = checks


def _doubtful_balances(
    entries: Sequence[data.Directive], options: dict[str, Any]
) -> list[Any]:
    doubtful = [
        entry
        for entry in entries
        if isinstance(entry, data.Transaction) and not _balances(entry.postings)
    ]
    errors: list[Any] = _BEANCOUNTS(doubtful, options)
    return errors


def _balances(postings: Sequence[Any]) -> bool:
    """Say whether postings come to nothing at a glance."""
    total, currency = ZERO, None
    try:
        for _, (number, unit), cost, price, _, meta in postings:
            currency = currency or unit
            is_plain = unit == currency and cost is None and price is None
            if not is_plain or (meta and interpolate.AUTOMATIC_RESIDUAL in meta):
                return False
            total += number
    except TypeError:
        # Something is missing, which is Beancount's to tell.
        return False
    return not total
