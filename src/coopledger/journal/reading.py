"""From Beancount's entries to `Books`, once per load."""

from __future__ import annotations

import traceback
from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Any

from beancount.core import data
from beancount.parser import options as beancount_options

from coopledger.domain.amounts import unit_of
from coopledger.domain.books import ORIGINS
from coopledger.domain.books import Books
from coopledger.domain.capital import BALANCES
from coopledger.domain.capital import CAPITAL
from coopledger.domain.capital import COLLECTIVE
from coopledger.domain.capital import OWED
from coopledger.domain.capital import SUSPENSE
from coopledger.domain.findings import Origin
from coopledger.domain.findings import Remark
from coopledger.domain.members import Register
from coopledger.domain.periods import FiscalYearEnd
from coopledger.errors import CoopledgerError
from coopledger.errors import ReaderFailedError
from coopledger.journal.accounts import Account
from coopledger.journal.chart import ROOTS
from coopledger.journal.chart import Chart
from coopledger.journal.chart import roots_of
from coopledger.journal.directives import Directive
from coopledger.journal.directives import is_cooperative
from coopledger.journal.directives import origin_of
from coopledger.journal.directives import read_directive
from coopledger.journal.directives import wrong_metadata
from coopledger.journal.figures import Pass
from coopledger.journal.including import included_lines
from coopledger.journal.meeting import strange_roots
from coopledger.journal.meeting import unmatched_bases
from coopledger.journal.meeting import unmatched_roles
from coopledger.journal.numbering import numbers_in_directives
from coopledger.journal.records import read_records
from coopledger.journal.sealing import digests_of
from coopledger.journal.templates import shared_templates
from coopledger.journal.yearends import read_year_end
from coopledger.law.policy import Policy
from coopledger.law.preset import load_preset
from coopledger.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from coopledger.domain.books import PatronageBasis
    from coopledger.journal.records import Records

#: Accounts on which nothing may be padded: capital is never a plug figure.
_NEVER_PADDED = CAPITAL | OWED | COLLECTIVE | SUSPENSE | BALANCES

#: A result that is a plug figure would be distributed as one.
_RESULT = frozenset({"Income", "Expenses"})

#: What the parser itself says of an entry.
_PARSED = frozenset({"filename", "lineno"})

Options = dict[str, Any]


def read_books(
    entries: Sequence[data.Directive], options: Options
) -> tuple[Books, Policy, Chart]:
    """Read everything cooperative in a book.

    Args:
        entries: Beancount's entries, sorted.
        options: Beancount's options of the top-level file.

    Returns:
        The books, what governs them, and the chart of accounts.  Nothing is raised
        for what the book says wrongly; see `Books.remarks`.

    Raises:
        ReaderFailedError: The reader has a mistake, which this book brings to light.
        PresetInvalidError: A preset that governs the book cannot be read.
    """
    try:
        return _read(entries, options)
    except CoopledgerError:
        raise
    except Exception as error:
        file = str(options.get("filename", ""))
        raise ReaderFailedError(*(_at(error) or Origin(file, 0)), error) from error


def _at(error: Exception) -> Origin | None:
    """Return where the reader stood when it failed: at the innermost directive."""
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        entry, directive = (frame.f_locals.get(name) for name in ("entry", "directive"))
        meta = getattr(entry, "meta", None)
        if isinstance(meta, dict):
            found = origin_of(meta)
        elif isinstance(directive, Directive):
            found = directive.origin
    return found


def _read(
    entries: Sequence[data.Directive], options: Options
) -> tuple[Books, Policy, Chart]:
    kinds = _by_type(entries)
    customs: list[data.Custom] = kinds[data.Custom]
    ours, remarks = _directives(customs)
    books = _empty_books(options)
    books.is_cooperative = bool(ours or remarks)
    if not books.is_cooperative:
        return books, Policy(books.title, [], []), Chart()
    books.remarks.extend(remarks)
    read_year_end(customs, books)
    if not books.currency:
        books.remarks.append(_without_currency(books.origin))
    books.remarks.extend(_foreign_refunds(ours, books.currency))
    books.remarks.extend(numbers_in_directives(ours))
    records = read_records(ours, roots_of(options))
    chart = _chart(records, options)
    _remark_shared(records, chart)
    _take_over(records, books)
    accounts = _read_transactions(kinds, options, chart, books)
    books.remarks.extend(strange_roots(kinds[data.Open], chart.roots))
    books.remarks.extend(unmatched_bases(books, accounts, chart))
    books.remarks.extend(unmatched_roles(records.places, accounts, chart))
    books.remarks.extend(included_lines(options))
    if books.seals:
        sealed = [books.year_end.year(seal.year) for seal in books.seals]
        books.digests = digests_of(entries, sealed)
    policy = Policy(
        books.title, books.policies, books.choices, books.year_end, books.founded
    )
    return books, policy, chart


def _by_type(entries: Iterable[data.Directive]) -> defaultdict[type, list[Any]]:
    """Sort the entries by their type, each in its order."""
    found: defaultdict[type, list[Any]] = defaultdict(list)
    for entry in entries:
        found[type(entry)].append(entry)
    return found


def _directives(
    customs: Iterable[data.Custom],
) -> tuple[list[Directive], list[Remark]]:
    found, remarks = [], []
    for entry in customs:
        if is_cooperative(entry):
            directive, wrong = read_directive(entry)
            remarks.extend(wrong)
            if directive:
                found.append(directive)
    return found, remarks


def _empty_books(options: Options) -> Books:
    currencies = options.get("operating_currency") or []
    currency = currencies[0] if currencies else ""
    return Books(
        enterprise="",
        title=str(options.get("title", "")),
        path=str(options.get("filename", "")),
        currency=currency,
        unit=unit_of(currency or "USD"),
        year_end=FiscalYearEnd(),
    )


