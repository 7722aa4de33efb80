"""What Beancount does at each load for nothing, left out where it comes to nothing.

Its last check adds every transaction up as a list of lots and infers what may be
missing from it; where all amounts are of one currency, with neither cost nor price, and
come to exactly nothing, a plain sum says the same.  Its padding and its assertions
gather every posting by account even where nothing is padded and nothing asserted.  All
else is left to Beancount, and what comes out is the same.
"""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING
from typing import Any

from beancount import loader
from beancount.core import data
from beancount.core import interpolate
from beancount.ops import balance
from beancount.ops import pad
from beancount.ops import validation

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

    Outcome = tuple[list[data.Directive], list[Any]]

__plugins__ = ("padded", "asserted")

_SUMS = validation.validate_check_transaction_balances
#: The plugins that `padded` and `asserted` stand for.
_LAST = [("beancount.ops.pad", None), ("beancount.ops.balance", None)]


@contextmanager
def spared() -> Iterator[None]:
    """Have Beancount leave out for one load what would come to nothing."""
    checks: list[Any] = validation.VALIDATIONS
    plugins: list[Any] = loader.PLUGINS_POST
    validation.VALIDATIONS = [
        _doubtful_sums if check is _SUMS else check for check in checks
    ]
    if plugins == _LAST:
        loader.PLUGINS_POST = [(__name__, None)]
    try:
        yield
    finally:
        validation.VALIDATIONS = checks
        loader.PLUGINS_POST = plugins


def padded(entries: list[data.Directive], options: dict[str, Any]) -> Outcome:
    """Pad, where there is anything to be padded."""
    if not _has(data.Pad, entries):
        return entries, []
    new, errors = _outcome("beancount.ops.pad", pad.pad, entries, options)
    # As the loader does after each of its plugins.
    new.sort(key=data.entry_sortkey)
    return new, errors


def asserted(entries: list[data.Directive], options: dict[str, Any]) -> Outcome:
    """Check balances, where any are asserted."""
    if not _has(data.Balance, entries):
        return entries, []
    return _outcome("beancount.ops.balance", balance.check, entries, options)


def _outcome(
    name: str,
    plugin: Callable[[list[data.Directive], dict[str, Any]], Outcome],
    entries: list[data.Directive],
    options: dict[str, Any],
) -> Outcome:
    """Run one of Beancount's plugins; where it fails, say so as the loader would."""
    try:
        return plugin(entries, options)
    except Exception:  # noqa: BLE001 - as the loader, which would name this file
        trace = traceback.format_exc().replace("\n", "\n  ")
        message = f'Error applying plugin "{name}": {trace}'
        place = data.new_metadata("<load>", 0)
        return entries, [loader.LoadError(place, message, None)]


def _has(kind: type, entries: Sequence[data.Directive]) -> bool:
    """Say whether there is one of a kind, or one that Beancount stumbles over."""
    return any(
        isinstance(entry, kind) or (type(entry) is data.Custom and not entry.values)
        for entry in entries
    )


def _doubtful_sums(
    entries: Sequence[data.Directive], options: dict[str, Any]
) -> list[Any]:
    doubtful = [
        entry
        for entry in entries
        if isinstance(entry, data.Transaction) and not _balances(entry.postings)
    ]
    errors: list[Any] = _SUMS(doubtful, options)
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
