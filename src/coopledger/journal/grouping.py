"""A group's year as one Beancount file, which Fava can open.

Each enterprise's accounts stand below its own name; what was taken out stands in
transactions of its own.  No person is named: members' accounts are added up.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core import amount
from beancount.core import data
from beancount.parser import printer

from coopledger.domain.amounts import ZERO
from coopledger.domain.amounts import round_to
from coopledger.domain.periods import ONE_DAY
from coopledger.domain.transfers import name_of
from coopledger.journal.planning import quoted

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.domain.elimination import Elimination
    from coopledger.domain.enterprise import Balance
    from coopledger.domain.statements import Group
    from coopledger.domain.statements import Layout
    from coopledger.domain.statements import View

#: Marks what is taken out.
TAG = "elimination"

_ROOTS = {
    "income": "Income",
    "expenses": "Expenses",
    "assets": "Assets",
    "liabilities": "Liabilities",
    "equity": "Equity",
}
_DEBITED = frozenset({"Assets", "Expenses"})

#: How finely a rate is written: with eight decimals.
_FINE = Decimal(1).scaleb(-8)

#: What a book in several currencies leaves over when only its own is counted.
_OTHER_CURRENCIES = "Equity:OtherCurrencies"


def group_journal(
    group: Group,
    views: Mapping[str, View],
    eliminations: Iterable[Elimination],
    layout: Layout,
) -> str:
    """Write a group's year: opening balances, the year's movements, what is taken out.

    Args:
        group: Whose it is.
        views: The enterprises by id.
        eliminations: What is taken out.
        layout: The lines of the statements.

    Returns:
        Beancount text without a plugin; it loads without errors.
    """
    entries: list[data.Directive] = []
    for name, view in views.items():
        entries += _moves(name, view)
        if view.book.currency != group.currency:
            # As a decimal; the statements themselves keep the exact rate.
            rate = round_to(view.closing, _FINE)
            worth = amount.Amount(rate, group.currency)
            entries.append(data.Price({}, view.year.end, view.book.currency, worth))
    entries += _eliminations(group, eliminations, views, layout)
    used = {p.account for e in entries for p in getattr(e, "postings", ())}
    first = min((e.date for e in entries), default=group.end)
    opens = [data.Open({}, first, account, [], None) for account in sorted(used)]
    entries.sort(key=lambda entry: entry.date)
    lines = (
        (
            f'option "title" "{quoted(group.title)}"\n'
            f'option "operating_currency" "{group.currency}"\n'
        ),
        *(printer.format_entry(entry) for entry in (*opens, *entries)),
    )
    return "\n".join(lines)


def _moves(name: str, view: View) -> Iterator[data.Transaction]:
    """Return an enterprise's opening balances, and the movements of its year."""
    currency, year = view.book.currency, view.year
    before = view.book.year(year.label - 1)
    opening = before.balances if before else ()
    for day, text, balances in (
        (year.start - ONE_DAY, "Opening balances", opening),
        (year.end, f"Fiscal year {year.label}", year.flows),
    ):
        sums: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        for one in balances:
            sums[_account(name, one.account)] += _debit(one)
        # What earlier years earned and nobody distributed closes the opening.
        rest = "Equity:EarlierResults" if balances is opening else _OTHER_CURRENCIES
        sums[_account(name, rest)] -= sum(sums.values(), ZERO)
        postings = [
            data.Posting(account, amount.Amount(number, currency), None, None, None, {})
            for account, number in sums.items()
            if number
        ]
        if postings:
            yield _transaction(day, f"{view.book.title}: {text}", postings)


def _debit(balance: Balance) -> Decimal:
    return balance.amount if balance.root in _DEBITED else -balance.amount


def _account(enterprise: str, account: str) -> str:
    """Put an enterprise's name behind the root, and leave placeholders out."""
    root, *parts = account.split(":")
    kept = [part for part in parts if not part.startswith("{")]
    return ":".join([root, name_of(enterprise), *kept])


def _eliminations(
    group: Group,
    eliminations: Iterable[Elimination],
    views: Mapping[str, View],
    layout: Layout,
) -> Iterator[data.Transaction]:
    sections = {line.id: line.section for line in layout.lines}
    for one in eliminations:
        postings = []
        for taken in one.taken:
            account = _account(taken.enterprise, taken.account)
            if not taken.account:
                root = _ROOTS[sections[taken.line]]
                account = f"{root}:Group:{name_of(taken.line)}"
            worth = amount.Amount(-taken.amount, group.currency)
            own = views[taken.enterprise].book.currency
            price = None
            if own != group.currency and taken.account:
                # In its own currency, at the rate that makes both sides equal.
                price = amount.Amount(taken.amount / taken.own, group.currency)
                worth = amount.Amount(-taken.own, own)
            postings.append(data.Posting(account, worth, None, price, None, {}))
        transfer = one.giver.transfer
        text = f"{transfer.nature}: {one.giver.book} to {one.receiver.book}"
        yield _transaction(group.end, text, postings, transfer.id)


def _transaction(
    day: datetime.date,
    text: str,
    postings: list[data.Posting],
    transfer: str = "",
) -> data.Transaction:
    tags = frozenset({TAG}) if transfer else data.EMPTY_SET
    meta = {"coop-transfer": transfer} if transfer else {}
    return data.Transaction(meta, day, "*", None, text, tags, data.EMPTY_SET, postings)
