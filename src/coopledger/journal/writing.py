"""Writing Beancount text: proposals, and into files without ever losing one.

A proposal goes into a file of its own; the top-level file gains one ``include`` line.
Both are first written beside their place, loaded together with the plugin on, and only
then renamed into place, so that an interruption leaves the books as they were.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import amount
from beancount.core import data
from beancount.parser import printer

from coopledger.domain.amounts import ZERO
from coopledger.domain.books import APPROPRIATION_TAG
from coopledger.domain.findings import Finding
from coopledger.errors import CoopledgerError
from coopledger.errors import FileExistsAlreadyError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

    from coopledger.journal.loading import Book

#: Folder, beside the top-level file, that proposals are written to.
FOLDER = "closings"


class ProposalUncleanError(CoopledgerError):
    """A proposal would bring errors into the book, so that it was not written."""

    def __init__(self, first: str, count: int) -> None:
        """Quote the first error."""
        super().__init__(
            f"The proposal was not written: with it the book shows {count} more "
            f"finding(s), the first being: {first}"
        )


@dataclass(frozen=True, slots=True)
class PlannedLeg:
    """One posting to be: account, amount in Beancount's sign, and step."""

    account: str
    amount: Decimal
    step: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A transaction to be.

    Attributes:
        date: Its date.
        payee: The enterprise.
        narration: What it is.
        year: Fiscal year that it belongs to.
        kind: `coop-kind`.
        link: Id of the resolution, or "" for a draft.
        legs: Its postings; they balance.
    """

    date: datetime.date
    payee: str
    narration: str
    year: int
    kind: str
    link: str
    legs: tuple[PlannedLeg, ...]

    def by_account(self) -> dict[str, Decimal]:
        """Add the postings up by account."""
        sums: dict[str, Decimal] = {}
        for leg in self.legs:
            sums[leg.account] = sums.get(leg.account, ZERO) + leg.amount
        return sums


def as_text(planned: Sequence[Planned], book: Book) -> str:
    """Write transactions as Beancount text, with the accounts they need opened.

    Args:
        planned: The transactions.
        book: The book they are for; its display precision is used.

    Returns:
        Text that ends with a newline; a draft is flagged ``!``.
    """
    entries: list[data.Directive] = [
        *_opens(planned, book),
        *(_entry(plan, book) for plan in planned),
    ]
    context = book.options["dcontext"]
    return "\n".join(printer.format_entry(entry, context) for entry in entries)


def _opens(planned: Iterable[Planned], book: Book) -> Iterator[data.Open]:
    known = set(book.opened)
    for plan in sorted(planned, key=lambda plan: plan.date):
        for leg in plan.legs:
            if leg.account not in known:
                known.add(leg.account)
                currencies = [book.case.books.currency]
                yield data.Open({}, plan.date, leg.account, currencies, None)


def _entry(plan: Planned, book: Book) -> data.Transaction:
    meta: dict[str, Any] = {"coop-kind": plan.kind, "coop-year": str(plan.year)}
    return data.Transaction(
        meta=meta,
        date=plan.date,
        flag="*" if plan.link else "!",
        payee=plan.payee,
        narration=plan.narration,
        tags=frozenset({APPROPRIATION_TAG}),
        links=frozenset({plan.link} if plan.link else ()),
        postings=[_posting(leg, book.case.books.currency) for leg in plan.legs],
    )


def _posting(leg: PlannedLeg, currency: str) -> data.Posting:
    units = amount.Amount(leg.amount, currency)
    return data.Posting(leg.account, units, None, None, None, {"coop-step": leg.step})


# --- into files -----------------------------------------------------------------------


def write_proposal(
    book: Book, name: str, planned: Sequence[Planned], *, force: bool = False
) -> Path:
    """Write a proposal beside a book and include it.

    Args:
        book: The book.
        name: Name of the new file, without folder and ending.
        planned: The proposal's transactions.
        force: Whether an included file of that name may be replaced.

    Returns:
        The new file.

    Raises:
        FileExistsAlreadyError: The file is part of the book already.
        ProposalUncleanError: With it the book would show more errors than before.
    """
    main = book.path
    target = main.parent / FOLDER / f"{name}.beancount"
    relative = f"{FOLDER}/{target.name}"
    if str(target) in book.options.get("include", ()) and not force:
        raise FileExistsAlreadyError(str(target))
    old = main.read_text("utf-8")
    line = f'include "{relative}"'
    new = old if line in old else f"{old.rstrip()}\n{line}\n"
    target.parent.mkdir(exist_ok=True)
    staged = _beside(target)
    staged_main = _beside(main)
    try:
        _write(staged, as_text(planned, book))
        _write(staged_main, new.replace(relative, f"{FOLDER}/{staged.name}"))
        _refuse_unclean(book, staged_main, max(plan.date for plan in planned))
        _write(staged_main, new)
        # The new file first: until the top-level file names it, it is not there.
        staged.replace(target)
        staged_main.replace(main)
    finally:
        for left in (staged, staged_main):
            left.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            target.parent.rmdir()
    return target


def write_new_file(path: Path, text: str, *, force: bool = False) -> None:
    """Write a file at once or not at all.

    Raises:
        FileExistsAlreadyError: It exists and `force` is not given.
    """
    if path.exists() and not force:
        raise FileExistsAlreadyError(str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = _beside(path)
    try:
        _write(staged, text)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _refuse_unclean(book: Book, staged_main: Path, until: datetime.date) -> None:
    from coopledger.journal.loading import load_entries  # noqa: PLC0415 - mutual

    known = {error.message for error in book.errors}
    _, errors, _ = load_entries(staged_main)
    new = [
        error
        for error in errors
        if error.message not in known and _is_of_proposal(error, until)
    ]
    if new:
        raise ProposalUncleanError(str(new[0].message), len(new))


def _is_of_proposal(error: Any, until: datetime.date) -> bool:
    """Say whether an error is the proposal's own.

    A finding of a later date is no defect of it but what has to be done next, such as
    the payment of what it declares.
    """
    finding = (error.source or {}).get("finding")
    date = finding.date if isinstance(finding, Finding) else None
    return date is None or date <= until
