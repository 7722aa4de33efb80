"""A member's own book as text.

A member's transaction keeps its own postings; all its others become one posting to the
co-operative's counter-account, which only balances it.  Payee and narration stay where
the transaction is one member's alone and nothing in them is anybody else's; otherwise
the kind of the movement takes their place, in the language of the book.  Links, tags,
documents, notes, events and queries are left out.  The rates of the interest that the
member was given and the member's own side of the reckoning of each part are added, and
sums over all members where by-laws let them be shown.

Nobody is given such a text before `proving` has looked at it.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import quote

from beancount.core import convert
from beancount.core import data

from coopledger.domain.books import APPROPRIATION_TAG
from coopledger.domain.capital import is_plain
from coopledger.domain.words import has_unseen
from coopledger.portal.deriving import REGISTER_KEYS
from coopledger.portal.deriving import STATEMENT
from coopledger.portal.deriving import place_of
from coopledger.portal.deriving import texts_of
from coopledger.services.narrating import narration_of
from coopledger.services.ownparts import MEASURE
from coopledger.services.ownparts import PART
from coopledger.services.showing import RATE
from coopledger.services.summing import DIRECTIVE
from coopledger.services.summing import LEFT_OUT
from coopledger.services.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from coopledger.portal.deriving import Division
    from coopledger.portal.deriving import Movement
    from coopledger.portal.deriving import Share
    from coopledger.services.ownparts import OwnPart
    from coopledger.services.summing import Sum

_STATEMENT_PAGE = "extension/CapitalAccounts/?member="

#: Words of the book that say what kind of movement it is.
KIND_KEYS = ("coop-kind", "coop-year")
#: The step of the distribution that a posting belongs to, by its id.
STEP_KEY = "coop-step"
_STEP = re.compile(r"[a-z][a-z0-9-]{0,40}")

#: What Beancount's flags stand for; other flags become the plain one.
_FLAGS = frozenset("*!P")


def written(division: Division, member: str) -> str:
    """Write a member's book."""
    share = division.shares[member]
    first = min(
        (entry.date for entry in share.opens), default=datetime.date(1970, 1, 1)
    )
    lines = [
        'option "plugin_processing_mode" "raw"',
        'plugin "beancount.ops.balance"',
        f'option "title" "{_quoted(division.title)}"',
        *(f'option "operating_currency" "{one}"' for one in division.currencies),
        *(
            f'option "name_{root.lower()}" "{name}"'
            for root, name in division.roots.items()
        ),
        *(
            f'{first} custom "fava-option" "{name}" "{value}"'
            for name, value in division.options.items()
        ),
        *_pages(division, share, first),
        *(line for one in division.governing for line in _line(one, ())),
        *(line for one in share.events for line in _line(one, REGISTER_KEYS)),
        *(_sum(one, first) for one in share.sums),
        *(
            f'{first} custom "{RATE}" "{year}" {Decimal(rate):f}'
            for year, rate in sorted(share.rates.items())
        ),
        *(line for one in share.parts for line in _part(one, first)),
        f"{first} open {division.counter}",
    ]
    for opened in share.opens:
        currencies = ",".join(opened.currencies or ())
        lines.append(f"{opened.date} open {opened.account} {currencies}".rstrip())
    for movement in share.movements:
        lines += _movement(division, share, movement)
    lines += [line for entry in share.others for line in _other(entry)]
    return "\n".join(lines) + "\n"


def _line(entry: data.Custom, keys: Iterable[str]) -> Iterator[str]:
    """Write a directive of ours, with some of its metadata."""
    texts = " ".join(map(_in_quotes, texts_of(entry)))
    yield f'{entry.date} custom "{entry.type}" {texts}'
    for key in keys:
        if isinstance(entry.meta.get(key), str):
            yield f"  {key}: {_in_quotes(entry.meta[key])}"


def _sum(one: Sum, day: datetime.date) -> str:
    """Write what is said of a figure of all the members."""
    number = _in_quotes(LEFT_OUT) if one.number is None else f"{one.number:f}"
    return f'{day} custom "{DIRECTIVE}" "{one.year}" "{one.name}" {number} {one.step:f}'


def _part(one: OwnPart, day: datetime.date) -> Iterator[str]:
    """Write what of the reckoning of a part is the member's own."""
    which = f'"{one.year}" "{one.step}"'
    numbers = _numbers(one.times, one.weight, one.amount)
    yield f'{day} custom "{PART}" {which} {numbers}'
    for measure in one.measures:
        numbers = _numbers(measure.quantity, measure.weight)
        unit = _in_quotes(measure.unit)
        yield f'{day} custom "{MEASURE}" {which} {unit} {numbers}'


