"""What is entered through Fava's form, looked at field by field before it is written.

Fava writes flags, tags, links, accounts, keys and currencies as they come.  A line
break in one of them would begin a new directive, and a directive can do anything.
"""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING
from typing import Any

from coopledger.domain.words import has_unseen
from coopledger.errors import CoopledgerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

#: So many entries come at once, and so many postings in each.
_MANY = 100

_ACCOUNT = re.compile(r"[^\W\d_][\w-]*(:[^\W_][\w-]*)+")
_CURRENCY = re.compile(r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]|[A-Z]")
_FLAG = re.compile(r"[*!]")
_KEY = re.compile(r"[a-z][a-zA-Z0-9_-]{1,60}")
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?")
_AMOUNT = re.compile(
    r"(?:[+-]?[0-9.,()+*/ -]+ ?[A-Z][A-Z0-9'._-]*"
    r"(?: ?\{{1,2}[A-Z0-9'., -]*\}{1,2})?(?: ?@{1,2} ?[0-9.,]+ ?[A-Z][A-Z0-9'._-]*)?)?"
)
_WORD = re.compile(r"[A-Za-z0-9/._-]{1,80}")

#: What Fava's form itself sends beside what was entered.
_FORMS_OWN = frozenset({"t", "meta", "date", "entry_hash"})


class EntryRefusedError(CoopledgerError):
    """An entry has a field that may not stand in a book."""

    def __init__(self, what: str) -> None:
        """Name the field, not its content: it may steer whoever reads it."""
        super().__init__(f"Nothing was written: {what}.")


def refuse_unsafe(body: bytes) -> None:
    """Look at what Fava is about to write.

    Raises:
        EntryRefusedError: A field will not do.
    """
    try:
        entries = json.loads(body)["entries"]
    except (ValueError, LookupError, TypeError, RecursionError):
        what = "this is no list of entries"
        raise EntryRefusedError(what) from None
    _need(isinstance(entries, list) and len(entries) <= _MANY, "entries")
    for entry in entries:
        _need(isinstance(entry, dict), "entry")
        check = _KINDS.get(str(entry.get("t")))
        if check is None:
            what = "only transactions, balances and notes are entered here"
            raise EntryRefusedError(what)
        _day(entry.get("date"))
        _meta(entry.get("meta", {}))
        check(entry)


def _transaction(entry: Mapping[str, Any]) -> None:
    _only(entry, {"flag", "payee", "narration", "tags", "links", "postings"})
    _match(_FLAG, entry.get("flag", "*"), "flag")
    _text(entry.get("payee", ""), "payee")
    _text(entry.get("narration", ""), "narration")
    for name in ("tags", "links"):
        words = entry.get(name, [])
        _need(isinstance(words, list) and len(words) <= _MANY, name)
        for word in words:
            _match(_WORD, word, name)
    postings = entry.get("postings")
    _need(isinstance(postings, list) and len(postings) <= _MANY, "postings")
    for posting in postings or ():
        _need(isinstance(posting, dict), "posting")
        _need(posting.keys() <= {"account", "amount", "meta"}, "posting")
        _match(_ACCOUNT, posting.get("account"), "account")
        _match(_AMOUNT, posting.get("amount", ""), "amount")
        _meta(posting.get("meta", {}))


def _balance(entry: Mapping[str, Any]) -> None:
    _only(entry, {"account", "amount"})
    _match(_ACCOUNT, entry.get("account"), "account")
    amount = entry.get("amount")
    _need(isinstance(amount, dict), "amount")
    _need((amount or {}).keys() == {"number", "currency"}, "amount")
    _match(_NUMBER, (amount or {}).get("number"), "number")
    _match(_CURRENCY, (amount or {}).get("currency"), "currency")


def _note(entry: Mapping[str, Any]) -> None:
    _only(entry, {"account", "comment", "tags", "links"})
    _match(_ACCOUNT, entry.get("account"), "account")
    _text(entry.get("comment", ""), "comment")
    _need(not entry.get("tags") and not entry.get("links"), "tags")


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "Transaction": _transaction,
    "Balance": _balance,
    "Note": _note,
}


def _only(entry: Mapping[str, Any], fields: set[str]) -> None:
    _need(entry.keys() <= fields | _FORMS_OWN, "fields")


def _day(value: Any) -> None:
    try:
        datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        what = "the date is not one written YYYY-MM-DD"
        raise EntryRefusedError(what) from None
    _match(re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), value, "date")


def _meta(meta: Any) -> None:
    """Look at metadata: keys by pattern, values that are text or a switch."""
    _need(meta is None or isinstance(meta, dict), "metadata")
    for key, value in (meta or {}).items():
        _match(_KEY, key, "metadata key")
        if isinstance(value, str):
            _text(value, "metadata")
        else:
            _need(value is None or isinstance(value, bool), "metadata")


def _text(value: Any, field: str) -> None:
    """Look at a text: no control character, nothing that ends it."""
    is_text = isinstance(value, str) and len(value) <= 1000
    _need(is_text and not has_unseen(str(value)), field)
    _need(not str(value).endswith("\\") and '"' not in str(value), field)


def _match(pattern: re.Pattern[str], value: Any, field: str) -> None:
    is_short = isinstance(value, str) and len(value) <= 200
    _need(is_short and bool(pattern.fullmatch(value)), field)


def _need(is_met: bool, field: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not is_met:
        what = f"the field '{field}' has something that may not stand there"
        raise EntryRefusedError(what)