def _without_currency(origin: Origin) -> Remark:
    return Remark(
        about="currency",
        found=Phrase("This book names no operating currency."),
        fix=Phrase(
            'Add the currency it is kept in, e.g. option "operating_currency" "USD".'
        ),
        origin=origin,
    )


def _foreign_refunds(
    directives: Iterable[Directive], currency: str
) -> Iterator[Remark]:
    """Find refunds that are not in the book's currency."""
    for directive in directives:
        amount = directive.values.get("amount")
        if directive.type == "coop-refund" and amount and amount.currency != currency:
            yield Remark(
                about="currency",
                found=Phrase(
                    "The refund of {member} is {amount} {currency}; this book's "
                    "cooperative accounts are kept in {own}.",
                    member=directive.text("member"),
                    amount=amount.number,
                    currency=amount.currency,
                    own=currency or Phrase("nothing"),
                ),
                fix=Phrase("Write the amount in the book's currency."),
                origin=directive.origin,
                date=directive.date,
            )


def _chart(records: Records, options: Options) -> Chart:
    layers: list[Mapping[str, tuple[str, ...]]] = [
        load_preset(policy.preset).chart for policy in records.policies
    ]
    layers += [{role: (template,)} for role, template in records.templates]
    return Chart.of(layers, options)


def _remark_shared(records: Records, chart: Chart) -> None:
    """Find lines of the book that give a role the template of another one."""
    own = {
        (role, chart.written(template)): directive
        for (role, template), directive in records.places.items()
    }
    for (role, template), other in shared_templates(chart.templates, own).items():
        records.remark(
            own[role, template],
            Phrase(
                "'{template}' is the account of two roles, '{role}' and '{other}'.",
                template=template,
                role=role,
                other=other,
            ),
            Phrase("Give each role an account of its own."),
        )


def _take_over(records: Records, books: Books) -> None:
    books.enterprises = records.enterprises
    own = [enterprise for enterprise in records.enterprises if not enterprise.path]
    books.enterprise = own[0].id if own else ""
    books.policies = records.policies
    books.choices = records.choices
    books.bases = records.bases
    books.register = Register.of(records.events)
    books.resolutions = records.resolutions
    books.seals = records.seals
    books.switches = records.switches
    books.refunds = records.refunds
    books.filings = records.filings
    books.remarks.extend(records.remarks)


# --- transactions ---------------------------------------------------------------------


def _read_transactions(
    kinds: Mapping[type, list[Any]], options: Options, chart: Chart, books: Books
) -> dict[str, Account]:
    """Read what was booked; return all accounts that are opened."""
    roots = _own_roots(options)
    measures = _measures(books.bases, options)
    for entry in kinds[data.Pad]:
        books.remarks.extend(_padded(entry, chart, roots))
    accounts = {
        entry.account: _account(entry, roots, chart, measures, books)
        for entry in kinds[data.Open]
    }
    special = {
        name: account
        for name, account in accounts.items()
        if account.place or account.bases
    }
    reading = Pass(
        accounts,
        special,
        books.currency,
        books.year_end,
        books.bases,
        books.founded,
        books.register,
    )
    reading.run(kinds[data.Transaction])
    books.bookings = reading.bookings
    books.transfers = reading.transfers
    books.years = reading.years
    books.last = reading.last
    books.remarks.extend(reading.remarks)
    return accounts


def _measures(
    bases: Iterable[PatronageBasis], options: Options
) -> list[tuple[PatronageBasis, Chart]]:
    return [
        (basis, Chart.of([{basis.basis: (basis.template,)}], options))
        for basis in bases
    ]


def _account(
    entry: data.Open,
    roots: Mapping[str, str],
    chart: Chart,
    measures: Iterable[tuple[PatronageBasis, Chart]],
    books: Books,
) -> Account:
    name, meta = entry.account, entry.meta
    bases = tuple(
        [
            (basis, found.member)
            for basis, template in measures
            if (found := template.place(name))
        ]
    )
    root, place = _root(name, roots), chart.place(name)
    if meta.keys() <= _PARSED:
        # Nearly all accounts say nothing more, and there are very many of them.
        return Account(name, root, place, ORIGINS[0], bases)
    books.remarks.extend(wrong_metadata(meta, entry.date, origin_of(meta)))
    origin = meta.get("coop-origin", ORIGINS[0])
    return Account(
        name,
        root,
        place,
        origin=origin if origin in ORIGINS else ORIGINS[0],
        bases=bases,
        unit=str(meta.get("coop-unit", "")),
        refund=str(meta.get("coop-refund-class", "")),
    )


def _own_roots(options: Options) -> dict[str, str]:
    """Return the English name of each of the book's five root accounts."""
    types = beancount_options.get_account_types(options)
    own = (types.assets, types.liabilities, types.equity, types.income, types.expenses)
    return dict(zip(own, ROOTS, strict=True))


def _root(account: str, roots: Mapping[str, str]) -> str:
    root = account.partition(":")[0]
    return roots.get(root, root)


def _padded(entry: data.Pad, chart: Chart, roots: Mapping[str, str]) -> list[Remark]:
    return [
        Remark(
            about="pad",
            found=Phrase("{name} is padded.", name=name),
            fix=Phrase(
                "Book what really happened, with its members and its resolution."
            ),
            origin=origin_of(entry.meta),
            date=entry.date,
        )
        for name in (entry.account, entry.source_account)
        if _root(name, roots) in _RESULT
        or ((place := chart.place(name)) and place.role in _NEVER_PADDED)
    ]