def _numbers(*numbers: Decimal) -> str:
    """Write numbers side by side; a bare minus would subtract one from the other."""
    return " ".join(f"{one:f}" if one >= 0 else f"({one:f})" for one in numbers)


def _pages(division: Division, share: Share, first: datetime.date) -> Iterator[str]:
    """Open the book at the member's statement, or at the journal of their capital."""
    tops = _common(share.accounts, division.roots["Equity"])
    page = f"account/{tops}/" if tops else "journal/"
    if division.has_pages:
        yield f'{first} custom "fava-extension" "{STATEMENT}"'
        page = f"{_STATEMENT_PAGE}{quote(share.member)}"
    yield f'{first} custom "fava-option" "default-page" "{page}"'


def _common(accounts: Iterable[str], root: str) -> str:
    """Return the account above all equity accounts of a member, if there is one."""
    split = [name.split(":") for name in accounts if name.split(":")[0] == root]
    shared = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return ":".join(shared) if len(shared) > 1 else ""


def _movement(division: Division, share: Share, movement: Movement) -> Iterator[str]:
    entry = movement.entry
    flag = entry.flag if entry.flag in _FLAGS else "*"
    payee, narration = _texts(division, share.member, movement)
    heads = [f'"{_quoted(payee)}"'] if payee else []
    tag = f" #{APPROPRIATION_TAG}" if APPROPRIATION_TAG in (entry.tags or ()) else ""
    yield f"{entry.date} {flag} {' '.join([*heads, _in_quotes(narration)])}{tag}"
    for key, word in _kind_words(entry):
        yield f'  {key}: "{word}"'
    for posting in movement.postings:
        yield f"  {posting.account}  {_amount(posting)}"
        own = posting.meta or {}
        kind = division.kinds.get(place_of(own), "")
        said = {**own, "coop-kind": kind} if kind else own
        yield from (f'    {key}: "{said[key]}"' for key in kept_words(said))
        for key in sorted(division.measures & own.keys()):
            value = own[key]
            if isinstance(value, Decimal):
                yield f"    {key}: {value:f}"
    for currency, number in sorted(weights(movement.postings).items()):
        if number:
            yield f"  {division.counter}  {-number:f} {currency}"


def weights(postings: Iterable[data.Posting]) -> dict[str, Decimal]:
    """Return what postings weigh in sum, by currency."""
    sums: dict[str, Decimal] = {}
    for posting in postings:
        weight = convert.get_weight(posting)
        if weight.number is not None:
            known = sums.get(weight.currency, Decimal())
            sums[weight.currency] = known + weight.number
    return sums


def _amount(posting: data.Posting) -> str:
    """Write a posting's amount; what it was held at counts as its price."""
    units: Any = posting.units
    at: Any = posting.cost or posting.price
    price = f" @ {at.number:f} {at.currency}" if at else ""
    return f"{units.number:f} {units.currency}{price}"


def _texts(division: Division, member: str, movement: Movement) -> tuple[str, str]:
    """Return payee and narration as far as they are the member's own."""
    entry = movement.entry
    known = (entry.payee or "", entry.narration or "")
    is_own = movement.is_alone and not any(
        has_unseen(text) or division.foreigners.found(text, member) for text in known
    )
    if is_own:
        return known
    words = dict(_kind_words(entry))
    kinds = [division.kinds.get(place_of(p.meta or {})) for p in movement.postings]
    kind = words.get("coop-kind") or next(filter(None, kinds), movement.role)
    wording = wording_of(division.language)
    return "", narration_of(kind, words.get("coop-year", ""), wording)


def _kind_words(entry: data.Transaction) -> list[tuple[str, str]]:
    """Return the words that say what kind of movement it is, by their keys."""
    words = [(key, str(entry.meta.get(key, ""))) for key in KIND_KEYS]
    return [(key, word) for key, word in words if is_plain(word)]


def kept_words(meta: Mapping[str, Any]) -> list[str]:
    """Return the keys of a posting's metadata that say what movement it is."""
    kept = [key for key in KIND_KEYS if is_plain(str(meta.get(key, "")))]
    step = meta.get(STEP_KEY)
    is_step = isinstance(step, str) and _STEP.fullmatch(step)
    return [*kept, STEP_KEY] if is_step else kept


def _other(entry: data.Close | data.Balance) -> Iterator[str]:
    if isinstance(entry, data.Close):
        yield f"{entry.date} close {entry.account}"
    else:
        within = f" ~ {entry.tolerance:f}" if entry.tolerance is not None else ""
        number: Any = entry.amount.number
        amount = f"{number:f}{within} {entry.amount.currency}"
        yield f"{entry.date} balance {entry.account}  {amount}"


def _in_quotes(text: str) -> str:
    return f'"{_quoted(text)}"'


def _quoted(text: str) -> str:
    """Escape a text for Beancount's quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
