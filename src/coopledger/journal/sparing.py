"""What Beancount does at each load for nothing, left out where it comes to nothing.

Its last check adds every transaction up as a list of lots and infers what may be
missing from it; where all amounts are of one currency, with neither cost nor price, and
come to exactly nothing, a plain sum says the same.  Its padding and its assertions
gather every posting by account even where nothing is padded and nothing asserted.  Its
booking keeps every account's inventory of lots even where nothing was ever bought at a
cost and no amount has to be guessed.  All else is left to Beancount, and what comes out
is the same.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from contextlib import contextmanager
from decimal import Decimal
from threading import RLock
from typing import TYPE_CHECKING
from typing import Any

from beancount import loader
from beancount.core import data
from beancount.core import interpolate
from beancount.core import inventory
from beancount.core.amount import Amount
from beancount.core.number import MISSING
from beancount.ops import balance
from beancount.ops import pad
from beancount.ops import validation
from beancount.parser import booking
from beancount.parser import booking_full

from coopledger.domain.amounts import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from beancount.core.data import Booking

    Outcome = tuple[list[data.Directive], list[Any]]

__plugins__ = ("padded", "asserted")

_TURN = RLock()
_PARSER: Any = booking
_SUMS = validation.validate_check_transaction_balances
#: The plugins that `padded` and `asserted` stand for.
_LAST = [("beancount.ops.pad", None), ("beancount.ops.balance", None)]


@contextmanager
def spared() -> Iterator[None]:
    """Have Beancount leave out for one load what would come to nothing."""
    # They are the whole program's, and so one load has them at a time.
    with _TURN:
        checks: list[Any] = validation.VALIDATIONS
        plugins: list[Any] = loader.PLUGINS_POST
        booker: Any = _PARSER.booking_full
        validation.VALIDATIONS = [
            _doubtful_sums if check is _SUMS else check for check in checks
        ]
        if plugins == _LAST:
            loader.PLUGINS_POST = [(__name__, None)]
        _PARSER.booking_full = _Booking
        try:
            yield
        finally:
            _PARSER.booking_full = booker
            validation.VALIDATIONS = checks
            loader.PLUGINS_POST = plugins


# --- booking --------------------------------------------------------------------------


class _Booking:
    """What stands for Beancount's module of the same name, for one load."""

    @staticmethod
    def book(
        entries: list[data.Directive],
        options: dict[str, Any],
        methods: dict[str, Booking],
        initial_balances: dict[str, inventory.Inventory] | None = None,
    ) -> Outcome:
        """Complete every transaction, as Beancount does."""
        has_lots = initial_balances is not None or any(map(_needs_lots, entries))
        if has_lots:
            outcome: Outcome = booking_full.book(
                entries, options, methods, initial_balances
            )
            return outcome
        booked: list[data.Directive] = []
        errors: list[Any] = []
        for entry in entries:
            if type(entry) is not data.Transaction:
                booked.append(entry)
            elif _is_plain(entry.postings):
                booked.append(_with_tolerances(entry, options))
            else:
                # What is left out follows from the transaction alone.
                nothing: Any = defaultdict(inventory.Inventory)
                one, wrong = booking_full.book([entry], options, methods, nothing)
                booked += one
                errors += wrong
        return booked, errors


def _needs_lots(entry: data.Directive) -> bool:
    """Say whether it takes the accounts' inventories to complete a transaction."""
    return type(entry) is data.Transaction and not all(
        _is_clear(units, cost, price) for _, units, cost, price, _, _ in entry.postings
    )


def _is_clear(units: Any, cost: Any, price: Any) -> bool:
    """Say whether a posting says all but what its transaction alone completes."""
    if cost is not None:
        return False
    if price is None and units is MISSING:
        return True
    return _is_whole(units) and (price is None or _is_whole(price))


def _is_whole(amount: Any) -> bool:
    is_amount = type(amount) is Amount
    return is_amount and type(amount.number) is Decimal and type(amount.currency) is str


def _is_plain(postings: Sequence[Any]) -> bool:
    """Say whether all amounts are there, without prices and of one currency."""
    currencies = {
        units.currency if price is None and units is not MISSING else None
        for _, units, _, price, _, _ in postings
    }
    return len(currencies) == 1 and None not in currencies


def _with_tolerances(
    entry: data.Transaction, options: dict[str, Any]
) -> data.Transaction:
    tolerances = interpolate.infer_tolerances(entry.postings, options, mode="max")
    meta = {**entry.meta, interpolate.AUTOMATIC_TOLERANCES: tolerances}
    return entry._replace(postings=list(entry.postings), meta=meta)


# --- padding and assertions -----------------------------------------------------------


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


# --- sums -----------------------------------------------------------------------------


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
