"""The sheets of accounts: the trial balance, and the journal behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from coopledger.domain.amounts import ZERO
from coopledger.phrases import Phrase
from coopledger.services.exporting import wording
from coopledger.services.exporting.description import Cell
from coopledger.services.exporting.description import Column
from coopledger.services.exporting.description import fact
from coopledger.services.exporting.description import live
from coopledger.services.exporting.description import summed
from coopledger.services.exporting.description import text
from coopledger.services.exporting.drafting import Columns
from coopledger.services.exporting.wishing import Tie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopledger.journal.postings import Posting
    from coopledger.services.exporting.description import Sheet
    from coopledger.services.exporting.drafting import Addresses
    from coopledger.services.exporting.drafting import Row
    from coopledger.services.exporting.ledgering import AccountYear
    from coopledger.services.exporting.ledgering import Ledger
    from coopledger.services.exporting.subject import Subject

TRIAL = "Trial balance"
JOURNAL = "Journal"

#: Names of the trial balance's columns, which the statements sum.
ACCOUNTS = "trial_accounts"
ROLES = "trial_roles"
GROUPS = "trial_groups"
CLOSINGS = "trial_closings"

_TRIAL = Columns.of(
    Column("account", "Account", 44, ACCOUNTS),
    Column("role", "Used as", 40, ROLES),
    Column("line", "Line of the statements", 36),
    Column("group", "Added up as", 44, GROUPS),
    Column("opening", "Opening", 16, "trial_openings"),
    Column("debits", "Debits", 16, "trial_debits"),
    Column("credits", "Credits", 16, "trial_credits"),
    Column("closing", "Closing", 16, CLOSINGS),
)

#: How many digits of a number spreadsheets keep.
_DIGITS = 15

_FIGURES = ("opening", "debits", "credits", "closing")


def trial_sheet(subject: Subject, ledger: Ledger) -> Sheet:
    """Make the trial balance: every account, and the line that collects it."""
    draft = subject.draft(TRIAL, "Every account from opening to closing", fixed=1)
    draft.begin(
        TRIAL,
        subject.subtitle,
        Phrase(
            "Positive is a debit, negative a credit. The statements add up these rows; "
            "which line collects an account is decided by its role, then by its kind."
        ),
    )
    draft.table(
        "trial",
        _TRIAL,
        ledger.accounts,
        lambda one, at: _trial_row(ledger, one, at),
        total=lambda over: _trial_total(ledger, over),
        filtered=True,
        is_long=True,
    )
    _trial_ties(subject, ledger)
    return draft.done


def _trial_row(ledger: Ledger, one: AccountYear, at: Addresses) -> Row:
    moved = f"{at['opening']}+{at['debits']}-{at['credits']}"
    return {
        "account": text(one.account),
        "role": text(wording.of_role(one.known.role)),
        "line": text(wording.ours(one.line.title)),
        "group": text(one.group),
        "opening": fact(one.opening, "money"),
        "debits": fact(one.debits, "money"),
        "credits": fact(one.credits, "money"),
        "closing": live(ledger.net(moved), one.closing, "money"),
    }


def _trial_total(ledger: Ledger, over: Addresses) -> Row:
    return {
        "account": Cell(Phrase("Total"), "strong", "total"),
        **{
            key: summed(
                ledger.net(f"SUBTOTAL(109,{over[key]})"), _sum(ledger, key), "money"
            )
            for key in _FIGURES
        },
    }


def _sum(ledger: Ledger, key: str) -> Decimal:
    return sum((getattr(one, key) for one in ledger.accounts), ZERO)


def _trial_ties(subject: Subject, ledger: Ledger) -> None:
    def total(name: str, key: str) -> tuple[str, Decimal]:
        return ledger.net(f"SUM({name})"), _sum(ledger, key)

    nil = "0", ZERO
    long = sum(map(_is_long, _large(ledger)))
    subject.ties.extend(
        [
            Tie(
                Phrase(
                    "Amounts of more than {digits} digits: no spreadsheet keeps more, "
                    "and only the book has the last ones",
                    digits=_DIGITS,
                ),
                (str(long), Decimal(long)),
                nil,
                "whole",
            ),
            Tie(
                Phrase("Trial balance: all opening balances together are nil"),
                total("trial_openings", "opening"),
                nil,
            ),
            Tie(
                Phrase("Trial balance: all debits, and all credits"),
                total("trial_debits", "debits"),
                total("trial_credits", "credits"),
            ),
            Tie(
                Phrase("Trial balance: all closing balances together are nil"),
                total(CLOSINGS, "closing"),
                nil,
            ),
        ]
    )


def _large(ledger: Ledger) -> Iterator[Decimal]:
    """Return the amounts that may have too many digits, with their sums."""
    limit = Decimal(10) ** (_DIGITS - ledger.places)
    for one in ledger.accounts:
        if max(abs(one.opening), one.debits, one.credits) >= limit:
            yield from (one.opening, one.debits, one.credits, one.closing)
    yield _sum(ledger, "debits")


def _is_long(amount: Decimal) -> bool:
    return len(amount.normalize().as_tuple().digits) > _DIGITS


# --- the journal ----------------------------------------------------------------------

_JOURNAL = Columns.of(
    Column("entry", "No.", 7),
    Column("date", "Date", 12),
    Column("flag", "Flag", 8),
    Column("payee", "Payee", 22),
    Column("narration", "What for", 58),
    Column("account", "Account", 38),
    Column("member", "Member", 14),
    Column("amount", "Amount", 16, "journal_amounts"),
    Column("links", "Resolution", 18),
)


def journal_sheet(subject: Subject, ledger: Ledger) -> Sheet:
    """Make the journal: every posting of the year."""
    draft = subject.draft(JOURNAL, "Every posting of the year", fixed=2)
    draft.begin(
        JOURNAL,
        subject.subtitle,
        Phrase(
            "Positive is a debit, negative a credit; rows of one number are one "
            "transaction and add up to nil. The total follows the filters."
        ),
    )
    whole = sum((one.amount for one in ledger.postings), ZERO)
    draft.table(
        "journal",
        _JOURNAL,
        ledger.postings,
        lambda one, _: _posting_row(subject, one),
        total=lambda over: {
            "entry": Cell(Phrase("Total"), "strong", "total"),
            "amount": summed(
                ledger.net(f"SUBTOTAL(109,{over['amount']})"), whole, "money"
            ),
        },
        filtered=True,
        is_long=True,
    )
    debits = sum((one.amount for one in ledger.postings if one.amount > 0), ZERO)
    subject.ties.append(
        Tie(
            Phrase("Journal: all debits, and those of the trial balance"),
            (ledger.net('SUMIF(journal_amounts,">0")'), debits),
            (ledger.net("SUM(trial_debits)"), debits),
        )
    )
    return draft.done


def _posting_row(subject: Subject, one: Posting) -> Row:
    unit = subject.facts.unit
    return {
        "entry": fact(unit * 0 + one.entry, "whole"),
        "date": Cell(one.date, "date"),
        "flag": text(one.flag),
        "payee": text(one.payee),
        "narration": text(one.narration),
        "account": text(one.account),
        "member": text(one.member),
        "amount": fact(one.amount, "money"),
        "links": text(one.links),
    }
