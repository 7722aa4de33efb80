"""Payouts as files: a list for any bank, and a credit transfer in euro (SEPA).

This is the only home of sepaxml, the library that writes the latter.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from xml.etree import ElementTree

from coopledger.domain.delimited import delimited
from coopledger.errors import CoopledgerError
from coopledger.phrases import Phrase
from coopledger.services.extras import optional
from coopledger.services.keeping.vault import PAYER
from coopledger.services.shaping import SCHEMA
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.services.keeping.vault import Kept
    from coopledger.services.keeping.vault import Number
    from coopledger.services.payouts.gathering import Payout
    from coopledger.services.payouts.gathering import Payouts

    Say = Callable[[Phrase], str]

#: Columns of the list.
COLUMNS = (
    "date",
    "member",
    "name",
    "routing",
    "account",
    "owed",
    "withheld",
    "amount",
    "currency",
    "reason",
    "reference",
)
#: The message that banks of the euro area take, and its namespace.
_MESSAGE = "pain.001.001.09"
_SPACE = f"{{urn:iso:std:iso:20022:tech:xsd:{_MESSAGE}}}"
_EURO = "EUR"
_IBAN = "IBAN"
#: What a reference is made of, and how long it may be.
_NOT_IN_REFERENCE = re.compile(r"[^A-Za-z0-9-]+")
_LONGEST = 35
#: Characters that every bank takes in a name.
_NOT_IN_NAME = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")
_CENTS = 2


class NotInEuroError(CoopledgerError):
    """A credit transfer of the euro area is for euro alone."""

    def __init__(self, currency: str) -> None:
        """Name the currency, and the way out."""
        super().__init__(
            f"The book is in {currency}, and SEPA transfers are in euro. Use --format "
            "csv, which every bank's program reads."
        )


class NothingToPayError(CoopledgerError):
    """A file of payments would be empty."""

    def __init__(self, on: object) -> None:
        """Name the day."""
        super().__init__(
            f"Nothing is to be paid on {on}, and a bank takes no empty file; nothing "
            "was written."
        )


def reference(payouts: Payouts, one: Payout) -> str:
    """Return what a payment is called, on both sides' statements."""
    text = f"{payouts.on:%Y%m%d}-{one.member}-{one.role or 'paid'}"
    plain = _NOT_IN_REFERENCE.sub("", _ascii(text))
    if plain == text and len(plain) <= _LONGEST:
        return plain
    # Ids that differ in letters that no bank takes must not become one.
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{plain[: _LONGEST - 9]}-{digest}"


def _ascii(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return parts.encode("ascii", "ignore").decode("ascii")


def gaps(
    payouts: Payouts, accounts: Mapping[str, Kept | Number], *, is_sepa: bool
) -> list[Phrase]:
    """Say of each payment whose account is missing, or of the wrong kind."""
    needed = dict.fromkeys([*([PAYER] if is_sepa else ()), *_members(payouts)])
    found = []
    for member in needed:
        account = accounts.get(member)
        if account is None:
            found.append(
                Phrase(
                    "{member}: no account is on file; enter it with 'coopledger "
                    "accounts add'.",
                    member=member,
                )
            )
        elif is_sepa and account.kind != _IBAN:
            found.append(
                Phrase(
                    "{member}: the account on file is no IBAN, and SEPA needs one.",
                    member=member,
                )
            )
    return found


def _members(payouts: Payouts) -> Iterator[str]:
    yield from (one.member for one in payouts.lines)


def shown(accounts: Mapping[str, Kept]) -> dict[str, tuple[str, str]]:
    """Return routing number and account of each member as they may be shown."""
    return {member: ("", one.masked) for member, one in accounts.items()}


def opened(accounts: Mapping[str, Number]) -> dict[str, tuple[str, str]]:
    """Return routing number and account of each member."""
    return {
        member: (one.details.get("routing", ""), one.text)
        for member, one in accounts.items()
    }


def payouts_csv(
    payouts: Payouts, accounts: Mapping[str, tuple[str, str]], say: Say = str
) -> str:
    """Return payouts as comma-separated values, one line for each."""
    rows = (
        (
            payouts.on,
            one.member,
            one.name,
            *accounts.get(one.member, ("", "")),
            one.owed,
            one.withheld,
            one.amount,
            payouts.currency,
            say(one.reason),
            reference(payouts, one),
        )
        for one in payouts.lines
    )
    return delimited(COLUMNS, rows)


def payouts_shape(
    payouts: Payouts, accounts: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """Return payouts as plain data, see ``docs/json.md``."""
    return {
        "schema": SCHEMA,
        "date": payouts.on.isoformat(),
        "currency": payouts.currency,
        "payouts": [
            {
                "member": one.member,
                "name": one.name,
                "account": accounts.get(one.member, ("", ""))[1] or None,
                "settles": one.role or None,
                "owed": str(one.owed),
                "withheld": str(one.withheld),
                "amount": str(one.amount),
                "reference": reference(payouts, one),
            }
            for one in payouts.lines
        ],
        "owed": str(payouts.owed),
        "withheld": str(payouts.withheld),
        "amount": str(payouts.amount),
        "rest": str(payouts.rest),
        "overpaid": str(payouts.overpaid),
    }


def payouts_sepa(payouts: Payouts, accounts: Mapping[str, Number]) -> str:
    """Return payouts as a SEPA credit transfer, the same bytes for the same payments.

    What each is for is said in the member's language, who reads it.

    Raises:
        LibraryMissingError: sepaxml is not installed.
        NotInEuroError: The book is in another currency.
        NothingToPayError: There is no payment.
    """
    library = optional("sepaxml", "payments", "A SEPA file")
    if payouts.currency != _EURO:
        raise NotInEuroError(payouts.currency)
    if not payouts.lines:
        raise NothingToPayError(payouts.on)
    latin = optional("text_unidecode", "payments", "A SEPA file").unidecode

    def name_of(text: str, longest: int = 70) -> str:
        return _name(latin(text))[:longest].strip() or "-"

    config = {
        "name": name_of(payouts.title),
        "IBAN": accounts[PAYER].text,
        "currency": _EURO,
        "batch": True,
    }
    config |= _bic(accounts[PAYER])
    transfer = library.SepaTransfer(config, schema=_MESSAGE, clean=False)
    for one in payouts.lines:
        transfer.add_payment(
            {
                "name": name_of(accounts[one.member].details.get("holder", one.name)),
                "IBAN": accounts[one.member].text,
                "amount": int(one.amount.scaleb(_CENTS)),
                "execution_date": payouts.on,
                "description": name_of(_purpose(payouts, one), 140),
                "endtoend_id": reference(payouts, one),
                **_bic(accounts[one.member]),
            }
        )
    return _settled(payouts, transfer.export(validate=False))


def _purpose(payouts: Payouts, one: Payout) -> str:
    return f"{wording_of(one.language)(one.reason)}, {payouts.title}"


def _bic(account: Number) -> dict[str, str]:
    """Return the bank's code, as it was entered or as the IBAN tells it."""
    library = optional("schwifty", "payments", "A SEPA file")
    known = account.details.get("bic") or library.IBAN(account.text).bic
    return {"BIC": str(known)} if known else {}


def _name(text: str) -> str:
    """Write a name in the letters that every bank takes."""
    return " ".join(_NOT_IN_NAME.sub(" ", text).split())


def _settled(payouts: Payouts, message: bytes) -> str:
    """Give a message an id that its content makes, and the day that was given.

    What the library puts there is chance and the time of the clock: then nobody could
    tell a second copy of a file from a second payment.
    """
    root = ElementTree.fromstring(message)  # noqa: S314 - our own message
    ids = [root.find(f".//{_SPACE}{tag}") for tag in ("MsgId", "PmtInfId")]
    made = root.find(f".//{_SPACE}CreDtTm")
    for node in (*ids, made):
        if node is not None:
            node.text = f"{payouts.on}T00:00:00" if node is made else ""
    digest = hashlib.sha256(ElementTree.tostring(root)).hexdigest()[:24]
    for node in ids:
        if node is not None:
            node.text = f"{payouts.on:%Y%m%d}-{digest}"
    ElementTree.register_namespace("", _SPACE.strip("{}"))
    ElementTree.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    text = f"{head}{ElementTree.tostring(root, encoding='unicode')}\n"
    checked = optional("sepaxml.validation", "payments", "A SEPA file")
    checked.try_valid_xml(text.encode(), _MESSAGE)
    return text


def control_sum(text: str) -> tuple[int, Decimal]:
    """Return number and sum of the payments that a SEPA file itself states."""
    root = ElementTree.fromstring(text)  # noqa: S314 - our own message
    head = root.find(f".//{_SPACE}GrpHdr")
    said = (
        head.findtext(f"{_SPACE}{tag}", "0") if head is not None else "0"
        for tag in ("NbOfTxs", "CtrlSum")
    )
    count, total = said
    return int(count), Decimal(total)
